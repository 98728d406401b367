import type { PlanOption } from '../../planner/plan-option-types.ts'
import { newSheet, optionName, type WorkbookContext } from './context.ts'
import { call, type Term } from './formula.ts'
import type { SheetBuilder } from './sheet-builder.ts'

/** What one replica draws more than idle, by its rate: straight lines between the points, the first is idle. */
export interface PowerCurve {
  readonly rates: { readonly low: string; readonly high: string; readonly values: readonly number[] }
  readonly watts: { readonly low: string; readonly high: string; readonly values: readonly number[] }
  /** Above it a request is always in work. */
  readonly firstRate: Term
}

const firstPoint = 2

export function powerSheet(
  context: WorkbookContext,
): { sheet: SheetBuilder; curves: ReadonlyMap<PlanOption, PowerCurve> } | undefined {
  const { words } = context
  const known = context.options.filter((option) => (option.energy?.draw?.replica.length ?? 0) > 0)
  if (known.length === 0) return undefined
  const sheet = newSheet(context, 'sheet.power', 'lead.power')
  const most = Math.max(...known.map((option) => option.energy!.draw!.replica.length)) + 1
  sheet.widths(88, 14, ...Array.from({ length: most }, () => 9))
  sheet.header([
    words('column.option'),
    words('column.unit'),
    ...Array.from({ length: most }, (_, point) => String(point)),
  ])
  sheet.freezeAt(sheet.row, 1)
  const curves = new Map<PlanOption, PowerCurve>()
  for (const option of known) {
    const points = [{ requestsPerSecond: 0, watts: 0 }, ...option.energy!.draw!.replica]
    sheet.text(0, optionName(context, option))
    const line = (unit: string, values: readonly number[], format: 'two' | 'one') => {
      if (unit === 'W') sheet.blank(0, {})
      sheet.text(1, unit, { kind: 'muted' })
      const cells = values.map((value, index) => sheet.input(firstPoint + index, value, { format }))
      const part = (from: number, to: number) =>
        sheet.range(
          { row: sheet.row, column: firstPoint + from },
          { row: sheet.row, column: firstPoint + to },
        )
      const last = values.length - 1
      const found = { low: part(0, last - 1), high: part(1, last), values, cells }
      sheet.row += 1
      return found
    }
    const rates = line(
      words('unit.rate'),
      points.map((point) => point.requestsPerSecond),
      'two',
    )
    const watts = line(
      'W',
      points.map((point) => point.watts),
      'one',
    )
    curves.set(option, { rates, watts, firstRate: rates.cells[1]! })
  }
  return { sheet, curves }
}

/**
 * Mean over the working hours of what a replica draws more than idle, where the load is λ·u^k: λ its highest rate, u
 * even between 0 and 1, k = peak ÷ average − 1. Exact for the straight lines.
 */
export function meanExtraWatts(curve: PowerCurve, load: { rate: Term; exponent: Term }): Term {
  const { rate, exponent } = load
  const [r, k] = [rate.text, exponent.text]
  const time = (range: string) => `((${range}/${r}+1-ABS(${range}/${r}-1))/2)^(1/${k})`
  const { rates, watts } = curve
  const [t1, t2] = [time(rates.low), time(rates.high)]
  const share = (t: string) => `(${t})^(${k}+1)`
  const text =
    `SUMPRODUCT(${watts.low}*(${t2}-${t1})+(${watts.high}-${watts.low})/(${rates.high}-${rates.low})` +
    `*(${r}*(${share(t2)}-${share(t1)})/(${k}+1)-${rates.low}*(${t2}-${t1})))`
  let value = 0
  for (let index = 1; index < rates.values.length; index += 1) {
    const [low, high] = [rates.values[index - 1]!, rates.values[index]!]
    const [from, to] = [low, high].map((at) => Math.min(1, at / rate.value) ** (1 / exponent.value)) as [
      number,
      number,
    ]
    const [less, more] = [watts.values[index - 1]!, watts.values[index]!]
    const shares = (to ** (exponent.value + 1) - from ** (exponent.value + 1)) / (exponent.value + 1)
    value += less * (to - from) + ((more - less) / (high - low)) * (rate.value * shares - low * (to - from))
  }
  return call(text, value)
}

const mostMachines = 2000

/** Of so many machines, the mean number that the working hours need at once, when machines follow the load. */
export function meanMachines(needed: Term, exponent: Term): Term {
  const rows = `ROW($1:$${mostMachines})`
  let value = 0
  for (let below = 0; below < needed.value; below += 1)
    value += 1 - (below / needed.value) ** (1 / exponent.value)
  return call(
    `SUMPRODUCT((${rows}<=${needed.text})*(1-((${rows}-1)/${needed.text})^(1/${exponent.text})))`,
    value,
  )
}
