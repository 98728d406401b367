import { julianCalendar } from '../../estimators/cost/lines.ts'
import { interruptionsPerHour, spotHoursPerUsefulHour } from '../../estimators/cost/schedule.ts'
import { parseQuantity } from '../../foundation/quantity.ts'
import { hoursPerMonth, secondsPerMinute } from '../../foundation/units.ts'
import type { MachineDetail } from '../assemble/detail.ts'
import { spotRows } from '../scenario/resolve-limits.ts'
import type { CloudOffer } from '../search/cloud.ts'
import { opexRow } from '../search/own-cost.ts'
import type { PlaceValue } from '../search/place-factors.ts'
import type { PurchasePrice } from '../search/prices.ts'
import type { SearchSpace } from '../search/space.ts'
import type { FactorName } from './factors.ts'
import { between, type Named, type OptionInput } from './option-input.ts'

/** Prices of the machines themselves. */
export function priceInputs(space: SearchSpace, detail: MachineDetail): (OptionInput | undefined)[] {
  const { cloud, contract, site } = detail
  const purchase = (named: Omit<Named, 'unit'>, price: PurchasePrice) =>
    between(
      { ...named, unit: 'USD' },
      { low: price.lowUsd, mid: price.usd, high: price.highUsd },
      price.sourceId,
    )
  if (cloud !== undefined)
    return [
      between(
        {
          factor: 'rentPrice',
          name: `rent ${cloud.provider} ${cloud.instance} ${cloud.acceleratorId}`,
          label: 'List price of the instance',
          unit: 'USD/hour',
        },
        { low: cloud.lowUsdPerHour, mid: cloud.usdPerHour, high: cloud.highUsdPerHour },
        cloud.sourceId,
      ),
      spotInput(space, cloud),
    ]
  const { price, host, id, accelerator } = site.machine
  // The user's own quote is taken at its word.
  if (contract !== undefined || price === undefined) return []
  // Of machines that are owned already, only maintenance is a share of it.
  const maintained =
    detail.place.kind !== 'device' && space.resolved.limits.finance.maintenancePerYearFraction > 0
  if (host?.owned !== undefined && !maintained) return []
  return [
    purchase({ factor: 'serverPrice', name: `server ${id}`, label: 'Price of a server' }, price.server),
    price.accelerator &&
      purchase(
        {
          factor: 'acceleratorPrice',
          name: `accelerator ${accelerator.id}`,
          label: 'Price of an accelerator',
        },
        price.accelerator,
      ),
  ]
}

/** Time lost to interruptions, between the ends that the catalog gives to what the scenario does not state. */
function spotInput(space: SearchSpace, cloud: CloudOffer): OptionInput | undefined {
  const { spot } = cloud
  if (spot === undefined) return undefined
  const given = space.resolved.scenario.finance?.spot ?? {}
  const chance = opexRow(space.catalog, spotRows.chance)
  const lost = opexRow(space.catalog, spotRows.lost)
  const lostPerMonth = (perHour: number, minutes: number) => perHour * hoursPerMonth * minutes
  const mid = {
    perHour: spot.interruptionsPerHour,
    minutes: spot.lostSecondsPerInterruption / secondsPerMinute,
  }
  const at = (end: 'low' | 'high') => {
    const chancePerMonth = given.interruptions === undefined ? chance[end] : undefined
    const minutes = given.lostPerInterruption === undefined ? lost[end] : undefined
    return lostPerMonth(
      chancePerMonth === undefined
        ? mid.perHour
        : interruptionsPerHour({ chancePerMonth, calendar: julianCalendar }),
      minutes ?? mid.minutes,
    )
  }
  const input = between(
    {
      factor: 'spotHours',
      name: 'spot',
      label: 'Time lost to interruptions of a spot instance',
      unit: 'min/month',
    },
    { low: at('low'), mid: lostPerMonth(mid.perHour, mid.minutes), high: at('high') },
    chance.source_id,
  )
  // As one interruption in a month that loses all of it.
  const hours = (minutes: number) =>
    spotHoursPerUsefulHour({
      interruptionsPerHour: 1 / hoursPerMonth,
      lostSecondsPerInterruption: minutes * secondsPerMinute,
    }) ?? Number.NaN
  // Beyond an end at which nothing gets done no price can be drawn.
  return input === undefined || Number.isNaN(hours(input.range.high))
    ? undefined
    : { ...input, curve: hours, one: cloud.hoursPerUsefulHour }
}

