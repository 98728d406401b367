import type { Catalog, KvFormatRow, WeightFormatRow } from '../../catalogs/catalog.ts'
import type { ModelArchitecture } from '../../estimators/architecture.ts'
import { type AdapterSpec, type WeightFormatSpec, weightBytesOfFile } from '../../estimators/memory/index.ts'
import { type Issue, RightsizeError } from '../../foundation/errors.ts'
import { compareText, type Sentence, sentence } from '../../foundation/notes.ts'
import { benchmarksOf } from '../benchmarks.ts'
import { weightFormatSpec } from '../inputs.ts'
import { modelArchitecture } from '../model-inputs.ts'
import type { KeptModel } from '../model-selection.ts'
import { benchmarkId, type FormatLoss, formatLoss, type QualityScore, qualityScore } from '../quality.ts'
import type { ResolvedScenario } from '../scenario/resolve.ts'
import type { NotSearched } from './devices.ts'
import { LeftOutCount } from './left-out.ts'

/** A model in one weight format and one KV format under one engine. */
export interface ModelUnit {
  readonly kept: KeptModel
  readonly architecture: ModelArchitecture
  readonly weightFormat: WeightFormatRow
  readonly weightSpec: WeightFormatSpec
  readonly kvFormat: KvFormatRow
  readonly engine: string
  readonly loss: FormatLoss
  /** For the benchmarks of the scenario, or of its use case; the first known to most models ranks. */
  readonly scores: readonly QualityScore[]
  /** Of the ranking benchmark, in its unit, after the formats' loss; NaN where unknown. */
  readonly quality: number
  readonly adapters: AdapterSpec | undefined
  readonly fileBytes: number
}

export interface SearchUnits {
  readonly units: readonly ModelUnit[]
  /** The benchmark that "quality" means; undefined where nobody named one. */
  readonly benchmark: string | undefined
  readonly benchmarks: readonly string[]
  /** Models that no format or engine brings into the search, and why. */
  readonly dropped: ReadonlyMap<string, readonly Sentence[]>
  readonly notSearched: readonly NotSearched[]
}

/**
 * Every allowed combination of model, formats and engine. The loss of the formats is taken off before the quality limit.
 * @throws RightsizeError `scenario-invalid` for formats the catalog does not have.
 */
export function searchUnits(input: {
  catalog: Catalog
  resolved: ResolvedScenario
  kept: readonly KeptModel[]
  file: string
}): SearchUnits {
  const { catalog, resolved, kept } = input
  const formats = readFormats(input)
  const benchmarks = benchmarksOf(catalog, resolved)
  const benchmark = rankingBenchmark({ catalog, resolved, kept, benchmarks })
  const units: ModelUnit[] = []
  const dropped = new Map<string, readonly Sentence[]>()
  const left = new LeftOutCount()
  const subject = sentence('model-and-format', 'model and format')
  for (const model of kept) {
    const architecture = modelArchitecture(model.model)
    if (architecture === undefined) continue
    const before = units.length
    const reasons = new Map<string, Sentence>()
    for (const weightFormat of formatsFor(catalog, resolved, model, formats.weights)) {
      for (const kvFormat of formats.kvCache) {
        const loss = formatLoss({
          catalog,
          model: model.model,
          weights: weightFormat.id,
          kvCache: kvFormat.id,
        })
        const scores = benchmarks.map((name) =>
          qualityScore({
            catalog,
            model: model.model,
            benchmark: name,
            setting: settingOf(resolved, name),
            loss,
          }),
        )
        const short = qualityProblem(resolved, scores)
        for (const engine of resolved.engines) {
          const problem =
            (engine !== 'generic' && !weightFormat.engines.includes(engine)
              ? sentence('weights-not-loaded', `${engine} does not load ${weightFormat.id} weights`, {
                  engine,
                  format: weightFormat.id,
                })
              : undefined) ??
            (engine !== 'generic' && !kvFormat.engines.includes(engine)
              ? sentence('no-such-cache', `${engine} has no ${kvFormat.id} KV cache`, {
                  engine,
                  format: kvFormat.id,
                })
              : undefined) ??
            short
          if (problem !== undefined) {
            reasons.set(problem.message, problem)
            left.add(subject, problem)
            continue
          }
          const weightSpec = weightFormatSpec(weightFormat)
          units.push({
            kept: model,
            architecture,
            weightFormat,
            weightSpec,
            kvFormat,
            engine,
            loss,
            scores,
            quality: scores.find((score) => score.benchmark === benchmark)?.adjusted?.mid ?? Number.NaN,
            adapters: adaptersOf(resolved),
            fileBytes: weightBytesOfFile({ architecture, format: weightSpec, withDraft: false }).totalBytes,
          })
        }
      }
    }
    if (units.length === before)
      dropped.set(
        model.model.id,
        [...reasons.values()].sort((a, b) => compareText(a.message, b.message)),
      )
  }
  return {
    units,
    benchmark,
    benchmarks,
    dropped,
    notSearched: left.list(),
  }
}

