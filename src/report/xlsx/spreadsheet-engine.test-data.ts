import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Cell } from 'hucre'
import { readXlsx, writeXlsx } from 'hucre/xlsx'

/** Opens a workbook with LibreOffice, has every formula worked out again, and saves it. */
export function recalculated(workbook: Uint8Array): Uint8Array {
  return allRecalculated([workbook])[0]!
}

/** Several in one run of the engine, which takes seconds to start. */
export function allRecalculated(workbooks: readonly Uint8Array[]): Uint8Array[] {
  const folder = mkdtempSync(join(tmpdir(), 'rightsize-soffice-'))
  try {
    const profile = join(folder, 'profile')
    mkdirSync(join(profile, 'user'), { recursive: true })
    writeFileSync(join(profile, 'user', 'registrymodifications.xcu'), alwaysRecalculate)
    const names = workbooks.map((_, index) => `book-${index}.xlsx`)
    names.forEach((name, index) => {
      writeFileSync(join(folder, name), workbooks[index]!)
    })
    execFileSync(
      'soffice',
      [
        `-env:UserInstallation=${pathToFileURL(profile).href}`,
        '--headless',
        '--convert-to',
        'xlsx:Calc MS Excel 2007 XML',
        '--outdir',
        join(folder, 'out'),
        ...names.map((name) => join(folder, name)),
      ],
      { stdio: 'ignore', timeout: 280_000 },
    )
    return names.map((name) => new Uint8Array(readFileSync(join(folder, 'out', name))))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** LibreOffice trusts stored results of other programs unless it is told not to. */
const alwaysRecalculate = `<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
`

export function hasSpreadsheetEngine(): boolean {
  try {
    execFileSync('soffice', ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

export interface ReadCell {
  readonly formula: string | undefined
  readonly value: Cell['value'] | undefined
}

/** Cells by sheet and address key `row,column`, from 0. */
export async function readCells(workbook: Uint8Array): Promise<Map<string, Map<string, ReadCell>>> {
  const book = await readXlsx(workbook, { readStyles: false })
  const found = new Map<string, Map<string, ReadCell>>()
  for (const sheet of book.sheets) {
    const cells = new Map<string, ReadCell>()
    found.set(sheet.name, cells)
    sheet.rows.forEach((row, rowIndex) => {
      row.forEach((value, column) => {
        if (value !== null) cells.set(`${rowIndex},${column}`, { formula: undefined, value })
      })
    })
    for (const [key, cell] of sheet.cells ?? [])
      if (cell.formula !== undefined)
        cells.set(key, { formula: cell.formula, value: cell.formulaResult ?? cell.value })
  }
  return found
}

/** The workbook with other values in named cells, as a person would type them. Looks are dropped. */
export async function withInputs(
  workbook: Uint8Array,
  inputs: Readonly<Record<string, number>>,
  /** Values of the second column of the sheet of assumptions, by how the row's label starts. */
  prices: Readonly<Record<string, number>> = {},
): Promise<Uint8Array> {
  const book = await readXlsx(workbook, { readStyles: false })
  const assumptions = book.sheets.find((entry) => entry.name === 'Assumptions')
  for (const [label, value] of Object.entries(prices))
    assumptions?.rows.forEach((row, index) => {
      if (!String(row[0] ?? '').startsWith(label)) return
      row[1] = value
      assumptions.cells?.delete(`${index},1`)
    })
  for (const [name, value] of Object.entries(inputs)) {
    const range = book.namedRanges?.find((entry) => entry.name === name)?.range
    const match = /^'?(.+?)'?!\$([A-Z]+)\$(\d+)$/.exec(range ?? '')
    if (match === null) throw new Error(`no cell is named ${name}`)
    const sheet = book.sheets.find((entry) => entry.name === match[1])
    const column = [...match[2]!].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1
    const row = sheet?.rows[Number(match[3]) - 1]
    if (row === undefined) throw new Error(`${name} is outside its sheet`)
    row[column] = value
    sheet?.cells?.delete(`${Number(match[3]) - 1},${column}`)
  }
  return await writeXlsx({
    sheets: book.sheets.map(({ name, rows, cells }) => ({ name, rows, cells: cells ?? new Map() })),
    namedRanges: book.namedRanges ?? [],
    properties: { modified: new Date('2026-11-24T00:00:00Z') },
  })
}
