import type { BoardPowerCoefficients } from './board-power.ts'
import type { NodePowerCoefficients } from './node-power.ts'
import type { StepRooflineCoefficients } from './step-roofline.ts'

/** One row of `catalogs/power_model.csv`, as the planner hands it on. */
export interface PowerTermRow {
  readonly term: string
  readonly level: string
  readonly value: number
  readonly low?: number | undefined
  readonly high?: number | undefined
}

/** `gaps`: a stack that leaves the device waiting between kernels (vLLM before 0.6). */
export type StackKind = 'current' | 'gaps'
export type CoolingKind = 'air' | 'hybrid' | 'liquid' | 'passive'

/** What measured runs had over the prediction: median and the bounds that hold 80 % of unseen models' runs. */
export interface RatioInterval {
  readonly median: number
  readonly low: number
  readonly high: number
}

export interface PowerModel {
  readonly board: BoardPowerCoefficients
  readonly step: StepRooflineCoefficients
  readonly node: NodePowerCoefficients
  /** Of accelerators whose power was measured, with a model the fit had not seen. */
  readonly energyInterval: RatioInterval
  readonly boardPowerInterval: RatioInterval
  /** Of all other accelerators. */
  readonly newAccelerator: { readonly energy: RatioInterval; readonly boardPower: RatioInterval }
  readonly measuredAccelerators: ReadonlySet<string>
  readonly circuitContinuousLoadFraction: number
  readonly powerFactor: number
}

/**
 * The coefficients that hold for a stack and a way of cooling.
 * @throws Error when the table lacks a term (the catalog's test reports it first).
 */
export function powerModel(
  rows: readonly PowerTermRow[],
  kind: { readonly stack: StackKind; readonly cooling: CoolingKind },
): PowerModel {
  const row = (term: string, level = 'all'): PowerTermRow => {
    const found = rows.find((entry) => entry.term === term && entry.level === level)
    if (found === undefined) throw new Error(`power_model.csv lacks ${term} (${level})`)
    return found
  }
  const value = (term: string, level?: string) => row(term, level).value
  const interval = (term: string, level: string): RatioInterval => {
    const { value: median, low, high } = row(term, level)
    if (low === undefined || high === undefined) throw new Error(`power_model.csv: ${term} has no range`)
    return { median, low, high }
  }
  const gaps = kind.stack === 'gaps'
  return {
    board: {
      capFraction: value('board-cap'),
      busyFloor: value('board-busy-floor'),
      computeWeight: value('board-compute-weight'),
      bandwidthWeight: value('board-bandwidth-weight'),
      lowPrecisionExpertExtra: value('board-low-precision-expert-extra'),
      stackDuty: value('board-stack-duty', kind.stack),
    },
    step: {
      bandwidthFactor: value('step-bandwidth-factor'),
      computeFactor: value('step-compute-factor'),
      layerSeconds: value('step-layer-latency'),
      layerReduceSeconds: value('step-layer-reduce-latency'),
      expertLayerSeconds: value('step-expert-layer-latency'),
      sequenceSeconds: value('step-sequence-latency'),
      stackFactor: gaps ? value('step-stack-factor', 'gaps') : 1,
      stackLayerSeconds: gaps ? value('step-stack-layer-latency', 'gaps') : 0,
      stackSequenceSeconds: gaps ? value('step-stack-sequence-latency', 'gaps') : 0,
    },
    node: {
      hostShareOfTdp: value('host-share-of-tdp'),
      hostIdleShareOfTdp: value('host-idle-share-of-tdp'),
      processorLoadShare: value('processor-load-share'),
      processorIdleShare: value('processor-idle-share'),
      memoryModuleLoadWatts: value('memory-module-load'),
      memoryModuleIdleWatts: value('memory-module-idle'),
      networkCardLoadWatts: value('network-card-load'),
      networkCardIdleWatts: value('network-card-idle'),
      driveLoadWatts: value('drive-load'),
      driveIdleWatts: value('drive-idle'),
      fanShare: value('fan-share', kind.cooling),
      supplyEfficiency: value('supply-efficiency'),
      switchPortWatts: value('switch-port'),
      storageTerabyteWatts: value('storage-terabyte'),
    },
    energyInterval: interval('interval-energy', kind.stack),
    boardPowerInterval: interval('interval-board-power', kind.stack),
    newAccelerator: {
      energy: interval('interval-energy', 'new-accelerator'),
      boardPower: interval('interval-board-power', 'new-accelerator'),
    },
    measuredAccelerators: new Set(
      rows.filter(({ term }) => term === 'measured-accelerator').map(({ level }) => level),
    ),
    circuitContinuousLoadFraction: value('circuit-continuous-load'),
    powerFactor: value('power-factor'),
  }
}

/** The intervals that hold for an accelerator: those of unseen accelerators where its power was never measured. */
export function intervalsOf(
  model: PowerModel,
  acceleratorId: string,
): { readonly energy: RatioInterval; readonly boardPower: RatioInterval } {
  const known = { energy: model.energyInterval, boardPower: model.boardPowerInterval }
  if (model.measuredAccelerators.has(acceleratorId)) return known
  // What was never measured is no surer than what was.
  const wider = (a: RatioInterval, b: RatioInterval): RatioInterval => ({
    median: b.median,
    low: Math.min(a.low, b.low),
    high: Math.max(a.high, b.high),
  })
  const { energy, boardPower } = model.newAccelerator
  return { energy: wider(known.energy, energy), boardPower: wider(known.boardPower, boardPower) }
}

/** A prediction with the bounds that held 80 % of unseen models' runs. The prediction itself is not shifted. */
export function withInterval(
  predicted: number,
  interval: RatioInterval,
): { readonly value: number; readonly low: number; readonly high: number } {
  return { value: predicted, low: predicted * interval.low, high: predicted * interval.high }
}
