import type { ModelArchitecture } from '../../estimators/architecture.ts'
import { layoutProblem, type ParallelLayout } from '../../estimators/memory/layout.ts'
import { divisibility } from '../../estimators/memory/tensor-classes.ts'

/**
 * Every way to spread one replica over at most `mostDevices` devices of one machine, fewest devices first. Tensor
 * parallelism and attention groups stay inside one fast-link domain. Attention data parallelism is tried where it can
 * help: experts shared by several groups; for dense models it is the same as more replicas. llama.cpp splits layers.
 */
export function searchLayouts(input: {
  architecture: ModelArchitecture
  engine: string
  mostDevices: number
  linkDomainDevices: number
}): ParallelLayout[] {
  const limits = divisibility(input.architecture)
  const experts = limits.experts > 0
  const layerSplitOnly = input.engine === 'llama.cpp'
  const layouts: ParallelLayout[] = []
  for (let devices = 1; devices <= input.mostDevices; devices += 1) {
    for (const pipeline of divisors(devices)) {
      const stage = devices / pipeline
      if (stage > input.linkDomainDevices || (layerSplitOnly && stage > 1)) continue
      for (const attentionData of experts ? divisors(stage) : [1]) {
        const tensor = stage / attentionData
        for (const expert of expertChoices({ experts, stage, attentionData })) {
          const layout = { tensor, pipeline, attentionData, expert }
          if (layoutProblem(layout, limits) === undefined) layouts.push(layout)
        }
      }
    }
  }
  return layouts
}

/** Attention groups share experts only when these are spread whole; inside one group both ways exist. */
function expertChoices(input: { experts: boolean; stage: number; attentionData: number }): number[] {
  if (!input.experts || input.stage === 1) return [1]
  return input.attentionData > 1 ? [input.stage] : [1, input.stage]
}

export function divisors(value: number): number[] {
  const found: number[] = []
  for (let divisor = 1; divisor <= value; divisor += 1) if (value % divisor === 0) found.push(divisor)
  return found
}
