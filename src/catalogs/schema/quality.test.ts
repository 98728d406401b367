import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { readTable } from '../csv.ts'
import { comparableScores, comparisonGroup, modelQualityTable } from './quality.ts'

const text = (file: string) => readFileSync(new URL(`../../../catalogs/${file}`, import.meta.url), 'utf8')
const table = readTable({
  table: modelQualityTable,
  text: text(modelQualityTable.file),
  file: modelQualityTable.file,
})
const rows = table.rows.map((entry) => entry.row)
const header =
  'model_id,benchmark,variant,setting,evaluator,score,unit,score_low,score_high,source_id,as_of,quality,note'
const issuesOf = (line: string) =>
  readTable({ table: modelQualityTable, text: `${header}\n${line}`, file: 'q.csv' }).issues

describe('model_quality.csv', () => {
  it('is clean and covers at least 700 scores of 125 models', () => {
    expect(table.issues).toEqual([])
    expect(rows.length).toBeGreaterThanOrEqual(700)
    expect(new Set(rows.map((row) => row.model_id)).size).toBeGreaterThanOrEqual(125)
  })

  it('holds nothing of Artificial Analysis, whose terms do not let us ship it', () => {
    const theirOnly = ['aa-intelligence-index', 'ifbench', 'aime-2025', 'livecodebench']
    for (const row of rows) {
      expect(Object.values(row).join(' ').toLowerCase()).not.toMatch(/artificial.?analysis|\baa\b/)
      expect(theirOnly).not.toContain(row.benchmark)
      expect(row.source_id).not.toMatch(/llm-d-planner|minimax/)
    }
  })

  it('scores only models of the catalog', () => {
    const [first, ...lines] = text('models.csv').trim().split('\n')
    expect(first?.startsWith('id,')).toBe(true)
    const ids = new Set(lines.map((line) => line.slice(0, line.indexOf(','))))
    expect(rows.filter((row) => !ids.has(row.model_id)).map((row) => row.model_id)).toEqual([])
  })

  it('is sorted by its key', () => {
    const keys = table.rows.map(({ row }) =>
      [row.model_id, row.benchmark, row.variant, row.setting, row.evaluator].join('\u0000'),
    )
    expect(keys).toEqual([...keys].sort())
  })

  it('gives every rating of the arena its interval and one unit per benchmark', () => {
    for (const row of rows.filter((entry) => entry.benchmark === 'lmarena-text')) {
      expect(row.score_low).toBeLessThanOrEqual(row.score)
      expect(row.score_high).toBeGreaterThanOrEqual(row.score)
    }
    const units = new Map<string, Set<string>>()
    for (const row of rows) units.set(row.benchmark, (units.get(row.benchmark) ?? new Set()).add(row.unit))
    for (const [benchmark, found] of units) expect([benchmark, found.size]).toEqual([benchmark, 1])
  })

  it('compares within one variant and setting, and within one evaluator where the setting is unstated', () => {
    const group = {
      model_id: 'a',
      benchmark: 'mmlu',
      variant: 'instruct',
      setting: '5-shot',
      evaluator: 'meta',
    } as const
    expect(comparisonGroup(group)).toBe(comparisonGroup({ ...group, evaluator: 'ibm' }))
    expect(comparisonGroup({ ...group, setting: 'unstated' })).not.toBe(
      comparisonGroup({ ...group, setting: 'unstated', evaluator: 'ibm' }),
    )
    const unknown = { ...group, setting: 'unstated', evaluator: 'unstated' }
    expect(comparisonGroup(unknown)).not.toBe(comparisonGroup({ ...unknown, model_id: 'b' }))
    const groups = [...comparableScores({ rows, benchmark: 'mmlu' }).values()]
    expect(groups.flat().length).toBe(rows.filter((row) => row.benchmark === 'mmlu').length)
    expect(groups.length).toBeGreaterThan(5)
  })

  it('rejects a score off its scale, an interval beside the score and an unknown unit', () => {
    const end = 's,2026,measured,'
    expect(issuesOf(`m,mmlu,base,5-shot,meta,101,percent,,,${end}`)[0]?.message).toBe(
      'is not between 0 and 100 percent (got "101")',
    )
    expect(issuesOf(`m,mmlu,base,5-shot,meta,50,percent,51,,${end}`)[0]?.message).toContain(
      'is above the score',
    )
    expect(issuesOf(`m,mmlu,base,5-shot,meta,50,percent,,49,${end}`)[0]?.message).toContain(
      'is below the score',
    )
    expect(issuesOf(`m,mmlu,base,5-shot,meta,50,points,,,${end}`)[0]?.place).toBe('q.csv:2  unit')
    expect(issuesOf(`m,mmlu,base,5-shot,meta,,percent,,,${end}`)[0]?.message).toBe('is missing')
  })
})
