import { speedDefaults } from '../../catalogs/defaults.ts'
import { devicesPerReplica } from '../../estimators/memory/layout.ts'
import { type PreparedMemory, prepareMemory } from '../../estimators/memory/prepared.ts'
import {
  type DeviceRates,
  prepareStepModel,
  type StepModel,
} from '../../estimators/performance/step-model.ts'
import { fittedTraits, speedWeightBytes } from '../performance-inputs.ts'
import { priceApis } from './api-pricing.ts'
import { type KnownMemory, MemoryBook } from './books.ts'
import { type ConstraintName, constraintBits, constraintNames } from './constraint-bits.ts'
import { emptyFleet, fleetOf } from './fleet.ts'
import { Offers } from './offers.ts'
import type { NearMiss, SearchResult } from './search-types.ts'
import { createServing } from './serving.ts'
import { emptyServing, type ReplicaUnderTest, refusal } from './serving-types.ts'
import type { SearchSpace, SpaceDevice } from './space.ts'
import { rates, stepLayout } from './step-inputs.ts'
import type { ModelUnit } from './units.ts'

/** Candidates between two looks at the abort signal and two reports of progress. */
const candidatesPerPause = 20_000

export interface SearchOptions {
  /** Keep prices that another price of the same machine beats in everything: a formula of the user may want them. */
  readonly keepDominatedPrices: boolean
}

/**
 * Evaluates every candidate of the space. What depends on less than a whole candidate is computed once: memory per
 * model, format, engine and layout; speed and replicas per device on top; machines, power and prices last. Nothing is
 * skipped but what cannot win: a price of a machine that costs, emits and drinks no less than another of the same.
 * A generator, so that the caller can pause it: it yields the share done.
 */
export function* search(space: SearchSpace, options: SearchOptions): Generator<number, SearchResult> {
  const serve = createServing(space.task)
  const serving = emptyServing()
  const fleet = emptyFleet()
  const offers = new Offers(space, options)
  const feasibleByUnit = new Int32Array(space.units.length)
  const brokenByUnit = new Int32Array(space.units.length)
  let candidates = 0
  let feasibleCandidates = 0
  let pause = candidatesPerPause

  const shared = new MemoryBook()
  for (const [unitIndex, unit] of space.units.entries()) {
    shared.startUnit(unit)
    const memories = new Map<number, PreparedMemory>()
    offers.startUnit(unit)
    for (const device of space.devices) {
      if (device.machines.length === 0) continue
      if (space.support(unit, device) === undefined) continue
      const replicas = replicaMaker(space, unit, device)
      if (replicas === undefined) continue
      const { id: policyId } = space.policy(unit, device)
      for (const layoutIndex of space.layouts.list(unit, device, device.mostDevices)) {
        const layout = space.layouts.all[layoutIndex]!
        const devices = devicesPerReplica(layout)
        const parts = Math.ceil(devices / device.devicesPerPart)
        const memoryKey = layoutIndex * 4096 + policyId
        let memory = memories.get(memoryKey)
        if (memory === undefined) {
          memory = replicas.memory(layoutIndex, shared.known(memoryKey))
          memories.set(memoryKey, memory)
          shared.keep(memoryKey, memory)
        }
        serving.refused = refusal.memory
        if (memory.staticBytes <= device.usableBytes) serve(replicas.on(layoutIndex, memory), serving)
        for (const site of device.machines) {
          if (site.machine.parts < parts) continue
          candidates += 1
          const sizeBefore = offers.table.size
          if (serving.refused !== 0) {
            offers.refuse({ unit: unitIndex, device, layout: layoutIndex, site, serving, memory })
            brokenByUnit[unitIndex] = brokenByUnit[unitIndex]! | serving.refused
            continue
          }
          fleetOf(
            {
              machine: site.machine,
              serving,
              partsPerReplica: parts,
              devicesPerPart: device.devicesPerPart,
              idleWatts: device.idleWatts,
              limits: space.resolved.limits,
            },
            fleet,
          )
          const broken = offers.price({
            unit: unitIndex,
            device,
            layout: layoutIndex,
            partsPerReplica: parts,
            site,
            serving,
            fleet,
          })
          if (offers.table.size > sizeBefore) {
            feasibleCandidates += 1
            feasibleByUnit[unitIndex] = feasibleByUnit[unitIndex]! + 1
          } else brokenByUnit[unitIndex] = brokenByUnit[unitIndex]! | broken
        }
      }
      if (candidates >= pause) {
        pause = candidates + candidatesPerPause
        yield (unitIndex + device.index / space.devices.length) / space.units.length
      }
    }
  }
  priceApis(space, offers.table, offers.refused)
  return {
    table: offers.table,
    candidates,
    feasibleCandidates,
    pricedOffers: offers.priced + space.apis.length,
    refused: counts(offers.refused),
    refusedAlone: counts(offers.refusedAlone),
    closest: offers.misses.kept as readonly NearMiss[],
    feasibleByUnit,
    brokenByUnit,
  }
}

