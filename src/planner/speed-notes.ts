import type { AcceleratorRow, WeightFormatRow } from '../catalogs/catalog.ts'
import type { Nearest } from '../estimators/performance/nearest.ts'
import type { Note } from '../foundation/notes.ts'
import type { DeviceMemory } from './inputs.ts'
import type { SpeedAnswer, SpeedQuery } from './speed.ts'

/** A format whose arithmetic the device has no units for: engines then widen the weights, or do not run at all. */
export function missingKernel(accelerator: AcceleratorRow, format: WeightFormatRow): string | undefined {
  const rates = {
    fp32: true,
    bf16: true,
    fp8: accelerator.fp8_tflop_per_s,
    fp4: accelerator.fp4_tflop_per_s,
    int8: accelerator.int8_top_per_s,
  }
  const precision = format.compute_precision
  return rates[precision] === undefined ? precision : undefined
}

/** What the user must know of a predicted speed: how near a measured run is, and what is a bound. */
export function speedNotes(input: {
  query: SpeedQuery
  nearest: Nearest
  kernel: string | undefined
  sequences: number
  status: SpeedAnswer['status']
  memory: DeviceMemory
}): Note[] {
  const { query, nearest, kernel, sequences } = input
  const notes: Note[] = []
  const { accelerator, engine } = query
  if (kernel !== undefined) {
    notes.push({
      code: 'no-native-kernel',
      level: 'warning',
      about: 'weights',
      message: `${accelerator.id} has no ${kernel} units for ${query.weightFormat.id}: the figures are bounds at 16-bit rates, not estimates`,
    })
  }
  if (nearest.point === undefined) {
    notes.push({
      code: 'not-measured',
      level: 'warning',
      about: 'engine',
      message: `no published run of ${engine} is behind the factors: the figures are bounds that no engine beats, not estimates`,
    })
  } else {
    const { point } = nearest
    const where = `${point.model_id} in ${point.precision} on ${point.accelerator_id} with ${point.engine}, batch ${point.least_batch} to ${point.most_batch} (${point.runs} runs)`
    notes.push({
      code: 'nearest-measured-point',
      level:
        nearest.novelty === 'measured' ? 'information' : input.status === 'bound' ? 'warning' : 'information',
      about: 'distance',
      message:
        nearest.differs.length === 0
          ? `measured: ${where}`
          : `nearest measured point: ${where}; differs in ${nearest.differs.join(', ')}${nearest.batchRatio !== undefined && nearest.batchRatio > 1 ? ` (batch ${nearest.batchRatio.toFixed(1)} times outside)` : ''}`,
    })
    if (nearest.novelty === 'unmeasured') {
      notes.push({
        code: 'not-measured',
        level: 'warning',
        about: 'distance',
        message: 'nothing near was measured: the figures are bounds that no engine beats, not estimates',
      })
    }
    if (nearest.differs.includes('batch') && input.status === 'estimate') {
      notes.push({
        code: 'extrapolated-batch',
        level: 'warning',
        about: 'concurrency',
        message: 'the batch lies outside what was measured nearby: an extrapolation',
      })
    }
  }
  if (query.concurrency > sequences) {
    notes.push({
      code: 'memory-limits-batch',
      level: 'warning',
      about: 'concurrency',
      message: `the KV memory holds ${Math.floor(sequences)} sequences of this length; the other requests wait`,
    })
  }
  if (query.disaggregation !== undefined) {
    notes.push({
      code: 'disaggregated',
      level: 'warning',
      about: 'disaggregation',
      message:
        'no disaggregated run is behind the factors: those of whole replicas are used, and the interval is theirs',
    })
  }
  if (query.offload !== undefined) {
    notes.push({
      code: 'offload',
      level: 'warning',
      about: 'offload',
      message:
        'layers on the host run at its bandwidth and compute as given; no run with offload is behind the factors',
    })
  }
  if (query.speculation !== undefined) {
    notes.push({
      code: 'speculation',
      level: 'assumption',
      about: 'speculation',
      message: 'tokens per step follow from the acceptance given; the draft’s own time is not counted',
    })
  }
  return notes
}
