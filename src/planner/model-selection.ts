import type { Catalog, ModelRow, Row } from '../catalogs/catalog.ts'
import { modelClass, modelFacts } from '../catalogs/views.ts'
import { type Issue, RightsizeError } from '../foundation/errors.ts'
import { formatNumber, formatParameters, formatTokens } from '../foundation/format.ts'
import { type Note, type Sentence, sentence } from '../foundation/notes.ts'
import { didYouMean } from '../foundation/suggest.ts'
import { giga } from '../foundation/units.ts'
import { benchmarksOf } from './benchmarks.ts'
import { benchmarkId, type FormatLoss, type QualityScore, qualityScore } from './quality.ts'
import type { ResolvedScenario } from './scenario/resolve.ts'

export interface KeptModel {
  readonly model: ModelRow
  readonly class: 'slm' | 'llm'
  readonly licenceClass: string | undefined
  /** Scores as published, before any format's loss. */
  readonly scores: readonly QualityScore[]
  readonly notes: readonly Note[]
}

export interface LeftOutModel {
  readonly model: ModelRow
  /** Every reason, not the first. */
  readonly reasons: readonly Sentence[]
}

const noLoss: FormatLoss = { low: 0, mid: 0, high: 0, assumed: false, known: true }

/**
 * The models a scenario allows, and why each of the others is left out. Unknown is never passed silently: a model
 * whose licence, score or language nobody has stated is left out, unless the scenario allows the unknown.
 * @throws RightsizeError for ids and benchmarks the catalog does not have.
 */
export function selectModels(input: { resolved: ResolvedScenario; catalog: Catalog; file?: string }): {
  kept: KeptModel[]
  leftOut: LeftOutModel[]
} {
  const { resolved, catalog } = input
  const wish = resolved.scenario.model ?? {}
  const place = `${input.file ?? 'scenario'}  model`
  const issues: Issue[] = []
  const idsOf = (names: readonly string[] | undefined, field: string) =>
    names === undefined
      ? undefined
      : new Set(names.flatMap((name) => lookup(catalog, name, `${place}.${field}`, issues)))
  const only = idsOf(wish.ids, 'ids')
  const never = idsOf(wish.exclude, 'exclude')
  const benchmarks = new Set(catalog.rows('modelQuality').map((row) => row.benchmark))
  for (const minimum of wish.minimumQuality ?? []) {
    if (benchmarks.has(benchmarkId(minimum.benchmark))) continue
    const hint =
      didYouMean(minimum.benchmark, benchmarks) ?? `benchmarks: ${[...benchmarks].sort().join(', ')}`
    issues.push({
      place: `${place}.minimumQuality`,
      message: `unknown benchmark "${minimum.benchmark}"`,
      hint,
    })
  }
  if (issues.length > 0)
    throw new RightsizeError({ code: 'scenario-invalid', message: 'the model wishes cannot be read', issues })

  const kept: KeptModel[] = []
  const leftOut: LeftOutModel[] = []
  for (const model of catalog.rows('models')) {
    const judged = judge({ model, resolved, catalog, named: only })
    if (never?.has(model.id)) judged.reasons.push(sentence('excluded', 'excluded by the scenario'))
    if (judged.reasons.length > 0) leftOut.push({ model, reasons: judged.reasons })
    else kept.push(judged.kept)
  }
  return { kept, leftOut }
}

function lookup(catalog: Catalog, name: string, place: string, issues: Issue[]): string[] {
  try {
    return [catalog.model(name).id]
  } catch (error) {
    if (!(error instanceof RightsizeError)) throw error
    issues.push({ place, message: error.message, ...(error.hint === undefined ? {} : { hint: error.hint }) })
    return []
  }
}

