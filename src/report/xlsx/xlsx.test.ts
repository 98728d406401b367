import { inflateRawSync } from 'node:zlib'
import { beforeAll, describe, expect, it } from 'vitest'
import { cumulative, netPresentValueUsd } from '../../estimators/cost/cash-flow.ts'
import type { PlanOption } from '../../planner/plan-option-types.ts'
import type { Plan } from '../../planner/plan-types.ts'
import { examplePlan } from '../fixtures/example-plan.test-data.ts'
import { planOfExample } from '../fixtures/report-cases.test-data.ts'
import type { ChartPicture, ReportLocale } from '../report-document.ts'
import { reportDocument } from '../view-model.ts'
import { evenGrowth } from './plan-rules.ts'
import { type ReadCell, readCells } from './spreadsheet-engine.test-data.ts'
import { renderXlsx } from './xlsx.ts'

const render = (plan: Plan, locale: ReportLocale = 'en') =>
  renderXlsx(plan, { document: reportDocument({ plan, locale }) })

/** The files inside, by name. */
function parts(workbook: Uint8Array): Map<string, string> {
  const all = Buffer.from(workbook)
  const found = new Map<string, string>()
  for (let at = all.indexOf('PK\u0001\u0002'); at >= 0; at = all.indexOf('PK\u0001\u0002', at + 46)) {
    const [size, nameLength, start] = [
      all.readUInt32LE(at + 20),
      all.readUInt16LE(at + 28),
      all.readUInt32LE(at + 42),
    ]
    const name = all.toString('utf8', at + 46, at + 46 + nameLength)
    const data = start + 30 + all.readUInt16LE(start + 26) + all.readUInt16LE(start + 28)
    const body = all.subarray(data, data + size)
    found.set(name, (all.readUInt16LE(at + 10) === 8 ? inflateRawSync(body) : body).toString('utf8'))
  }
  return found
}

const rowsOf = (cells: ReadonlyMap<string, ReadCell> | undefined, column: number) =>
  [...(cells ?? [])]
    .filter(([key]) => key.endsWith(`,${column}`))
    .map(([key, cell]) => [Number(key.split(',')[0]), cell] as const)

/** The value in a column of the row whose first column starts with the option's rank. */
function ofOption(
  cells: ReadonlyMap<string, ReadCell> | undefined,
  option: PlanOption,
  column: number,
  label = 0,
): ReadCell | undefined {
  const row = rowsOf(cells, label).find(([, cell]) => String(cell.value).startsWith(`${option.rank} · `))?.[0]
  return cells?.get(`${row},${column}`)
}

const plan = examplePlan()
const { usdPerUnit } = plan.finance.currency
const steady: Plan = {
  ...plan,
  workload: { ...plan.workload, growthByMonth: plan.workload.growthByMonth.map(() => 1) },
}
let workbook: Uint8Array
let cells: Map<string, Map<string, ReadCell>>
beforeAll(async () => {
  workbook = await render(plan)
  cells = await readCells(workbook)
})