/** Replicas of one unit on one device, by layout; undefined where the device's rates for the format are unknown. */
export function replicaMaker(
  space: SearchSpace,
  unit: ModelUnit,
  device: SpaceDevice,
):
  | {
      memory(layoutIndex: number, known?: KnownMemory): PreparedMemory
      step(layoutIndex: number): StepModel
      on(layoutIndex: number, memory: PreparedMemory): ReplicaUnderTest
    }
  | undefined {
  const ratesFor = (devices: number) =>
    rates({
      accelerator: device.row,
      weights: unit.weightFormat,
      engine: unit.engine,
      devices,
      networkBytesPerSecond: speedDefaults(space.catalog).clusterNetworkBytesPerSecond,
    })
  if (ratesFor(1) === undefined) return undefined
  const known: (DeviceRates | undefined)[] = []
  const { policy } = space.policy(unit, device)
  const { coefficients } = space.coefficients(unit, device)
  const weights = speedWeightBytes(unit.weightFormat, unit.kvFormat)
  const traits = fittedTraits(unit.engine)
  const { board } = space.models('air')
  const lowPrecisionExperts =
    unit.weightFormat.compute_precision !== 'bf16' && unit.weightFormat.compute_precision !== 'fp32'
  const step = (layoutIndex: number) => {
    const layout = space.layouts.all[layoutIndex]!
    known[layout.tensor] ??= ratesFor(layout.tensor)
    return prepareStepModel({
      architecture: unit.architecture,
      weights,
      rates: known[layout.tensor]!,
      layout: stepLayout(layout),
      traits,
      coefficients,
    })
  }
  return {
    memory: (layoutIndex, known) =>
      prepareMemory({
        architecture: unit.architecture,
        weightFormat: unit.weightSpec,
        kvBitsPerElement: unit.kvFormat.bits_per_element,
        layout: space.layouts.all[layoutIndex]!,
        policy,
        ...(unit.adapters === undefined ? {} : { adapters: unit.adapters }),
        ...known,
      }),
    step,
    on: (layoutIndex, memory) => {
      const model = step(layoutIndex)
      return {
        memory,
        step: model,
        usableBytes: device.usableBytes,
        devices: devicesPerReplica(space.layouts.all[layoutIndex]!),
        tdpWatts: device.tdpWatts,
        idleWatts: device.idleWatts,
        board,
        lowPrecisionExperts: lowPrecisionExperts && model.expertLayers > 0,
      }
    },
  }
}

function counts(byBit: Float64Array): Map<ConstraintName, number> {
  const map = new Map<ConstraintName, number>()
  for (const name of constraintNames) {
    const count = byBit[Math.log2(constraintBits[name])]!
    if (count > 0) map.set(name, count)
  }
  return map
}
