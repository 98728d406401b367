import { cashFlowOf, netPresentValueUsd, sumOf, yearlyOfMonthly } from '../../estimators/cost/cash-flow.ts'
import {
  type CostCategory,
  type CostLine,
  julianCalendar,
  lineTotalUsd,
  totalsByCategory,
} from '../../estimators/cost/lines.ts'
import { phasedOwnLines } from '../../estimators/cost/own-phases.ts'
import { rentLines } from '../../estimators/cost/rent.ts'
import { type TokenSplit, tokenCosts } from '../../estimators/cost/unit-costs.ts'
import { monthsPerYear } from '../../foundation/units.ts'
import { contractLines } from '../contract-lines.ts'
import { ownedPhases, rentedTranches, rentedVolumes } from '../phase-costs.ts'
import { type FigureUnit, figure, scaled } from '../plan-figure.ts'
import type { PlanCost, PlanCostLine } from '../plan-option-types.ts'
import { apiOfferLines } from '../search/api-offers.ts'
import { cloudExtras, storageCopies } from '../search/offer-inputs.ts'
import { ownPlan, ownPrices } from '../search/own-cost.ts'
import type { SearchSpace } from '../search/space.ts'
import { pricesAround } from '../search/subscriptions.ts'
import type { OptionDraws } from '../uncertain/option-draws.ts'
import type { Contract, Detail, MachineDetail } from './detail.ts'

/** Every line of an offer's bill. */
export function costLines(space: SearchSpace, detail: Detail): CostLine[] {
  if (detail.kind === 'api') return apiOfferLines({ ...space, offer: detail.offer })
  if (detail.cloud !== undefined) return rentedLines(space, detail)
  return detail.contract === undefined
    ? ownedLines(space, detail)
    : subscribedLines(space, detail, detail.contract)
}

/** The contract's own lines, and what stands around the machines as on own premises. */
function subscribedLines(space: SearchSpace, detail: MachineDetail, contract: Contract): CostLine[] {
  const { catalog, resolved } = space
  const { fleet, place } = detail
  const { quote, terms, usedUnits } = contract
  return [
    ...contractLines({
      terms,
      fleet,
      usedUnitsByMonth: space.growthByMonth.map((factor) => usedUnits * factor),
    }),
    ...phasedOwnLines({
      phases: ownedPhases({
        fleet,
        onDevice: false,
        networkPortsPerServer: space.networkPortsPerServer,
        storage: storageCopies(space, detail.unit),
        firstPeakRequestsPerSecond: space.workload.peakRequestsPerSecond,
        countsRatedPower: false,
      }),
      prices: pricesAround({ catalog, resolved, place, quote }),
      plan: ownPlan({ catalog, resolved, owned: false }),
    }),
  ]
}

function ownedLines(space: SearchSpace, detail: MachineDetail): CostLine[] {
  const { catalog, resolved } = space
  const { fleet, site, place } = detail
  const { machine } = site
  if (machine.price === undefined) return []
  const owned = machine.host?.owned !== undefined
  return phasedOwnLines({
    phases: ownedPhases({
      fleet,
      onDevice: place.kind === 'device',
      networkPortsPerServer: space.networkPortsPerServer,
      storage: storageCopies(space, detail.unit),
      firstPeakRequestsPerSecond: space.workload.peakRequestsPerSecond,
      countsRatedPower: place.kind === 'colocation',
    }),
    prices: ownPrices({
      catalog,
      resolved,
      kind: place.kind as 'on-prem' | 'colocation' | 'device',
      placeCountry: place.countryCode,
      factors: place.factors,
      machine: machine.price,
      parts: fleet.partsPerServer,
      owned,
    }),
    plan: ownPlan({ catalog, resolved, owned }),
  })
}

function rentedLines(space: SearchSpace, detail: MachineDetail): CostLine[] {
  const { finance } = space.resolved.limits
  const offer = detail.cloud!
  const extras = cloudExtras(space, offer.provider)
  const volumes = rentedVolumes({
    copies: detail.fleet.sites,
    storage: storageCopies(space, detail.unit),
    egressBytesPerMonth: extras.egressBytesPerMonth,
    growthByMonth: space.growthByMonth,
  })
  return rentLines({
    tranches: rentedTranches({
      fleet: detail.fleet,
      curve: space.task.curve,
      followsDemand: offer.followsDemand,
      id: offer.term,
      label: `${offer.instance}, ${offer.term}`,
      usdPerInstanceHour: {
        usd: offer.usdPerHour * (1 - finance.cloudDiscountFraction),
        sourceId: offer.sourceId,
      },
      spot: offer.spot,
    }),
    extras: {
      storageBytes: volumes.storageBytes,
      usdPerStorageGigabyteMonth: {
        usd: extras.storageUsdPerGigabyteMonth,
        sourceId: extras.storageSourceId,
      },
      ...(extras.egressSourceId === undefined
        ? {}
        : {
            egressBytesPerMonth: volumes.egressBytesPerMonth,
            usdPerEgressGigabyte: { usd: extras.egressUsdPerGigabyte, sourceId: extras.egressSourceId },
          }),
    },
    fromMonth: 1,
    toMonth: finance.horizonMonths,
    calendar: julianCalendar,
  })
}

/** Purchases over the horizon, USD, undiscounted: what a limit on capital counts. A refresh is not in it. NaN = no price. */
export function purchasesUsd(lines: readonly CostLine[]): number {
  return sumOf(
    lines
      .filter(({ timing, category }) => timing.kind === 'once' && !laterPayments.includes(category))
      .map((line) => line.amountUsd ?? Number.NaN),
  )
}

