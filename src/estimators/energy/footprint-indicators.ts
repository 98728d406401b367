import type { Footprint } from './footprint.ts'
import type { Range } from './footprint-embodied.ts'

/** Key figures of data centres (ISO/IEC 30134), undefined where an input is unknown. */
export interface Indicators {
  /** Energy of the facility over energy of its IT. */
  readonly pueRatio: number | undefined
  /** Carbon of the facility over energy of its IT, grams per kWh. */
  readonly cueGramsPerItKwh: number | undefined
  readonly wueLitresPerItKwh: number | undefined
  /** Renewable over total energy at the meter, 0 to 1. */
  readonly refFraction: number | undefined
  /** Energy reused outside over total energy at the meter. */
  readonly erfFraction: number | undefined
}

export function indicators(input: {
  readonly footprint: Footprint
  readonly renewableFraction: number | undefined
  readonly reusedHeatKwh: number | undefined
}): Indicators {
  const { itKwh, meterKwh, operationalLocationGrams, onSiteWaterLitres } = input.footprint
  const perIt = (amount: number | undefined) =>
    amount === undefined || itKwh <= 0 ? undefined : amount / itKwh
  return {
    pueRatio: perIt(meterKwh),
    cueGramsPerItKwh: perIt(operationalLocationGrams),
    wueLitresPerItKwh: perIt(onSiteWaterLitres),
    refFraction: input.renewableFraction,
    erfFraction:
      input.reusedHeatKwh === undefined || meterKwh === undefined || meterKwh <= 0
        ? undefined
        : input.reusedHeatKwh / meterKwh,
  }
}

/** Software Carbon Intensity (ISO/IEC 21031:2024): grams CO2e per functional unit. */
export interface SoftwareCarbonIntensity {
  readonly functionalUnit: string
  /** Which factor of the grid: the standard allows average and marginal, no market-based one. */
  readonly factor: 'average' | 'marginal'
  readonly operationalGramsPerUnit: number | undefined
  readonly embodiedGramsPerUnit: Range | undefined
  /** SCI = (O + M) / R with the middle of the embodied range. */
  readonly gramsPerUnit: number | undefined
}

/**
 * Certificates and supply contracts do not lower it. Undefined where electricity, embodied carbon or the number of
 * units is unknown (or no unit was delivered).
 */
export function softwareCarbonIntensity(input: {
  readonly footprint: Footprint
  readonly functionalUnit: string
  /** Units delivered in the footprint's period. */
  readonly units: number
  readonly factor: 'average' | 'marginal'
}): SoftwareCarbonIntensity {
  const { footprint, units } = input
  const operational =
    input.factor === 'average' ? footprint.operationalLocationGrams : footprint.operationalMarginalGrams
  const embodied = footprint.embodiedGrams
  const some = units > 0
  return {
    functionalUnit: input.functionalUnit,
    factor: input.factor,
    operationalGramsPerUnit: operational === undefined || !some ? undefined : operational / units,
    embodiedGramsPerUnit:
      embodied === undefined || !some
        ? undefined
        : { low: embodied.low / units, mid: embodied.mid / units, high: embodied.high / units },
    gramsPerUnit:
      operational === undefined || embodied === undefined || !some
        ? undefined
        : (operational + embodied.mid) / units,
  }
}