describe('renderXlsx', () => {
  it('gives the same bytes for the same plan, with dates of the plan in the file and none in the zip', async () => {
    expect(Buffer.compare(workbook, await render(plan))).toBe(0)
    const core = parts(workbook).get('docProps/core.xml') ?? ''
    expect([...core.matchAll(/>(\d{4}-[^<]+)</g)].map((match) => match[1])).toEqual([
      '2026-11-24T00:00:00Z',
      '2026-11-24T00:00:00Z',
    ])
    const local = Buffer.from(workbook)
    expect(local.readUInt32LE(10)).toBe(33 << 16)
  })

  it('has its sheets in order, in the language of the report', async () => {
    expect([...cells.keys()]).toEqual([
      'Overview',
      'Assumptions',
      'Demand',
      'Options',
      'Machines by year',
      'Quantities',
      'Costs',
      'Cash flow',
      'Months',
      'Energy and carbon',
      'Break-even',
      'Notes',
      'Sources',
    ])
    const german = await readCells(await render(plan, 'de'))
    expect([...german.keys()].slice(0, 3)).toEqual(['Überblick', 'Annahmen', 'Bedarf'])
  })

  it('names its assumptions, freezes its titles and checks what is typed', () => {
    const files = parts(workbook)
    const book = files.get('xl/workbook.xml') ?? ''
    for (const name of [
      'users',
      'horizon_months',
      'discount_rate_per_year',
      'usd_per_currency_unit',
      'headroom_share',
    ])
      expect(book).toContain(`name="${name}"`)
    // Without quotes Excel calls the file damaged.
    expect(book).toContain("'Machines by year'!$4:$4")
    expect(files.get('xl/worksheets/sheet2.xml')).toContain('<dataValidation ')
    expect(files.get('xl/worksheets/sheet5.xml')).toMatch(/<pane [^>]*state="frozen"/)
  })

  it('starts from the plan: totals, net present cost, payments of each month, energy and carbon', async () => {
    // The made-up plan grows, but its bill does not: without growth both agree.
    const cells = await readCells(await render(steady))
    for (const option of plan.options) {
      const { cost, carbon, energy } = option
      expect(ofOption(cells.get('Cash flow'), option, 1)?.value).toBeCloseTo(
        cost.totalUsd.value / usdPerUnit,
        6,
      )
      const net = netPresentValueUsd({
        monthlyUsd: cost.monthlyUsd,
        ratePerYearFraction: plan.finance.discountRatePerYearFraction,
      })
      expect(ofOption(cells.get('Cash flow'), option, 2)?.value).toBeCloseTo(net / usdPerUnit, 6)
      if (energy !== undefined)
        expect(ofOption(cells.get('Energy and carbon'), option, 2)?.value).toBeCloseTo(
          energy.kilowattHoursPerMonth!.value,
          6,
        )
      if (carbon?.totalGrams !== undefined)
        expect(ofOption(cells.get('Energy and carbon'), option, 6)?.value).toBeCloseTo(
          carbon.totalGrams.value / 1e6,
          6,
        )
    }
    const months = cells.get('Months')
    const firstRow = 5
    plan.options.forEach((option, index) => {
      const { monthlyUsd } = option.cost
      monthlyUsd.forEach((usd, month) => {
        expect(months?.get(`${firstRow + month},${5 + index}`)?.value).toBeCloseTo(usd / usdPerUnit, 6)
      })
      const all = cumulative(monthlyUsd).at(-1)! / usdPerUnit
      expect(months?.get(`${firstRow + 36},${5 + plan.options.length + 1 + index}`)?.value).toBeCloseTo(
        all,
        6,
      )
    })
  })

  it('holds formulas where a figure follows from others, and numbers in inputs and plan columns only', () => {
    for (const option of plan.options) {
      expect(ofOption(cells.get('Overview'), option, 2, 1)?.formula).toMatch(/^IFERROR\(/)
      expect(ofOption(cells.get('Cash flow'), option, 1)?.formula).toMatch(/^SUM\(/)
    }
    const costs = cells.get('Costs')
    for (let column = 2; column <= 9; column += 1)
      for (const [row, cell] of rowsOf(costs, column).filter(([row]) => row > 3))
        if (cell.value !== null && cell.value !== undefined)
          expect(cell.formula, `row ${row}, column ${column}`).toBeDefined()
  })

  it('says what the library says about break-evens', async () => {
    const sheet = (await readCells(await render(steady))).get('Break-even')
    expect(
      rowsOf(sheet, 2)
        .slice(1)
        .map(([, cell]) => cell.value),
    ).toEqual(['cheaper from this month', 'not within the horizon', 'cheaper from the start'])
    expect(sheet?.get('4,3')?.value).toBeCloseTo(20, 6)
  })

  it('stores text that looks like a formula as text', async () => {
    const hostile = ['=1+1', '+1', '-1', '@SUM(1)', '=HYPERLINK("http://x","y")', '<b>&"\u0007\ud800']
    const [first, ...rest] = plan.options
    const bad: Plan = {
      ...plan,
      name: hostile[0]!,
      options: [
        {
          ...first!,
          model: { ...first!.model, name: hostile[4]! },
          cost: {
            ...first!.cost,
            lines: first!.cost.lines.map((line, index) => ({
              ...line,
              label: hostile[index % hostile.length]!,
              unit: hostile[(index + 1) % hostile.length]!,
              note: hostile[(index + 2) % hostile.length]!,
              sourceId: hostile[(index + 3) % hostile.length]!,
            })),
          },
        },
        ...rest,
      ],
      notes: hostile.map((message) => ({ code: 'x', level: 'warning', about: message, message })),
    }
    const book = await render(bad)
    const read = await readCells(book)
    const texts = new Set(
      [...read.values()]
        .flatMap((sheet) => [...sheet.values()])
        .filter((cell) => cell.formula === undefined)
        .map((cell) => cell.value),
    )
    for (const text of hostile.slice(0, 5)) expect(texts.has(text), text).toBe(true)
    expect(texts.has('<b>&"')).toBe(true)
    for (const sheet of read.values())
      for (const { formula } of sheet.values()) expect(formula ?? '').not.toMatch(/HYPERLINK|@SUM|^1\+1$/)
    for (const [name, xml] of parts(book))
      if (name.startsWith('xl/worksheets/')) expect(xml).not.toContain('<hyperlink ')
  })

  it('shows a missing price as unknown, never as nothing', async () => {
    const [first, ...rest] = plan.options
    const lines = first!.cost.lines.map((line) =>
      line.category === 'servers' ? { ...line, unitPriceUsd: Number.NaN, totalUsd: Number.NaN } : line,
    )
    const unpriced: Plan = { ...plan, options: [{ ...first!, cost: { ...first!.cost, lines } }, ...rest] }
    const read = await readCells(await render(unpriced))
    expect(ofOption(read.get('Overview'), first!, 2, 1)?.value).toBe('unknown')
  })

  it('puts the pictures of the charts on a sheet of their own, with alt text', async () => {
    const document = reportDocument({ plan })
    const png = Buffer.from(
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=',
      'base64',
    )
    const charts = new Map<string, ChartPicture>()
    for (const section of document.sections)
      for (const block of section.blocks)
        if (block.kind === 'chart') charts.set(block.id, { png, widthPixels: 2, heightPixels: 1 })
    const files = parts(await renderXlsx(plan, { document, charts }))
    const drawings = [...files]
      .filter(([name]) => name.startsWith('xl/drawings/drawing'))
      .map(([, xml]) => xml)
    expect([...drawings.join('').matchAll(/<xdr:pic>/g)]).toHaveLength(charts.size)
    for (const section of document.sections)
      for (const block of section.blocks)
        if (block.kind === 'chart') expect(drawings.join('')).toContain(`title="${block.title}"`)
  })

  it('renders a plan in which nothing fits', async () => {
    const none: Plan = {
      ...plan,
      status: 'infeasible',
      options: [],
      roles: {},
      paretoFront: [],
      sideBySide: [],
      breakEvens: [],
    }
    const read = await readCells(await render(none))
    expect(
      [...read.get('Overview')!.values()].some((cell) => String(cell.value).startsWith('Nothing fits')),
    ).toBe(true)
  })
})

describe('evenGrowth', () => {
  it('finds the yearly rate of an even growth and refuses any other', () => {
    expect(evenGrowth(Array.from({ length: 36 }, (_, month) => 1.15 ** (month / 12)))).toBe(0.15)
    expect(evenGrowth([1, 1, 1])).toBe(0)
    expect(evenGrowth([1, 2, 2])).toBeUndefined()
  })
})

describe('the sheet of cascades', () => {
  it('starts from the plan’s pairs, and is not there without one', async () => {
    expect(cells.has('Cascades')).toBe(false)
    const made = await planOfExample('cascade-helpdesk')
    const sheet = (await readCells(await render(made, 'de'))).get('Kaskaden')!
    const first = rowsOf(sheet, 0).find(([, cell]) => cell.value === 'Am besten nach')![0] + 1
    const { usdPerUnit: rate } = made.finance.currency
    for (const [index, pair] of made.cascade!.pairs.entries()) {
      const at = (column: number) => sheet.get(`${first + index},${column}`)
      expect(at(3)?.formula).toContain('+')
      expect(at(3)?.value).toBeCloseTo(pair.cost.totalUsd.value / rate, 4)
      expect(at(5)?.value).toBeCloseTo(pair.cost.netPresentUsd.value / rate, 4)
      expect(at(7)?.value).toBeCloseTo(pair.cost.usdPer1000Requests.value / rate, 6)
      const beyond = made.cascade!.versusSingle.find(
        (entry) => entry.pairId === pair.id && entry.against === 'large' && entry.role === pair.roles[0],
      )!.netPresentUsdDifference!
      expect(at(9)?.value).toBeCloseTo(beyond / rate, 4)
    }
  })
})