function judge(input: {
  model: ModelRow
  resolved: ResolvedScenario
  catalog: Catalog
  named: ReadonlySet<string> | undefined
}): { reasons: Sentence[]; kept: KeptModel } {
  const { model, resolved, catalog } = input
  const wish = resolved.scenario.model ?? {}
  const reasons: Sentence[] = []
  const notes: Note[] = []
  const no = (code: string, message: string, values?: Sentence['values']) =>
    reasons.push(sentence(code, message, values))
  const facts = modelFacts(catalog, model.id)
  const size = modelClass(model, resolved.slmBelowParameters)
  if (input.named !== undefined && !input.named.has(model.id)) no('not-named', 'not among the models named')
  if (size === 'encoder')
    no(
      model.kind === 'reranker' ? 'for-reranking' : 'for-embeddings',
      `is a model for ${model.kind === 'reranker' ? 'reranking' : 'embeddings'}, it does not answer`,
    )
  else if (wish.class !== undefined && wish.class !== 'any' && size !== wish.class) {
    const threshold = formatParameters(resolved.slmBelowParameters)
    const parameters = model.parameters_total_b * giga
    no(
      'wrong-class',
      `${formatParameters(parameters)} parameters make it an ${size.toUpperCase()} (line at ${threshold})`,
      { parameters, class: size, below: resolved.slmBelowParameters },
    )
  }
  if (model.layer_groups === undefined) {
    const why = model.architecture_unknown
    no(
      'architecture-unknown',
      `its architecture is unknown: ${why ?? 'not published'}`,
      why === undefined ? {} : { note: why },
    )
  }
  const licenceClass = facts['licence_class']?.value
  if (wish.licenceClasses !== undefined) {
    if (licenceClass === undefined) no('licence-class-unknown', 'its licence class is unknown')
    else if (!wish.licenceClasses.includes(licenceClass as never))
      no('licence-class', `its licence class is ${licenceClass}`, { licence: licenceClass })
  }
  reasons.push(...contextReasons(model, resolved), ...modalityReasons(model, wish.modalities))
  if (wish.languages !== undefined) {
    const spoken = facts['languages']?.value.split(';')
    if (spoken === undefined) {
      notes.push(
        unknownNote(model.id, 'languages', 'no source in the catalog says which languages it speaks'),
      )
    } else {
      const missing = wish.languages.filter((language) => !spoken.includes(language))
      if (missing.length > 0)
        no('languages-not-spoken', `is not said to speak ${missing.join(', ')}`, {
          languages: missing.join(', '),
        })
    }
  }
  reasons.push(...useReasons({ model, resolved, facts, notes }))
  if (wish.remoteCode === false && facts['needs_remote_code']?.value === 'yes') {
    no('remote-code', 'needs code from its repository to run')
  }
  const scores = (wish.minimumQuality ?? []).map((minimum) => {
    const score = qualityScore({
      catalog,
      model,
      benchmark: minimum.benchmark,
      setting: minimum.setting,
      loss: noLoss,
    })
    if (score.status === 'unknown') {
      if (wish.allowUnknownQuality !== true)
        no('quality-unknown', `quality unknown: no comparable ${score.benchmark} score`, {
          benchmark: score.benchmark,
        })
    } else if (score.score! < minimum.score) {
      no(
        'quality-below',
        `scores ${formatNumber(score.score!, 1)} on ${score.benchmark}, below ${minimum.score}`,
        { score: score.score!, benchmark: score.benchmark, needed: minimum.score },
      )
    }
    return score
  })
  if (scores.length === 0 && wish.allowUnknownQuality !== true && input.named === undefined)
    reasons.push(...unscoredReasons({ model, resolved, catalog }))
  return { reasons, kept: { model, class: size === 'slm' ? 'slm' : 'llm', licenceClass, scores, notes } }
}

/** Where the scenario neither names its models nor allows unscored ones, a model needs a score on what it is for. */
function unscoredReasons(input: {
  model: ModelRow
  resolved: ResolvedScenario
  catalog: Catalog
}): Sentence[] {
  const { model, resolved, catalog } = input
  const rows = catalog.rowsBy('modelQuality', 'model_id').get(model.id) ?? []
  const wanted = benchmarksOf(catalog, resolved)
  if (wanted.length === 0 ? rows.length > 0 : rows.some((row) => wanted.includes(row.benchmark))) return []
  const benchmarks = wanted.join(', ')
  return [
    wanted.length === 0
      ? sentence(
          'quality-unscored',
          'quality unknown: nobody published a score (model.allowUnknownQuality keeps it)',
        )
      : sentence(
          'quality-unscored-for',
          `quality unknown: no score on ${benchmarks} (model.allowUnknownQuality keeps it)`,
          { benchmarks },
        ),
  ]
}

