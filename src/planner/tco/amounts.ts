import { formatNumber, formatSignificant } from '../../foundation/format.ts'

/** How a table shows that a price is missing. */
export const missing = 'price missing'

export function maybe(value: number | undefined, format: (value: number) => string): string {
  return value === undefined ? '–' : format(value)
}

export function money(usd: number | undefined): string {
  return usd === undefined ? missing : formatNumber(usd, 2)
}

/** Computed costs per unit: cents where they are dollars, four digits below. */
export function unitCost(usd: number): string {
  return Math.abs(usd) >= 1 || usd === 0 ? formatNumber(usd, 2) : formatSignificant(usd, 4)
}

/** Unit prices: cents where they are dollars, more digits where they have or need them. */
export function rate(usd: number): string {
  if (Math.abs(usd) < 1 && usd !== 0) return formatSignificant(usd, 4)
  return formatNumber(usd, 4).replace(/0{1,2}$/, '')
}

export function figure(value: number): string {
  const text = formatSignificant(value, 6)
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text
}
