import { describe, expect, it } from 'vitest'
import { cashFlowOf, netPresentValueUsd, sumOf } from '../../estimators/cost/cash-flow.ts'
import { unitsNeeded } from '../../estimators/cost/growth.ts'
import type { CostLine } from '../../estimators/cost/lines.ts'
import type { PlanCostLine, PlanOption } from '../../planner/plan-option-types.ts'
import type { Plan } from '../../planner/plan-types.ts'
import { cascadeBases } from '../../planner/recompute-basis.ts'
import { recomputePair } from '../../planner/recompute-pair.ts'
import { examplePlan } from '../fixtures/example-plan.test-data.ts'
import { planOfExample, shippedCatalog } from '../fixtures/report-cases.test-data.ts'
import { reportDocument } from '../view-model.ts'
import { timingOf } from './cost-rows.ts'
import {
  hasSpreadsheetEngine,
  type ReadCell,
  readCells,
  recalculated,
  withInputs,
} from './spreadsheet-engine.test-data.ts'
import { renderXlsx } from './xlsx.ts'

const plan = examplePlan()
const { usdPerUnit } = plan.finance.currency

type Cells = ReadonlyMap<string, ReadonlyMap<string, ReadCell>>

async function workedOut(inputs: Readonly<Record<string, number>>, of = plan): Promise<Cells> {
  const workbook = await renderXlsx(of, { document: reportDocument({ plan: of }) })
  return await readCells(recalculated(await withInputs(workbook, inputs)))
}

function money(cells: Cells, option: PlanOption): { total: number; netPresent: number } {
  const sheet = cells.get('Cash flow')!
  const row = [...sheet]
    .find(([key, cell]) => key.endsWith(',0') && String(cell.value).startsWith(`${option.rank} · `))![0]
    .split(',')[0]
  return { total: Number(sheet.get(`${row},1`)?.value), netPresent: Number(sheet.get(`${row},2`)?.value) }
}

/** What the library says of lines that run to another horizon. */
function byLibrary(
  lines: readonly PlanCostLine[],
  { horizon, discount, rate }: { horizon: number; discount: number; rate: number },
) {
  const all = lines.map(
    (line): CostLine => ({
      ...line,
      amountUsd: line.quantity * line.unitPriceUsd,
      timing: timingOf(line.toMonth === plan.finance.horizonMonths ? { ...line, toMonth: horizon } : line),
    }),
  )
  const { monthlyUsd } = cashFlowOf(all, horizon)
  return {
    total: sumOf(monthlyUsd) / rate,
    netPresent: netPresentValueUsd({ monthlyUsd, ratePerYearFraction: discount }) / rate,
  }
}

