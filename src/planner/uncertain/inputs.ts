import { intervalsOf } from '../../estimators/energy/coefficients.ts'
import type { Accuracy } from '../assemble/accuracy.ts'
import type { Detail, MachineDetail } from '../assemble/detail.ts'
import type { PlaceValue } from '../search/place-factors.ts'
import type { Spread } from '../search/prices.ts'
import type { SearchSpace } from '../search/space.ts'
import { gridInput } from './grid-inputs.ts'
import { between, type Named, type OptionInput } from './option-input.ts'
import { priceInputs, runningInputs } from './price-inputs.ts'

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
    ...priceInputs(space, detail),
    ...runningInputs(space, detail),
    ...placeInputs(space, detail),
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

function placeInputs(space: SearchSpace, detail: MachineDetail): (OptionInput | undefined)[] {
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
          gridInput(
            space,
            { factor: 'gridCarbon', name: 'grid', label: 'Carbon of the grid', unit: 'g CO2e/kWh' },
            factors.gridGramsPerKilowattHour,
          ),
          gridInput(
            space,
            { factor: 'gridWater', name: 'grid water', label: 'Water at power plants', unit: 'L/kWh' },
            factors.gridLitresPerKilowattHour,
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
