/**
 * A number with its unit and how sure it is. `low` and `high` bound the 80 % interval (one in ten below, one in ten
 * above) and are absent where nobody has measured how far it can be off: absent is unknown, not zero width.
 */
export interface Figure {
  readonly value: number
  readonly low?: number
  readonly high?: number
  readonly unit: FigureUnit
  /** `bound`: a limit that nothing measured supports; `estimate` (when absent): the model's central value. */
  readonly basis?: 'estimate' | 'bound' | 'given'
}

/** Base units, and the compound ones that a reader expects. Figures never carry prefixes. */
export type FigureUnit =
  | ''
  | 'byte'
  | 's'
  | 'W'
  | 'J'
  | 'kWh'
  | 'kWh/month'
  | 'J/token'
  | 'g CO2e'
  | 'g CO2e/month'
  | 'g CO2e/request'
  | 'L/month'
  | 'token'
  | 'token/s'
  | 'token/month'
  | 'request/s'
  | 'request/month'
  | 'USD'
  | 'USD/month'
  | 'USD/year'
  | 'USD/million tokens'
  | 'USD/1000 requests'
  | 'USD/user-month'
  | 'percent'
  | 'fraction'
  | 'count'
  | 'U'

export function figure(
  value: number,
  unit: FigureUnit,
  interval?: { readonly low: number; readonly high: number },
): Figure {
  return interval === undefined
    ? { value, unit }
    : { value, low: Math.min(interval.low, value), high: Math.max(interval.high, value), unit }
}

/** A figure with the same relative interval as another: what is proportional to it. */
export function scaled(of: Figure, value: number, unit: FigureUnit): Figure {
  if (of.low === undefined || of.high === undefined || of.value === 0)
    return { value, unit, ...(of.basis === undefined ? {} : { basis: of.basis }) }
  return {
    value,
    low: (value * of.low) / of.value,
    high: (value * of.high) / of.value,
    unit,
    ...(of.basis === undefined ? {} : { basis: of.basis }),
  }
}

/** Two figures whose intervals overlap are a tie; without intervals, only equal values are. */
export function overlap(a: Figure, b: Figure): boolean {
  return (a.low ?? a.value) <= (b.high ?? b.value) && (b.low ?? b.value) <= (a.high ?? a.value)
}