const laterPayments: readonly CostCategory[] = ['refresh', 'residual']

interface Totals {
  readonly monthlyUsd: readonly number[]
  readonly totalUsd: number
  readonly netPresentUsd: number
}

function totalsOf(space: SearchSpace, lines: readonly CostLine[]): Totals {
  const { finance } = space.resolved.limits
  const { monthlyUsd, missingLineIds } = cashFlowOf(lines, finance.horizonMonths)
  const known = missingLineIds.length === 0
  return {
    monthlyUsd,
    totalUsd: known ? sumOf(monthlyUsd) : Number.NaN,
    netPresentUsd: known
      ? netPresentValueUsd({ monthlyUsd, ratePerYearFraction: finance.discountRatePerYearFraction })
      : Number.NaN,
  }
}

/** `lines` are the option's own (`costLines`); intervals come from its draws. */
export function optionCost(
  space: SearchSpace,
  detail: Detail,
  split: TokenSplit,
  bill: { readonly lines: readonly CostLine[]; readonly drawn: OptionDraws },
): PlanCost {
  const { lines, drawn } = bill
  const { workload, resolved } = space
  const { horizonMonths } = resolved.limits.finance
  const mid = totalsOf(space, lines)
  const totalUsd = figure(mid.totalUsd, 'USD', drawn.interval('totalUsd'))
  // Over the requests of each draw: a bill that grows with them costs the same per token.
  const perDemand = figure(mid.totalUsd, 'USD', drawn.interval('usdPerDemand'))
  const months = space.growthByMonth.reduce((sum, factor) => sum + factor, 0)
  const requests = workload.requestsPerMonth * months
  const tokens = tokenCosts({
    usd: mid.totalUsd,
    inputTokens: workload.inputTokensPerMonth * months,
    outputTokens: workload.outputTokensPerMonth * months,
    split: detail.kind === 'api' ? listPriceSplit(lines, horizonMonths, split) : split,
  })
  const per = (value: number, unit: FigureUnit) => scaled(totalUsd, value, unit)
  const perToken = (usd: number | undefined) => scaled(perDemand, usd ?? Number.NaN, 'USD/million tokens')
  const { users } = resolved.demand
  return {
    totalUsd,
    netPresentUsd: figure(mid.netPresentUsd, 'USD', drawn.interval('netPresentUsd')),
    upfrontUsd: figure(mid.monthlyUsd[0] ?? 0, 'USD', drawn.interval('upfrontUsd')),
    ...(lines.some(({ timing, neededFromMonth }) => timing.kind === 'once' && neededFromMonth !== undefined)
      ? { purchasesUsd: figure(purchasesUsd(lines), 'USD') }
      : {}),
    usdPerMonth: per(mid.totalUsd / horizonMonths, 'USD/month'),
    usdPerYear: per((mid.totalUsd * monthsPerYear) / horizonMonths, 'USD/year'),
    blendedUsdPerMillionTokens: perToken(tokens.blendedUsdPerMillion),
    ...(tokens.inputUsdPerMillion === undefined
      ? {}
      : { inputUsdPerMillionTokens: perToken(tokens.inputUsdPerMillion) }),
    ...(tokens.outputUsdPerMillion === undefined
      ? {}
      : { outputUsdPerMillionTokens: perToken(tokens.outputUsdPerMillion) }),
    usdPer1000Requests: scaled(perDemand, (mid.totalUsd / requests) * 1000, 'USD/1000 requests'),
    ...(users === undefined
      ? {}
      : { usdPerUserMonth: per(mid.totalUsd / users / horizonMonths, 'USD/user-month') }),
    lines: lines.map((line) => costLineOf(line, horizonMonths)),
    monthlyUsd: mid.monthlyUsd,
    yearlyUsd: yearlyOfMonthly(mid.monthlyUsd),
    byCategory: [...totalsByCategory(lines, horizonMonths)].map(([category, usd]) => ({
      category,
      usd: usd ?? Number.NaN,
    })),
  }
}

/** An API bills input and output apart: what each costs is on the bill, not a rule's guess. */
function listPriceSplit(
  lines: readonly CostLine[],
  horizonMonths: number,
  otherwise: TokenSplit,
): TokenSplit {
  const billed = (ids: readonly string[]) =>
    sumOf(
      lines
        .filter((line) => ids.includes(line.id))
        .map((line) => lineTotalUsd(line, horizonMonths) ?? Number.NaN),
    )
  const input = billed(['input', 'cached-input', 'batch-input'])
  const output = billed(['output', 'reasoning', 'batch-output'])
  return input + output > 0 ? { kind: 'billed', inputUsd: input, outputUsd: output } : otherwise
}

function costLineOf(line: CostLine, horizonMonths: number): PlanCostLine {
  const { timing } = line
  const once = timing.kind === 'once'
  return {
    id: line.id,
    label: line.label,
    category: line.category,
    quantity: line.quantity,
    unit: line.unit,
    unitPriceUsd: line.unitPriceUsd ?? Number.NaN,
    totalUsd: lineTotalUsd(line, horizonMonths) ?? Number.NaN,
    timing: timing.kind,
    fromMonth: once ? timing.month : timing.fromMonth,
    toMonth: once ? timing.month : timing.toMonth,
    ...(line.neededFromMonth === undefined ? {} : { neededFromMonth: line.neededFromMonth }),
    ...(once || timing.growthPerYearFraction === undefined
      ? {}
      : { growthPerYearFraction: timing.growthPerYearFraction }),
    sourceId: line.sourceId,
    note: line.note,
  }
}
