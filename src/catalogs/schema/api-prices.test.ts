import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readTable } from '../csv.ts'
import { apiPriceTable, tiersCell } from './api-prices.ts'

const text = (file: string) => readFileSync(new URL(`../../../catalogs/${file}`, import.meta.url), 'utf8')
const table = readTable({ table: apiPriceTable, text: text(apiPriceTable.file), file: apiPriceTable.file })
const rows = table.rows.map((entry) => entry.row)
const header =
  'provider,model_name,model_id,kind,open_weights,input_usd_per_million_tokens,cached_input_usd_per_million_tokens,output_usd_per_million_tokens,tiers,source_id,as_of,quality'
const issuesOf = (line: string) =>
  readTable({ table: apiPriceTable, text: `${header}\n${line}`, file: 'p.csv' }).issues

describe('api_prices.csv', () => {
  it('is clean and holds at least 600 prices of at least 40 providers', () => {
    expect(table.issues).toEqual([])
    expect(rows.length).toBeGreaterThanOrEqual(600)
    expect(new Set(rows.map((row) => row.provider)).size).toBeGreaterThanOrEqual(40)
  })

  it('holds cached-input, batch and tier prices, and offers for the open models of the catalog', () => {
    expect(
      rows.filter((row) => row.cached_input_usd_per_million_tokens !== undefined).length,
    ).toBeGreaterThan(500)
    expect(rows.filter((row) => row.batch_discount_fraction !== undefined).length).toBeGreaterThan(50)
    expect(rows.filter((row) => row.tiers !== undefined).length).toBeGreaterThan(40)
    expect(rows.filter((row) => row.model_id !== undefined).length).toBeGreaterThan(400)
  })

  it('points only at models of the catalog', () => {
    const ids = new Set(
      text('models.csv')
        .split('\n')
        .map((line) => line.slice(0, line.indexOf(','))),
    )
    const unknown = rows.filter((row) => row.model_id !== undefined && !ids.has(row.model_id))
    expect(unknown.map((row) => `${row.provider} ${row.model_name} ${row.model_id}`)).toEqual([])
  })

  it('has one row per provider, model and price, sorted by its key', () => {
    const keys = rows.map((row) => [row.provider, row.model_name, row.as_of].join('\u0000'))
    expect(keys).toEqual([...keys].sort())
    const offers = rows.map((row) =>
      [
        row.provider,
        row.model_name.toLowerCase(),
        row.input_usd_per_million_tokens,
        row.output_usd_per_million_tokens,
      ].join(' '),
    )
    expect(offers.filter((offer, index) => offers.indexOf(offer) !== index)).toEqual([])
  })

  it('charges a longer request no less', () => {
    for (const row of rows)
      for (const tier of row.tiers ?? []) {
        expect(tier.inputUsdPerMillionTokens).toBeGreaterThanOrEqual(row.input_usd_per_million_tokens)
        expect(tier.outputUsdPerMillionTokens).toBeGreaterThanOrEqual(row.output_usd_per_million_tokens ?? 0)
      }
  })

  it('calls the same open model open at every provider', () => {
    for (const row of rows.filter((entry) => entry.model_id !== undefined))
      expect(row.open_weights).toBe(true)
    const closed = rows.filter((row) => /claude|gemini-|gpt-5|grok-/.test(row.model_name))
    expect(closed.filter((row) => row.open_weights !== false).map((row) => row.model_name)).toEqual([])
  })

  it('rejects a price of zero, cached input above plain input, and output of an embedding model', () => {
    expect(issuesOf('p,m,,chat,,0,,1,,s,2026,list-price')[0]?.message).toBe('must be above 0 (got "0")')
    expect(issuesOf('p,m,,chat,,1,2,3,,s,2026,list-price')[0]?.place).toContain(
      'cached_input_usd_per_million_tokens',
    )
    expect(issuesOf('p,m,,embedding,,1,,3,,s,2026,list-price')[0]?.message).toContain('has no output tokens')
    expect(issuesOf('p,m,,chat,,1,,,,s,2026,list-price')[0]?.place).toBe(
      'p.csv:2  output_usd_per_million_tokens',
    )
    expect(issuesOf('p,m,some-model,chat,no,1,,2,,s,2026,list-price')[0]?.place).toBe('p.csv:2  open_weights')
  })
})

describe('tiersCell', () => {
  it('reads thresholds with and without cache prices', () => {
    expect(tiersCell.parse('200000:10/37.5/1/12.5; 400000:20/75')).toEqual([
      {
        aboveInputTokens: 200_000,
        inputUsdPerMillionTokens: 10,
        outputUsdPerMillionTokens: 37.5,
        cachedInputUsdPerMillionTokens: 1,
        cacheWriteUsdPerMillionTokens: 12.5,
      },
      { aboveInputTokens: 400_000, inputUsdPerMillionTokens: 20, outputUsdPerMillionTokens: 75 },
    ])
    expect(tiersCell.parse('200000:10/37.5//12.5')[0]).not.toHaveProperty('cachedInputUsdPerMillionTokens')
  })

  it.each([
    '200000',
    '200000:1',
    '0:1/2',
    '5:0/2',
    '5:1/2;5:2/3',
    '6:1/2;5:2/3',
    '5:1.2.3/4',
    '5:1/2/3/4/5',
    ';',
  ])('rejects %s', (cell) => expect(tiersCell.safeParse(cell).success).toBe(false))

  it('never throws on any text', () => {
    fc.assert(fc.property(fc.string(), (cell) => tiersCell.safeParse(cell) !== undefined))
  })
})
