import type { AcceleratorRow, KvFormatRow, WeightFormatRow } from '../catalogs/catalog.ts'
import type { ModelArchitecture } from '../estimators/architecture.ts'
import type { PerformanceFacts } from '../estimators/performance/levels.ts'
import type { DeviceRates, EngineTraits, WeightBytes } from '../estimators/performance/step-model.ts'
import { bitsPerByte, giga, tera } from '../foundation/units.ts'

/** What the performance estimators need from catalog rows. */

/** Engines that put layers on devices one after the other instead of cutting matrices. */
export function splitsLayers(engine: string): boolean {
  return engine === 'llama.cpp' || engine === 'mlx' || engine === 'transformers'
}

/** llama.cpp cuts a logical batch of 2,048 tokens into micro-batches of 512. */
const microBatch = { tokens: 512, inFlight: 4 }
const mlxChunkTokens = 2048
const serverChunkTokens = 8192

/**
 * Prefill chunks as the fitted factors assume them. Plans must use the same: a factor of a launch per chunk means
 * nothing with chunks of another size.
 */
export function fittedTraits(engine: string): EngineTraits {
  const chunk = engine === 'mlx' ? mlxChunkTokens : serverChunkTokens
  return {
    prefillChunkTokens: engine === 'llama.cpp' ? microBatch.tokens : chunk,
    pipelineChunks: microBatch.inFlight,
    layerSplit: splitsLayers(engine),
  }
}

export function speedWeightBytes(weights: WeightFormatRow, cache: KvFormatRow): WeightBytes {
  const body = weights.body_bits_per_weight
  return {
    densePerParameter: body / bitsPerByte,
    attentionPerParameter: (weights.attention_bits_per_weight ?? body) / bitsPerByte,
    expertPerParameter: (weights.expert_bits_per_weight ?? body) / bitsPerByte,
    headPerParameter: weights.lm_head_bits_per_weight / bitsPerByte,
    cachePerElement: cache.bits_per_element / bitsPerByte,
  }
}

/**
 * Peaks that apply to an engine's kernels. Weight-only formats compute in 16 bits; a format without a native kernel
 * on the device falls back to 16 bits too. Undefined where the device's 16-bit rate is unknown.
 */
export function deviceRates(input: {
  accelerator: AcceleratorRow
  weights: WeightFormatRow
  engine: string
  devices: number
  /** Between servers: the catalog's `cluster-network-port`. */
  networkBytesPerSecond: number
}): DeviceRates | undefined {
  const { accelerator, weights, engine, networkBytesPerSecond } = input
  const listed = accelerator.bf16_tflop_per_s ?? accelerator.fp16_tflop_per_s ?? accelerator.fp32_tflop_per_s
  if (listed === undefined) return undefined
  // llama.cpp accumulates in 16 bits, which GeForce cards do at twice the rate.
  const fast = engine === 'llama.cpp' ? accelerator.fp16_fast_accumulate_tflop_per_s : undefined
  const sixteen = (fast ?? listed) * tera
  const eight = accelerator.fp8_tflop_per_s === undefined ? sixteen : accelerator.fp8_tflop_per_s * tera
  const four = accelerator.fp4_tflop_per_s === undefined ? eight : accelerator.fp4_tflop_per_s * tera
  const dense =
    weights.compute_precision === 'fp8' ? eight : weights.compute_precision === 'fp4' ? four : sixteen
  // MXFP4 experts beside 16-bit attention meet 8-bit activations where the part has FP4 units.
  const mixed = weights.expert_bits_per_weight !== undefined && engine !== 'llama.cpp'
  const experts = mixed && accelerator.fp4_tflop_per_s !== undefined ? eight : dense
  const link = (accelerator.link_gb_per_s_one_way ?? 0) * giga
  return {
    memoryBandwidthBytesPerSecond: accelerator.memory_bandwidth_gb_per_s * giga,
    denseFlopPerSecond: dense,
    expertFlopPerSecond: experts,
    attentionFlopPerSecond: sixteen,
    linkBytesPerSecond: link > 0 && reachesAll(accelerator, input.devices) ? link : pcieRate(accelerator),
    networkBytesPerSecond,
    devicesPerNode: accelerator.max_per_server,
  }
}

