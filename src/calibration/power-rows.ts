import type { PowerModelRow, PowerTerm } from '../catalogs/schema/power.ts'
import { roundSignificant } from '../foundation/format.ts'
import { compareText } from '../foundation/notes.ts'
import type { CrossValidation, PowerFit } from './fit-power.ts'
import { type FittedInterval, intervalShare } from './power-report.ts'
import type { PowerRun } from './power-runs.ts'

interface FittedTerm {
  readonly term: PowerTerm
  readonly level: string
  readonly value: (fit: PowerFit) => number
  readonly note: string
}

const gapsNote = 'vLLM of mid 2024 with gaps between kernels.'

const fittedTerms: readonly FittedTerm[] = [
  {
    term: 'board-busy-floor',
    level: 'all',
    value: (fit) => fit.board.busyFloor,
    note: 'Kernels resident, whatever they do.',
  },
  {
    term: 'board-compute-weight',
    level: 'all',
    value: (fit) => fit.board.computeWeight,
    note: 'Compute, not bandwidth, takes a board to its cap.',
  },
  {
    term: 'board-bandwidth-weight',
    level: 'all',
    value: (fit) => fit.board.bandwidthWeight,
    note: '',
  },
  {
    term: 'board-low-precision-expert-extra',
    level: 'all',
    value: (fit) => fit.board.lowPrecisionExpertExtra,
    note: 'Three models carry it, all with FP8 experts.',
  },
  { term: 'board-stack-duty', level: 'gaps', value: (fit) => fit.gaps.stackDuty, note: gapsNote },
  {
    term: 'step-bandwidth-factor',
    level: 'all',
    value: (fit) => fit.step.bandwidthFactor,
    note: 'Fitted with board power; plans use their own step time.',
  },
  { term: 'step-compute-factor', level: 'all', value: (fit) => fit.step.computeFactor, note: '' },
  { term: 'step-layer-latency', level: 'all', value: (fit) => fit.step.layerSeconds, note: '' },
  { term: 'step-layer-reduce-latency', level: 'all', value: (fit) => fit.step.layerReduceSeconds, note: '' },
  { term: 'step-expert-layer-latency', level: 'all', value: (fit) => fit.step.expertLayerSeconds, note: '' },
  { term: 'step-sequence-latency', level: 'all', value: (fit) => fit.step.sequenceSeconds, note: '' },
  { term: 'step-stack-factor', level: 'gaps', value: (fit) => fit.gaps.stackFactor, note: gapsNote },
  {
    term: 'step-stack-layer-latency',
    level: 'gaps',
    value: (fit) => fit.gaps.stackLayerSeconds,
    note: gapsNote,
  },
  {
    term: 'step-stack-sequence-latency',
    level: 'gaps',
    value: (fit) => fit.gaps.stackSequenceSeconds,
    note: gapsNote,
  },
]

/** The table's rows with the fitted ones replaced; ranges are those of the fits that left one model out. */
export function fittedRows(input: {
  kept: readonly PowerModelRow[]
  fit: PowerFit
  validation: CrossValidation
  intervals: readonly FittedInterval[]
  runs: number
  /** Runs by accelerator. */
  measured: ReadonlyMap<string, number>
  asOf: string
}): PowerModelRow[] {
  const provenance = { source_id: 'rightsize-power-fit', as_of: input.asOf, quality: 'estimated' } as const
  const fitted: PowerModelRow[] = fittedTerms.map((entry) => {
    const folds = input.validation.fits.map(entry.value)
    const value = roundSignificant(entry.value(input.fit), 4)
    return {
      term: entry.term,
      level: entry.level,
      value,
      low: Math.min(value, roundSignificant(Math.min(...folds), 4)),
      high: Math.max(value, roundSignificant(Math.max(...folds), 4)),
      runs: input.runs,
      ...provenance,
      note: entry.note === '' ? undefined : entry.note,
    }
  })
  for (const interval of input.intervals) {
    fitted.push({
      term: interval.term,
      level: interval.level,
      value: roundSignificant(interval.median, 4),
      low: roundSignificant(interval.low, 4),
      high: roundSignificant(interval.high, 4),
      runs: interval.runs,
      ...provenance,
      note:
        interval.level === 'new-accelerator'
          ? `For an accelerator left out of the fit; low and high hold ${intervalShare * 100} % of runs, each accelerator weighing the root of its runs.`
          : `Measured over predicted for a model left out of the fit; low and high hold ${intervalShare * 100} % of runs.`,
    })
  }
  for (const [accelerator, runs] of input.measured) {
    fitted.push({
      term: 'measured-accelerator',
      level: accelerator,
      value: runs,
      low: undefined,
      high: undefined,
      runs,
      ...provenance,
      note: undefined,
    })
  }
  const replaced = new Set(fitted.map((row) => `${row.term} ${row.level}`))
  return [
    ...input.kept.filter(
      (row) => row.term !== 'measured-accelerator' && !replaced.has(`${row.term} ${row.level}`),
    ),
    ...fitted,
  ].sort((a, b) => compareText(a.term, b.term) || compareText(a.level, b.level))
}

const columns = [
  'term',
  'level',
  'value',
  'low',
  'high',
  'runs',
  'source_id',
  'as_of',
  'quality',
  'note',
] as const

export function powerTableText(rows: readonly PowerModelRow[]): string {
  const cell = (value: string | number | undefined) => {
    const text = value === undefined ? '' : String(value)
    return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
  }
  const lines = rows.map((row) => columns.map((column) => cell(row[column])).join(','))
  return `${[columns.join(','), ...lines].join('\n')}\n`
}

export function runsByAccelerator(runs: readonly PowerRun[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const { accelerator } of runs) counts.set(accelerator, (counts.get(accelerator) ?? 0) + 1)
  return counts
}
