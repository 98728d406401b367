import { withInterval } from '../../estimators/energy/coefficients.ts'
import { codeOf, type Sentence, sentence } from '../../foundation/notes.ts'
import { hoursPerMonth, joulesPerKilowattHour, kilo } from '../../foundation/units.ts'
import { type Figure, type FigureUnit, figure, scaled } from '../plan-figure.ts'
import type { PlanCarbon, PlanEnergy, PlanUnknown, PlanWater } from '../plan-option-types.ts'
import type { SearchSpace } from '../search/space.ts'
import type { MachineDetail } from './detail.ts'

export interface Footprint {
  readonly energy: PlanEnergy | undefined
  readonly carbon: PlanCarbon | undefined
  readonly water: PlanWater | undefined
  readonly unknown: readonly PlanUnknown[]
}

/** Energy, carbon and water of one month of the workload. What a place or a part does not tell stays away. */
export function optionFootprint(space: SearchSpace, detail: MachineDetail): Footprint {
  const { fleet, place, runningShare } = detail
  const { factors } = place
  const unknown: PlanUnknown[] = []
  const missing = (what: string, why: Sentence): undefined => {
    unknown.push(unknownOf(what, why))
    return undefined
  }
  const averageWatts = fleet.averageWatts * runningShare
  if (Number.isNaN(averageWatts)) {
    const { name } = detail.site.machine
    missing(
      'energy, carbon and water',
      sentence('power-unpublished', `the power of ${name} is not published`, { machine: name }),
    )
    return { energy: undefined, carbon: undefined, water: undefined, unknown }
  }
  const { energyInterval, boardPowerInterval } = space.models('air')
  const ranged = (value: number, unit: FigureUnit): Figure =>
    figure(value, unit, withInterval(value, energyInterval))
  const itKilowattHours = (averageWatts * hoursPerMonth) / kilo
  const pue = factors.pueRatio?.value ?? missing('PUE', noRow(place.name))
  const itEnergy = ranged(itKilowattHours, 'kWh/month')
  const outputTokens = space.workload.outputTokensPerMonth * meanGrowth(space)
  const energy: PlanEnergy = {
    averageWatts: ranged(averageWatts, 'W'),
    peakWatts: figure(fleet.peakWatts, 'W', withInterval(fleet.peakWatts, boardPowerInterval)),
    itKilowattHoursPerMonth: itEnergy,
    ...(pue === undefined
      ? {}
      : { kilowattHoursPerMonth: scaled(itEnergy, itKilowattHours * pue, 'kWh/month') }),
    joulesPerOutputToken: scaled(
      itEnergy,
      (itKilowattHours * joulesPerKilowattHour) / outputTokens,
      'J/token',
    ),
  }
  return {
    energy,
    carbon: carbonOf(space, detail, energy, missing),
    water: waterOf(detail, energy, missing),
    unknown,
  }
}

/** Energy and carbon are those of the average month, so what they are spread over must be too. */
function meanGrowth({ growthByMonth }: SearchSpace): number {
  return growthByMonth.reduce((sum, factor) => sum + factor, 0) / growthByMonth.length
}

type Missing = (what: string, why: Sentence) => undefined

const noRow = (name: string) => sentence('no-row', `no row for ${name}`, { name })

export function unknownOf(what: string, why: Sentence): PlanUnknown {
  const whatCode = what.toLowerCase().replaceAll(/[^a-z]+/g, '-')
  return { what, why: why.message, whatCode, whyCode: codeOf(why) }
}

function carbonOf(
  space: SearchSpace,
  detail: MachineDetail,
  energy: PlanEnergy,
  missing: Missing,
): PlanCarbon {
  const { fleet, site, place } = detail
  const { gridGramsPerKilowattHour: grid, marketGramsPerKilowattHour: market } = place.factors
  const atMeter = energy.kilowattHoursPerMonth
  const location =
    atMeter === undefined || grid === undefined
      ? missing(
          'carbon of electricity',
          sentence('no-grid-carbon', `no carbon of the grid of ${place.name}`, { name: place.name }),
        )
      : scaled(atMeter, atMeter.value * grid.value, 'g CO2e/month')
  const { embodiedServer: server, embodiedAccelerator: accelerator } = site.machine
  const { lifeMonths, horizonMonths } = space.resolved.limits.finance
  const of = (end: 'low' | 'mid' | 'high') =>
    fleet.servers * (server?.[end] ?? Number.NaN) + fleet.accelerators * (accelerator?.[end] ?? 0)
  const standing =
    fleet.meanServers * (server?.mid ?? Number.NaN) + fleet.meanAccelerators * (accelerator?.mid ?? 0)
  const embodied =
    server === undefined
      ? missing('carbon of making the hardware', noRow(site.machine.name))
      : figure(of('mid'), 'g CO2e', { low: of('low'), high: of('high') })
  const share = embodied && scaled(embodied, standing / lifeMonths, 'g CO2e/month')
  const total = location && share && sum(location, share)
  return {
    ...(location === undefined ? {} : { locationGramsPerMonth: location }),
    ...(market === undefined || atMeter === undefined
      ? {}
      : { marketGramsPerMonth: scaled(atMeter, atMeter.value * market.value, 'g CO2e/month') }),
    ...(grid === undefined ? {} : { gridGramsPerKilowattHour: grid.value }),
    ...(embodied === undefined ? {} : { embodiedGrams: embodied }),
    ...(share === undefined ? {} : { embodiedGramsPerMonth: share }),
    ...(total === undefined
      ? {}
      : {
          totalGramsPerMonth: total,
          totalGrams: scaled(total, total.value * horizonMonths, 'g CO2e'),
          sciGramsPerRequest: scaled(
            total,
            total.value / (space.workload.requestsPerMonth * meanGrowth(space)),
            'g CO2e/request',
          ),
        }),
    parts: [
      ...(location === undefined ? [] : [{ part: 'electricity', gramsPerMonth: location.value }]),
      ...(server === undefined
        ? []
        : [
            { part: 'making servers', gramsPerMonth: (fleet.meanServers * server.mid) / lifeMonths },
            ...(accelerator === undefined
              ? []
              : [
                  {
                    part: 'making accelerators',
                    gramsPerMonth: (fleet.meanAccelerators * accelerator.mid) / lifeMonths,
                  },
                ]),
          ]),
    ],
  }
}

function sum(a: Figure, b: Figure): Figure {
  return figure(a.value + b.value, a.unit, {
    low: (a.low ?? a.value) + (b.low ?? b.value),
    high: (a.high ?? a.value) + (b.high ?? b.value),
  })
}

/** On site per kWh of the IT; at power plants per kWh at the meter. */
function waterOf(detail: MachineDetail, energy: PlanEnergy, missing: Missing): PlanWater {
  const { factors } = detail.place
  const { wueLitresPerKilowattHour: wue, gridLitresPerKilowattHour: grid } = factors
  const it = energy.itKilowattHoursPerMonth
  const meter = energy.kilowattHoursPerMonth
  const onSite =
    wue === undefined
      ? missing('water on site', noRow(detail.place.name))
      : scaled(it, it.value * wue.value, 'L/month')
  const offSite =
    grid === undefined || meter === undefined
      ? missing('water of electricity', noRow(detail.place.name))
      : scaled(meter, meter.value * grid.value, 'L/month')
  return {
    ...(onSite === undefined ? {} : { onSiteLitresPerMonth: onSite }),
    ...(offSite === undefined ? {} : { offSiteLitresPerMonth: offSite }),
    ...(onSite === undefined || offSite === undefined ? {} : { totalLitresPerMonth: sum(onSite, offSite) }),
  }
}
