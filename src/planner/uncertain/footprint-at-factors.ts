import { hoursPerMonth, kilo } from '../../foundation/units.ts'
import type { MachineDetail } from '../assemble/detail.ts'
import type { SearchSpace } from '../search/space.ts'
import type { Factors } from './factors.ts'
import type { MachineRatios } from './machines-at-load.ts'

/** One month; NaN where a place or a part does not tell. */
export interface FootprintAtFactors {
  averageWatts: number
  kilowattHours: number
  locationGrams: number
  /** Making all that is bought until the end, and the month's share of what stands on average. */
  embodiedGrams: number
  embodiedGramsPerMonth: number
  carbonGrams: number
  onSiteLitres: number
  offSiteLitres: number
  litres: number
}

/** Energy, carbon and water under other machines, power and factors of the place. */
export function footprintAtFactors(
  space: SearchSpace,
  detail: MachineDetail,
): (factors: Factors, machines: MachineRatios, out: FootprintAtFactors) => FootprintAtFactors {
  const { fleet, site, place, runningShare } = detail
  const { factors: of } = place
  const { lifeMonths } = space.resolved.limits.finance
  const value = (factor: { readonly value: number } | undefined) => factor?.value ?? Number.NaN
  const watts = fleet.averageWatts * runningShare
  const pue = value(of.pueRatio)
  const grid = value(of.gridGramsPerKilowattHour)
  const wue = value(of.wueLitresPerKilowattHour)
  const gridLitres = value(of.gridLitresPerKilowattHour)
  const server = site.machine.embodiedServer?.mid ?? Number.NaN
  const accelerator = site.machine.embodiedAccelerator?.mid ?? 0
  return (factors, machines, out) => {
    out.averageWatts = watts * machines.averageWatts * factors.power
    const itKilowattHours = (out.averageWatts * hoursPerMonth) / kilo
    out.kilowattHours = itKilowattHours * pue * factors.pue
    out.locationGrams = out.kilowattHours * grid * factors.gridCarbon
    const perServer = server * factors.embodiedServer
    const perAccelerator = accelerator * factors.embodiedAccelerator
    out.embodiedGrams =
      fleet.servers * machines.servers * perServer +
      fleet.accelerators * machines.accelerators * perAccelerator
    out.embodiedGramsPerMonth =
      (fleet.meanServers * machines.meanServers * perServer +
        fleet.meanAccelerators * machines.meanAccelerators * perAccelerator) /
      lifeMonths
    out.carbonGrams = out.locationGrams + out.embodiedGramsPerMonth
    out.onSiteLitres = itKilowattHours * wue * factors.wue
    out.offSiteLitres = out.kilowattHours * gridLitres
    out.litres = out.onSiteLitres + out.offSiteLitres
    return out
  }
}
