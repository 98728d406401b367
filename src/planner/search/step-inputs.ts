import type { AcceleratorRow, KvFormatRow, WeightFormatRow } from '../../catalogs/catalog.ts'
import type { ComputePrecision } from '../../catalogs/schema/formats.ts'
import type { ParallelLayout } from '../../estimators/memory/layout.ts'
import type { DeviceRates, Layout, WeightBytes } from '../../estimators/performance/step-model.ts'
import { bitsPerByte, giga, tera } from '../../foundation/units.ts'

/** Dense peak of one precision, FLOP/s; undefined where the part has no units for it or nobody published it. */
export function densePeak(accelerator: AcceleratorRow, precision: ComputePrecision): number | undefined {
  switch (precision) {
    case 'fp32':
      return times(accelerator.fp32_tflop_per_s)
    case 'bf16':
      return times(accelerator.bf16_tflop_per_s ?? accelerator.fp16_tflop_per_s)
    case 'fp8':
      return times(accelerator.fp8_tflop_per_s)
    case 'fp4':
      return times(accelerator.fp4_tflop_per_s)
    case 'int8':
      return times(accelerator.int8_top_per_s)
  }
}

function times(teraPerSecond: number | undefined): number | undefined {
  return teraPerSecond === undefined ? undefined : teraPerSecond * tera
}

/**
 * Rates of one device for weights in a format, or why they are unknown. A part with several devices shares its rates
 * evenly among them.
 */
export function deviceRates(input: {
  accelerator: AcceleratorRow
  weightFormat: WeightFormatRow
  devicesPerNode: number
}): DeviceRates | undefined {
  const { accelerator, weightFormat } = input
  const attention = densePeak(accelerator, 'bf16') ?? densePeak(accelerator, 'fp32')
  const format =
    densePeak(accelerator, weightFormat.compute_precision) ??
    (weightFormat.fallback_compute_precision === undefined
      ? undefined
      : densePeak(accelerator, weightFormat.fallback_compute_precision))
  const dense = format ?? (weightFormat.compute_precision === 'bf16' ? attention : undefined)
  if (attention === undefined || dense === undefined) return undefined
  const share = accelerator.devices_per_part
  const link = accelerator.link_gb_per_s_one_way
  return {
    memoryBandwidthBytesPerSecond: (accelerator.memory_bandwidth_gb_per_s * giga) / share,
    denseFlopPerSecond: dense / share,
    expertFlopPerSecond: dense / share,
    attentionFlopPerSecond: attention / share,
    linkBytesPerSecond: link === undefined ? undefined : (link * giga) / share,
    networkBytesPerSecond: undefined,
    devicesPerNode: input.devicesPerNode,
  }
}

export function stepWeightBytes(weightFormat: WeightFormatRow, kvFormat: KvFormatRow): WeightBytes {
  const body = weightFormat.body_bits_per_weight
  return {
    densePerParameter: body / bitsPerByte,
    expertPerParameter: (weightFormat.expert_bits_per_weight ?? body) / bitsPerByte,
    headPerParameter: weightFormat.lm_head_bits_per_weight / bitsPerByte,
    cachePerElement: kvFormat.bits_per_element / bitsPerByte,
  }
}

export function stepLayout(layout: ParallelLayout): Layout {
  return {
    tensorParallel: layout.tensor,
    pipelineParallel: layout.pipeline,
    expertParallel: layout.expert,
    attentionDataParallel: layout.attentionData,
    replicas: 1,
  }
}

/** Devices that tensor parallelism may span: the link's domain, or the whole machine where the link is PCIe. */
export function tensorDomain(accelerator: AcceleratorRow): number {
  if (accelerator.link === undefined || accelerator.link_gb_per_s_one_way === undefined)
    return accelerator.devices_per_part
  if (accelerator.link.startsWith('PCIe')) return Number.POSITIVE_INFINITY
  return accelerator.link_domain_accelerators * accelerator.devices_per_part
}
