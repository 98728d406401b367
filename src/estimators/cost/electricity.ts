import { kilo } from '../../foundation/units.ts'
import { type Calendar, type CostLine, costLine, type Price } from './lines.ts'

/**
 * What the building adds to the IT equipment's energy. Cooling is either inside PUE or an add-on per kWh of the
 * IT equipment (Lenovo LP2368), never both: the type allows one of them.
 */
export type Facility =
  | { readonly kind: 'pue'; readonly pueRatio: number; readonly sourceId: string }
  | { readonly kind: 'cooling-add-on'; readonly usdPerItKilowattHour: Price }

/** Energy in kWh that a power draws in one month of the calendar. */
export function kilowattHoursPerMonth(input: { watts: number; calendar: Calendar }): number {
  return (input.watts * input.calendar.hoursPerMonth) / kilo
}

/** Electricity at the meter, month by month; its price may grow each year. No price given: no line. */
export function powerLines(input: {
  averageItWatts: number
  usdPerKilowattHour?: Price | undefined
  growthPerYearFraction: number
  facility?: Facility | undefined
  calendar: Calendar
  fromMonth: number
  toMonth: number
}): CostLine[] {
  const { usdPerKilowattHour, facility } = input
  const itKilowattHours = kilowattHoursPerMonth({ watts: input.averageItWatts, calendar: input.calendar })
  const timing = {
    kind: 'monthly',
    fromMonth: input.fromMonth,
    toMonth: input.toMonth,
    growthPerYearFraction: input.growthPerYearFraction,
  } as const
  const lines: CostLine[] = []
  if (usdPerKilowattHour !== undefined) {
    const pueRatio = facility?.kind === 'pue' ? facility.pueRatio : 1
    lines.push(
      costLine({
        id: 'electricity',
        label: 'Electricity',
        category: 'electricity',
        quantity: itKilowattHours * pueRatio,
        unit: 'kWh',
        price: usdPerKilowattHour,
        timing,
        note:
          facility?.kind === 'pue'
            ? `At the meter, PUE ${pueRatio}; cooling is inside.`
            : 'IT equipment only, nothing for the building.',
      }),
    )
  }
  if (facility?.kind === 'cooling-add-on')
    lines.push(
      costLine({
        id: 'cooling',
        label: 'Cooling',
        category: 'cooling',
        quantity: itKilowattHours,
        unit: 'kWh of IT',
        price: facility.usdPerItKilowattHour,
        timing,
        note: 'An add-on per kWh of the IT equipment in place of PUE.',
      }),
    )
  return lines
}
