import type { Catalog } from '../catalogs/catalog.ts'
import { type ShownFigure, showEntity } from '../catalogs/show.ts'
import { RightsizeError } from '../foundation/errors.ts'
import { compareText } from '../foundation/notes.ts'
import { didYouMean } from '../foundation/suggest.ts'
import type { PlanOption } from '../planner/plan-option-types.ts'
import { type Plan, type PlanRole, planRoles } from '../planner/plan-types.ts'
import type { ExplainOptions } from './commands/explain.ts'
import { renderMarkdown, renderText } from './document.ts'
import { explainBlocks } from './explain-blocks.ts'
import type { CliIo } from './io.ts'
import { loadCliCatalog } from './load-catalog.ts'
import { OptionReader } from './option-values.ts'
import { planWithProgress, readScenarioFile } from './plan-scenario.ts'

/** An option with everything its figures stand on. */
export interface Explanation {
  readonly option: PlanOption
  readonly plan: Plan
  /** Rows of the catalog about the model, the formats, the accelerator, the machine and the place. */
  readonly rows: readonly {
    readonly kind: string
    readonly id: string
    readonly figures: readonly ShownFigure[]
  }[]
  readonly sources: readonly {
    readonly id: string
    readonly title: string
    readonly address?: string
    readonly terms?: string
  }[]
}

export async function runExplain(input: {
  scenario: string
  options: ExplainOptions
  io: CliIo
}): Promise<void> {
  const { options, io } = input
  const read = new OptionReader()
  const format = read.choice({
    option: '--format',
    value: options.json ? 'json' : options.format,
    allowed: ['table', 'json', 'md'] as const,
  })
  read.done()
  const scenario = readScenarioFile(input.scenario, io)
  const catalog = await loadCliCatalog({ overlay: options.catalog, io })
  const plan = await planWithProgress({ scenario, catalog, file: input.scenario, io })
  const option = findOption(plan, options.option)
  const explanation = explanationOf({ plan, option, catalog })
  if (format === 'json') {
    const { rows, sources } = explanation
    io.stdout.write(
      `${JSON.stringify({ schemaVersion: 1, kind: 'rightsize-explanation', catalog: plan.catalog, option, rows, sources }, null, 2)}\n`,
    )
    return
  }
  io.stdout.write((format === 'md' ? renderMarkdown : renderText)(explainBlocks(explanation)))
}

/** By rank, by role, or by id. @throws RightsizeError `unknown-id` */
function findOption(plan: Plan, wanted: string): PlanOption {
  const name = wanted.trim()
  const id = (planRoles as readonly string[]).includes(name) ? plan.roles[name as PlanRole] : name
  const found =
    sideOption(plan, name) ??
    plan.options.find((option) => option.id === id || String(option.rank) === name.replace('#', ''))
  if (found !== undefined) return found
  if (plan.options.length === 0)
    throw new RightsizeError({
      code: 'unknown-id',
      message: 'nothing fits, so there is no option to explain',
      hint: 'rightsize plan says what stands in the way',
    })
  throw new RightsizeError({
    code: 'unknown-id',
    message: `there is no option "${wanted}"`,
    hint:
      didYouMean(name, [...plan.options.map((option) => option.id), ...planRoles]) ??
      `options are 1 to ${plan.options.length}, ${planRoles.join(', ')}, ${plan.cascade === undefined ? '' : 'cheapest.small, cheapest.large, …, '}or an id`,
  })
}

/** Of a cascade's pair: `cheapest.small`, `balanced.large`, or the id of an option that stands in one. */
function sideOption(plan: Plan, name: string): PlanOption | undefined {
  const { cascade } = plan
  if (cascade === undefined) return undefined
  const [role, side] = name.split('.')
  if (side === 'small' || side === 'large') {
    const pair = cascade.pairs.find((entry) => (entry.roles as readonly string[]).includes(role ?? ''))
    const id = side === 'small' ? pair?.smallOptionId : pair?.largeOptionId
    const found = cascade[side]?.options.find((option) => option.id === id)
    if (found !== undefined) return found
  }
  if (plan.options.some((option) => option.id === name)) return undefined
  return [cascade.small, cascade.large]
    .flatMap((of) => of?.options ?? [])
    .find((option) => option.id === name)
}

function explanationOf(input: { plan: Plan; option: PlanOption; catalog: Catalog }): Explanation {
  const { plan, option, catalog } = input
  const { model, deployment, place } = option
  const ids = [
    model.id,
    model.weightFormat,
    deployment?.accelerator.id,
    deployment?.server.id,
    place.placeId === 'world' ? undefined : place.placeId,
  ]
  const rows = [...new Set(ids)].flatMap((id) => {
    if (id === undefined) return []
    try {
      return [showEntity({ catalog, name: id })]
    } catch (error) {
      // A closed model or a cloud's own instance has no row of its own.
      if (error instanceof RightsizeError) return []
      throw error
    }
  })
  const used = new Set([
    ...option.explanation.flatMap((entry) => entry.sourceIds),
    ...option.billOfMaterials.flatMap((entry) => entry.sourceId ?? []),
    ...option.quality.flatMap((entry) => entry.sourceId ?? []),
    ...option.cost.lines.map((line) => line.sourceId),
    ...[...option.notes, ...plan.notes].flatMap((note) => note.sourceId ?? []),
    ...rows.flatMap((row) => row.figures.flatMap((figure) => figure.sourceId ?? [])),
  ])
  return {
    option,
    plan,
    rows: rows.map(({ kind, id, figures }) => ({ kind, id, figures })),
    sources: [...used].sort(compareText).map((id) => {
      const source = catalog.source(id)
      return {
        id,
        title: source?.title ?? id,
        ...(source?.address === undefined ? {} : { address: source.address }),
        ...(source?.terms === undefined ? {} : { terms: source.terms }),
      }
    }),
  }
}
