import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { RightsizeError } from '../foundation/errors.ts'
import { createCatalog, packTable } from './catalog.ts'
import { readTable } from './csv.ts'
import { loadCatalogFolder, readCatalogTextsFromFolder } from './folder.node.ts'
import { overlayCatalog } from './overlay.ts'
import { catalogTables } from './tables.ts'

const folder = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'catalogs')
const base = createCatalog(loadCatalogFolder(folder))
const header = 'accelerator_id,condition,price_usd,source_id,as_of,quality\n'
const overlay = (texts: Record<string, string>) =>
  createCatalog(overlayCatalog({ base, texts: new Map(Object.entries(texts)), folder: 'mine' }))
const problems = (texts: Record<string, string>) => {
  try {
    overlay(texts)
    return []
  } catch (error) {
    if (!(error instanceof RightsizeError)) throw error
    return error.issues.map(
      (issue) => `${issue.place}: ${issue.message}${issue.hint ? ` (${issue.hint})` : ''}`,
    )
  }
}

describe('our own catalog', () => {
  it('holds what the README promises', () => {
    const rows = (name: Parameters<typeof base.rows>[0]) => base.rows(name).length
    expect(rows('models')).toBeGreaterThanOrEqual(220)
    expect(rows('accelerators')).toBeGreaterThanOrEqual(100)
    expect(rows('servers')).toBeGreaterThanOrEqual(40)
    expect(rows('cloudPrices')).toBeGreaterThanOrEqual(600)
    expect(new Set(base.rows('cloudPrices').map((row) => row.provider)).size).toBeGreaterThanOrEqual(15)
    expect(rows('apiPrices')).toBeGreaterThanOrEqual(600)
    expect(rows('useCases')).toBeGreaterThanOrEqual(12)
  })

  it('answers to short ids, Hugging Face ids and aliases in any case', () => {
    expect(base.model('META-LLAMA/llama-3.1-8B-Instruct').id).toBe('llama-3.1-8b-instruct')
    expect(base.accelerator('H100-SXM-80').id).toBe('h100-sxm-80')
    expect(() => base.model('llama-3.1-8b-instrct')).toThrowError(
      expect.objectContaining({
        code: 'unknown-model',
        hint: expect.stringContaining('llama-3.1-8b-instruct'),
      }),
    )
  })
})

describe('overlay', () => {
  it('replaces and adds rows, and marks them', () => {
    const mine = overlay({ 'accelerator_prices.csv': `${header}l4,street,1234,user,2026-11-01,list-price\n` })
    const rows = mine.rows('acceleratorPrices').filter((row) => row.accelerator_id === 'l4')
    expect(rows.find((row) => row.origin === 'user')?.price_usd).toBe(1234)
    expect(mine.rows('acceleratorPrices').length).toBe(base.rows('acceleratorPrices').length + 1)
    expect(mine.version).toContain('+user')
  })

  it('lists every problem of every file at once', () => {
    expect(
      problems({
        'accelerator_prices.csv': `${header}l44,street,-5,user,2026-13-01,good\nl4,street,141GB,nowhere,2026,list-price\nl4,street,,user,2026,list-price\n`,
        'accelerator.csv': 'id\nx\n',
        'models.csv': 'id,colour\nx,red\n',
      }),
    ).toMatchInlineSnapshot(`
      [
        "mine/accelerator.csv: is not a table of the catalog (did you mean accelerators.csv, accelerator_power.csv or accelerator_memory.csv?)",
        "mine/accelerator_prices.csv:2  price_usd: must be above 0 (got "-5")",
        "mine/accelerator_prices.csv:2  as_of: is not a date (2026, 2026-07 or 2026-07-20) (got "2026-13-01")",
        "mine/accelerator_prices.csv:2  quality: invalid option: expected one of "datasheet"|"measured"|"list-price"|"estimated"|"assumed" (got "good")",
        "mine/accelerator_prices.csv:3  price_usd: is not a number (got "141GB")",
        "mine/accelerator_prices.csv:4  price_usd: is missing",
        "mine/models.csv:1  colour: unknown column",
        "mine/accelerator_prices.csv:2  accelerator_id: "l44" is not in accelerators.csv (did you mean l4, l40 or a40?)",
        "mine/accelerator_prices.csv:3  source_id: "nowhere" is not in sources.csv",
      ]
    `)
  })

  it('an empty cell is unknown, never zero', () => {
    const read = readTable({
      table: catalogTables.acceleratorPrices,
      text: `${header}l4,street,,user,2026,list-price\n`,
      file: 'f.csv',
    })
    expect(read.issues).toEqual([{ place: 'f.csv:2  price_usd', message: 'is missing' }])
  })

  it('refuses an alias that already means another row', () => {
    const lines = readCatalogTextsFromFolder(folder).get('accelerators.csv')!.split('\n')
    const row = lines.find((line) => line.startsWith('l4,'))!.replace(/^l4,/, 'l4-mine,')
    expect(problems({ 'accelerators.csv': `${lines[0]}\n${row}\n` }).join()).toContain('already means l4')
  })

  it('throws nothing but its own error, whatever the text', () => {
    const names = Object.values(catalogTables).map((table) => table.file)
    fc.assert(
      fc.property(
        fc.constantFrom(...names),
        fc.string(),
        (file, text) => problems({ [file]: text }).length >= 0,
      ),
    )
    fc.assert(
      fc.property(
        fc.constantFrom(...names),
        fc.array(fc.array(fc.string({ maxLength: 8 }), { maxLength: 6 }), { maxLength: 6 }),
        (file, cells) => problems({ [file]: cells.map((row) => row.join(',')).join('\n') }).length >= 0,
      ),
    )
  })
})

describe('packTable', () => {
  it('comes back as it went in', () => {
    const rows = [{ id: 'a', n: 1 }, { id: 'b', list: ['x'] }, { id: 'c' }]
    const catalog = createCatalog({
      keys: {},
      version: '1',
      asOf: '2026-01-01',
      tables: { accelerators: packTable(rows) },
    })
    expect(catalog.rows('accelerators')).toEqual(rows)
  })
})

describe('folder', () => {
  it('names the folder it cannot read', () => {
    const empty = mkdtempSync(join(tmpdir(), 'rightsize-'))
    expect(() => readCatalogTextsFromFolder(join(empty, 'none'))).toThrowError(
      expect.objectContaining({ code: 'file-unreadable' }),
    )
    writeFileSync(join(empty, 'manifest.json'), '{')
    expect(() => loadCatalogFolder(empty)).toThrowError(expect.objectContaining({ code: 'catalog-invalid' }))
  })
})
