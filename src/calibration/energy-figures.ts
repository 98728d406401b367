import type { Catalog, WeightFormatRow } from '../catalogs/catalog.ts'
import { intervalsOf } from '../estimators/energy/coefficients.ts'
import { nodePower, type PowerModel, powerModel, withInterval } from '../estimators/energy/index.ts'
import { boardWattsWhileServing } from '../estimators/energy/replica-power.ts'
import { idleWatts } from '../planner/search/machines.ts'
import { predictPerformance } from './predict.ts'
import type { RunCase } from './run-case.ts'
import type { EnergyMetric } from './runs.ts'

export interface EnergyFigure {
  readonly value: number
  /** 80 % interval of models that the power model had not seen; undefined for whole nodes, of which too few exist. */
  readonly low: number | undefined
  readonly high: number | undefined
}

/**
 * Power and energy of a run at the step time that the speed model predicts: nothing measured goes in. Undefined where
 * the catalog lacks the device's power, or the run has no steady state to speak of.
 */
export function energyFigures(
  catalog: Catalog,
  item: RunCase,
): { readonly [K in EnergyMetric]: EnergyFigure } | undefined {
  const accelerator = catalog.accelerator(item.facts.accelerator)
  const tdpWatts = accelerator.tdp_w
  const idle = idleWatts(catalog, accelerator)
  if (tdpWatts === undefined || !Number.isFinite(idle)) return undefined
  const { model, devices } = item
  const groups = model.attentionDataParallel * model.replicas
  const { outputTokensPerSecond: rate, runningSequences } = predictPerformance(item)
  const sequences = runningSequences / groups
  if (!(rate > 0) || !(sequences > 0)) return undefined
  const stepSeconds = runningSequences / rate
  const power = powerOf(catalog, item)
  const intervals = intervalsOf(power, accelerator.id)
  const weights = catalog.weightFormat(item.weightFormatId)
  const boardWatts = boardWattsWhileServing(
    {
      model,
      board: power.board,
      tdpWatts,
      idleWatts: idle,
      lowPrecisionExperts: model.expertLayers > 0 && isLow(weights),
      sequences,
      stepSeconds,
      stepSecondsAlone: stepSeconds,
      inputTokens: item.inputTokens,
      cachedInputTokens: 0,
      outputTokens: item.outputTokens,
    },
    { sequences, stepSeconds },
  )
  const node = nodePower(
    power.node,
    { kind: 'host', accelerators: devices, acceleratorTdpWatts: tdpWatts, host: undefined },
    { boardWatts, busyFraction: 1 },
  )
  return {
    joules_per_output_token: withInterval((boardWatts * devices) / rate, intervals.energy),
    accelerator_power_w: withInterval(boardWatts, intervals.boardPower),
    system_power_w: { value: node.totalWatts, low: undefined, high: undefined },
  }
}

function isLow(weights: WeightFormatRow): boolean {
  return weights.compute_precision !== 'bf16' && weights.compute_precision !== 'fp32'
}

/** vLLM of 2024 left gaps between kernels; boards drew less. */
function powerOf(catalog: Catalog, item: RunCase): PowerModel {
  const gaps = item.facts.engine === 'vllm' && item.facts.era === 'old'
  return powerModel(catalog.rows('powerModel'), { stack: gaps ? 'gaps' : 'current', cooling: 'air' })
}
