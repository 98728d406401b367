import { type CrossValidation, hasGaps, measuredBoardWatts } from './fit-power.ts'
import { halfWidth } from './held-out-errors.ts'
import type { PowerRun } from './power-runs.ts'
import { leaveOutCoverage, type Pair, ratioInterval, score } from './score.ts'

/** The share of runs an interval should hold. */
export const intervalShare = 0.8

export interface ScoredRun extends Pair {
  readonly run: PowerRun
  readonly group: string
}

type Quantity = 'energy' | 'board-power' | 'board-power-at-measured-step' | 'step-time'

const titles: Readonly<Record<Quantity, string>> = {
  energy: 'J per output token, nothing measured',
  'board-power': 'board power, nothing measured',
  'board-power-at-measured-step': 'board power, throughput given',
  'step-time': 'step time',
}

/** Predictions beside measurements; runs without the measurement are not in it. */
export function scoredRuns(
  runs: readonly PowerRun[],
  validation: CrossValidation,
  quantity: Quantity,
): ScoredRun[] {
  const scored: ScoredRun[] = []
  for (const [index, run] of runs.entries()) {
    const prediction = validation.predictions[index]!
    const [predicted, measured] = {
      energy: [prediction.joulesPerOutputToken, run.joulesPerOutputToken],
      'board-power': [prediction.boardWatts, measuredBoardWatts(run)],
      'board-power-at-measured-step': [prediction.boardWattsAtMeasuredStep, measuredBoardWatts(run)],
      'step-time': [prediction.stepSeconds, run.stepSeconds],
    }[quantity]
    if (predicted === undefined || measured === undefined) continue
    scored.push({ run, group: validation.groups[index]!, predicted, measured })
  }
  return scored
}

/** Intervals are made per kind of stack, so they are checked so. */
function stackCoverage(scored: readonly ScoredRun[]): { byRow: number; byGroup: number } {
  let rows = 0
  let groups = 0
  let groupCount = 0
  for (const gaps of [false, true]) {
    const part = scored.filter(({ run }) => hasGaps(run) === gaps)
    const names = part.map((entry) => entry.group)
    const count = new Set(names).size
    if (count < 2) continue
    const coverage = leaveOutCoverage(part, names, intervalShare)
    rows += coverage.byRow * part.length
    groups += coverage.byGroup * count
    groupCount += count
  }
  return { byRow: rows / scored.length, byGroup: groups / groupCount }
}

const percent = (value: number) => `${(value * 100).toFixed(1).padStart(6)} %`

function line(label: string, scored: readonly ScoredRun[]): string {
  const s = score(scored)
  const coverage = stackCoverage(scored)
  const several = new Set(scored.map((entry) => entry.group)).size > 1
  const covered = several ? `${percent(coverage.byRow)} rows${percent(coverage.byGroup)} groups` : '       –'
  return `  ${label.padEnd(42)}${String(s.rows).padStart(5)}${percent(s.median)}${percent(s.p90)}${percent(s.withinQuarter)}${percent(s.bias)}  ${covered}`
}

/** One table per quantity: all runs, then by source and accelerator, then runs whose prompt length nobody states. */
export function reportLines(title: string, runs: readonly PowerRun[], validation: CrossValidation): string[] {
  const lines = [title, `  ${''.padEnd(42)} rows   median      p90  in 25 %     bias   80 % interval holds`]
  for (const quantity of Object.keys(titles) as Quantity[]) {
    const scored = scoredRuns(runs, validation, quantity)
    lines.push(line(titles[quantity], scored))
    if (quantity === 'board-power')
      lines.push(
        line(
          '  where the source states power',
          scored.filter((entry) => entry.run.powerWatts !== undefined),
        ),
      )
    if (quantity !== 'energy' && quantity !== 'board-power') continue
    const parts = new Set(scored.map(({ run }) => `  ${run.source} ${run.accelerator}`))
    for (const part of [...parts].sort())
      lines.push(
        line(
          part,
          scored.filter(({ run }) => `  ${run.source} ${run.accelerator}` === part),
        ),
      )
    lines.push(
      line(
        '  without code completion',
        scored.filter(({ run }) => run.task !== 'sourcegraph-fim'),
      ),
    )
  }
  return lines
}

export interface FittedInterval {
  readonly term: 'interval-energy' | 'interval-board-power'
  readonly level: 'current' | 'gaps' | 'new-accelerator'
  readonly median: number
  readonly low: number
  readonly high: number
  readonly runs: number
}

/** Intervals of unseen models, by kind of stack. */
export function fittedIntervals(runs: readonly PowerRun[], validation: CrossValidation): FittedInterval[] {
  const intervals: FittedInterval[] = []
  for (const [term, quantity] of [
    ['interval-energy', 'energy'],
    ['interval-board-power', 'board-power'],
  ] as const) {
    const scored = scoredRuns(runs, validation, quantity)
    for (const level of ['current', 'gaps'] as const) {
      const part = scored.filter(({ run }) => hasGaps(run) === (level === 'gaps'))
      intervals.push({ term, level, ...ratioInterval(part, intervalShare), runs: part.length })
    }
  }
  return intervals
}

const intervalQuantities = [
  ['interval-energy', 'energy'],
  ['interval-board-power', 'board-power'],
] as const

/** Errors of a validation in the form that widths are made from; the unit is what was left out. */
function leftOutErrors(runs: readonly PowerRun[], validation: CrossValidation, quantity: Quantity) {
  return scoredRuns(runs, validation, quantity).map(({ predicted, measured, group }) => ({
    error: Math.log(predicted / measured),
    unit: group,
  }))
}

/** Intervals of accelerators whose power was not measured; `validation` left one accelerator out at a time. */
export function newAcceleratorIntervals(
  runs: readonly PowerRun[],
  validation: CrossValidation,
): FittedInterval[] {
  return intervalQuantities.map(([term, quantity]) => {
    const errors = leftOutErrors(runs, validation, quantity)
    const factor = Math.exp(halfWidth(errors))
    return { term, level: 'new-accelerator', median: 1, low: 1 / factor, high: factor, runs: errors.length }
  })
}

/** Share of each accelerator's runs inside the width that the errors of the others give. */
export function newAcceleratorCoverageLines(
  runs: readonly PowerRun[],
  validation: CrossValidation,
): string[] {
  return intervalQuantities.flatMap(([term, quantity]) => {
    const errors = leftOutErrors(runs, validation, quantity)
    const units = [...new Set(errors.map(({ unit }) => unit))].sort()
    let hits = 0
    const lines = units.map((unit) => {
      const width = halfWidth(errors.filter((one) => one.unit !== unit))
      const own = errors.filter((one) => one.unit === unit)
      const inside = own.filter(({ error }) => Math.abs(error) <= width).length
      hits += inside
      return `    ${unit.padEnd(40)}${String(own.length).padStart(5)}  within e^±${width.toFixed(3)}${percent(inside / own.length)}`
    })
    return [`  ${term}, width of the other accelerators: ${percent(hits / errors.length)} of runs`, ...lines]
  })
}
