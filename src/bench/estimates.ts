import { dirname, join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { fileURLToPath } from 'node:url'
import { createCatalog } from '../catalogs/catalog.ts'
import { readCatalogFolder } from '../catalogs/folder.node.ts'
import { boardWattsWhileServing } from '../estimators/energy/replica-power.ts'
import { mostSequences } from '../estimators/memory/prepared.ts'
import { emptyPerformance, steadyState } from '../estimators/performance/steady-state.ts'
import { checkScenario } from '../planner/scenario/read.ts'
import { emptyFleet, fleetOf } from '../planner/search/fleet.ts'
import { Offers } from '../planner/search/offers.ts'
import { replicaMaker } from '../planner/search/search.ts'
import { createServing } from '../planner/search/serving.ts'
import { emptyServing } from '../planner/search/serving-types.ts'
import { type SiteMachine, searchSpace } from '../planner/search/space.ts'

/** What the search does per candidate, and what it may cost. */
export interface EstimateCost {
  readonly name: string
  /** Least of several rounds, on one core. */
  readonly microseconds: number
  /** Absent: no floor of its own. */
  readonly atMostMicroseconds?: number
}

const rounds = 7
const calls = 50_000
const microsecondsPerMillisecond = 1000

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')

/** One deployment that serves its load, in the state in which the search has it. */
export function estimateCosts(): EstimateCost[] {
  const catalog = createCatalog(readCatalogFolder(join(root, 'catalogs')).data)
  const scenario = checkScenario({
    value: {
      schemaVersion: 1,
      name: 'one estimate',
      useCase: 'customer-care-chatbot',
      demand: { users: 20_000 },
      model: { ids: 'llama-3.1-8b-instruct' },
      formats: { weights: 'fp8', kvCache: 'fp8' },
      hardware: { accelerators: 'l40s' },
      targets: { ttft: '2 s', tpot: '60 ms' },
      places: { kind: 'on-prem', country: 'de' },
    },
  })
  const space = searchSpace({ scenario, catalog, file: 'one estimate' })
  const unit = space.units[0]!
  const device = space.devices[0]!
  const maker = replicaMaker(space, unit, device)!
  const layout = space.layouts.list(unit, device, device.mostDevices)[0]!
  const memory = maker.memory(layout)
  const replica = maker.on(layout, memory)
  const { task } = space
  const serving = createServing(task)(replica, emptyServing())
  const fleet = emptyFleet()
  const offers = new Offers(space, { keepDominatedPrices: false })
  offers.startUnit(unit)
  const out = emptyPerformance()
  const load = {
    concurrency: 1,
    inputTokens: task.inputTokensMean,
    outputTokens: task.outputTokensMean,
    cachedInputFraction: task.cachedInputFraction,
    tokensPerStep: 1,
    verifiedTokensPerStep: 1,
    sequencesInMemory: 0,
    burstFraction: 0,
  }
  const speed = (call: number): number => {
    load.concurrency = 1 + (call & 63)
    load.sequencesInMemory = mostSequences(memory, {
      usableBytes: device.usableBytes,
      contextTokens: task.contextTokens,
    })
    return steadyState(replica.step, load, out).tpotSeconds
  }
  const prepared = (): number => maker.memory(layout).staticBytes + maker.step(layout).layers
  const peak = {
    model: replica.step,
    board: replica.board,
    tdpWatts: replica.tdpWatts,
    idleWatts: replica.idleWatts,
    lowPrecisionExperts: replica.lowPrecisionExperts,
    sequences: 16,
    stepSeconds: 0.02,
    stepSecondsAlone: 0.01,
    inputTokens: task.inputTokensMean,
    cachedInputTokens: 0,
    outputTokens: task.outputTokensMean,
  }
  const priced = (site: SiteMachine, call: number): number => {
    const watts = boardWattsWhileServing(peak, { sequences: 1 + (call & 63), stepSeconds: peak.stepSeconds })
    fleetOf(
      {
        machine: site.machine,
        serving,
        partsPerReplica: 1,
        devicesPerPart: device.devicesPerPart,
        idleWatts: device.idleWatts,
        limits: space.resolved.limits,
      },
      fleet,
    )
    return watts + offers.price({ unit: 0, device, layout, partsPerReplica: 1, site, serving, fleet })
  }
  const site = device.machines.find((one) => {
    priced(one, 1)
    return offers.table.size > 0
  })
  if (site === undefined) throw new Error('the deployment of the bench is not feasible: nothing has a price')
  const money = (call: number): number => priced(site, call)
  return [
    {
      name: 'what memory holds, prefill, decode, steady state',
      microseconds: leastOf(speed),
      atMostMicroseconds: 3,
    },
    { name: 'preparing memory and step, shared by candidates', microseconds: leastOf(prepared) },
    { name: 'power, footprint and cost', microseconds: leastOf(money), atMostMicroseconds: 2 },
  ]
}

/** Time of one call; what the calls give is summed, so that none is left out. */
function leastOf(estimate: (call: number) => number): number {
  let least = Number.POSITIVE_INFINITY
  for (let round = 0; round < rounds; round += 1) {
    let sum = 0
    const start = performance.now()
    for (let call = 0; call < calls; call += 1) sum += estimate(call)
    const milliseconds = performance.now() - start
    if (Number.isNaN(sum)) throw new Error('an estimate gave no number')
    least = Math.min(least, (milliseconds * microsecondsPerMillisecond) / calls)
  }
  return least
}
