import { intervalsOf } from '../../estimators/energy/coefficients.ts'
import type { UncertainInput } from '../../estimators/uncertainty/distributions.ts'
import { parseQuantity } from '../../foundation/quantity.ts'
import type { Accuracy } from '../assemble/accuracy.ts'
import type { Detail, MachineDetail } from '../assemble/detail.ts'
import { opexRow } from '../search/own-cost.ts'
import type { PlaceValue } from '../search/place-factors.ts'
import type { PurchasePrice, Spread } from '../search/prices.ts'
import type { SearchSpace } from '../search/space.ts'
import type { FactorName } from './factors.ts'

/** Something about an option that may come out otherwise. */
export interface OptionInput {
  readonly factor: FactorName
  /** Names it among the inputs of all options: where names are equal, draws are. */
  readonly name: string
  readonly label: string
  readonly unit: string
  /** As a reader sees it, in `unit`. */
  readonly range: UncertainInput
  /** What turns a value of the range into the factor: value ÷ this. */
  readonly one: number
  readonly sourceId?: string
}

/**
 * What is uncertain about an option. Measured errors (speed, power) and the demand are lognormal, with the 80 % interval
 * as 10th and 90th percentile; what sources disagree about (prices, PUE, carbon of making things) never lies outside
 * what they say, half of it on either side of the middle. What the user states is taken at its word, but for the demand.
 *
 * Names decide what moves together. Demand, and the price or factor of one thing or place, are the same for all options.
 * Errors of speed and power are shared by options with the same model, format, accelerator and engine, wherever they run,
 * and are independent between others: nobody measured how far they go together, and independence calls fewer
 * differences certain.
 */
export function optionInputs(
  space: SearchSpace,
  detail: Detail,
  accuracy: Accuracy | undefined,
): OptionInput[] {
  const demand = demandInput(space)
  if (detail.kind === 'api') return kept([demand])
  return kept([
    demand,
    ...replicaInputs(space, detail, accuracy),
    ...priceInputs(detail),
    ...runningInputs(space, detail),
    ...placeInputs(detail),
  ])
}

/** Only what has a width. */
function kept(inputs: readonly (OptionInput | undefined)[]): OptionInput[] {
  return inputs.filter(
    (input): input is OptionInput => input !== undefined && input.range.low < input.range.high,
  )
}

const ofPrediction = 'of the prediction'

function demandInput(space: SearchSpace): OptionInput {
  const width = 1 + space.resolved.demand.uncertaintyFraction
  return {
    factor: 'demand',
    name: 'demand',
    label: 'Demand',
    unit: 'of the stated demand',
    range: { kind: 'lognormal', low: 1 / width, mid: 1, high: width },
    one: 1,
  }
}

function replicaInputs(
  space: SearchSpace,
  detail: MachineDetail,
  accuracy: Accuracy | undefined,
): (OptionInput | undefined)[] {
  const { unit, device } = detail
  const same = [unit.kept.model.id, unit.weightFormat.id, device.row.id, unit.engine].join(' ')
  const speed = accuracy?.interval('throughput', 1)
  const power = intervalsOf(space.models('air'), device.row.id).energy
  return [
    speed && {
      factor: 'speed',
      name: `speed ${same}`,
      label: 'Speed of a replica',
      unit: ofPrediction,
      range: { kind: 'lognormal', low: speed.low, mid: 1, high: speed.high },
      one: 1,
    },
    {
      factor: 'power',
      name: `power ${same}`,
      label: 'Power of the machines',
      unit: ofPrediction,
      range: { kind: 'lognormal', low: Math.min(power.low, 1), mid: 1, high: Math.max(power.high, 1) },
      one: 1,
    },
  ]
}

interface Named {
  readonly factor: FactorName
  readonly name: string
  readonly label: string
  readonly unit: string
}

function between(
  named: Named,
  range: { readonly low: number; readonly mid: number; readonly high: number },
  sourceId: string | undefined,
): OptionInput | undefined {
  const { mid } = range
  if (!(mid > 0)) return undefined
  return {
    ...named,
    range: { kind: 'split-triangular', low: Math.min(range.low, mid), mid, high: Math.max(range.high, mid) },
    one: mid,
    ...(sourceId === undefined ? {} : { sourceId }),
  }
}