/** Members in 2026, where a licence excludes the union as a whole. */
const europeanUnion: ReadonlySet<string> = new Set(
  'AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK'.split(' '),
)

/** What the licence and the maker's support allow. A fact that nobody recorded is a note, not a pass. */
function useReasons(input: {
  model: ModelRow
  resolved: ResolvedScenario
  facts: Record<string, Row<'modelFacts'>>
  notes: Note[]
}): Sentence[] {
  const { model, resolved, facts } = input
  const wish = resolved.scenario.model ?? {}
  const reasons: Sentence[] = []
  const fact = (name: string) => facts[name]?.value
  const unknown = (what: string, message: string, values?: Note['values']) =>
    input.notes.push(unknownNote(model.id, what, message, values))
  if (wish.commercialUse === true) {
    const allowed = fact('commercial_use')
    if (allowed === 'no')
      reasons.push(sentence('not-commercial', 'its licence does not allow commercial use'))
    else if (allowed === 'limited')
      input.notes.push({
        code: 'commercial-use-limited',
        level: 'warning',
        about: model.id,
        message: `${model.id}: commercial use is allowed within limits: read its licence`,
      })
    else if (allowed === undefined)
      unknown('commercial-use', 'nobody recorded whether commercial use is allowed')
    const cap = Number(fact('user_cap'))
    const { users } = resolved.demand
    if (users !== undefined && users > cap)
      reasons.push(
        sentence('user-cap', `its licence asks for the maker’s consent above ${cap} users`, { users: cap }),
      )
  }
  if (wish.supportedUntil !== undefined) {
    const end = fact('end_of_support')
    if (end === undefined) unknown('end-of-support', 'no source says until when its maker supports it')
    else if (end < wish.supportedUntil)
      reasons.push(sentence('support-ends', `its maker supports it until ${end} only`, { date: end }))
  }
  const excluded = fact('excluded_regions')?.split(';') ?? []
  const countries = new Set(
    (resolved.scenario.places ?? []).flatMap((place) =>
      place.country === undefined ? [] : [place.country.toUpperCase()],
    ),
  )
  const barred = [...countries].filter(
    (code) => excluded.includes(code) || (excluded.includes('EU') && europeanUnion.has(code)),
  )
  if (barred.length > 0)
    reasons.push(
      sentence('licence-excludes', `its licence excludes ${barred.join(', ')}`, {
        regions: barred.join(', '),
      }),
    )
  else if (excluded.length > 0 && countries.size === 0)
    unknown('excluded-regions', `its licence excludes ${excluded.join(', ')}`, {
      regions: excluded.join(', '),
    })
  return reasons
}

function contextReasons(model: ModelRow, resolved: ResolvedScenario): Sentence[] {
  const needed = Math.max(resolved.scenario.model?.contextTokens ?? 0, resolved.contextTokens)
  if (model.max_context_tokens === undefined)
    return [sentence('context-unknown', 'its context length is unknown')]
  if (model.max_context_tokens >= needed) return []
  const extended = model.extended_context_tokens
  const reachable = extended !== undefined && extended >= needed
  const more = reachable ? ` (${formatTokens(extended)} only after switching on an extension)` : ''
  return [
    sentence(
      'context-short',
      `its context is ${formatTokens(model.max_context_tokens)} tokens, below ${formatTokens(needed)}${more}`,
      { has: model.max_context_tokens, needed, ...(reachable ? { extended } : {}) },
    ),
  ]
}

function modalityReasons(model: ModelRow, wanted: readonly string[] | undefined): Sentence[] {
  const missing = (wanted ?? []).filter((modality) => !model.modalities.includes(modality))
  const names = missing.join(', ')
  return missing.length === 0
    ? []
    : [sentence('modalities-missing', `does not take ${names}`, { modalities: names })]
}

function unknownNote(about: string, what: string, message: string, values?: Note['values']): Note {
  return {
    code: `${what}-unknown`,
    level: 'warning',
    about,
    message: `${about}: ${message}`,
    ...(values === undefined ? {} : { values }),
  }
}
