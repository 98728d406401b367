import type { PairedDraws } from '../../estimators/uncertainty/paired-draws.ts'
import { codeOf, type Note, sortedNotes } from '../../foundation/notes.ts'
import type { PlanOption } from '../plan-option-types.ts'
import {
  type Plan,
  type PlanInfeasible,
  type PlanParetoPoint,
  type PlanRole,
  planRoles,
} from '../plan-types.ts'
import type { ScenarioInput } from '../scenario/schema.ts'
import { type Choice, choose, kindOf } from '../search/choose.ts'
import { residualPoints } from '../search/own-cost.ts'
import type { Score } from '../search/score.ts'
import type { SearchResult } from '../search/search-types.ts'
import type { SearchSpace } from '../search/space.ts'
import { type DrawnOptions, winningFraction } from '../uncertain/paired.ts'
import { drawNotes, planDraws } from '../uncertain/plan-draws.ts'
import { catalogHash } from './catalog-hash.ts'
import { breakEvens, leversOf, nearlyOf, tiesOf } from './compare.ts'
import { detailOf, labelCode, optionId, optionLabel } from './detail.ts'
import { type Assembly, assembleOption, partsOfRow } from './option.ts'
import { keptModel, searchOf, sharedWorkloads, workloadOf } from './plan-parts.ts'
import { sideBySideOf } from './side-by-side.ts'

/** Options of the ranking that are listed besides those with a role. */
const listedByRank = 12

/** Puts the document together: the choice, the listed options in full, and everything around them. */
export function assemblePlan(input: {
  given: ScenarioInput
  space: SearchSpace
  result: SearchResult
  score: Score
  infeasible: PlanInfeasible | undefined
}): Plan {
  const { space, result, score } = input
  const { resolved, catalog } = space
  const { limits, targets } = resolved
  const workloads = sharedWorkloads(space)
  const choice = choose({ space, table: result.table, score })
  const draws = planDraws(space)
  const assembly: Assembly = { space, table: result.table, choice, score, draws }
  const rows = listedRows(choice)
  const assembled = rows.map((row, index) => assembleOption({ ...assembly, row, rank: index + 1 }))
  const bare = assembled.map(({ option }) => option)
  const drawn: DrawnOptions = new Map(assembled.map((each) => [each.option, each.drawn]))
  const byRow = new Map(rows.map((row, index) => [row, bare[index]!]))
  const sideBySide = sideBySideOf(space, choice, byRow, result)
  const best = sideBySide.flatMap((entry) => bare.filter((option) => option.id === entry.optionId))
  const options = bare.map((option) => compared({ assembly, option, byRow, best, drawn }))
  return {
    schemaVersion: 1,
    kind: 'rightsize-plan',
    name: resolved.scenario.name,
    ...(resolved.scenario.description === undefined ? {} : { description: resolved.scenario.description }),
    scenario: input.given,
    catalog: catalogHash(catalog),
    status: options.length > 0 ? 'feasible' : 'infeasible',
    workload: workloadOf(space),
    targets: {
      ttftSeconds: targets.ttftSeconds,
      tpotSeconds: targets.tpotSeconds,
      ...(targets.endToEndSeconds === undefined ? {} : { endToEndSeconds: targets.endToEndSeconds }),
      percentile: targets.percentile,
      headroomFraction: limits.headroomFraction,
      availability: limits.availability,
    },
    ...(workloads === undefined ? {} : { workloads }),
    finance: {
      horizonMonths: limits.finance.horizonMonths,
      discountRatePerYearFraction: limits.finance.discountRatePerYearFraction,
      purchases: limits.finance.purchases,
      lifeMonths: limits.finance.lifeMonths,
      residualByAge: residualPoints(catalog),
      currency: limits.finance.currency,
    },
    ...(space.benchmark === undefined ? {} : { qualityBenchmark: space.benchmark }),
    models: {
      kept: space.kept.map((model) => keptModel(space, result, model.model.id)),
      leftOut: space.leftOut.map(({ model, reasons }) => ({
        id: model.id,
        name: model.name,
        reasons: reasons.map((reason) => reason.message),
        reasonCodes: reasons.map(codeOf),
      })),
    },
    search: searchOf(space, result),
    options,
    roles: Object.fromEntries(
      [...choice.roles].map(([role, row]) => [role, byRow.get(row)?.id]),
    ) as Plan['roles'],
    paretoFront: frontOf(assembly, byRow),
    paretoFrontSize: choice.front.length,
    sideBySide,
    breakEvens: breakEvens(best),
    ...(input.infeasible === undefined ? {} : { infeasible: input.infeasible }),
    notes: planNotes(space, result, { options, draws }),
  }
}

/** Rows with a role, next for one, best of a kind of place, or high in the ranking; best score first. */
function listedRows(choice: Choice): number[] {
  const rows = new Set<number>([
    ...choice.roles.values(),
    ...[...choice.runnersUp.values()].flatMap((others) => others.slice(0, 1)),
    ...choice.bestByKind.values(),
    ...choice.ranked.slice(0, listedByRank),
  ])
  return [...rows].sort((a, b) => choice.score[a]! - choice.score[b]! || a - b)
}

