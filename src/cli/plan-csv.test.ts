import { parse } from 'csv-parse/sync'
import { describe, expect, it } from 'vitest'
import { planOfExample } from '../report/fixtures/report-cases.test-data.ts'
import { planCsv } from './plan-csv.ts'

type Row = Readonly<Record<string, string>>
const rowsOf = (text: string): Row[] => parse(text, { columns: true, bom: true })

describe('planCsv', () => {
  it('has rows of their own kind for pairs and their members', async () => {
    const plan = await planOfExample('cascade-helpdesk')
    const { pairs, small, large } = plan.cascade!
    const rows = rowsOf(planCsv(plan))
    const of = (kind: string) => rows.filter((row) => row['row'] === kind)
    expect(of('option')).toHaveLength(plan.options.length)
    expect(of('pair').map((row) => Number(row['usd_per_month']))).toEqual(
      pairs.map((pair) => pair.cost.usdPerMonth.value),
    )
    expect(of('small').map((row) => [row['id'], row['request_fraction']])).toEqual(
      small!.options.map((option) => [option.id, '0.8']),
    )
    const [first] = pairs
    const member = of('large').find((row) => row['pair']!.split(';').includes(first!.id))
    expect(member?.['id']).toBe(first!.largeOptionId)
    expect(of('large')).toHaveLength(large!.options.length)
  })

  it('has a row for each option and each of several use cases on one cluster', async () => {
    const plan = await planOfExample('shared-cluster')
    const [best] = plan.options
    const long = rowsOf(planCsv(plan)).filter((row) => row['row'] === 'workload' && row['rank'] === '1')
    expect(long.map((row) => [row['workload'], Number(row['end_to_end_p95_s'])])).toEqual(
      best!.workloads!.map((seen) => [seen.name, seen.endToEnd.p95.value]),
    )
  })
})