/** A bridge joins two cards; more of them talk over PCIe. */
function reachesAll(accelerator: AcceleratorRow, devices: number): boolean {
  return devices <= (accelerator.link_domain_accelerators ?? 1) || accelerator.link === 'PCIe'
}

/** PCIe 3.0 carries 0.985 GB/s per lane and direction, and each generation doubles it (PCI-SIG). */
const pcie3BytesPerSecondPerLane = 0.985 * giga
const pcieLanesOfAccelerators = 16
const firstRatedGeneration = 3

function pcieRate(accelerator: AcceleratorRow): number | undefined {
  if (accelerator.pcie_generation === undefined) return undefined
  const lanes = accelerator.pcie_lanes ?? pcieLanesOfAccelerators
  return pcie3BytesPerSecondPerLane * lanes * 2 ** (accelerator.pcie_generation - firstRatedGeneration)
}

/** Everything the fitted factors depend on. */
export function performanceFacts(input: {
  accelerator: AcceleratorRow
  weights: WeightFormatRow
  engine: string
  era: 'old' | 'new'
  mode: string
  architecture: ModelArchitecture
  /** Finds the factors of the user's own pilots; ours depend on no model's name. */
  modelId?: string
  /** llama.cpp built on Vulkan instead of the maker's own interface. */
  vulkan?: boolean
}): PerformanceFacts {
  const { accelerator, engine, architecture } = input
  const precision = precisionClass(input.weights.id)
  const memoryClass = memoryKind(accelerator)
  const { attention, routed } = kindsOf(architecture)
  return {
    engine,
    backend: input.vulkan === true && engine === 'llama.cpp' ? 'vulkan-ggml' : backendOf(engine, accelerator),
    era: input.era,
    family: hardwareFamily(accelerator, memoryClass),
    memoryClass,
    precision,
    accelerator: accelerator.id,
    mode: input.mode,
    attention,
    experts: routed ? `experts-${precision}` : 'dense',
    ...(input.modelId === undefined ? {} : { model: input.modelId }),
  }
}

/** Formats whose kernels do the same work, together. */
export function precisionClass(format: string): string {
  if (format.startsWith('int4')) return 'int4'
  if (format === 'gguf-mxfp4') return 'mxfp4'
  if (format.startsWith('gguf-')) {
    if (/q8|q6/.test(format)) return 'gguf-8'
    return /q5|q4|iq4/.test(format) ? 'gguf-4' : 'gguf-3'
  }
  return format === 'fp16' ? 'bf16' : format
}

function memoryKind(accelerator: AcceleratorRow): string {
  const type = accelerator.memory_type ?? ''
  return /^(HBM|GDDR|LPDDR|DDR)/.exec(type)?.[1]?.toLowerCase() ?? 'other'
}

/** The generation, told apart by memory where data-centre parts and cards share a name. */
function hardwareFamily(accelerator: AcceleratorRow, memoryClass: string): string {
  const family = accelerator.family.replace('-ultra', '').replace(/^(cdna|rdna)\d+$/, '$1')
  return memoryClass === 'hbm' ? family : `${family}-${memoryClass}`
}

function backendOf(engine: string, accelerator: AcceleratorRow): string {
  if (engine === 'mlx') return 'mlx'
  if (accelerator.category === 'cpu') return 'cpu'
  const maker = { NVIDIA: 'cuda', AMD: 'rocm', Apple: 'metal', Google: 'tpu', AWS: 'neuron' }[
    accelerator.vendor
  ]
  const backend = maker ?? accelerator.vendor.toLowerCase()
  return engine === 'llama.cpp' && maker !== 'metal' ? `${backend}-ggml` : backend
}

const kindsKnown = new WeakMap<ModelArchitecture, { attention: string; routed: boolean }>()

/** The unusual kind of attention decides: it is what kernels differ by. */
function kindsOf(architecture: ModelArchitecture): { attention: string; routed: boolean } {
  let kinds = kindsKnown.get(architecture)
  if (kinds === undefined) {
    const present = new Set(architecture.layerGroups.map((group) => group.attention.kind))
    kinds = {
      attention: (['latent', 'recurrent', 'window'] as const).find((kind) => present.has(kind)) ?? 'full',
      routed: architecture.layerGroups.some((group) => group.feedForward.kind === 'experts'),
    }
    kindsKnown.set(architecture, kinds)
  }
  return kinds
}
