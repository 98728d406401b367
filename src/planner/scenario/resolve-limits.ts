import { julianCalendar } from '../../estimators/cost/lines.ts'
import { interruptionsPerHour, type SpotInterruptions } from '../../estimators/cost/schedule.ts'
import { monthsPerYear, secondsPerHour, secondsPerMinute, secondsPerMonth } from '../../foundation/units.ts'
import type { Currency, Filler } from './filler.ts'
import type { Availability, Scenario } from './schema.ts'

/** Limits, money and preferences in base units and USD, defaults filled in. */
export interface ResolvedLimits {
  readonly headroomFraction: number
  readonly availability: Availability
  readonly capexUsd: number | undefined
  readonly monthlyUsd: number | undefined
  readonly totalUsd: number | undefined
  readonly wattsPerSite: number | undefined
  readonly wattsPerRack: number | undefined
  readonly rackUnitsPerSite: number | undefined
  readonly cooling: readonly string[] | undefined
  /** Upper case. */
  readonly countries: readonly string[] | undefined
  readonly excludeCountries: readonly string[]
  /** Lower case. */
  readonly providers: readonly string[] | undefined
  readonly excludeProviders: readonly string[]
  readonly carbonGramsPerMonth: number | undefined
  readonly waterLitresPerMonth: number | undefined
  readonly gridGramsPerKilowattHour: number | undefined
  readonly accelerators: number | undefined
  readonly networkPortsPerServer: number
  readonly site: ResolvedSite
  readonly finance: ResolvedFinance
  readonly score: ResolvedScore
}

/** What `balanced` means: weights of figures that are each 0 for the best and 1 for the worst, or a formula of them. */
export type ResolvedScore =
  | { readonly kind: 'weights'; readonly weights: Readonly<Record<ScoreName, number>> }
  | { readonly kind: 'formula'; readonly text: string }

export const scoreNames = ['cost', 'carbon', 'latency', 'quality', 'water', 'energy'] as const
export type ScoreName = (typeof scoreNames)[number]

/** What the user states about the own site; undefined: the catalog is asked. */
export interface ResolvedSite {
  readonly electricityUsdPerKilowattHour: number | undefined
  readonly pueRatio: number | undefined
  readonly wueLitresPerKilowattHour: number | undefined
  readonly gridGramsPerKilowattHour: number | undefined
  readonly marketGramsPerKilowattHour: number | undefined
  readonly rackUnitsPerRack: number
}

export type PurchaseRule = 'when-needed' | 'at-start'

export interface ResolvedFinance {
  readonly horizonMonths: number
  readonly discountRatePerYearFraction: number
  readonly electricityGrowthPerYearFraction: number
  readonly maintenancePerYearFraction: number
  readonly staffUsdPerYear: number
  readonly acceleratorsPerEngineer: number
  readonly hardwareDiscountFraction: number
  readonly cloudDiscountFraction: number
  readonly apiBatchFraction: number
  /** Absent where no place asks for spot instances. */
  readonly spot: SpotInterruptions | undefined
  readonly lifeMonths: number
  /** When machines for a growing demand are bought or rented. */
  readonly purchases: PurchaseRule
  readonly currency: Currency
}

export function resolveLimits(input: {
  scenario: Scenario
  filler: Filler
  onDevice: boolean
}): ResolvedLimits {
  const { scenario, filler } = input
  const given = scenario.constraints ?? {}
  const finance = resolveFinance(scenario, filler)
  const { currency } = finance
  const upper = (values: readonly string[] | undefined) => values?.map((value) => value.toUpperCase())
  const lower = (values: readonly string[] | undefined) => values?.map((value) => value.toLowerCase())
  return {
    headroomFraction:
      scenario.headroom ?? (input.onDevice ? 0 : filler.quantity('headroom', 'headroom', 'fraction')),
    availability:
      scenario.availability ??
      (input.onDevice ? 'none' : (filler.text(undefined, 'availability', 'availability') as Availability)),
    capexUsd: filler.usd(given.capex, 'constraints.capex', currency),
    monthlyUsd: filler.usd(given.monthly, 'constraints.monthly', currency),
    totalUsd: filler.usd(given.total, 'constraints.total', currency),
    wattsPerSite: given.powerPerSite,
    wattsPerRack: given.powerPerRack,
    rackUnitsPerSite: given.rackUnitsPerSite,
    cooling: given.cooling,
    countries: upper(given.countries),
    excludeCountries: upper(given.excludeCountries) ?? [],
    providers: lower(given.providers),
    excludeProviders: lower(given.excludeProviders) ?? [],
    carbonGramsPerMonth: given.carbonPerMonth,
    waterLitresPerMonth: given.waterPerMonth,
    gridGramsPerKilowattHour: given.gridCarbon,
    accelerators: given.accelerators,
    networkPortsPerServer: input.onDevice
      ? 0
      : filler.quantity('site.networkPortsPerServer', 'network-ports-per-server', 'count'),
    site: {
      electricityUsdPerKilowattHour: filler.usd(
        scenario.site?.electricityPrice,
        'site.electricityPrice',
        currency,
      ),
      pueRatio: scenario.site?.pue,
      wueLitresPerKilowattHour: scenario.site?.wue,
      gridGramsPerKilowattHour: scenario.site?.gridCarbon,
      marketGramsPerKilowattHour: scenario.site?.marketCarbon,
      rackUnitsPerRack:
        scenario.site?.rackUnitsPerRack ??
        filler.quantity('site.rackUnitsPerRack', 'rack-units-per-rack', 'rackUnits'),
    },
    finance,
    score: resolveScore(scenario, filler),
  }
}

