import { intervalsOf, withInterval } from '../../estimators/energy/coefficients.ts'
import { codeOf, type Sentence, sentence } from '../../foundation/notes.ts'
import { hoursPerMonth, joulesPerKilowattHour, kilo } from '../../foundation/units.ts'
import { type Figure, figure, scaled } from '../plan-figure.ts'
import type { PlanCarbon, PlanEnergy, PlanUnknown, PlanWater } from '../plan-option-types.ts'
import type { SearchSpace } from '../search/space.ts'
import type { DrawnFigure, OptionDraws } from '../uncertain/option-draws.ts'
import type { MachineDetail } from './detail.ts'
import { powerDraw } from './option-draw.ts'

export interface Footprint {
  readonly energy: PlanEnergy | undefined
  readonly carbon: PlanCarbon | undefined
  readonly water: PlanWater | undefined
  readonly unknown: readonly PlanUnknown[]
}

/** Energy, carbon and water of one month of the workload. What a place or a part does not tell stays away; intervals come from the draws. */
export function optionFootprint(space: SearchSpace, detail: MachineDetail, drawn: OptionDraws): Footprint {
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
  const { boardPower } = intervalsOf(space.models('air'), detail.device.row.id)
  const itKilowattHours = (averageWatts * hoursPerMonth) / kilo
  const pue = factors.pueRatio?.value ?? missing('PUE', noRow(place.name))
  const watts = figure(averageWatts, 'W', drawn.interval('averageWatts'))
  // Over the requests of each draw: more of them need more energy, and give more tokens.
  const wattsPerDemand = figure(averageWatts, 'W', drawn.interval('wattsPerDemand'))
  const outputTokens = space.workload.outputTokensPerMonth * meanGrowth(space)
  const energy: PlanEnergy = {
    averageWatts: watts,
    peakWatts: figure(fleet.peakWatts, 'W', withInterval(fleet.peakWatts, boardPower)),
    itKilowattHoursPerMonth: scaled(watts, itKilowattHours, 'kWh/month'),
    ...(pue === undefined
      ? {}
      : {
          kilowattHoursPerMonth: figure(itKilowattHours * pue, 'kWh/month', drawn.interval('kilowattHours')),
        }),
    draw: powerDraw(space, detail),
    joulesPerOutputToken: scaled(
      wattsPerDemand,
      (itKilowattHours * joulesPerKilowattHour) / outputTokens,
      'J/token',
    ),
  }
  return {
    energy,
    carbon: carbonOf({ space, detail, energy, missing, drawn }),
    water: waterOf({ detail, energy, missing, drawn }),
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

function carbonOf(input: {
  space: SearchSpace
  detail: MachineDetail
  energy: PlanEnergy
  missing: Missing
  drawn: OptionDraws
}): PlanCarbon {
  const { space, detail, energy, missing, drawn } = input
  const { fleet, site, place } = detail
  const { gridGramsPerKilowattHour: grid, marketGramsPerKilowattHour: market } = place.factors
  const atMeter = energy.kilowattHoursPerMonth
  const location =
    atMeter === undefined || grid === undefined
      ? missing(
          'carbon of electricity',
          sentence('no-grid-carbon', `no carbon of the grid of ${place.name}`, { name: place.name }),
        )
      : figure(atMeter.value * grid.value, 'g CO2e/month', drawn.interval('locationGrams'))
  const { embodiedServer: server, embodiedAccelerator: accelerator } = site.machine
  const { lifeMonths, horizonMonths } = space.resolved.limits.finance
  const making = (count: { servers: number; accelerators: number }) =>
    count.servers * (server?.mid ?? Number.NaN) + count.accelerators * (accelerator?.mid ?? 0)
  const standing = { servers: fleet.meanServers, accelerators: fleet.meanAccelerators }
  const embodied =
    server === undefined
      ? missing('carbon of making the hardware', noRow(site.machine.name))
      : figure(making(fleet), 'g CO2e', drawn.interval('embodiedGrams'))
  const share =
    embodied && figure(making(standing) / lifeMonths, 'g CO2e/month', drawn.interval('embodiedGramsPerMonth'))
  const gramsPerMonth = location && share && location.value + share.value
  const carbon = (name: DrawnFigure): Figure | undefined =>
    gramsPerMonth === undefined ? undefined : figure(gramsPerMonth, 'g CO2e/month', drawn.interval(name))
  const total = carbon('carbonGrams')
  const perDemand = carbon('carbonPerDemand')
  return {
    ...(location === undefined ? {} : { locationGramsPerMonth: location }),
    ...(market === undefined || atMeter === undefined
      ? {}
      : { marketGramsPerMonth: scaled(atMeter, atMeter.value * market.value, 'g CO2e/month') }),
    ...(grid === undefined ? {} : { gridGramsPerKilowattHour: grid.value }),
    ...(embodied === undefined ? {} : { embodiedGrams: embodied }),
    ...(share === undefined ? {} : { embodiedGramsPerMonth: share }),
    ...(total === undefined || perDemand === undefined
      ? {}
      : {
          totalGramsPerMonth: total,
          totalGrams: scaled(total, total.value * horizonMonths, 'g CO2e'),
          sciGramsPerRequest: scaled(
            perDemand,
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

/** On site per kWh of the IT; at power plants per kWh at the meter. */
function waterOf(input: {
  detail: MachineDetail
  energy: PlanEnergy
  missing: Missing
  drawn: OptionDraws
}): PlanWater {
  const { detail, energy, missing, drawn } = input
  const { factors } = detail.place
  const { wueLitresPerKilowattHour: wue, gridLitresPerKilowattHour: grid } = factors
  const it = energy.itKilowattHoursPerMonth
  const meter = energy.kilowattHoursPerMonth
  const onSite =
    wue === undefined
      ? missing('water on site', noRow(detail.place.name))
      : figure(it.value * wue.value, 'L/month', drawn.interval('onSiteLitres'))
  const offSite =
    grid === undefined || meter === undefined
      ? missing('water of electricity', noRow(detail.place.name))
      : figure(meter.value * grid.value, 'L/month', drawn.interval('offSiteLitres'))
  return {
    ...(onSite === undefined ? {} : { onSiteLitresPerMonth: onSite }),
    ...(offSite === undefined ? {} : { offSiteLitresPerMonth: offSite }),
    ...(onSite === undefined || offSite === undefined
      ? {}
      : {
          totalLitresPerMonth: figure(onSite.value + offSite.value, 'L/month', drawn.interval('litres')),
        }),
  }
}
