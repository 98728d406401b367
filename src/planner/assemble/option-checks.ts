import { formatSignificant } from '../../foundation/format.ts'
import type { PlanConstraintCheck } from '../plan-option-types.ts'
import { benchmarkId } from '../quality.ts'
import { above } from '../search/constraint-bits.ts'
import { factChecks } from '../search/facts.ts'
import type { OfferTable } from '../search/offer-table.ts'
import type { SearchSpace } from '../search/space.ts'
import type { Detail } from './detail.ts'
import { optionQuality } from './option-parts.ts'
import { workloadLatencies } from './option-workloads.ts'

/** What facts of the scenario may speak of. */
function subjectsOf(detail: Detail): string[] {
  if (detail.kind === 'api') return ['api', detail.offer.row.provider]
  const { cloud, site, device, place } = detail
  if (cloud !== undefined) return ['cloud', cloud.provider, cloud.instance]
  const offeredBy = place.provider === undefined ? [] : [place.provider]
  return [detail.kind, ...offeredBy, site.machine.id, device.row.id]
}

const ownedAlready = (detail: Detail) =>
  detail.kind !== 'api' && detail.site.machine.host?.owned !== undefined

/** Every limit of the scenario against what the option has. Unknown is said, and is not "met". */
export function optionChecks(
  space: SearchSpace,
  detail: Detail,
  table: OfferTable,
  row: number,
): PlanConstraintCheck[] {
  const { limits, targets } = space.resolved
  const { figures } = table
  const checks: PlanConstraintCheck[] = []
  const check = (constraint: string, limit: number | undefined, has: number, unit: string) => {
    if (limit === undefined) return
    const unknown = Number.isNaN(has)
    checks.push({
      constraint,
      status: unknown ? 'unknown' : above(has, limit) ? 'missed' : 'met',
      needed: `at most ${formatSignificant(limit)} ${unit}`,
      has: unknown ? 'unknown' : `${formatSignificant(has)} ${unit}`,
      code: 'at-most',
      values: { needed: limit, ...(unknown ? {} : { has }), unit },
    })
  }
  const machines = detail.kind === 'api' ? undefined : detail
  const serving = machines?.serving
  if (machines !== undefined && space.task.classes !== undefined) {
    for (const { workload, at } of workloadLatencies(space, machines)) {
      const field = (name: string) => `workloads.${workload.name}.targets.${name}`
      check(field('ttft'), workload.targets.ttftSeconds, at.ttftSeconds, 's')
      check(field('tpot'), workload.targets.tpotSeconds, at.tpotSeconds, 's')
      check(field('endToEnd'), workload.targets.endToEndSeconds, at.endToEndSeconds, 's')
    }
  } else checkTargets()
  function checkTargets(): void {
    check('targets.ttft', targets.ttftSeconds, serving?.ttftSeconds ?? Number.NaN, 's')
    check('targets.tpot', targets.tpotSeconds, serving?.tpotSeconds ?? Number.NaN, 's')
    check('targets.endToEnd', targets.endToEndSeconds, serving?.endToEndSeconds ?? Number.NaN, 's')
  }
  check('constraints.capex', limits.capexUsd, figures.purchasesUsd[row]!, 'USD')
  check(
    'constraints.monthly',
    limits.monthlyUsd,
    figures.totalUsd[row]! / limits.finance.horizonMonths,
    'USD/month',
  )
  check('constraints.total', limits.totalUsd, figures.totalUsd[row]!, 'USD')
  check('constraints.carbonPerMonth', limits.carbonGramsPerMonth, figures.carbonGrams[row]!, 'g CO2e')
  check('constraints.waterPerMonth', limits.waterLitresPerMonth, figures.waterLitres[row]!, 'L')
  if (machines !== undefined) {
    const { fleet } = machines
    check('constraints.accelerators', limits.accelerators, fleet.accelerators, '')
    if (machines.cloud === undefined) {
      check('constraints.powerPerSite', limits.wattsPerSite, fleet.nameplateWattsPerSite, 'W')
      check('constraints.rackUnitsPerSite', limits.rackUnitsPerSite, fleet.rackUnitsPerSite, 'U')
    }
  }
  checks.push(...factChecks(space.resolved, subjectsOf(detail), ownedAlready(detail)))
  for (const minimum of space.resolved.scenario.model?.minimumQuality ?? []) {
    const score = optionQuality(space, detail).find(
      (entry) => entry.benchmark === benchmarkId(minimum.benchmark),
    )?.score?.value
    checks.push({
      constraint: 'model.minimumQuality',
      status: score === undefined ? 'unknown' : score >= minimum.score ? 'met' : 'missed',
      needed: `at least ${minimum.score} on ${minimum.benchmark}`,
      has: score === undefined ? 'unknown' : formatSignificant(score),
      code: 'at-least',
      values: {
        needed: minimum.score,
        ...(score === undefined ? {} : { has: score }),
        unit: '',
        benchmark: benchmarkId(minimum.benchmark),
      },
    })
  }
  return checks
}
