import { formatSignificant } from '../../foundation/format.ts'
import type { Note } from '../../foundation/notes.ts'
import { hoursPerMonth, secondsPerMinute } from '../../foundation/units.ts'
import type { Availability } from '../scenario/schema.ts'
import type { MachineDetail } from './detail.ts'

/** What it means that instances can be taken back: on the bill, and for those who wait for answers. */
export function spotNotes(detail: MachineDetail, availability: Availability): Note[] {
  const { cloud, fleet } = detail
  if (cloud?.spot === undefined) return []
  const { servers } = fleet
  const perMonth = cloud.spot.interruptionsPerHour * hoursPerMonth
  const minutes = cloud.spot.lostSecondsPerInterruption / secondsPerMinute
  const all = perMonth * servers
  const factor = cloud.hoursPerUsefulHour
  const values = { servers, perMonth, all, minutes, short: all * minutes, factor }
  const text = (value: number) => formatSignificant(value)
  const gone = whileGone(servers, availability)
  return [
    {
      code: 'spot',
      level: 'warning',
      about: cloud.instance,
      message: `spot instances can be taken away at any time: each about ${text(perMonth)} times a month, ${text(all)} times for all ${servers}. About ${text(minutes)} minutes are billed and not served each time, so the bill and the energy count ${factor.toFixed(5)} hours for each hour of work; what is lost beyond that is not money but answers`,
      values,
      sourceId: 'rightsize-judgement',
    },
    { level: 'warning', about: cloud.instance, ...gone, values },
  ]
}

/** Counted as if each instance went alone: how often several go at once, nobody publishes. */
function whileGone(servers: number, availability: Availability): Pick<Note, 'code' | 'message'> {
  const together =
    'Providers often take back many instances of one kind at once: then no spare of the same kind helps'
  if (availability === 'n+1' || availability === 'n+2')
    return {
      code: 'spot-with-spare',
      message: `while one spot instance is gone the spare one carries its part. ${together}; keep a few instances on demand for that`,
    }
  if (availability === 'two-sites')
    return {
      code: 'spot-two-sites',
      message: `while spot instances of one site are gone the other site carries all. ${together}, so the sites must be two regions, not two zones`,
    }
  if (servers === 1)
    return {
      code: 'spot-alone',
      message:
        'there is only one spot instance: from the moment it is taken back until another one is loaded nobody gets an answer. Ask for availability n+1, or keep one instance on demand',
    }
  return {
    code: 'spot-without-spare',
    message: `while one spot instance is gone the others carry its load without a spare: at the peak the targets are missed unless the headroom covers it. ${together}`,
  }
}