function priceInputs(detail: MachineDetail): (OptionInput | undefined)[] {
  const { cloud, site } = detail
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
    ]
  const { price, host, id, accelerator } = site.machine
  if (price === undefined || host?.owned !== undefined) return []
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

/** Prices and shares of running one's own machines that the scenario does not state. */
function runningInputs(space: SearchSpace, detail: MachineDetail): (OptionInput | undefined)[] {
  const { cloud, place, site } = detail
  if (cloud !== undefined || place.kind === 'device' || site.machine.price === undefined) return []
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
  const growth = opexRow(catalog, 'electricity-price-growth')
  return [
    opex('staffCost', 'staff-cost-per-fte', given.staffCost),
    opex('acceleratorsPerEngineer', 'staff-accelerators-per-fte', given.acceleratorsPerEngineer),
    opex('maintenance', 'maintenance-per-year', given.maintenance),
    opex('networkPortPrice', 'network-per-port-100-gbps'),
    opex('storagePrice', 'storage-nvme-per-tb'),
    opex('spares', 'spares-share'),
    ...(owned ? [] : [opex('installation', 'installation-share'), residualInput(space)]),
    colocation
      ? opex(
          'colocationPrice',
          place.countryCode === 'US' ? 'colocation-per-kw-us' : 'colocation-per-kw-cage',
        )
      : opex('rackPrice', 'rack-and-cabling'),
    electricityInput(space, place.factors.electricityUsdPerKilowattHour),
    growth.low === undefined || growth.high === undefined || given.electricityPriceGrowth !== undefined
      ? undefined
      : {
          factor: 'electricityGrowthPerYear',
          name: growth.id,
          label: growth.parameter,
          unit: growth.unit.replaceAll('_', ' '),
          range: { kind: 'split-triangular', low: growth.low, mid: growth.value, high: growth.high },
          one: 1,
          sourceId: growth.source_id,
        },
  ]
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

export function electricityUncertainty(space: SearchSpace): {
  readonly fraction: number
  readonly sourceId: string
  readonly note: string
} {
  const id = 'electricity-price-uncertainty'
  const row = space.catalog.rowsBy('planningDefaults', 'id').get(id)?.[0]
  const parsed = row && parseQuantity(row.value, 'fraction')
  if (row === undefined || parsed?.ok !== true) throw new Error(`planning_defaults.csv has no ${id}`)
  return { fraction: parsed.value, sourceId: row.source_id, note: row.note ?? '' }
}

function placeInputs(detail: MachineDetail): (OptionInput | undefined)[] {
  const { factors } = detail.place
  const { machine } = detail.site
  const factor = (named: Named, value: PlaceValue | undefined) =>
    value?.low === undefined || value.high === undefined
      ? undefined
      : between(
          { ...named, name: `${named.name} ${value.placeId}` },
          { low: value.low, mid: value.value, high: value.high },
          value.sourceId,
        )
  const making = (named: Omit<Named, 'unit'>, grams: Spread | undefined) =>
    grams && between({ ...named, unit: 'g CO2e' }, grams, grams.sourceIds[0])
  const noElectricity = Number.isNaN(detail.fleet.averageWatts)
  return [
    ...(noElectricity
      ? []
      : [
          factor({ factor: 'pue', name: 'pue', label: 'PUE', unit: '' }, factors.pueRatio),
          factor(
            { factor: 'wue', name: 'wue', label: 'Water on site', unit: 'L/kWh' },
            factors.wueLitresPerKilowattHour,
          ),
          factor(
            { factor: 'gridCarbon', name: 'grid', label: 'Carbon of the grid', unit: 'g CO2e/kWh' },
            factors.gridGramsPerKilowattHour,
          ),
        ]),
    making(
      {
        factor: 'embodiedServer',
        name: `making ${machine.id}`,
        label: 'Carbon of making a server',
      },
      machine.embodiedServer,
    ),
    making(
      {
        factor: 'embodiedAccelerator',
        name: `making ${machine.accelerator.id}`,
        label: 'Carbon of making an accelerator',
      },
      machine.embodiedAccelerator,
    ),
  ]
}
