import { modelFacts } from '../../catalogs/views.ts'
import { codeOf, compareText, type Sentence, sentence } from '../../foundation/notes.ts'
import { giga } from '../../foundation/units.ts'
import { figure } from '../plan-figure.ts'
import type { Plan, PlanKeptModel, PlanSharedWorkload, PlanWorkload } from '../plan-types.ts'
import {
  type ConstraintName,
  constraintBits,
  constraintFacts,
  constraintNames,
} from '../search/constraint-bits.ts'
import type { SearchResult } from '../search/search-types.ts'
import type { SearchSpace } from '../search/space.ts'

export function workloadOf(space: SearchSpace): PlanWorkload {
  const { workload, resolved } = space
  const { demand, input, output } = resolved
  return {
    peakRequestsPerSecond: figure(workload.peakRequestsPerSecond, 'request/s'),
    averageRequestsPerSecond: figure(workload.averageRequestsPerSecond, 'request/s'),
    requestsPerMonth: figure(workload.requestsPerMonth, 'request/month'),
    inputTokensPerMonth: figure(workload.inputTokensPerMonth, 'token/month'),
    outputTokensPerMonth: figure(workload.outputTokensPerMonth, 'token/month'),
    inputTokensMean: input.mean,
    inputTokensP95: input.p95,
    outputTokensMean: output.mean,
    outputTokensP95: output.p95,
    sharedPrefixFraction: resolved.sharedPrefixFraction,
    ...(demand.users === undefined ? {} : { users: demand.users }),
    workingHoursPerDay: demand.workingHoursPerDay,
    workingDaysPerWeek: demand.workingDaysPerWeek,
    peakToAverageRatio: demand.peakToAverage,
    growthByMonth: space.growthByMonth,
  }
}

/** The use cases that share the deployment; undefined where there is a single one. */
export function sharedWorkloads(space: SearchSpace): PlanSharedWorkload[] | undefined {
  const { resolved, workload } = space
  if (resolved.workloads.length === 0) return undefined
  return resolved.workloads.map(({ input, output, targets, ...each }) => ({
    name: each.name,
    ...(each.useCase === undefined ? {} : { useCase: each.useCase }),
    peakRequestsPerSecond: figure(each.peakRequestsPerSecond, 'request/s'),
    requestsPerMonth: figure(workload.requestsPerMonth * each.volumeFraction, 'request/month'),
    peakFraction: each.peakFraction,
    inputTokensMean: input.mean,
    inputTokensP95: input.p95,
    outputTokensMean: output.mean,
    outputTokensP95: output.p95,
    sharedPrefixFraction: each.sharedPrefixFraction,
    ...(each.demand.users === undefined ? {} : { users: each.demand.users }),
    ttftSeconds: targets.ttftSeconds,
    tpotSeconds: targets.tpotSeconds,
    ...(targets.endToEndSeconds === undefined ? {} : { endToEndSeconds: targets.endToEndSeconds }),
    percentile: targets.percentile,
  }))
}

export function keptModel(space: SearchSpace, result: SearchResult, id: string): PlanKeptModel {
  const { model, class: size, licenceClass, scores } = space.kept.find((entry) => entry.model.id === id)!
  const facts = modelFacts(space.catalog, id)
  const mine = [...space.units.entries()].filter(([, unit]) => unit.kept.model.id === id)
  const feasibleCandidates = mine.reduce((sum, [index]) => sum + (result.feasibleByUnit[index] ?? 0), 0)
  const fact = (name: string, as: string) =>
    facts[name] === undefined ? {} : { [as]: String(facts[name].value) }
  return {
    id,
    name: model.name,
    vendor: model.vendor,
    class: size,
    parametersTotal: model.parameters_total_b * giga,
    parametersActive: (model.parameters_active_b ?? model.parameters_total_b) * giga,
    ...fact('licence', 'licence'),
    ...(licenceClass === undefined ? {} : { licenceClass }),
    ...(model.max_context_tokens === undefined ? {} : { maxContextTokens: model.max_context_tokens }),
    ...fact('released', 'released'),
    ...fact('end_of_support', 'endOfSupport'),
    ...(facts['languages'] === undefined ? {} : { languages: String(facts['languages'].value).split(';') }),
    scores: scores.map((score) => ({
      benchmark: score.benchmark,
      unit: score.row?.unit ?? 'percent',
      ...(score.row === undefined
        ? {}
        : {
            score: score.row.score,
            setting: score.row.setting,
            evaluator: score.row.evaluator,
            sourceId: score.row.source_id,
          }),
    })),
    feasibleCandidates,
    ...(feasibleCandidates > 0 ? {} : whyNoCandidate(space, result, id, mine)),
  }
}

function whyNoCandidate(
  space: SearchSpace,
  result: SearchResult,
  id: string,
  mine: readonly (readonly [number, unknown])[],
): Pick<PlanKeptModel, 'whyNone' | 'whyNoneCodes'> {
  const because = (reasons: readonly Sentence[]) => ({
    whyNone: reasons.map((reason) => reason.message).join('; '),
    whyNoneCodes: reasons.map(codeOf),
  })
  const dropped = space.droppedModels.get(id)
  if (dropped !== undefined) return because(dropped)
  const bits = mine.reduce((all, [index]) => all | (result.brokenByUnit[index] ?? 0), 0)
  const broken = constraintNames.filter((name: ConstraintName) => (bits & constraintBits[name]) !== 0)
  if (broken.length === 0)
    return because([sentence('no-machine', 'no allowed machine runs it in an allowed format')])
  return because([
    sentence(
      'no-candidate',
      `no candidate keeps: ${broken.map((name) => constraintFacts[name].words).join(', ')}`,
      { constraints: broken.join(', ') },
    ),
  ])
}

export function searchOf(space: SearchSpace, result: SearchResult): Plan['search'] {
  return {
    candidates: result.candidates,
    pricedOffers: result.pricedOffers,
    feasibleCandidates: result.feasibleCandidates,
    feasibleOffers: result.table.size,
    models: new Set(space.units.map((unit) => unit.kept.model.id)).size,
    weightFormats: new Set(space.units.map((unit) => unit.weightFormat.id)).size,
    kvFormats: new Set(space.units.map((unit) => unit.kvFormat.id)).size,
    accelerators: space.devices.filter((device) => device.machines.length > 0).length,
    servers: space.machines.length,
    engines: space.resolved.engines.length,
    places:
      space.places.length +
      new Set(space.machines.flatMap((site) => site.offers.map((offer) => offer.place))).size +
      new Set(space.apis.map((offer) => offer.place)).size,
    refused: constraintNames.flatMap((constraint) => {
      const candidates = result.refused.get(constraint)
      return candidates === undefined ? [] : [{ constraint, candidates }]
    }),
    notSearched: [...space.notSearched].sort(
      (a, b) => compareText(a.what, b.what) || compareText(a.why, b.why),
    ),
  }
}
