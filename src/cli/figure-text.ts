import {
  formatBytesBinary,
  formatBytesDecimal,
  formatNumber,
  formatSignificant,
} from '../foundation/format.ts'
import {
  giga,
  gramsPerKilogram,
  gramsPerTonne,
  kilo,
  litresPerCubicMetre,
  mega,
  microsecond,
  millisecond,
  secondsPerHour,
  secondsPerMinute,
} from '../foundation/units.ts'
import type { Figure } from '../planner/plan-figure.ts'

/** Money is kept in USD and shown in the scenario's currency. */
export interface ShownCurrency {
  readonly code: string
  readonly usdPerUnit: number
}

export const dollars: ShownCurrency = { code: 'USD', usdPerUnit: 1 }

interface Scale {
  readonly per: number
  readonly unit: string
}

const steps: Readonly<Record<string, readonly (readonly [least: number, per: number, unit: string])[]>> = {
  s: [
    [2 * secondsPerHour, secondsPerHour, 'h'],
    [2 * secondsPerMinute, secondsPerMinute, 'min'],
    [1, 1, 's'],
    [millisecond, millisecond, 'ms'],
    [0, microsecond, 'µs'],
  ],
  W: [
    [mega, mega, 'MW'],
    [kilo, kilo, 'kW'],
    [0, 1, 'W'],
  ],
  kWh: [
    [10 * kilo, kilo, 'MWh'],
    [0, 1, 'kWh'],
  ],
  'g CO2e': [
    [gramsPerTonne, gramsPerTonne, 't CO2e'],
    [gramsPerKilogram, gramsPerKilogram, 'kg CO2e'],
    [0, 1, 'g CO2e'],
  ],
  L: [
    [10 * litresPerCubicMetre, litresPerCubicMetre, 'm³'],
    [0, 1, 'L'],
  ],
  token: [
    [giga, giga, 'G tokens'],
    [mega, mega, 'M tokens'],
    [0, 1, 'tokens'],
  ],
  request: [[0, 1, 'requests']],
}

const perNames: Readonly<Record<string, string>> = { 'user-month': 'user and month' }

/** The prefix that suits a value; the interval's ends are shown in the same. */
function scaleOf(unit: string, value: number): Scale {
  const [base = '', ...per] = unit.split('/')
  const size = Math.abs(value)
  const step = steps[base]?.find(([least]) => size >= least)
  const shown = step === undefined ? { per: 1, unit: base } : { per: step[1], unit: step[2] }
  const suffix = per.map((name) => `/${perNames[name] ?? name}`).join('')
  return { per: shown.per, unit: `${shown.unit}${suffix}` }
}

/** A value in a base unit, with the prefix that suits it. */
export function amountText(value: number, unit: string): string {
  const scale = scaleOf(unit === 'count' ? '' : unit, value)
  return `${plainNumber(value / scale.per)}${scale.unit === '' ? '' : ` ${scale.unit}`}`
}

/** An amount of money without its currency: whole units from a thousand on, three digits below. */
export function moneyNumber(usd: number, currency: ShownCurrency): string {
  const value = usd / currency.usdPerUnit
  return Math.abs(value) >= kilo ? formatNumber(value) : formatSignificant(value)
}

export function moneyText(usd: number, currency: ShownCurrency): string {
  return `${moneyNumber(usd, currency)} ${currency.code}`
}

/** "312 W", with its interval "312 W (290 to 340)". A bound says so, since nothing measured supports it. */
export function figureText(
  figure: Figure | undefined,
  input: { currency?: ShownCurrency; interval?: boolean; boundMark?: string } = {},
): string {
  if (figure === undefined) return 'unknown'
  const { value, low, high, unit } = figure
  const currency = input.currency ?? dollars
  const money = unit.startsWith('USD')
  if (unit === 'byte') return formatBytesDecimal(value)
  if (unit === 'count') return plainNumber(value)
  const scale: Scale = money
    ? {
        per: currency.usdPerUnit,
        unit: `${currency.code}${unit.slice('USD'.length).replace('user-month', 'user and month')}`,
      }
    : scaleOf(unit === 'fraction' ? '' : unit === 'percent' ? '%' : unit, value)
  const shown = (amount: number) =>
    money ? moneyNumber(amount, currency) : formatSignificant(amount / scale.per)
  const text = `${shown(value)}${scale.unit === '' ? '' : ` ${scale.unit}`}`
  if (figure.basis === 'bound') return `${text}${input.boundMark ?? ' (a bound)'}`
  if (input.interval === false || low === undefined || high === undefined || low === high) return text
  return `${text} (${shown(low)} to ${shown(high)})`
}

/** Numbers that somebody chose or counted: 2 and not 2.00. */
export function plainNumber(value: number, significant = 3): string {
  const text = formatSignificant(value, significant)
  return text.includes('.') ? text.replace(/0+$/, '').replace(/\.$/, '') : text
}

/** Plain values of an explanation: the number with its unit as it is stored. */
export function valueText(value: number | string, unit: string): string {
  if (typeof value === 'string') return value
  if (unit === 'byte') return formatBytesBinary(value)
  return `${plainNumber(value, 4)}${unit === '' ? '' : ` ${unit}`}`
}
