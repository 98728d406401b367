import { devicesPerReplica, layoutProblem, type ParallelLayout } from './layout.ts'
import type { MemoryLoad } from './plan.ts'
import { kvBytesPerDevice, kvPoolBytes, type MemoryInput, prepareMemory } from './prepared.ts'
import { divisibility } from './tensor-classes.ts'

export interface SmallestReplica {
  readonly devices: number
  readonly layout: ParallelLayout
  /** Left of the KV pool on the heaviest device. */
  readonly freeBytes: number
}

/**
 * The fewest equal devices that hold the load, or undefined where `mostDevices` are not enough. Tensor parallelism stays
 * inside one fast-link domain; beyond it, or where heads do not split, layers go over pipeline stages. Among equal
 * numbers the layout with the fewest stages wins, then the one with the least attention data parallelism.
 */
export function smallestReplica(
  input: Omit<MemoryInput, 'layout'> &
    MemoryLoad & {
      /** Devices that share fast links: the largest tensor-parallel group. */
      readonly linkDomainDevices: number
      readonly mostDevices: number
    },
): SmallestReplica | undefined {
  const latent = input.architecture.layerGroups.some((group) => group.attention.kind === 'latent')
  const limits = divisibility(input.architecture)
  for (let devices = 1; devices <= input.mostDevices; devices += 1) {
    for (const layout of candidateLayouts({ devices, latent, linkDomainDevices: input.linkDomainDevices })) {
      if (layoutProblem(layout, limits) !== undefined) continue
      const prepared = prepareMemory({ ...input, layout })
      const freeBytes = kvPoolBytes(prepared, input.usableBytes) - kvBytesPerDevice(prepared, input)
      if (freeBytes >= 0) return { devices: devicesPerReplica(layout), layout, freeBytes }
    }
  }
  return undefined
}

/**
 * Layouts of exactly `devices` devices, preferred first. Attention data parallelism is tried only where it saves
 * memory: latent caches do not shard, so a group per device holds fewer sequences each.
 */
export function candidateLayouts(input: {
  devices: number
  latent: boolean
  linkDomainDevices: number
}): ParallelLayout[] {
  const layouts: ParallelLayout[] = []
  for (const pipeline of divisors(input.devices)) {
    const stage = input.devices / pipeline
    for (const attentionData of input.latent ? divisors(stage) : [1]) {
      const tensor = stage / attentionData
      if (stage > input.linkDomainDevices) continue
      layouts.push({ tensor, pipeline, attentionData, expert: attentionData > 1 ? stage : 1 })
    }
  }
  return layouts
}

function divisors(value: number): number[] {
  const found: number[] = []
  for (let divisor = 1; divisor <= value; divisor += 1) if (value % divisor === 0) found.push(divisor)
  return found
}
