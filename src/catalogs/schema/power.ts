import { z } from 'zod'
import { defineTable, idCell, numberCell, provenance, wholeCell } from './common.ts'

/**
 * Terms of the power model; units as named. A term may have several levels (a kind of stack, a way of cooling); `all`
 * is the level of terms without one.
 */
export const powerTerms = {
  // Board power, a share of TDP: idle + (cap − idle) · duty · (1 − exp(−(floor + a·compute + b·bandwidth + extra))).
  'board-cap': 'share of TDP',
  'board-busy-floor': 'number',
  'board-compute-weight': 'number',
  'board-bandwidth-weight': 'number',
  'board-low-precision-expert-extra': 'number',
  'board-stack-duty': 'share',
  // The time of a step, only to predict energy where no other estimate of speed is at hand.
  'step-bandwidth-factor': 'ratio',
  'step-compute-factor': 'ratio',
  'step-layer-latency': 'seconds',
  'step-layer-reduce-latency': 'seconds per doubling of devices',
  'step-expert-layer-latency': 'seconds',
  'step-sequence-latency': 'seconds',
  'step-stack-factor': 'ratio',
  'step-stack-layer-latency': 'seconds',
  'step-stack-sequence-latency': 'seconds',
  // What measured runs had over what the model predicted: value median, low and high bound 80 %.
  'interval-energy': 'measured over predicted',
  'interval-board-power': 'measured over predicted',
  // Levels are accelerators; others have the intervals of level `new-accelerator`.
  'measured-accelerator': 'runs',
  // The rest of a node.
  'host-share-of-tdp': 'share of the accelerators’ TDP',
  'host-idle-share-of-tdp': 'share of the accelerators’ TDP',
  'processor-load-share': 'share of TDP',
  'processor-idle-share': 'share of TDP',
  'memory-module-load': 'watts',
  'memory-module-idle': 'watts',
  'network-card-load': 'watts',
  'network-card-idle': 'watts',
  'drive-load': 'watts',
  'drive-idle': 'watts',
  'fan-share': 'share of what they cool',
  'supply-efficiency': 'share',
  // Beside the nodes.
  'switch-port': 'watts',
  'storage-terabyte': 'watts',
  'circuit-continuous-load': 'share of a breaker’s rating',
  'power-factor': 'ratio',
} as const
export type PowerTerm = keyof typeof powerTerms

export const powerModelRow = z
  .strictObject({
    term: z.enum(Object.keys(powerTerms) as [PowerTerm, ...PowerTerm[]]),
    level: idCell,
    value: numberCell(),
    low: numberCell().optional(),
    high: numberCell().optional(),
    /** Measured runs behind the value. */
    runs: wholeCell({ least: 1 }).optional(),
    ...provenance,
  })
  .refine((row) => (row.low === undefined) === (row.high === undefined), {
    path: ['low'],
    message: 'a range needs both ends',
  })
  .refine(
    (row) =>
      row.low === undefined || row.high === undefined || (row.low <= row.value && row.value <= row.high),
    { path: ['value'], message: 'is outside its own range' },
  )
export type PowerModelRow = z.output<typeof powerModelRow>
export const powerModelTable = defineTable({
  file: 'power_model.csv',
  schema: powerModelRow,
  key: ['term', 'level'],
})
