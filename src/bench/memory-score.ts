import type { Catalog } from '../catalogs/catalog.ts'
import { gibibyte } from '../foundation/units.ts'
import {
  type Prediction,
  predictRun,
  type ReserveConstants,
  readMemoryRuns,
  type ServedRun,
  servedRun,
} from './memory-runs.ts'
import { configurationKey, fitReserve, modelKey, reserveObservations } from './reserve-fit.ts'

/** Every prediction of the fixture, with the shipped constants and with constants that never saw the model. */
export interface MemoryScore {
  readonly runs: number
  readonly inSample: readonly Prediction[]
  readonly modelLeftOut: readonly Prediction[]
  readonly shipped: ReserveConstants
  readonly refitted: ReserveConstants
  /** The constants of each fold. */
  readonly folds: readonly ReserveConstants[]
  /** Repeats of one configuration become one prediction of their means: a card with many repeats counts once. */
  readonly perConfiguration: (predictions: readonly Prediction[]) => Prediction[]
}

/**
 * Where every fit starts: round numbers that no fit has seen, so that a constant which a fold cannot identify (the
 * encoder's, without the one multimodal model) does not leak in from the shipped table.
 */
const neutralStart: ReserveConstants = {
  samplerBytesPerLogit: 32,
  activationFactor: 1,
  runtimeNvidiaGib: 0.5,
  runtimeAmdGib: 0.5,
  encoderGib: 0.5,
}

export function memoryScore(catalog: Catalog): MemoryScore {
  const runs = readMemoryRuns()
  const served = new Map(runs.map((run) => [run.id, servedRun(catalog, run)]))
  const servedRuns = [...served.values()].filter((entry): entry is ServedRun => entry !== undefined)
  const observations = reserveObservations(servedRuns)
  const shipped = shippedConstants(servedRuns)
  const refitted = fitReserve(observations, neutralStart)
  const folds = new Map<string, ReserveConstants>()
  for (const key of new Set(observations.map((entry) => entry.modelKey))) {
    folds.set(
      key,
      fitReserve(
        observations.filter((entry) => entry.modelKey !== key),
        neutralStart,
      ),
    )
  }
  const predict = (constantsOf: (entry: ServedRun) => ReserveConstants | undefined) =>
    runs.flatMap((run) => {
      const entry = served.get(run.id)
      const constants = entry === undefined ? undefined : constantsOf(entry)
      return predictRun({ catalog, run, served: entry, constants })
    })
  return {
    runs: runs.length,
    inSample: predict(() => undefined),
    modelLeftOut: predict((entry) => folds.get(modelKey(entry)) ?? refitted),
    shipped,
    refitted,
    folds: [...folds.values()],
    perConfiguration: (predictions) =>
      meansOf(predictions, ({ run }) => {
        const entry = served.get(run.id)
        return entry === undefined ? run.id : configurationKey(entry)
      }),
  }
}

/** The shipped constants, read from what the catalog resolves for a run of each maker. */
function shippedConstants(servedRuns: readonly ServedRun[]): ReserveConstants {
  const policyOf = (vendor: string) =>
    servedRuns.find((entry) => entry.vendor === vendor && entry.run.engine === 'vllm')?.policy
  const nvidia = policyOf('NVIDIA')
  const amd = policyOf('AMD')
  if (nvidia === undefined || amd === undefined) throw new Error('the fixture has no vLLM run of one maker')
  return {
    samplerBytesPerLogit: nvidia.samplerBytesPerLogit,
    activationFactor: nvidia.activationFactor,
    runtimeNvidiaGib: nvidia.runtimeBytes / gibibyte,
    runtimeAmdGib: amd.runtimeBytes / gibibyte,
    encoderGib: nvidia.encoderActivationBytes / gibibyte,
  }
}

function meansOf(predictions: readonly Prediction[], keyOf: (entry: Prediction) => string): Prediction[] {
  const groups = new Map<string, Prediction[]>()
  for (const prediction of predictions) {
    const key = `${prediction.metric} ${keyOf(prediction)}`
    groups.set(key, [...(groups.get(key) ?? []), prediction])
  }
  return [...groups.values()].map((group) => {
    const mean = (pick: (entry: Prediction) => number) =>
      group.reduce((sum, entry) => sum + pick(entry), 0) / group.length
    return { ...group[0]!, predicted: mean((e) => e.predicted), measured: mean((e) => e.measured) }
  })
}

/** Settings are known where the run states how many sequences the engine was set to. */
export function settingsKnown({ run }: Prediction): boolean {
  return run.max_num_seqs !== undefined
}

export function relativeError({ predicted, measured }: Prediction): number {
  return Math.abs(predicted / measured - 1)
}

/** Linear between the neighbours. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  const position = (sorted.length - 1) * share
  const low = Math.floor(position)
  return sorted[low]! + (position - low) * ((sorted[low + 1] ?? sorted[low]!) - sorted[low]!)
}
