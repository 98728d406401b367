import type { LevelKind } from '../estimators/performance/levels.ts'
import type { Term } from '../estimators/performance/terms.ts'

/**
 * Which kinds of level a term can physically depend on. How fast weights stream has to do with kernels, device and
 * format, not with the kind of load; what a host does per step has to do with the engine and the load, not with the
 * weight format; and so on. The fit shrinks all other factors harder.
 */
const machine: readonly LevelKind[] = [
  'engine',
  'backend',
  'era',
  'family',
  'accelerator',
  'backend-family',
  'era-family',
  'memory-class',
]
const format: readonly LevelKind[] = ['precision', 'backend-precision', 'family-precision']
const attention: readonly LevelKind[] = ['attention', 'engine-attention']
const experts: readonly LevelKind[] = ['experts', 'engine-experts']
const load: readonly LevelKind[] = ['mode', 'engine-mode']

const kernels = [...machine, ...format]
const expertKernels = [...kernels, ...experts]
const attentionKernels = [...machine, ...attention]
const layers = [...kernels, ...attention]
const host = [...machine, ...load]

const levelsOfTerm: { readonly [K in Term]: readonly LevelKind[] } = {
  weightStream: kernels,
  expertStream: expertKernels,
  cacheRead: attentionKernels,
  decodeCompute: kernels,
  expertCompute: expertKernels,
  latentCompute: machine,
  layerLatency: layers,
  expertLayerLatency: expertKernels,
  recurrentLayerLatency: machine,
  latentLayerLatency: kernels,
  stepLatency: host,
  sequenceLatency: host,
  reduceLatency: machine,
  reduceBytes: machine,
  dispatchLatency: machine,
  dispatchBytes: machine,
  expertImbalance: [...machine, ...experts],
  routingExponent: [],
  prefillCompute: kernels,
  prefillExpertCompute: expertKernels,
  prefillAttention: attentionKernels,
  prefillActivationTraffic: kernels,
  prefillLayerLatency: layers,
  prefillExpertLayerLatency: expertKernels,
  prefillLatentLayerLatency: kernels,
  requestLatency: host,
  burstQueue: host,
  steadyQueue: host,
  stepWait: host,
  interference: host,
  medianInterference: host,
  groupWait: host,
  saturatedBatch: host,
}

export function dependsOn(term: Term, kind: LevelKind): boolean {
  return levelsOfTerm[term].includes(kind)
}
