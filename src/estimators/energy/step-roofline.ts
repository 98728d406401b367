import type { StepModel } from '../performance/step-model.ts'
import type { DecodeWork } from './decode-work.ts'

/**
 * Step time fitted together with board power. Use it only where no performance estimate is at hand: a plan's energy
 * follows the plan's own step time, so that speed, power and energy agree.
 */
export interface StepRooflineCoefficients {
  readonly bandwidthFactor: number
  readonly computeFactor: number
  readonly layerSeconds: number
  /** Per layer and doubling of the devices that share it. */
  readonly layerReduceSeconds: number
  readonly expertLayerSeconds: number
  readonly sequenceSeconds: number
  /** 1 for current stacks. */
  readonly stackFactor: number
  readonly stackLayerSeconds: number
  readonly stackSequenceSeconds: number
}

export interface StepRooflineInput extends DecodeWork {
  readonly layers: number
  readonly expertLayers: number
  /** Devices of the replica. */
  readonly devices: number
  /** Running sequences of the replica. */
  readonly sequences: number
}

/** Seconds per step: t = w·t_b + c·t_c + L·(λ + α·log2 N) + L_e·λ_e + B·ρ, and more for a stack with gaps. */
export function rooflineStepSeconds(c: StepRooflineCoefficients, input: StepRooflineInput): number {
  const step =
    c.bandwidthFactor * input.memorySeconds +
    c.computeFactor * input.computeSeconds +
    input.layers * (c.layerSeconds + c.layerReduceSeconds * Math.log2(input.devices)) +
    input.expertLayers * c.expertLayerSeconds +
    input.sequences * c.sequenceSeconds
  return c.stackFactor * step + input.layers * c.stackLayerSeconds + input.sequences * c.stackSequenceSeconds
}

/** What the roofline needs of a model, at a load whose work is known. */
export function rooflineInput(
  model: StepModel,
  load: { readonly work: DecodeWork; readonly devices: number; readonly sequences: number },
): StepRooflineInput {
  return {
    ...load.work,
    layers: model.layers,
    expertLayers: model.expertLayers,
    devices: load.devices,
    sequences: load.sequences,
  }
}
