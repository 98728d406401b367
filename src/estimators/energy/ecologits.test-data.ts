import { secondsPerHour } from '../../foundation/units.ts'

/**
 * EcoLogits 0.9.1 (genai-impact/ecologits@2d0a1c7, ecologits/impacts/llm.py), as a published method to compare with.
 * It guesses energy from the parameter count at a batch of 64; we follow the load, so we use it nowhere else.
 */
export interface EcoLogitsInput {
  readonly activeBillions: number
  readonly totalBillions: number
  readonly tokens: number
}

const batch = 64

export function ecoLogits(input: EcoLogitsInput) {
  const gpuWattHours =
    1.1665273170451914e-6 * Math.exp(-0.011205921025579175 * batch) * input.activeBillions +
    4.052928146734005e-5
  const latency =
    0.0006785088094353663 * input.activeBillions + 0.0003119310311688259 * batch + 0.019473717579473387
  const seconds = input.tokens * latency
  const memory = (1.2 * input.totalBillions * 16) / 8
  const gpus = 2 ** Math.ceil(Math.log2(Math.ceil(memory / 80)))
  const serverWattHours = (((seconds / secondsPerHour) * 1200 * gpus) / 8) * (1 / batch)
  return {
    gpus,
    seconds,
    /** One request's share of the machines' time. */
    reservedSeconds: seconds / batch,
    /** Before PUE, Wh. */
    itWattHours: serverWattHours + gpus * gpuWattHours * input.tokens,
  }
}
