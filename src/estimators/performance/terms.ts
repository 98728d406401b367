/**
 * The coefficients of the step-time model. Each is a non-negative factor on a physical time ('ratio') or a latency in
 * seconds. Their values are rows of `catalogs/efficiency.csv`, fitted on published runs by `src/calibration/fit.ts`:
 * value = base × the factors of every level that applies (engine, era, back-end, hardware family, precision, …).
 */
export const termUnits = {
  /** w: time to stream dense weights ÷ (bytes ÷ peak bandwidth). */
  weightStream: 'ratio',
  /** w_e: the same for routed experts that the step touches. */
  expertStream: 'ratio',
  /** κ: time to read the KV cache ÷ (bytes ÷ peak bandwidth). */
  cacheRead: 'ratio',
  /** f: time of the matrix products of a decode step ÷ (FLOPs ÷ dense peak). */
  decodeCompute: 'ratio',
  /** f_e: the same for routed experts. */
  expertCompute: 'ratio',
  /** f_l: absorbed latent attention (DeepSeek MLA), which is compute, ÷ (FLOPs ÷ 16-bit dense peak). */
  latentCompute: 'ratio',
  /** λ: launch and host time per layer of a decode step. */
  layerLatency: 'seconds',
  /** λ_e: extra per layer with routed experts. */
  expertLayerLatency: 'seconds',
  /** λ_r: extra per recurrent layer (state-space, linear attention). */
  recurrentLayerLatency: 'seconds',
  /** λ_l: extra per latent-attention layer of a decode step (its projections down and up are kernels of their own). */
  latentLayerLatency: 'seconds',
  /** a_p: activations that prefill moves ÷ (one read of layers × hidden size ÷ peak bandwidth), per token. */
  prefillActivationTraffic: 'ratio',
  /** σ: per step (scheduler, sampling). */
  stepLatency: 'seconds',
  /** ρ: per running sequence and step (host bookkeeping, sampling, detokenisation). */
  sequenceLatency: 'seconds',
  /** α: latency of one all-reduce, times log2 of the group. */
  reduceLatency: 'seconds',
  /** β: all-reduce bytes ÷ (bytes ÷ one-way link bandwidth). */
  reduceBytes: 'ratio',
  /** α_d: latency of one expert dispatch and combine between attention groups, per expert layer. */
  dispatchLatency: 'seconds',
  /** β_d: dispatched bytes ÷ (bytes ÷ one-way link bandwidth). */
  dispatchBytes: 'ratio',
  /** i_e: extra work of the busiest device when whole experts are spread over devices, per doubling of devices. */
  expertImbalance: 'ratio',
  /** γ: exponent on tokens in the coverage of experts; below 1 because routing is skewed. */
  routingExponent: 'ratio',
  /** p: matrix products of prefill ÷ (FLOPs ÷ dense peak). */
  prefillCompute: 'ratio',
  /** p_e: the same for routed experts. */
  prefillExpertCompute: 'ratio',
  /** p_a: attention of prefill ÷ (FLOPs ÷ 16-bit dense peak). */
  prefillAttention: 'ratio',
  /** λ_p: launch and host time per layer and prefill chunk. */
  prefillLayerLatency: 'seconds',
  /** λ_pe: extra per expert layer and chunk. */
  prefillExpertLayerLatency: 'seconds',
  /** λ_pl: extra per latent-attention layer and chunk. */
  prefillLatentLayerLatency: 'seconds',
  /** t_0: per request before its first step (HTTP, tokenising, scheduling). */
  requestLatency: 'seconds',
  /** q: waiting in the initial burst ÷ half the burst's prefill work. */
  burstQueue: 'ratio',
  /** q_s: waiting for other prefills in the steady state ÷ the M/D/1 wait. */
  steadyQueue: 'ratio',
  /** h: decode steps that the first token waits for. */
  stepWait: 'ratio',
  /** c: share of the prefill work of others that lengthens a decode step. */
  interference: 'ratio',
  /** c_m: how much of that a median inter-token time shows. */
  medianInterference: 'ratio',
  /** t_d: wait for the other attention groups before a first token. */
  groupWait: 'seconds',
  /** s: running batch of a saturated engine ÷ what the KV memory holds. */
  saturatedBatch: 'ratio',
} as const

export type Term = keyof typeof termUnits
export const terms = Object.keys(termUnits) as readonly Term[]

/** Values of all terms for one engine, device, precision and kind of model. */
export type Coefficients = { readonly [K in Term]: number }
export type MutableCoefficients = { -readonly [K in Term]: number }
