import { boardWattsWhileServing } from '../../estimators/energy/replica-power.ts'
import type { PlanPowerDraw } from '../plan-footprint-types.ts'
import { createLatency } from '../search/latency.ts'
import type { SearchSpace } from '../search/space.ts'
import type { MachineDetail } from './detail.ts'

/** Each point has so many more requests in flight than the one before. */
const nextPoint = 1.5
const mostPoints = 24

/** What the average draw is made of: waiting machines, hosts that serve, and each replica by its rate. */
export function powerDraw(space: SearchSpace, detail: MachineDetail): PlanPowerDraw {
  const { task } = space
  const { replica, serving, fleet, site, device, partsPerReplica } = detail
  const { line } = site.machine.power[fleet.partsPerServer]!
  const boards = line.perAcceleratorWatt * device.devicesPerPart
  const { step: model, board, tdpWatts, idleWatts, lowPrecisionExperts } = replica
  const groups = model.attentionDataParallel
  const at = {
    model,
    board,
    tdpWatts,
    idleWatts,
    lowPrecisionExperts,
    sequences: 0,
    stepSeconds: 0,
    stepSecondsAlone: 0,
    inputTokens: task.inputTokensMean * (1 - task.cachedInputFraction),
    cachedInputTokens: task.inputTokensMean * task.cachedInputFraction,
    outputTokens: task.outputTokensMean,
  }
  const latency = createLatency(task)
  const load = latency.empty()
  latency.prepare(model)
  const points: { requestsPerSecond: number; watts: number }[] = []
  for (let running = groups; points.length < mostPoints; running *= nextPoint) {
    latency.at(model, running, load)
    const rate = load.requestsPerSecond
    if (!(rate > (points.at(-1)?.requestsPerSecond ?? 0))) break
    const sequences = running / groups
    const watts = boardWattsWhileServing(at, {
      sequences,
      stepSeconds: sequences / ((rate / groups) * Math.max(task.outputTokensMean, 1)),
    })
    points.push({ requestsPerSecond: rate, watts: boards * partsPerReplica * (watts - idleWatts) })
    if (rate >= serving.capacityRequestsPerSecond) break
  }
  return {
    idleWattsPerServer: line.idleHostWatts,
    idleWattsPerAccelerator: boards * device.idleWatts,
    servingWattsPerServer: line.busyHostWatts - line.idleHostWatts,
    replica: points,
  }
}
