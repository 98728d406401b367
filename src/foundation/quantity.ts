import { didYouMean } from './suggest.ts'
import {
  bitsPerByte,
  daysPerWeek,
  gibibyte,
  giga,
  gramsPerKilogram,
  gramsPerTonne,
  hoursPerDay,
  joulesPerKilowattHour,
  joulesPerWattHour,
  kibibyte,
  kilo,
  litresPerCubicMetre,
  mebibyte,
  mega,
  microsecond,
  millilitresPerLitre,
  millisecond,
  monthsPerYear,
  percent,
  secondsPerDay,
  secondsPerHour,
  secondsPerMinute,
  secondsPerMonth,
  secondsPerYear,
  tera,
} from './units.ts'

/**
 * Text with a unit, as people write it in scenarios and on the command line: "80 GB", "30 %", "8k", "1.5 s",
 * "0.25 USD/kWh". Every dimension lists its units; the result is in base units.
 *
 * `k` and `M` differ by dimension, on purpose: a token count's `8k` is 8 × 1,024 (as in "an 8k context"),
 * a count's `5k` is 5,000 (as in "5k users").
 */
const factors = {
  bytes: {
    B: 1,
    kB: kilo,
    KB: kilo,
    MB: mega,
    GB: giga,
    TB: tera,
    KiB: kibibyte,
    MiB: mebibyte,
    GiB: gibibyte,
    TiB: gibibyte * kibibyte,
  },
  bytesPerSecond: {
    'B/s': 1,
    'MB/s': mega,
    'GB/s': giga,
    'TB/s': tera,
    'MiB/s': mebibyte,
    'GiB/s': gibibyte,
    'Mbit/s': mega / bitsPerByte,
    'Gbit/s': giga / bitsPerByte,
    'Gb/s': giga / bitsPerByte,
    'Tbit/s': tera / bitsPerByte,
  },
  flopPerSecond: {
    'FLOP/s': 1,
    'GFLOP/s': giga,
    'TFLOP/s': tera,
    'PFLOP/s': tera * kilo,
  },
  seconds: {
    us: microsecond,
    µs: microsecond,
    ms: millisecond,
    s: 1,
    min: secondsPerMinute,
    h: secondsPerHour,
    d: secondsPerDay,
    days: secondsPerDay,
    day: secondsPerDay,
    weeks: secondsPerDay * daysPerWeek,
    week: secondsPerDay * daysPerWeek,
    months: secondsPerMonth,
    month: secondsPerMonth,
    years: secondsPerYear,
    year: secondsPerYear,
    y: secondsPerYear,
  },
  fraction: { '': 1, '%': percent },
  tokens: { '': 1, k: kibibyte, K: kibibyte, M: kibibyte * kibibyte },
  count: { '': 1, k: kilo, K: kilo, M: mega },
  perSecond: {
    '/s': 1,
    '/min': 1 / secondsPerMinute,
    '/h': 1 / secondsPerHour,
    '/d': 1 / secondsPerDay,
    '/day': 1 / secondsPerDay,
    '/week': 1 / (secondsPerDay * daysPerWeek),
    '/month': 1 / secondsPerMonth,
  },
  watts: { W: 1, kW: kilo, MW: mega },
  joules: {
    J: 1,
    kJ: kilo,
    MJ: mega,
    Wh: joulesPerWattHour,
    kWh: joulesPerKilowattHour,
    MWh: joulesPerKilowattHour * kilo,
  },
  gramsCo2e: { g: 1, kg: gramsPerKilogram, t: gramsPerTonne },
  gramsCo2ePerKwh: { 'g/kWh': 1, 'kg/kWh': gramsPerKilogram, 'g CO2e/kWh': 1, 'gCO2e/kWh': 1 },
  litres: { mL: 1 / millilitresPerLitre, L: 1, l: 1, 'm³': litresPerCubicMetre, m3: litresPerCubicMetre },
  litresPerKwh: { 'L/kWh': 1, 'l/kWh': 1 },
  hoursPerDay: { '': 1, h: 1, 'h/d': 1, 'h/day': 1 },
  daysPerWeek: { '': 1, d: 1, 'd/week': 1, days: 1 },
  rackUnits: { '': 1, U: 1 },
} as const satisfies Record<string, Readonly<Record<string, number>>>

export type Dimension = keyof typeof factors

const examples: Record<Dimension, string> = {
  bytes: '80 GB',
  bytesPerSecond: '3.35 TB/s',
  flopPerSecond: '989 TFLOP/s',
  seconds: '1.5 s',
  fraction: '30 %',
  tokens: '8k',
  count: '2000',
  perSecond: '4 /s',
  watts: '10 kW',
  joules: '5 kWh',
  gramsCo2e: '2 t',
  gramsCo2ePerKwh: '350 g/kWh',
  litres: '1 m³',
  litresPerKwh: '1.8 L/kWh',
  hoursPerDay: '10 h',
  daysPerWeek: '5',
  rackUnits: '42 U',
}

