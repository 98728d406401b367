import { hoursPerMonth, kilo } from '../../foundation/units.ts'
import type { MachineDetail } from '../assemble/detail.ts'
import type { SearchSpace } from '../search/space.ts'
import { add, type Column, type Factors, product, scale } from './factors.ts'
import type { MachineRatios } from './machines-at-load.ts'

/** One month; NaN where a place or a part does not tell. */
export interface FootprintColumns {
  readonly averageWatts: Column
  readonly kilowattHours: Column
  readonly locationGrams: Column
  /** Making all that is bought until the end, and the month's share of what stands on average. */
  readonly embodiedGrams: Column
  readonly embodiedGramsPerMonth: Column
  readonly carbonGrams: Column
  readonly onSiteLitres: Column
  readonly offSiteLitres: Column
  readonly litres: Column
}

/** Energy, carbon and water under other machines, power and factors of the place. */
export function footprintAtFactors(
  space: SearchSpace,
  detail: MachineDetail,
  at: { readonly factors: Factors; readonly machines: MachineRatios },
): FootprintColumns {
  const { fleet, site, place, runningShare } = detail
  const { factors, machines } = at
  const { lifeMonths } = space.resolved.limits.finance
  const value = (factor: { readonly value: number } | undefined) => factor?.value ?? Number.NaN
  const of = place.factors
  const averageWatts = scaled(
    fleet.averageWatts * runningShare,
    machines.averageWatts,
    factors.power,
    factors.spotHours,
  )
  const itKilowattHours = scaled(hoursPerMonth / kilo, averageWatts)
  const kilowattHours = scaled(value(of.pueRatio), itKilowattHours, factors.pue)
  const locationGrams = scaled(value(of.gridGramsPerKilowattHour), kilowattHours, factors.gridCarbon)
  const onSiteLitres = scaled(value(of.wueLitresPerKilowattHour), itKilowattHours, factors.wue)
  const offSiteLitres = scaled(value(of.gridLitresPerKilowattHour), kilowattHours, factors.gridWater)
  const server = site.machine.embodiedServer?.mid ?? Number.NaN
  const accelerator = site.machine.embodiedAccelerator?.mid ?? 0
  const making = (servers: Column, accelerators: Column) =>
    add(
      scaled(server, servers, factors.embodiedServer),
      accelerator,
      product(accelerators, factors.embodiedAccelerator),
    )
  const embodiedGramsPerMonth = scaled(
    1 / lifeMonths,
    making(
      scaled(fleet.meanServers, machines.meanServers),
      scaled(fleet.meanAccelerators, machines.meanAccelerators),
    ),
  )
  return {
    averageWatts,
    kilowattHours,
    locationGrams,
    embodiedGrams: making(
      scaled(fleet.servers, machines.servers),
      scaled(fleet.accelerators, machines.accelerators),
    ),
    embodiedGramsPerMonth,
    carbonGrams: add(locationGrams.slice(), 1, embodiedGramsPerMonth),
    onSiteLitres,
    offSiteLitres,
    litres: add(onSiteLitres.slice(), 1, offSiteLitres),
  }
}

function scaled(by: number, ...columns: readonly [Column, ...Column[]]): Column {
  return scale(product(...columns), by)
}
