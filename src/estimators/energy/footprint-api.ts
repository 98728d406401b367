import type { Note } from '../../foundation/notes.ts'
import { joulesPerKilowattHour, joulesPerWattHour, millilitresPerLitre } from '../../foundation/units.ts'
import type { Range } from './footprint-embodied.ts'

/** What a provider or study says of one request to a service; a row of `catalogs/api_footprints.csv`. */
export interface ApiAnchor {
  readonly id: string
  readonly energyJoules: { readonly low: number; readonly high: number } | undefined
  readonly gramsCo2e: number | undefined
  readonly waterLitres: number | undefined
  readonly sourceId: string
}

export function apiAnchor(row: {
  readonly id: string
  readonly energy_wh?: number | undefined
  readonly energy_low_wh?: number | undefined
  readonly energy_high_wh?: number | undefined
  readonly carbon_g_co2e?: number | undefined
  readonly water_ml?: number | undefined
  readonly source_id: string
}): ApiAnchor {
  const low = row.energy_low_wh ?? row.energy_wh
  const high = row.energy_high_wh ?? row.energy_wh
  return {
    id: row.id,
    energyJoules:
      low === undefined || high === undefined
        ? undefined
        : { low: low * joulesPerWattHour, high: high * joulesPerWattHour },
    gramsCo2e: row.carbon_g_co2e,
    waterLitres: row.water_ml === undefined ? undefined : row.water_ml / millilitresPerLitre,
    sourceId: row.source_id,
  }
}

export interface ApiFootprint {
  /** Of one request: as wide as what is published. */
  readonly energyJoules: Range | undefined
  readonly gramsCo2e: Range | undefined
  readonly waterLitres: Range | undefined
  readonly anchorIds: readonly string[]
  readonly notes: readonly Note[]
}

/**
 * A request to a service whose hardware nobody knows. Energy: lowest and highest of the published figures, and their
 * geometric mean as the middle. Carbon: that energy at the grid's factor where it is known, widened by stated figures.
 * The interval is wide on purpose: boundaries and lengths of the anchors differ, and lengths are not scaled.
 */
export function apiFootprint(input: {
  readonly anchors: readonly ApiAnchor[]
  /** At the service's meter; undefined where the place is unknown. */
  readonly gridGramsCo2ePerKwh: number | undefined
}): ApiFootprint {
  const energyJoules = rangeOf(input.anchors.flatMap(({ energyJoules: e }) => (e ? [e.low, e.high] : [])))
  const factor = input.gridGramsCo2ePerKwh
  const perJoule = factor === undefined ? undefined : factor / joulesPerKilowattHour
  const stated = input.anchors.flatMap(({ gramsCo2e }) => (gramsCo2e === undefined ? [] : [gramsCo2e]))
  const fromEnergy =
    energyJoules === undefined || perJoule === undefined
      ? []
      : [energyJoules.low * perJoule, energyJoules.high * perJoule]
  const known = input.anchors.filter(
    (anchor) => anchor.energyJoules ?? anchor.gramsCo2e ?? anchor.waterLitres,
  )
  const notes: Note[] = [
    {
      code: 'api-footprint-wide',
      level: 'warning',
      about: 'footprint',
      message:
        'the service’s hardware is unknown: the range spans what providers and studies publish, with different boundaries and lengths',
    },
  ]
  if (known.length === 0) {
    notes.push({
      code: 'api-footprint-unknown',
      level: 'warning',
      about: 'footprint',
      message: 'no figure is published for this service',
    })
  }
  return {
    energyJoules,
    gramsCo2e: rangeOf([...fromEnergy, ...stated]),
    waterLitres: rangeOf(
      input.anchors.flatMap(({ waterLitres }) => (waterLitres === undefined ? [] : [waterLitres])),
    ),
    anchorIds: known.map((anchor) => anchor.id),
    notes,
  }
}

/** Extremes and geometric mean of positive figures; undefined of none. */
function rangeOf(values: readonly number[]): Range | undefined {
  if (values.length === 0) return undefined
  const logs = values.map(Math.log)
  const low = Math.min(...values)
  const high = Math.max(...values)
  const mid = Math.exp(logs.reduce((sum, value) => sum + value, 0) / logs.length)
  return { low, mid: Math.min(Math.max(mid, low), high), high }
}
