import { formatSignificant } from '../../foundation/format.ts'
import type { PlanConstraintCheck, PlanOption } from '../plan-option-types.ts'
import type { ResolvedScenario } from '../scenario/resolve.ts'
import { sumOrUnknown } from './cascade-totals.ts'

/** Limits on the sum. Power and height count where both stand at one's own site; a rented machine has neither. */
export function jointChecks(
  options: readonly PlanOption[],
  resolved: ResolvedScenario,
): PlanConstraintCheck[] {
  const { limits } = resolved
  const checks: PlanConstraintCheck[] = []
  const check = (
    constraint: string,
    limit: number | undefined,
    unit: string,
    of: (option: PlanOption) => number | undefined,
  ) => {
    if (limit === undefined) return
    const has = sumOrUnknown(options.map(of))
    checks.push({
      constraint,
      status: has === undefined ? 'unknown' : has <= limit ? 'met' : 'missed',
      needed: `at most ${formatSignificant(limit)} ${unit}`,
      has: has === undefined ? 'unknown' : `${formatSignificant(has)} ${unit}`,
      code: 'at-most',
      values: { needed: limit, ...(has === undefined ? {} : { has }), unit },
    })
  }
  const rented = (option: PlanOption) => option.place.kind === 'cloud' || option.place.kind === 'api'
  const perSite = (option: PlanOption, value: number | undefined) =>
    value === undefined ? undefined : value / (option.deployment?.sites ?? 1)
  check('constraints.capex', limits.capexUsd, 'USD', purchasesOf)
  check('constraints.monthly', limits.monthlyUsd, 'USD/month', (option) => option.cost.usdPerMonth.value)
  check('constraints.total', limits.totalUsd, 'USD', (option) => option.cost.totalUsd.value)
  check(
    'constraints.carbonPerMonth',
    limits.carbonGramsPerMonth,
    'g CO2e',
    (option) => option.carbon?.totalGramsPerMonth?.value,
  )
  check(
    'constraints.waterPerMonth',
    limits.waterLitresPerMonth,
    'L',
    (option) => option.water?.totalLitresPerMonth?.value,
  )
  check('constraints.accelerators', limits.accelerators, '', (option) =>
    option.place.kind === 'api' ? 0 : option.deployment?.accelerators,
  )
  check('constraints.powerPerSite', limits.wattsPerSite, 'W', (option) =>
    rented(option) ? 0 : perSite(option, option.site?.nameplateWatts.value),
  )
  check('constraints.rackUnitsPerSite', limits.rackUnitsPerSite, 'U', (option) =>
    rented(option) || option.site?.rackUnits === undefined ? 0 : perSite(option, option.site.rackUnits),
  )
  for (const owned of resolved.scenario.hardware?.owned ?? [])
    check('hardware.owned', owned.count, `× ${owned.server} with ${owned.accelerator}`, (option) =>
      option.place.priceBasis === 'owned' &&
      option.deployment?.server.id === owned.server &&
      option.deployment.accelerator.id === owned.accelerator
        ? option.deployment.servers
        : 0,
    )
  return checks
}

/** Where demand grows, later purchases count too. */
function purchasesOf({ cost }: PlanOption): number {
  return (cost.purchasesUsd ?? cost.upfrontUsd).value
}
