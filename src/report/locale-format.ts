import {
  gibibyte,
  giga,
  gramsPerKilogram,
  gramsPerTonne,
  kilo,
  litresPerCubicMetre,
  mega,
  millisecond,
  secondsPerHour,
  secondsPerMinute,
  tera,
} from '../foundation/units.ts'
import type { Figure } from '../planner/plan-figure.ts'
import type { ReportLocale } from './report-document.ts'

const numberLocales: Readonly<Record<ReportLocale, string>> = { en: 'en-US', de: 'de-DE' }
const dateLocales: Readonly<Record<ReportLocale, string>> = { en: 'en-GB', de: 'de-DE' }

export interface Currency {
  readonly code: string
  readonly usdPerUnit: number
}

/** Below half a tenth of a percent nobody sees a change. */
const leastChange = 0.0005

/** Numbers, money and dates as people of the locale write them. Money comes in as USD and goes out as the currency. */
export interface LocaleFormat {
  readonly numberLocale: string
  readonly currencyCode: string
  /** Where a figure is unknown. */
  readonly unknown: string
  number(value: number, digits?: number): string
  /** Three significant digits, or as many as asked for. */
  significant(value: number, digits?: number): string
  percent(fraction: number, digits?: number): string
  /** A share with its sign: +12 %, −3 %. */
  change(fraction: number): string
  /** Rounded to three significant digits. */
  money(usd: number): string
  /** To the whole unit of the currency, for tables that add up. */
  moneyExact(usd: number): string
  /** A price of little things: three significant digits, cents and below kept. */
  price(usd: number): string
  /** The amount in the currency, as a number. */
  inCurrency(usd: number): number
  date(iso: string): string
  /** In one piece, for tables. */
  shortDate(iso: string): string
  seconds(value: number): string
  memory(bytes: number): string
  disk(bytes: number): string
  parameters(count: number): string
  watts(value: number): string
  energy(kilowattHours: number): string
  mass(grams: number): string
  volume(litres: number): string
  count(value: number): string
  range(low: string, high: string): string
  figure(figure: Figure | undefined, show: (value: number) => string): string
  interval(figure: Figure | undefined, show: (value: number) => string): string | undefined
}

export function localeFormat(input: { locale: ReportLocale; currency: Currency }): LocaleFormat {
  const numberLocale = numberLocales[input.locale]
  const { code, usdPerUnit } = input.currency
  const unknown = '–'
  const plain = (options: Intl.NumberFormatOptions) => {
    const formatter = new Intl.NumberFormat(numberLocale, options)
    return (value: number) => (Number.isFinite(value) ? formatter.format(value === 0 ? 0 : value) : unknown)
  }
  const fixed = [0, 1, 2, 3, 4].map((digits) =>
    plain({ minimumFractionDigits: digits, maximumFractionDigits: digits }),
  )
  const significantOf = [1, 2, 3, 4, 5, 6].map((digits) => plain({ maximumSignificantDigits: digits }))
  const currency = { style: 'currency', currency: code } as const
  const rough = plain({ ...currency, minimumFractionDigits: 0, maximumSignificantDigits: 3 })
  const whole = plain({ ...currency, minimumFractionDigits: 0, maximumFractionDigits: 0 })
  const small = plain({ ...currency, maximumSignificantDigits: 3 })
  const dateFormat = new Intl.DateTimeFormat(dateLocales[input.locale], {
    dateStyle: 'long',
    timeZone: 'UTC',
  })
  const shortDateFormat = new Intl.DateTimeFormat(dateLocales[input.locale], {
    dateStyle: 'medium',
    timeZone: 'UTC',
  })
  const number = (value: number, digits = 0) => (fixed[digits] ?? fixed[0]!)(value)
  const significant = (value: number, digits = 3) =>
    Math.abs(value) >= 10 ** digits ? number(value) : (significantOf[digits - 1] ?? significantOf[2]!)(value)
  const scaled = (value: number, steps: readonly (readonly [number, string])[]) => {
    if (!Number.isFinite(value)) return unknown
    const step = steps.find(([size]) => Math.abs(value) >= size) ?? steps[steps.length - 1]!
    return `${significant(value / step[0])}\u00a0${step[1]}`
  }
  const range = (low: string, high: string) => (low === high ? low : `${low} – ${high}`)
  const inCurrency = (usd: number) => usd / usdPerUnit
  return {
    numberLocale,
    currencyCode: code,
    unknown,
    number,
    significant,
    percent: (fraction, digits = 0) => `${number(fraction * 100, digits)}\u00a0%`,
    change: (fraction) => {
      if (Math.abs(fraction) < leastChange) return `±0\u00a0%`
      const text = significant(Math.abs(fraction * 100), 2)
      return `${fraction < 0 ? '−' : '+'}${text}\u00a0%`
    },
    money: (usd) => rough(inCurrency(usd)),
    moneyExact: (usd) => whole(inCurrency(usd)),
    price: (usd) => small(inCurrency(usd)),
    inCurrency,
    date: (iso) => dateText(iso, dateFormat),
    shortDate: (iso) => dateText(iso, shortDateFormat).replaceAll(' ', '\u00a0'),
    seconds: (value) => secondsText(value, significant, unknown),
    memory: (bytes) => `${significant(bytes / gibibyte)}\u00a0GiB`,
    disk: (bytes) =>
      scaled(bytes, [
        [tera, 'TB'],
        [giga, 'GB'],
        [mega, 'MB'],
      ]),
    parameters: (count) => `${significant(count / giga)}\u00a0B`,
    watts: (value) =>
      scaled(value, [
        [mega, 'MW'],
        [kilo, 'kW'],
        [1, 'W'],
      ]),
    energy: (kilowattHours) =>
      scaled(kilowattHours, [
        [mega, 'GWh'],
        [kilo, 'MWh'],
        [1, 'kWh'],
      ]),
    mass: (grams) =>
      scaled(grams, [
        [gramsPerTonne, 't'],
        [gramsPerKilogram, 'kg'],
        [1, 'g'],
      ]),
    volume: (litres) =>
      scaled(litres, [
        [litresPerCubicMetre, 'm³'],
        [1, 'L'],
      ]),
    count: (value) => number(Math.round(value)),
    range,
    figure: (figure, show) => (figure === undefined ? unknown : show(figure.value)),
    interval: (figure, show) =>
      figure?.low === undefined || figure.high === undefined
        ? undefined
        : range(show(figure.low), show(figure.high)),
  }
}

function dateText(iso: string, format: Intl.DateTimeFormat): string {
  const date = new Date(iso.length === 7 ? `${iso}-01` : iso)
  return Number.isNaN(date.getTime()) ? iso : format.format(date)
}

function secondsText(value: number, significant: (value: number) => string, unknown: string): string {
  if (!Number.isFinite(value)) return unknown
  const size = Math.abs(value)
  if (size >= 2 * secondsPerHour) return `${significant(value / secondsPerHour)}\u00a0h`
  if (size >= 2 * secondsPerMinute) return `${significant(value / secondsPerMinute)}\u00a0min`
  return size >= 1 ? `${significant(value)}\u00a0s` : `${significant(value / millisecond)}\u00a0ms`
}