/** Dimensions in which a bare number is clear without a unit. */
const bareAllowed: ReadonlySet<Dimension> = new Set([
  'fraction',
  'tokens',
  'count',
  'hoursPerDay',
  'daysPerWeek',
  'rackUnits',
])

export type QuantityResult =
  | { readonly ok: true; readonly value: number }
  | { readonly ok: false; readonly message: string; readonly hint: string }

const quantityPattern = /^([+-]?(?:\d+(?:[_,]\d{3})*(?:\.\d+)?|\.\d+)(?:e[+-]?\d+)?)\s*(.*)$/i

/** Reads a number with a unit of the dimension. Never throws. */
export function parseQuantity(input: string | number, dimension: Dimension): QuantityResult {
  const example = `write it like "${examples[dimension]}"`
  const text = typeof input === 'number' ? String(input) : input.trim()
  const match = quantityPattern.exec(text)
  if (match === null) return { ok: false, message: `"${text}" is not a number with a unit`, hint: example }
  const [, numberText = '', unitText = ''] = match
  const value = Number(numberText.replaceAll(/[_,]/g, ''))
  if (!Number.isFinite(value))
    return { ok: false, message: `"${text}" is not a finite number`, hint: example }
  const unit = unitText.trim().replaceAll(/\s+/g, ' ')
  if (unit === '' && !bareAllowed.has(dimension)) {
    return { ok: false, message: `"${text}" has no unit`, hint: example }
  }
  const factor = unitFactor(unit, dimension)
  if (factor === undefined) {
    const units = Object.keys(factors[dimension]).filter((name) => name !== '')
    return {
      ok: false,
      message: `"${unit}" is not a unit of this quantity`,
      hint: didYouMean(unit, units) ?? (units.length > 0 ? `use one of ${units.join(', ')}` : example),
    }
  }
  return { ok: true, value: value * factor }
}

function unitFactor(unit: string, dimension: Dimension): number | undefined {
  const table: Readonly<Record<string, number>> = factors[dimension]
  return Object.hasOwn(table, unit) ? table[unit] : undefined
}

export interface Money {
  readonly amount: number
  /** ISO 4217 code, upper case. */
  readonly currency: string
}

export type MoneyResult =
  | { readonly ok: true; readonly value: Money }
  | { readonly ok: false; readonly message: string; readonly hint: string }

/** What a price is per; the divisor turns it into a price per base unit. */
const priceDenominators = {
  '': { '': 1 },
  kWh: { '/kWh': 1, '/MWh': kilo },
  hour: { '/h': 1, '/hour': 1, '/d': hoursPerDay, '/day': hoursPerDay },
  month: { '/month': 1, '/mo': 1, '/year': monthsPerYear, '/y': monthsPerYear },
  year: { '/year': 1, '/y': 1, '/month': 1 / monthsPerYear },
  millionTokens: { '/Mtok': 1, '/M tokens': 1, '/million tokens': 1, '/1M tokens': 1, '/ktok': 1 / kilo },
  kilowattMonth: { '/kW/month': 1, '/kW-month': 1, '/kW month': 1 },
  gigabyte: { '/GB': 1, '/TB': kilo },
  gigabyteMonth: { '/GB/month': 1, '/GB-month': 1, '/TB/month': kilo },
} as const satisfies Record<string, Readonly<Record<string, number>>>

export type PriceBasis = keyof typeof priceDenominators

const pricePattern =
  /^([+-]?(?:\d+(?:[_,]\d{3})*(?:\.\d+)?|\.\d+)(?:e[+-]?\d+)?)\s*([A-Za-z]{3}|\$|€|£)\s*(.*)$/

const currencySigns: Readonly<Record<string, string>> = { $: 'USD', '€': 'EUR', '£': 'GBP' }

/** Reads "0.25 USD/kWh", "98.32 USD/h", "2 EUR/Mtok". The currency is kept: converting needs the user's rate. */
export function parsePrice(input: string, basis: PriceBasis): MoneyResult {
  const table: Readonly<Record<string, number>> = priceDenominators[basis]
  const example = `write it like "1.5 USD${Object.keys(table)[0] ?? ''}"`
  const match = pricePattern.exec(input.trim())
  if (match === null)
    return { ok: false, message: `"${input}" is not an amount with a currency`, hint: example }
  const [, numberText = '', currencyText = '', perText = ''] = match
  const per = perText.trim().replaceAll(/\s+/g, ' ').replace(/^per /, '/')
  const divisor = Object.hasOwn(table, per) ? table[per] : undefined
  if (divisor === undefined) {
    return {
      ok: false,
      message: per === '' ? `"${input}" does not say per what` : `"${per}" is not what this price is per`,
      hint: example,
    }
  }
  const currency = currencySigns[currencyText] ?? currencyText.toUpperCase()
  return { ok: true, value: { amount: Number(numberText.replaceAll(/[_,]/g, '')) / divisor, currency } }
}