describe.skipIf(!hasSpreadsheetEngine())(
  'the workbook in LibreOffice (skipped where soffice is not installed)',
  () => {
    it.each([
      ['single models', async () => plan],
      ['a cascade', () => planOfExample('cascade-helpdesk')],
    ] as const)('works out the same values that are stored in the file: %s', async (_, planned) => {
      const made = await planned()
      const workbook = await renderXlsx(made, { document: reportDocument({ plan: made }) })
      const stored = await readCells(workbook)
      const fresh = await readCells(recalculated(workbook))
      let compared = 0
      for (const [name, sheet] of stored)
        for (const [key, cell] of sheet) {
          // Helpers of a break-even that falls on the end of a month: float noise decides which month they name.
          if (cell.formula === undefined || (name === 'Break-even' && /,[567]$/.test(key))) continue
          const again = fresh.get(name)?.get(key)?.value
          if (typeof cell.value === 'number') {
            const error = Math.abs(Number(again) - cell.value) / Math.max(1, Math.abs(cell.value))
            expect(error, `${name} ${key}: ${cell.formula}`).toBeLessThan(1e-9)
          } else expect(again, `${name} ${key}`).toBe(cell.value)
          compared += 1
        }
      expect(compared).toBeGreaterThan(1_000)
    })

    it.each([
      { horizon: 24, discount: 0.12, rate: usdPerUnit },
      { horizon: 60, discount: 0.03, rate: 2 * usdPerUnit },
    ])(
      'follows horizon $horizon, discount rate $discount and another currency rate as the library does',
      async ({ horizon, discount, rate }) => {
        // Without growth: a longer horizon of a growing demand needs more machines, which the next test is about.
        const steady: Plan = {
          ...plan,
          workload: { ...plan.workload, growthByMonth: plan.workload.growthByMonth.map(() => 1) },
        }
        const cells = await workedOut(
          { horizon_months: horizon, discount_rate_per_year: discount, usd_per_currency_unit: rate },
          steady,
        )
        for (const option of steady.options) {
          const expected = byLibrary(option.cost.lines, { horizon, discount, rate })
          const got = money(cells, option)
          expect(got.total).toBeCloseTo(expected.total, 4)
          expect(got.netPresent).toBeCloseTo(expected.netPresent, 4)
        }
      },
    )

    it('buys the machines that three times the users need, and bills three times the tokens', async () => {
      const cells = await workedOut({ users: 3 * plan.workload.users! })
      const demand = 3 * plan.workload.peakRequestsPerSecond.value * Math.max(...plan.workload.growthByMonth)
      for (const option of plan.options) {
        const { deployment, capacity } = option
        if (deployment === undefined || capacity === undefined) {
          expect(money(cells, option).total).toBeCloseTo((3 * option.cost.totalUsd.value) / usdPerUnit, 4)
          continue
        }
        const capacityPerUnit =
          capacity.requestsPerSecondPerReplica.value * (1 - plan.targets.headroomFraction)
        const replicas = unitsNeeded({ demand, capacityPerUnit })
        const sheet = cells.get('Options')!
        const row = [...sheet]
          .find(([key, cell]) => key.endsWith(',0') && String(cell.value).startsWith(`${option.rank} · `))![0]
          .split(',')[0]
        const atStart = unitsNeeded({ demand: demand / 3, capacityPerUnit })
        if (atStart === deployment.replicasNeeded) expect(sheet.get(`${row},3`)?.value).toBe(replicas)
        expect(Number(sheet.get(`${row},5`)?.value)).toBeGreaterThan(deployment.servers)
        expect(money(cells, option).total).toBeGreaterThan(option.cost.totalUsd.value / usdPerUnit)
      }
    })

    it('counts machines of both models of a pair for another share and twice the users, and adds up their costs', async () => {
      const made = await planOfExample('cascade-helpdesk')
      const cells = await workedOut({ small_model_share: 0.5, users: 2 * made.workload.users! }, made)
      const { pairs } = cascadeBases({ plan: made, catalog: shippedCatalog() })
      const rowOf = (sheet: string, label: string) =>
        [...cells.get(sheet)!]
          .find(([key, cell]) => key.endsWith(',0') && cell.value === label)![0]
          .split(',')[0]
      const at = (sheet: string, row: string | number | undefined, column: number) =>
        cells.get(sheet)!.get(`${row},${column}`)?.value
      const first = Number(rowOf('Cascades', 'Best by')) + 1
      const { cascade } = made
      for (const [index, pair] of cascade!.pairs.entries()) {
        const members = [
          cascade!.small!.options.find((option) => option.id === pair.smallOptionId)!,
          cascade!.large!.options.find((option) => option.id === pair.largeOptionId)!,
        ]
        const row = first + index
        const labels = [1, 2].map((column) => String(at('Cascades', row, column)))
        for (const [of, { capacity }] of members.entries()) {
          const replicas = unitsNeeded({
            demand: 0.5 * 2 * made.workload.peakRequestsPerSecond.value,
            capacityPerUnit:
              capacity!.requestsPerSecondPerReplica.value * (1 - made.targets.headroomFraction),
          })
          expect(at('Options', rowOf('Options', labels[of]!), 3), labels[of]).toBe(replicas)
        }
        const sum = (column: number) =>
          labels.reduce((all, label) => all + Number(at('Cash flow', rowOf('Cash flow', label), column)), 0)
        expect(at('Cascades', row, 3)).toBeCloseTo(sum(1), 4)
        expect(at('Cascades', row, 5)).toBeCloseTo(sum(2), 4)
        const again = recomputePair(pairs.get(pair.id)!, { smallFraction: 0.5, demandRatio: 2 })
        expect(
          (Number(at('Cascades', row, 3)) * made.finance.currency.usdPerUnit) / again.totalUsd!,
        ).toBeCloseTo(1, 3)
      }
    })
  },
)
