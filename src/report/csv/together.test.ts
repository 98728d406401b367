import { parse } from 'csv-parse/sync'
import { describe, expect, it } from 'vitest'
import { roundSignificant } from '../../foundation/format.ts'
import { planOfExample } from '../fixtures/report-cases.test-data.ts'
import { csvTables } from './tables.ts'

type Row = Readonly<Record<string, string>>
const rowsOf = (text: string | undefined): Row[] => parse(text!, { columns: true, bom: true })
const near = (cell: string | undefined, value: number) => expect(Number(cell)).toBe(roundSignificant(value))

describe('CSV of a cascade', () => {
  it('has the pairs, and the options and bills of both sides, each in a file of its own', async () => {
    const plan = await planOfExample('cascade-helpdesk')
    const { pairs, small, large, largeAlone } = plan.cascade!
    const files = csvTables(plan)
    expect(rowsOf(files.get('options.csv'))).toHaveLength(plan.options.length)
    const table = rowsOf(files.get('cascade.csv'))
    expect(table.map((row) => row['pair_id'])).toEqual(pairs.map((pair) => pair.id))
    for (const [index, pair] of pairs.entries()) {
      const row = table[index]!
      near(row['total_usd'], pair.cost.totalUsd.value)
      near(row['ttft_p95_answered_by_large_s'], pair.latency.answeredByLarge!.ttft.p95.value)
      expect([row['small_request_fraction'], row['large_request_fraction']]).toEqual(['0.8', '0.2'])
      const member = small!.options.find((option) => option.id === pair.smallOptionId)!
      expect(row['small_replicas']).toBe(String(member.deployment!.replicas))
    }
    const options = rowsOf(files.get('cascade_options.csv'))
    expect(options.map((row) => row['side'])).toEqual([
      ...small!.options.map(() => 'small'),
      ...large!.options.map(() => 'large'),
      ...largeAlone!.options.map(() => 'large-alone'),
    ])
    // What a pair pays is on the bills of its members.
    const lines = rowsOf(files.get('cascade_cost_lines.csv'))
    const paid = (side: string, id: string | undefined) =>
      lines
        .filter((row) => row['side'] === side && row['option_id'] === id)
        .reduce((sum, row) => sum + Number(row['total_usd']), 0)
    for (const pair of pairs)
      expect(
        (paid('small', pair.smallOptionId) + paid('large', pair.largeOptionId)) / pair.cost.totalUsd.value,
      ).toBeCloseTo(1, 5)
    expect(rowsOf(files.get('cascade_bill_of_materials.csv')).length).toBeGreaterThan(pairs.length)
  })
})

describe('CSV of several use cases on one cluster', () => {
  it('has a row for each option and use case, with its targets beside what it sees', async () => {
    const plan = await planOfExample('shared-cluster')
    const files = csvTables(plan)
    expect([...files.keys()]).not.toContain('cascade.csv')
    const rows = rowsOf(files.get('workloads.csv'))
    expect(rows).toHaveLength(plan.options.length * plan.workloads!.length)
    const [best] = plan.options
    for (const [index, seen] of best!.workloads!.entries()) {
      expect(rows[index]).toMatchObject({ rank: '1', workload: seen.name })
      near(rows[index]!['ttft_p95_s'], seen.ttft.p95.value)
      near(rows[index]!['target_ttft_s'], plan.workloads![index]!.ttftSeconds)
      expect(rows[index]!['shared_replicas']).toBe(String(best!.deployment!.replicas))
    }
  })

  it('has neither file for one use case with single models', async () => {
    const names = [...csvTables(await planOfExample('cloud-wins')).keys()]
    expect(names.filter((name) => name.startsWith('cascade') || name === 'workloads.csv')).toEqual([])
  })
})
