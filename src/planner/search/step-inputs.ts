import type { AcceleratorRow, WeightFormatRow } from '../../catalogs/catalog.ts'
import type { ParallelLayout } from '../../estimators/memory/layout.ts'
import type { DeviceRates, Layout } from '../../estimators/performance/step-model.ts'
import { deviceRates } from '../performance-inputs.ts'

/** Rates of one device: a part with several devices shares its own evenly among them. Undefined where unknown. */
export function rates(input: {
  accelerator: AcceleratorRow
  weights: WeightFormatRow
  engine: string
  devices: number
  networkBytesPerSecond: number
}): DeviceRates | undefined {
  const whole = deviceRates(input)
  const share = input.accelerator.devices_per_part
  if (whole === undefined || share === 1) return whole
  return {
    ...whole,
    memoryBandwidthBytesPerSecond: whole.memoryBandwidthBytesPerSecond / share,
    denseFlopPerSecond: whole.denseFlopPerSecond / share,
    expertFlopPerSecond: whole.expertFlopPerSecond / share,
    attentionFlopPerSecond: whole.attentionFlopPerSecond / share,
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

/** Devices that tensor parallelism may span: all that talk over PCIe, else those that a link joins. */
export function tensorDomain(accelerator: AcceleratorRow): number {
  if (accelerator.pcie_generation !== undefined || accelerator.link === 'PCIe')
    return Number.POSITIVE_INFINITY
  if (accelerator.link_gb_per_s_one_way === undefined) return accelerator.devices_per_part
  return accelerator.link_domain_accelerators * accelerator.devices_per_part
}
