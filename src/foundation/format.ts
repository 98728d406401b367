import {
  gibibyte,
  giga,
  kilo,
  mebibyte,
  mega,
  microsecond,
  millisecond,
  secondsPerHour,
  secondsPerMinute,
  tera,
} from './units.ts'

/**
 * Numbers as people read them, the same on every machine (no locale). Reports in other languages do their own.
 */

/** 1234567 → "1,234,567"; `digits` decimals, trailing zeros kept. */
export function formatNumber(value: number, digits = 0): string {
  if (!Number.isFinite(value)) return '–'
  const fixed = Math.abs(value).toFixed(digits)
  const [whole = '0', decimals] = fixed.split('.')
  const grouped = whole.replaceAll(/\B(?=(\d{3})+(?!\d))/g, ',')
  const sign = value < 0 && Number(fixed) !== 0 ? '-' : ''
  return `${sign}${grouped}${decimals === undefined ? '' : `.${decimals}`}`
}

/** About three significant digits: 0.01234 → "0.0123", 12.34 → "12.3", 1234 → "1,234". */
export function formatSignificant(value: number, significant = 3): string {
  if (!Number.isFinite(value)) return '–'
  if (value === 0) return '0'
  const magnitude = Math.floor(Math.log10(Math.abs(value)))
  return formatNumber(value, Math.max(0, Math.min(8, significant - 1 - magnitude)))
}

/** Device memory in GiB, smaller things in MiB or KiB. */
export function formatBytesBinary(bytes: number): string {
  if (!Number.isFinite(bytes)) return '–'
  const size = Math.abs(bytes)
  if (size >= gibibyte)
    return `${formatNumber(bytes / gibibyte, size >= 100 * gibibyte ? 0 : size >= 10 * gibibyte ? 1 : 2)} GiB`
  if (size >= mebibyte) return `${formatNumber(bytes / mebibyte, size >= 10 * mebibyte ? 0 : 1)} MiB`
  if (size >= 1024) return `${formatNumber(bytes / 1024, size >= 10 * 1024 ? 0 : 1)} KiB`
  return `${formatNumber(bytes)} B`
}

/** Files and disks in decimal units. */
export function formatBytesDecimal(bytes: number): string {
  const size = Math.abs(bytes)
  if (size >= tera) return `${formatSignificant(bytes / tera)} TB`
  if (size >= giga) return `${formatSignificant(bytes / giga)} GB`
  if (size >= mega) return `${formatSignificant(bytes / mega)} MB`
  if (size >= kilo) return `${formatSignificant(bytes / kilo)} kB`
  return `${formatNumber(bytes)} B`
}

export function formatSeconds(seconds: number): string {
  if (!Number.isFinite(seconds)) return '–'
  const size = Math.abs(seconds)
  if (size >= 2 * secondsPerHour) return `${formatSignificant(seconds / secondsPerHour)} h`
  if (size >= 2 * secondsPerMinute) return `${formatSignificant(seconds / secondsPerMinute)} min`
  if (size >= 1) return `${formatSignificant(seconds)} s`
  if (size >= millisecond) return `${formatSignificant(seconds / millisecond)} ms`
  return size === 0 ? '0 s' : `${formatSignificant(seconds / microsecond)} µs`
}

/** 7000000000 → "7 B" as model sizes are written. */
export function formatParameters(count: number): string {
  if (count >= giga) return `${formatSignificant(count / giga)}B`
  return `${formatSignificant(count / mega)}M`
}

export function formatTokens(tokens: number): string {
  if (tokens >= 1024 && tokens % 1024 === 0) return `${formatNumber(tokens / 1024)}k`
  return formatNumber(Math.floor(tokens))
}

export function formatPercent(fraction: number, digits = 0): string {
  return `${formatNumber(fraction * 100, digits)} %`
}

/** Rounds to significant digits, so that stored results do not carry float noise. */
export function roundSignificant(value: number, significant = 6): number {
  if (value === 0 || !Number.isFinite(value)) return value
  return Number(value.toPrecision(significant))
}