function resolveFinance(scenario: Scenario, filler: Filler): ResolvedFinance {
  const given = scenario.finance ?? {}
  const currency = given.currency ?? { code: 'USD', usdPerUnit: 1 }
  const horizonSeconds = given.horizon ?? filler.quantity('finance.horizon', 'horizon', 'seconds')
  const years = filler.opex(undefined, 'finance.lifeYears', 'depreciation-years')
  return {
    horizonMonths: Math.max(1, Math.round(horizonSeconds / secondsPerMonth)),
    discountRatePerYearFraction: filler.opex(given.discountRate, 'finance.discountRate', 'discount-rate'),
    electricityGrowthPerYearFraction: filler.opex(
      given.electricityPriceGrowth,
      'finance.electricityPriceGrowth',
      'electricity-price-growth',
    ),
    maintenancePerYearFraction: filler.opex(given.maintenance, 'finance.maintenance', 'maintenance-per-year'),
    staffUsdPerYear: filler.opex(
      filler.usd(given.staffCost, 'finance.staffCost', currency),
      'finance.staffCost',
      'staff-cost-per-fte',
    ),
    acceleratorsPerEngineer: filler.opex(
      given.acceleratorsPerEngineer,
      'finance.acceleratorsPerEngineer',
      'staff-accelerators-per-fte',
    ),
    hardwareDiscountFraction: given.hardwareDiscount ?? 0,
    cloudDiscountFraction: given.cloudDiscount ?? 0,
    apiBatchFraction: given.apiBatchFraction ?? 0,
    spot: resolveSpot(scenario, filler),
    lifeMonths: Math.round(years * monthsPerYear),
    purchases: given.purchases ?? 'when-needed',
    currency,
  }
}

function resolveSpot(scenario: Scenario, filler: Filler): SpotInterruptions | undefined {
  const asked = (scenario.places ?? []).some((place) => place.terms?.includes('spot'))
  if (!asked) return undefined
  const { interruptions, lostPerInterruption } = scenario.finance?.spot ?? {}
  const minutes = (seconds: number | undefined) =>
    seconds === undefined ? undefined : seconds / secondsPerMinute
  return {
    interruptionsPerHour:
      interruptions === undefined
        ? interruptionsPerHour({
            chancePerMonth: filler.opex(undefined, 'finance.spot.interruptions', spotRows.chance),
            calendar: julianCalendar,
          })
        : interruptions * secondsPerHour,
    lostSecondsPerInterruption:
      filler.opex(minutes(lostPerInterruption), 'finance.spot.lostPerInterruption', spotRows.lost) *
      secondsPerMinute,
  }
}

/** Rows of `opex.csv` about spot instances. */
export const spotRows = {
  chance: 'spot-interruption-per-month',
  lost: 'spot-lost-minutes-per-interruption',
} as const

function resolveScore(scenario: Scenario, filler: Filler): ResolvedScore {
  const given = scenario.score
  if (typeof given === 'string') return { kind: 'formula', text: given }
  const weights: Record<ScoreName, number> = {
    cost: 0,
    carbon: 0,
    latency: 0,
    quality: 0,
    water: 0,
    energy: 0,
  }
  if (given === undefined) {
    for (const part of filler.text(undefined, 'score', 'score').split(';')) {
      const [name, weight] = part.split('=')
      weights[name as ScoreName] = Number(weight)
    }
    return { kind: 'weights', weights }
  }
  for (const name of scoreNames) weights[name] = given[name] ?? 0
  if (scoreNames.every((name) => weights[name] === 0))
    filler.issue('score', 'has no weight above 0', 'give at least one, e.g. cost: 1')
  return { kind: 'weights', weights }
}
