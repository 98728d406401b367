import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatBytesBinary, formatNumber, formatSeconds, formatSignificant } from './format.ts'
import { type Dimension, parsePrice, parseQuantity } from './quantity.ts'

const value = (text: string | number, dimension: Dimension) => {
  const result = parseQuantity(text, dimension)
  return result.ok ? result.value : result.message
}

describe('parseQuantity', () => {
  it('reads what people write', () => {
    expect(value('80 GB', 'bytes')).toBe(80e9)
    expect(value('80GiB', 'bytes')).toBe(80 * 2 ** 30)
    expect(value('30 %', 'fraction')).toBeCloseTo(0.3)
    expect(value(0.3, 'fraction')).toBe(0.3)
    expect(value('8k', 'tokens')).toBe(8 * 1024)
    expect(value('5k', 'count')).toBe(5000)
    expect(value('1.5 s', 'seconds')).toBe(1.5)
    expect(value('200 ms', 'seconds')).toBeCloseTo(0.2)
    expect(value('3.35 TB/s', 'bytesPerSecond')).toBe(3.35e12)
    expect(value('400 Gbit/s', 'bytesPerSecond')).toBe(400e9 / 8)
    expect(value('1,000,000', 'count')).toBe(1e6)
    expect(value('36 /h', 'perSecond')).toBeCloseTo(36 / 3600)
  })

  it('refuses a missing or foreign unit with a hint', () => {
    expect(parseQuantity('80', 'bytes')).toMatchObject({ ok: false, message: '"80" has no unit' })
    expect(parseQuantity('80 GHz', 'bytes')).toMatchObject({
      ok: false,
      message: '"GHz" is not a unit of this quantity',
    })
    expect(parseQuantity('3 gb', 'bytes')).toMatchObject({ ok: false, hint: expect.stringContaining('GB') })
    expect(parseQuantity('1e999', 'count')).toMatchObject({ ok: false })
    expect(parseQuantity('toString', 'bytes')).toMatchObject({ ok: false })
    expect(parseQuantity('1 toString', 'bytes')).toMatchObject({ ok: false })
  })

  it('never throws, whatever the text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        for (const dimension of ['bytes', 'seconds', 'fraction', 'tokens', 'watts'] as const) {
          const result = parseQuantity(text, dimension)
          expect(result.ok ? Number.isFinite(result.value) : result.message.length > 0).toBe(true)
        }
        parsePrice(text, 'kWh')
      }),
    )
  })
})

describe('parsePrice', () => {
  it('keeps the currency and demands what it is per', () => {
    expect(parsePrice('0.25 USD/kWh', 'kWh')).toEqual({ ok: true, value: { amount: 0.25, currency: 'USD' } })
    expect(parsePrice('180 eur/MWh', 'kWh')).toEqual({
      ok: true,
      value: { amount: 180 / 1000, currency: 'EUR' },
    })
    expect(parsePrice('2 $/Mtok', 'millionTokens')).toEqual({
      ok: true,
      value: { amount: 2, currency: 'USD' },
    })
    expect(parsePrice('0.25 USD', 'kWh')).toMatchObject({ ok: false })
    expect(parsePrice('0.25', 'kWh')).toMatchObject({ ok: false })
  })
})

describe('format', () => {
  it('writes numbers the same on every machine', () => {
    expect(formatNumber(1234567.891, 2)).toBe('1,234,567.89')
    expect(formatNumber(-0.001, 2)).toBe('0.00')
    expect(formatSignificant(0.012345)).toBe('0.0123')
    expect(formatBytesBinary(79.19 * 2 ** 30)).toBe('79.2 GiB')
    expect(formatSeconds(0.0123)).toBe('12.3 ms')
  })
})
