import { kvBytesPerGrowingToken } from '../estimators/memory/index.ts'
import { gibibyte } from '../foundation/units.ts'
import { type ReserveConstants, type ServedRun, withConstants } from './memory-runs.ts'

/** A run whose log gives what the engine kept back: budget less weights less KV pool. */
export interface ReserveObservation {
  readonly served: ServedRun
  readonly reserveBytes: number
  /** Repeats of one configuration share the weight of one. */
  readonly weight: number
  readonly modelKey: string
}

/** One key for all names of an architecture (Llama 3 and 3.1 are one model to the memory). */
export function modelKey(served: ServedRun): string {
  const { weights, allocation } = served.prepare({ ...served.policy, ropeTableBytesPerElement: 0 })
  const layout = served.run.tp ?? 1
  return `${Math.round((weights.embeddingBytes * layout) / 1e6)} ${Math.round(kvBytesPerGrowingToken(allocation.profile) * layout)}`
}

export function configurationKey(served: ServedRun): string {
  const { run } = served
  return [
    modelKey(served),
    run.weights,
    run.accelerator,
    run.tp,
    run.max_num_seqs ?? '',
    run.gpu_memory_utilization ?? '',
  ].join(' ')
}

/** Runs under vLLM that state utilisation or leave its default, and the sequences they were set to. */
export function reserveObservations(served: readonly ServedRun[]): ReserveObservation[] {
  const loggedWeights = new Map<string, number>()
  const weightKey = (entry: ServedRun) =>
    [entry.run.model, entry.run.weights, entry.run.accelerator, entry.run.tp].join(' ')
  for (const entry of served) {
    if (entry.run.weights_gib !== undefined) loggedWeights.set(weightKey(entry), entry.run.weights_gib)
  }
  const repeats = new Map<string, number>()
  const usable = served.filter((entry) => entry.run.engine === 'vllm' && entry.run.max_num_seqs !== undefined)
  for (const entry of usable) {
    const key = configurationKey(entry)
    repeats.set(key, (repeats.get(key) ?? 0) + 1)
  }
  return usable.flatMap((entry) => {
    const weightsGib = entry.run.weights_gib ?? loggedWeights.get(weightKey(entry))
    const poolBytes = loggedPoolBytes(entry)
    if (weightsGib === undefined || poolBytes === undefined) return []
    const budget = entry.usableBytes * entry.policy.memoryFraction
    return [
      {
        served: entry,
        reserveBytes: budget - weightsGib * gibibyte - poolBytes,
        weight: 1 / (repeats.get(configurationKey(entry)) ?? 1),
        modelKey: modelKey(entry),
      },
    ]
  })
}

function loggedPoolBytes(entry: ServedRun): number | undefined {
  if (entry.run.kv_cache_gib !== undefined) return entry.run.kv_cache_gib * gibibyte
  if (entry.run.kv_cache_tokens === undefined) return undefined
  return entry.run.kv_cache_tokens * entry.prepare(entry.policy).allocation.loggedBytesPerToken
}

/** Weighted sum of absolute errors of the reserve, GiB: robust against the few runs nobody can explain. */
function misfit(observations: readonly ReserveObservation[], constants: ReserveConstants): number {
  let sum = 0
  for (const { served, reserveBytes, weight } of observations) {
    const { working } = served.prepare(withConstants(served, constants))
    const predicted = working.activationBytes + working.runtimeBytes + working.communicationBytes
    sum += (weight * Math.abs(predicted - reserveBytes)) / gibibyte
  }
  return sum
}

/**
 * Least absolute deviations by pattern search: single constants and pairs of them move by a shrinking share until
 * nothing helps. Pairs, because the sum of absolute errors has corners where no single constant can move.
 */
export function fitReserve(
  observations: readonly ReserveObservation[],
  start: ReserveConstants,
): ReserveConstants {
  const moves = patternMoves(Object.keys(start) as (keyof ReserveConstants)[])
  let best = start
  let bestMisfit = misfit(observations, best)
  for (let step = 0.5; step > 0.001; step /= 2) {
    let improved = true
    while (improved) {
      improved = false
      for (const move of moves) {
        const tried: ReserveConstants = { ...best, ...moved(best, move, step) }
        const triedMisfit = misfit(observations, tried)
        if (triedMisfit >= bestMisfit - 1e-9) continue
        best = tried
        bestMisfit = triedMisfit
        improved = true
      }
    }
  }
  return best
}

type Move = readonly { readonly name: keyof ReserveConstants; readonly up: boolean }[]

function patternMoves(names: readonly (keyof ReserveConstants)[]): Move[] {
  const single: Move[] = names.flatMap((name) => [[{ name, up: true }], [{ name, up: false }]])
  const pairs = single.flatMap((first) =>
    single.filter((second) => first[0]!.name < second[0]!.name).map((second) => [...first, ...second]),
  )
  return [...single, ...pairs]
}

function moved(from: ReserveConstants, move: Move, step: number): Partial<ReserveConstants> {
  return Object.fromEntries(move.map(({ name, up }) => [name, from[name] * (up ? 1 + step : 1 / (1 + step))]))
}
