import type { Catalog, KvFormatRow } from '../../catalogs/catalog.ts'
import type { EngineMemoryPolicy } from '../../estimators/memory/engine-policy.ts'
import type { KvAllocation } from '../../estimators/memory/kv-allocation.ts'
import type { ParallelLayout } from '../../estimators/memory/layout.ts'
import type { MemoryInput, PreparedMemory } from '../../estimators/memory/prepared.ts'
import type { WeightBytes } from '../../estimators/memory/weights.ts'
import { engineSupport, memoryPolicy } from '../inputs.ts'
import { type StepCoefficients, stepCoefficients } from './coefficients.ts'
import { searchLayouts } from './layouts.ts'
import type { SearchSpace, SpaceDevice } from './space.ts'
import type { ModelUnit } from './units.ts'

/** What many candidates share is looked up once and kept here. */

export interface InternedPolicy {
  readonly id: number
  readonly policy: EngineMemoryPolicy
}

/** Layouts by what decides them; each layout that occurs has one number. */
export class LayoutBook {
  readonly all: ParallelLayout[] = []
  readonly #numbers = new Map<string, number>()
  readonly #lists = new Map<string, readonly number[]>()

  list(unit: ModelUnit, device: SpaceDevice, most: number): readonly number[] {
    const key = `${unit.kept.model.id} ${unit.engine} ${most} ${device.tensorDomain}`
    let list = this.#lists.get(key)
    if (list === undefined) {
      list = searchLayouts({
        architecture: unit.architecture,
        engine: unit.engine,
        mostDevices: most,
        linkDomainDevices: device.tensorDomain,
      }).map((layout) => this.#number(layout))
      this.#lists.set(key, list)
    }
    return list
  }

  #number(layout: ParallelLayout): number {
    const key = `${layout.tensor} ${layout.pipeline} ${layout.attentionData} ${layout.expert}`
    let number = this.#numbers.get(key)
    if (number === undefined) {
      number = this.all.length
      this.all.push(layout)
      this.#numbers.set(key, number)
    }
    return number
  }
}

export function policyBook(catalog: Catalog): SearchSpace['policy'] {
  const byQuestion = new Map<string, InternedPolicy>()
  const byContent = new Map<string, InternedPolicy>()
  return (unit, device) => {
    const question = `${unit.engine} ${unit.weightFormat.id} ${device.index}`
    let found = byQuestion.get(question)
    if (found === undefined) {
      const { policy } = memoryPolicy({
        catalog,
        engine: unit.engine,
        weightFormatId: unit.weightFormat.id,
        accelerator: device.row,
        usableBytes: device.usableBytes,
      })
      const content = JSON.stringify(policy)
      found = byContent.get(content) ?? { id: byContent.size, policy }
      byContent.set(content, found)
      byQuestion.set(question, found)
    }
    return found
  }
}

export type KnownMemory = Pick<MemoryInput, 'weights' | 'allocation'>

/**
 * Parts of the memory of a model that its units share, by a key for layout and policy: weights whatever the KV format,
 * the engine's cache whatever the weight format. Units of a model come together, and in them those of a weight format.
 */
export class MemoryBook {
  readonly #weights = new Map<number, WeightBytes>()
  readonly #allocations = new Map<KvFormatRow, Map<number, KvAllocation>>()
  #ofFormat = new Map<number, KvAllocation>()
  #unit: ModelUnit | undefined

  startUnit(unit: ModelUnit): void {
    const other = unit.kept !== this.#unit?.kept
    if (other) this.#allocations.clear()
    if (other || unit.weightFormat !== this.#unit?.weightFormat) this.#weights.clear()
    this.#unit = unit
    this.#ofFormat = this.#allocations.get(unit.kvFormat) ?? new Map()
    this.#allocations.set(unit.kvFormat, this.#ofFormat)
  }

  known(key: number): KnownMemory {
    const weights = this.#weights.get(key)
    const allocation = this.#ofFormat.get(key)
    return { ...(weights && { weights }), ...(allocation && { allocation }) }
  }

  keep(key: number, memory: PreparedMemory): void {
    this.#weights.set(key, memory.weights)
    this.#ofFormat.set(key, memory.allocation)
  }
}

/** Fitted factors: those of the last model and weight format, for all its KV formats. */
export function coefficientBook(catalog: Catalog): SearchSpace['coefficients'] {
  let of: ModelUnit | undefined
  const byEngine = new Map<string, StepCoefficients[]>()
  return (unit, device) => {
    if (unit.kept !== of?.kept || unit.weightFormat !== of.weightFormat) byEngine.clear()
    of = unit
    let known = byEngine.get(unit.engine)
    if (known === undefined) {
      known = []
      byEngine.set(unit.engine, known)
    }
    known[device.index] ??= stepCoefficients({
      catalog,
      modelId: unit.kept.model.id,
      architecture: unit.architecture,
      accelerator: device.row,
      weightFormat: unit.weightFormat,
      engine: unit.engine,
    })
    return known[device.index]!
  }
}

export function supportBook(catalog: Catalog): SearchSpace['support'] {
  const known = new Map<string, 'full' | 'partial' | undefined>()
  return (unit, device) => {
    const key = `${unit.engine} ${device.row.family}`
    if (!known.has(key)) {
      const support = engineSupport(catalog, unit.engine, device.row.family)
      known.set(key, support === 'none' ? undefined : support)
    }
    return known.get(key)
  }
}