function compared(input: {
  assembly: Assembly
  option: PlanOption
  byRow: ReadonlyMap<number, PlanOption>
  best: readonly PlanOption[]
  drawn: DrawnOptions
}): PlanOption {
  const { assembly, option, drawn } = input
  const { choice } = assembly
  const nearly = option.roles.flatMap((role: PlanRole) => {
    const next = choice.runnersUp.get(role)?.[0]
    const other = next === undefined ? undefined : input.byRow.get(next)
    return other === undefined ? [] : [nearlyOf(option, role, { option: other, drawn })]
  })
  const won = option.roles.length > 0
  const [first] = drawn.keys()
  const cheaper =
    first === undefined || first === option
      ? undefined
      : winningFraction(drawn, 'netPresentUsd', [option, first])
  return {
    ...option,
    nearly,
    wouldChange: won
      ? leversOf(
          option,
          input.best.filter((rival) => rival.place.kind !== option.place.kind),
        )
      : [],
    ...(cheaper === undefined ? {} : { cheaperThanFirstFraction: cheaper }),
    tiedWith: tiesOf(option, drawn),
  }
}

/** The cheapest of each model, accelerator and kind of place on the front, and all that are listed. */
function frontOf(assembly: Assembly, byRow: ReadonlyMap<number, PlanOption>): PlanParetoPoint[] {
  const { space, table, choice } = assembly
  const seen = new Set<string>()
  const points: PlanParetoPoint[] = []
  const { figures } = table
  const known = (name: string, value: number) => (Number.isNaN(value) ? {} : { [name]: value })
  for (const row of choice.front) {
    const kind = kindOf(space, table, row)
    const { unit, device } = partsOfRow(table, row)
    const group = unit < 0 ? `api ${row}` : `${kind} ${space.units[unit]!.kept.model.id} ${device}`
    const listed = byRow.has(row)
    if (seen.has(group) && !listed) continue
    seen.add(group)
    const detail = detailOf(space, partsOfRow(table, row))
    points.push({
      id: optionId(detail),
      label: optionLabel(detail),
      placeKind: kind,
      netPresentUsd: figures.netPresentUsd[row]!,
      ...known('carbonGramsPerMonth', figures.carbonGrams[row]!),
      ...known('endToEndSeconds', figures.latencySeconds[row]!),
      ...known('quality', figures.quality[row]!),
      listed,
      // A listed option has its parts in itself.
      ...(listed ? {} : { labelCode: labelCode(detail) }),
    })
  }
  return points
}

function planNotes(
  space: SearchSpace,
  result: SearchResult,
  listed: { readonly options: readonly PlanOption[]; readonly draws: PairedDraws },
): Note[] {
  const { options } = listed
  const notes: Note[] = [
    ...space.resolved.notes,
    ...space.workload.notes,
    ...(options.length === 0 ? [] : drawNotes(space, listed.draws)),
  ]
  const note = (
    code: string,
    level: Note['level'],
    about: string,
    message: string,
    values?: Note['values'],
  ) => notes.push({ code, level, about, message, ...(values === undefined ? {} : { values }) })
  if (options.length > 0)
    note(
      'listed-options',
      'information',
      'options',
      `${options.length} of ${result.table.size} feasible offers are listed: those with a role, the best of each kind of place, and the best of each model, accelerator and kind of place by score`,
      { listed: options.length, offers: result.table.size },
    )
  if (space.benchmark === undefined)
    note(
      'quality-not-ranked',
      'warning',
      'score',
      'no benchmark is named, so quality takes no part in the ranking; give model.minimumQuality or a useCase',
    )
  else
    note(
      'quality-benchmark',
      'information',
      'score',
      `"quality" is the score on ${space.benchmark} after the loss of the formats`,
      { benchmark: space.benchmark },
    )
  if (space.task.phases.length > 0) {
    const { purchases } = space.resolved.limits.finance
    if (purchases === 'when-needed')
      note(
        'purchases-when-needed',
        'assumption',
        'finance.purchases',
        'machines are bought or rented at the start of each year (months 1, 13, 25, …), as many more as the highest peak of that year needs, at today’s prices and each as full as those at the end. Energy, carbon, water, staff and maintenance are those of the machines that stand, with the load of each year’s average month; disks for kept requests are bought as the machines are. Storage and traffic in clouds follow the demand month by month. A limit on capital counts all purchases, undiscounted and without a refresh; limits on power, space and number hold for the machines at the end',
      )
    else
      note(
        'purchases-at-start',
        'assumption',
        'finance.purchases',
        'all machines for the peak at the end of the horizon are bought or rented on the first day; what they draw follows the load of each year’s average month',
      )
  }
  note(
    'latency-approximation',
    'assumption',
    'targets',
    'percentiles come from a queue of prompts in closed form (Poisson arrivals, lognormal lengths); check the chosen option with the simulation',
  )
  if (space.task.classes !== undefined && space.task.classes.length > 1)
    note(
      'workloads-judged-apart',
      'information',
      'targets',
      'requests of all workloads wait in one queue; each is held to its own targets with its own lengths, and memory is sized for the longest. Where latencies are compared with limits, each stands over its own target, times the strictest',
    )
  const { deliveryTime, security } = space.resolved.scenario.constraints ?? {}
  if (deliveryTime !== undefined || security !== undefined)
    note(
      'facts-of-the-scenario',
      'warning',
      'facts',
      'the catalog holds no delivery times and no security facts: only those of the scenario count. An option that none of them speaks of is kept, and its limit is shown as unknown',
    )
  if (space.resolved.storage.adapters > 0)
    note(
      'adapters-speed-not-modelled',
      'warning',
      'model.adapters',
      `memory and disk of ${space.resolved.storage.adapters} adapters are counted; that serving them slows a replica down is not: no measured factor is in the catalog. Loading adapters that are not in memory takes time that is not counted either`,
      { adapters: space.resolved.storage.adapters },
    )
  for (const role of planRoles)
    if (options.length > 0 && !options.some((option) => option.roles.includes(role)))
      note('role-open', 'warning', role, `no option is ${role}: the figure is unknown for all`, { role })
  return sortedNotes(notes)
}
