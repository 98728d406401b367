import { cashFlowOf, sumOf } from '../../estimators/cost/cash-flow.ts'
import { formatSignificant } from '../../foundation/format.ts'
import { hoursPerMonth, kilo } from '../../foundation/units.ts'
import type { ConstraintName } from '../search/constraint-bits.ts'
import { embodiedPerMonth } from '../search/offer-inputs.ts'
import { missingBytes } from '../search/serving-types.ts'
import type { SearchSpace } from '../search/space.ts'
import type { Detail } from './detail.ts'
import { costLines, purchasesUsd } from './option-cost.ts'

/** A limit of the scenario taken away, and how to see what an offer then needs. */
export interface Relaxation {
  readonly constraint: ConstraintName
  readonly limit: number | undefined
  readonly without: (space: SearchSpace) => SearchSpace
}

type NumericLimit =
  | 'wattsPerSite'
  | 'wattsPerRack'
  | 'rackUnitsPerSite'
  | 'accelerators'
  | 'capexUsd'
  | 'monthlyUsd'
  | 'totalUsd'
  | 'carbonGramsPerMonth'
  | 'waterLitresPerMonth'

/** The limits the scenario sets and that a search can do without. */
export function relaxationsOf(space: SearchSpace): Relaxation[] {
  const { limits, targets } = space.resolved
  const task = (
    constraint: ConstraintName,
    limit: number | undefined,
    without: Partial<SearchSpace['task']>,
  ): Relaxation => ({
    constraint,
    limit,
    without: (of) => ({ ...of, task: { ...of.task, ...without } }),
  })
  const limitOf = (constraint: ConstraintName, name: NumericLimit): Relaxation => ({
    constraint,
    limit: limits[name],
    without: (of) => ({
      ...of,
      resolved: { ...of.resolved, limits: { ...of.resolved.limits, [name]: undefined } },
    }),
  })
  const all = [
    task('ttft', targets.ttftSeconds, { ttftSeconds: Number.POSITIVE_INFINITY }),
    task('tpot', targets.tpotSeconds, { tpotSeconds: Number.POSITIVE_INFINITY }),
    task('endToEnd', targets.endToEndSeconds, { endToEndSeconds: undefined }),
    limitOf('powerPerSite', 'wattsPerSite'),
    limitOf('powerPerRack', 'wattsPerRack'),
    limitOf('rackUnitsPerSite', 'rackUnitsPerSite'),
    limitOf('accelerators', 'accelerators'),
    limitOf('capex', 'capexUsd'),
    limitOf('monthly', 'monthlyUsd'),
    limitOf('total', 'totalUsd'),
    limitOf('carbonPerMonth', 'carbonGramsPerMonth'),
    limitOf('waterPerMonth', 'waterLitresPerMonth'),
  ]
  return all.filter((entry) => entry.limit !== undefined)
}

/** What an offer has where a constraint limits it; NaN = unknown. */
export function measured(space: SearchSpace, detail: Detail, constraint: ConstraintName): number {
  const { horizonMonths, lifeMonths } = space.resolved.limits.finance
  const money = () => cashFlowOf(costLines(space, detail), horizonMonths).monthlyUsd
  if (constraint === 'total') return sumOf(money())
  if (constraint === 'monthly') return sumOf(money()) / horizonMonths
  if (constraint === 'capex') return purchasesUsd(costLines(space, detail))
  if (detail.kind === 'api') return Number.NaN
  const { serving, fleet, replica, device, place, site } = detail
  const itKilowattHours = (fleet.averageWatts * detail.runningShare * hoursPerMonth) / kilo
  const pue = place.factors.pueRatio?.value ?? Number.NaN
  switch (constraint) {
    case 'memory':
      return (
        device.usableBytes +
        missingBytes(replica.memory, {
          usableBytes: device.usableBytes,
          contextTokens: space.task.contextTokens,
        })
      )
    case 'ttft':
      return serving.ttftSeconds
    case 'tpot':
      return serving.tpotSeconds
    case 'endToEnd':
      return serving.endToEndSeconds
    case 'powerPerSite':
      return fleet.nameplateWattsPerSite
    case 'powerPerRack':
      return fleet.nameplateWatts / Math.max(1, fleet.servers)
    case 'rackUnitsPerSite':
      return fleet.rackUnitsPerSite
    case 'accelerators':
      return fleet.accelerators
    case 'owned':
      return fleet.servers
    case 'price':
      return Number.NaN
    case 'carbonPerMonth':
      return (
        itKilowattHours * pue * (place.factors.gridGramsPerKilowattHour?.value ?? Number.NaN) +
        embodiedPerMonth(site.machine, fleet, lifeMonths)
      )
    case 'waterPerMonth':
      return (
        itKilowattHours *
        ((place.factors.wueLitresPerKilowattHour?.value ?? Number.NaN) +
          pue * (place.factors.gridLitresPerKilowattHour?.value ?? Number.NaN))
      )
  }
}

/** A limit or a figure in words: money, which is kept in USD, in the scenario's currency. */
export function amountOf(
  { resolved }: Pick<SearchSpace, 'resolved'>,
  amount: { value: number; unit: string },
): string {
  const { code, usdPerUnit } = resolved.limits.finance.currency
  const { value, unit } = amount
  if (!unit.startsWith('USD')) return `${formatSignificant(value)} ${unit}`
  return `${formatSignificant(value / usdPerUnit)} ${unit.replace('USD', code)}`
}