/** Prices and shares of running one's own machines that the scenario does not state. */
export function runningInputs(space: SearchSpace, detail: MachineDetail): (OptionInput | undefined)[] {
  const { cloud, contract, place, site } = detail
  if (cloud !== undefined || place.kind === 'device') return []
  if (contract === undefined && site.machine.price === undefined) return []
  const { catalog, resolved } = space
  const given = resolved.scenario.finance ?? {}
  const opex = (factor: FactorName, id: string, stated: unknown = undefined): OptionInput | undefined => {
    const row = opexRow(catalog, id)
    if (stated !== undefined || row.low === undefined || row.high === undefined) return undefined
    const named = { factor, name: id, label: row.parameter, unit: row.unit.replaceAll('_', ' ') }
    return between(named, { low: row.low, mid: row.value, high: row.high }, row.source_id)
  }
  const owned = site.machine.host?.owned !== undefined
  const colocation = place.kind === 'colocation'
  return [
    opex('staffCost', 'staff-cost-per-fte', given.staffCost),
    opex('acceleratorsPerEngineer', 'staff-accelerators-per-fte', given.acceleratorsPerEngineer),
    ...(contract?.quote.includesMaintenance === true
      ? []
      : [opex('maintenance', 'maintenance-per-year', given.maintenance)]),
    opex('networkPortPrice', 'network-per-port-100-gbps'),
    opex('storagePrice', 'storage-nvme-per-tb'),
    opex('spares', 'spares-share'),
    ...(owned || contract !== undefined ? [] : [opex('installation', 'installation-share')]),
    ...(owned ? [] : [residualInput(space)]),
    colocation
      ? opex(
          'colocationPrice',
          place.countryCode === 'US' ? 'colocation-per-kw-us' : 'colocation-per-kw-cage',
        )
      : opex('rackPrice', 'rack-and-cabling'),
    ...(contract?.quote.includesElectricity === true
      ? []
      : [
          electricityInput(space, place.factors.electricityUsdPerKilowattHour),
          electricityGrowthInput(space),
        ]),
  ]
}

function electricityGrowthInput(space: SearchSpace): OptionInput | undefined {
  const growth = opexRow(space.catalog, 'electricity-price-growth')
  const given = space.resolved.scenario.finance?.electricityPriceGrowth
  if (growth.low === undefined || growth.high === undefined || given !== undefined) return undefined
  return {
    factor: 'electricityGrowthPerYear',
    name: growth.id,
    label: growth.parameter,
    unit: growth.unit.replaceAll('_', ' '),
    range: { kind: 'split-triangular', low: growth.low, mid: growth.value, high: growth.high },
    one: 1,
    sourceId: growth.source_id,
  }
}

const residualId = /^residual-value-(\d+)-months$/

/** Of the age that the catalog says most about near the one at which the machines are sold. */
function residualInput(space: SearchSpace): OptionInput | undefined {
  const { lifeMonths, horizonMonths } = space.resolved.limits.finance
  const soldAt = Math.min(lifeMonths, horizonMonths)
  let best: { row: ReturnType<typeof opexRow>; off: number } | undefined
  for (const row of space.catalog.rows('opex')) {
    const months = Number(residualId.exec(row.id)?.[1])
    const off = Math.abs(months - soldAt)
    if (off < (best?.off ?? Number.POSITIVE_INFINITY)) best = { row, off }
  }
  const row = best?.row
  if (row?.low === undefined || row.high === undefined) return undefined
  return between(
    {
      factor: 'residualValue',
      name: 'residual-value',
      label: row.parameter,
      unit: row.unit.replaceAll('_', ' '),
    },
    { low: row.low, mid: row.value, high: row.high },
    row.source_id,
  )
}

/** A country's average is not the contract that one gets; the user's own price is. */
function electricityInput(space: SearchSpace, price: PlaceValue | undefined): OptionInput | undefined {
  if (price === undefined || price.sourceId === 'user') return undefined
  const width = 1 + electricityUncertainty(space).fraction
  return {
    factor: 'electricityPrice',
    name: `electricity ${price.placeId}`,
    label: 'Price of electricity',
    unit: 'USD/kWh',
    range: {
      kind: 'lognormal',
      low: price.value / width,
      mid: price.value,
      high: price.value * width,
    },
    one: price.value,
    sourceId: price.sourceId,
  }
}

interface DefaultUncertainty {
  readonly fraction: number
  readonly sourceId: string
  readonly note: string
}

export function electricityUncertainty(space: SearchSpace): DefaultUncertainty {
  return defaultUncertainty(space, 'electricity-price-uncertainty')
}

/** Width of an 80 % interval by a row of `planning_defaults.csv`: 25 % means ÷ 1.25 to × 1.25. */
export function defaultUncertainty(space: SearchSpace, id: string): DefaultUncertainty {
  const row = space.catalog.rowsBy('planningDefaults', 'id').get(id)?.[0]
  const parsed = row && parseQuantity(row.value, 'fraction')
  if (row === undefined || parsed?.ok !== true) throw new Error(`planning_defaults.csv has no ${id}`)
  return { fraction: parsed.value, sourceId: row.source_id, note: row.note ?? '' }
}
