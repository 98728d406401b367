import { describe, expect, it } from 'vitest'
import type { Plan } from '../planner/plan-types.ts'
import { examplePlan } from './fixtures/example-plan.test-data.ts'
import type { ReportBlock, ReportDocument, TableBlock } from './report-document.ts'
import { reportDocument } from './view-model.ts'

const blocksOf = (document: ReportDocument): ReportBlock[] =>
  document.sections.flatMap((section) => section.blocks)

const tablesOf = (document: ReportDocument): TableBlock[] =>
  blocksOf(document).flatMap((block) =>
    block.kind === 'table' ? [block] : block.kind === 'chart' ? [block.data] : [],
  )

const sectionOf = (document: ReportDocument, id: string) =>
  document.sections.find((section) => section.id === id)!

const infeasible = (): Plan => {
  const { balanced: _, ...rest } = examplePlan().roles
  return {
    ...examplePlan(),
    status: 'infeasible',
    options: [],
    roles: Object.fromEntries(Object.keys(rest).map((key) => [key, undefined])) as never,
    paretoFront: [],
    paretoFrontSize: 0,
    sideBySide: [],
    breakEvens: [],
    infeasible: {
      binding: [{ constraint: 'memory', message: 'too big', refusedCandidates: 10, refusedAlone: 4 }],
      closest: [{ candidate: 'x', label: 'X on Y', misses: [] }],
      relaxations: [{ constraint: 'ttft', field: 'targets.ttft', message: 'allow 2 s', candidate: 'x' }],
    },
  }
}

describe('report document', () => {
  it.each(['en', 'de'] as const)('has every section the report promises, with content (%s)', (locale) => {
    const document = reportDocument({ plan: examplePlan(), locale })
    expect(document.sections.map((section) => section.id)).toEqual([
      'summary',
      'need',
      'models',
      'shortlist',
      'sizing',
      'materials',
      'cost',
      'footprint',
      'risks',
      'growth',
      'deployment',
      'acceptance',
      'rfp',
      'assumptions',
      'left-out',
      'sources',
    ])
    for (const section of document.sections) expect(section.blocks.length, section.id).toBeGreaterThan(0)
  })

  it('holds the eight charts, each with an alternative text and its data', () => {
    const charts = blocksOf(reportDocument({ plan: examplePlan() })).filter((block) => block.kind === 'chart')
    expect(charts.map((chart) => chart.id).sort()).toEqual([
      'carbon-composition',
      'cost-composition',
      'cumulative-cost',
      'demand-capacity',
      'latency-curve',
      'memory',
      'pareto',
      'tornado',
    ])
    for (const chart of charts) {
      expect(chart.alt.length, chart.id).toBeGreaterThan(20)
      expect(chart.data.rows.length, chart.id).toBeGreaterThan(0)
      expect(JSON.parse(JSON.stringify(chart.config))).toEqual(chart.config)
    }
  })

  it('tables are rectangular, ids are unique, marks point at footnotes', () => {
    for (const plan of [examplePlan(), infeasible()]) {
      const tables = tablesOf(reportDocument({ plan }))
      expect(new Set(tables.map((table) => table.id)).size).toBe(tables.length)
      for (const table of tables)
        for (const row of table.rows) {
          expect(row.cells.length, table.id).toBe(table.columns.length)
          for (const cell of row.cells)
            for (const mark of cell.marks ?? []) expect(table.footnotes[mark - 1], table.id).toBeDefined()
        }
    }
  })

  it('says NaN, undefined or Infinity nowhere', () => {
    for (const locale of ['en', 'de'] as const)
      for (const plan of [examplePlan(), infeasible()]) {
        const { meta: _, ...shown } = reportDocument({ plan, locale })
        expect(JSON.stringify(shown)).not.toMatch(/NaN|undefined|Infinity|\[object/)
      }
  })

  it('prints money in the currency of the scenario: 139,600 USD at 1.1 USD per EUR', () => {
    const cost = sectionOf(reportDocument({ plan: examplePlan() }), 'summary').blocks.find(
      (block) => block.kind === 'cards',
    )
    const value = cost?.kind === 'cards' ? cost.cards.find((card) => card.id === 'cost')?.value : undefined
    expect(value).toBe(
      new Intl.NumberFormat('en-US', {
        style: 'currency',
        currency: 'EUR',
        maximumSignificantDigits: 3,
      }).format((64_000 + 36 * 2_100) / 1.1),
    )
  })

  it('German numbers and dates are German', () => {
    const document = reportDocument({ plan: examplePlan(), locale: 'de' })
    expect(document.meta.planDateText).toBe('24. November 2026')
    expect(JSON.stringify(document.sections[1])).toContain('1.300.000')
  })

  it('acceptance thresholds are the targets of the plan', () => {
    const acceptance = JSON.stringify(sectionOf(reportDocument({ plan: examplePlan() }), 'acceptance'))
    expect(acceptance).toContain('≤ 1\u00a0s')
    expect(acceptance).toContain('≤ 60\u00a0ms')
  })

  it('every note of the plan stands in the register once', () => {
    const plan = examplePlan()
    const register = sectionOf(reportDocument({ plan }), 'assumptions').blocks.find(
      (block) => block.kind === 'table',
    )
    const codes = register?.kind === 'table' ? register.rows.map((row) => row.cells[4]?.text) : []
    expect(codes.sort()).toEqual(['cost-price-estimated', 'default-used', 'search-heuristic'])
  })

  it('a plan in which nothing fits says why, and no section invents figures', () => {
    const document = reportDocument({ plan: infeasible() })
    expect(JSON.stringify(sectionOf(document, 'summary'))).toContain('allow 2 s')
    for (const id of [
      'sizing',
      'materials',
      'cost',
      'footprint',
      'risks',
      'growth',
      'deployment',
      'acceptance',
    ])
      expect(sectionOf(document, id).blocks, id).toEqual([
        expect.objectContaining({ kind: 'callout', title: 'Not in the plan' }),
      ])
  })

  it('an option of which only the price is known says so where figures are missing', () => {
    const plan = examplePlan()
    const api = plan.options.find((option) => option.place.kind === 'api')!
    const alone: Plan = {
      ...plan,
      options: [{ ...api, rank: 1, roles: ['balanced'] }],
      roles: { balanced: api.id },
      paretoFront: [],
      sideBySide: [{ kind: 'api', optionId: api.id }],
      breakEvens: [],
    }
    const document = reportDocument({ plan: alone })
    for (const id of ['sizing', 'footprint', 'growth', 'risks'])
      expect(JSON.stringify(sectionOf(document, id)), id).toContain('Not in the plan')
  })

  it('the same plan gives the same document', () => {
    const once = JSON.stringify(reportDocument({ plan: examplePlan(), locale: 'de' }))
    expect(JSON.stringify(reportDocument({ plan: examplePlan(), locale: 'de' }))).toBe(once)
  })
})