/** The formats asked for; where none were, also the one that the model is published in. */
function formatsFor(
  catalog: Catalog,
  resolved: ResolvedScenario,
  kept: KeptModel,
  formats: readonly WeightFormatRow[],
): readonly WeightFormatRow[] {
  const native = kept.model.native_weights
  if (resolved.scenario.formats?.weights !== undefined || native === undefined) return formats
  const row = catalog.weightFormat(native)
  return formats.includes(row) || row.below_four_bits ? formats : [...formats, row]
}

function adaptersOf(resolved: ResolvedScenario): AdapterSpec | undefined {
  const { adapters, adaptersInMemory, adapterRank, adapterTargets } = resolved.storage
  if (adapters === 0) return undefined
  return {
    count: adaptersInMemory,
    rank: adapterRank,
    targets: adapterTargets,
    bitsPerWeight: 16,
  }
}

function settingOf(resolved: ResolvedScenario, benchmark: string): string | undefined {
  return resolved.scenario.model?.minimumQuality?.find(
    (minimum) => benchmarkId(minimum.benchmark) === benchmark,
  )?.setting
}

/** The first benchmark with a limit; else the one that most of the kept models have a score for. */
function rankingBenchmark(input: {
  catalog: Catalog
  resolved: ResolvedScenario
  kept: readonly KeptModel[]
  benchmarks: readonly string[]
}): string | undefined {
  const { benchmarks } = input
  if ((input.resolved.scenario.model?.minimumQuality ?? []).length > 0) return benchmarks[0]
  const loss: FormatLoss = { low: 0, mid: 0, high: 0, assumed: false, known: true }
  let best: string | undefined
  let most = 0
  for (const benchmark of benchmarks) {
    const known = input.kept.filter(
      (model) =>
        qualityScore({ catalog: input.catalog, model: model.model, benchmark, loss }).status === 'known',
    ).length
    if (known > most) {
      best = benchmark
      most = known
    }
  }
  return best
}

/** A score that falls below its limit once the formats' loss is taken off. */
function qualityProblem(resolved: ResolvedScenario, scores: readonly QualityScore[]): Sentence | undefined {
  for (const minimum of resolved.scenario.model?.minimumQuality ?? []) {
    const benchmark = benchmarkId(minimum.benchmark)
    const score = scores.find((entry) => entry.benchmark === benchmark)
    if (score?.adjusted === undefined) {
      if (resolved.scenario.model?.allowUnknownQuality !== true)
        return sentence(
          'format-loss-unknown',
          `quality in this format unknown: no known loss on ${benchmark}`,
          { benchmark },
        )
    } else if (score.adjusted.mid < minimum.score) {
      return sentence(
        'format-loss-too-large',
        `the loss of the format brings ${benchmark} below ${minimum.score}`,
        { benchmark, needed: minimum.score },
      )
    }
  }
  return undefined
}

function readFormats(input: { catalog: Catalog; resolved: ResolvedScenario; file: string }): {
  weights: WeightFormatRow[]
  kvCache: KvFormatRow[]
} {
  const { catalog, resolved, file } = input
  const issues: Issue[] = []
  const read = <Format extends { readonly id: string; readonly below_four_bits: boolean }>(
    names: readonly string[],
    field: string,
    find: (name: string) => Format,
  ): Format[] => {
    const rows: Format[] = []
    for (const name of names) {
      try {
        const row = find(name)
        if (row.below_four_bits && resolved.scenario.formats?.belowFourBits !== true)
          issues.push({
            place: `${file}  ${field}`,
            message: `${row.id} is below four bits`,
            hint: 'such formats cost quality; set formats.belowFourBits: true to consider them',
          })
        else if (!rows.includes(row)) rows.push(row)
      } catch (error) {
        if (!(error instanceof RightsizeError)) throw error
        issues.push({
          place: `${file}  ${field}`,
          message: error.message,
          ...(error.hint === undefined ? {} : { hint: error.hint }),
        })
      }
    }
    return rows
  }
  const weights = read(resolved.weightFormats, 'formats.weights', catalog.weightFormat)
  const kvCache = read(resolved.kvFormats, 'formats.kvCache', catalog.kvFormat)
  if (issues.length > 0)
    throw new RightsizeError({
      code: 'scenario-invalid',
      message: `${file} has ${issues.length} ${issues.length === 1 ? 'problem' : 'problems'}`,
      issues,
    })
  return { weights, kvCache }
}
