import type { PredictionErrorRow } from '../catalogs/schema/efficiency.ts'
import { roundSignificant } from '../foundation/format.ts'
import { compareText } from '../foundation/notes.ts'
import type { HeldOut } from './cross-validation.ts'
import type { Provenance } from './fitted-rows.ts'
import { intervalMetric } from './run-predictor.ts'

/** Share of held-out figures that an interval shall hold. */
export const intervalShare = 0.8
/** Engines with fewer held-out figures of a metric share the width of all engines. */
const enoughFigures = 30
const enoughUnits = 5
const digits = 3

/** The metric as `prediction_errors.csv` names it: the engine has a column of its own. */
export function metricOf({ observation }: HeldOut): string {
  return intervalMetric(observation.item, observation.metric)
}

/**
 * Half-width that holds 80 % of figures, each unit (architecture, accelerator) weighing the square root of its
 * figures: a unit measured a thousand times must not decide for all.
 */
export function halfWidth(figures: readonly Pick<HeldOut, 'error' | 'unit'>[]): number {
  const units = new Map<string, number>()
  for (const { unit } of figures) units.set(unit, (units.get(unit) ?? 0) + 1)
  const weighed = figures
    .map(({ error, unit }) => ({ size: Math.abs(error), weight: units.get(unit)! ** -0.5 }))
    .sort((a, b) => a.size - b.size)
  const all = weighed.reduce((sum, { weight }) => sum + weight, 0)
  let sum = 0
  for (const { size, weight } of weighed) {
    sum += weight
    if (sum >= intervalShare * all) return size
  }
  return weighed.at(-1)?.size ?? 0
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  const at = (index: number) => sorted[index] ?? Number.NaN
  return Number.isInteger(middle) ? (at(middle - 1) + at(middle)) / 2 : at(Math.floor(middle))
}

/**
 * The figures that set the width of one figure's interval: same metric and engine, else same metric. Devices of a
 * family that was measured have no part in what a new family can expect, nor the other way round.
 */
function peersOf(all: readonly HeldOut[], metric: string, engine: string): readonly HeldOut[] {
  const same = all.filter((one) => metricOf(one) === metric)
  const known = same.filter((one) => one.newFamily !== true)
  const usual = known.length > 0 ? known : same
  const own = usual.filter((one) => one.observation.item.facts.engine === engine)
  return isEnough(own) ? own : usual
}

function isEnough(figures: readonly HeldOut[]): boolean {
  return figures.length >= enoughFigures && new Set(figures.map(({ unit }) => unit)).size >= enoughUnits
}

/** Metrics that a whole prompt decides, and those that steps decide: new families are too few for each metric alone. */
const isOfPrompts = (metric: string): boolean => /ttft|prefill/.test(metric)

/** All new families' figures of metrics alike, each metric of a device a unit of its own. */
function newFamilyPeers(all: readonly HeldOut[], metric: string): readonly HeldOut[] {
  return all
    .filter((one) => one.newFamily === true && isOfPrompts(metricOf(one)) === isOfPrompts(metric))
    .map((one) => ({ ...one, unit: `${one.unit}|${metricOf(one)}` }))
}

/** A device of a family without runs is at least as uncertain as one of a measured family. */
function newFamilyHalfWidth(peers: readonly HeldOut[], usual: number): number {
  return Math.max(halfWidth(peers), usual)
}

/** Share of figures inside the interval that the other units' errors give: what a new unit can expect. */
export function coverage(figures: readonly HeldOut[]): ReadonlyMap<HeldOut, boolean> {
  const inside = new Map<HeldOut, boolean>()
  const widths = new Map<string, number>()
  for (const figure of figures) {
    const metric = metricOf(figure)
    const { engine } = figure.observation.item.facts
    const key = [metric, engine, figure.unit, figure.newFamily].join('|')
    let width = widths.get(key)
    if (width === undefined) {
      const others = figures.filter((one) => one.unit !== figure.unit)
      const usual = halfWidth(peersOf(others, metric, engine))
      width = figure.newFamily === true ? newFamilyHalfWidth(newFamilyPeers(others, metric), usual) : usual
      widths.set(key, width)
    }
    inside.set(figure, Math.abs(figure.error) <= width)
  }
  return inside
}

/** Rows of `prediction_errors.csv` for one kind of novelty; with new families among the figures, theirs too. */
export function predictionErrorRows(
  figures: readonly HeldOut[],
  novelty: PredictionErrorRow['novelty'],
  provenance: Provenance,
): PredictionErrorRow[] {
  const rows: PredictionErrorRow[] = []
  const row = (
    of: Pick<PredictionErrorRow, 'metric' | 'engine' | 'novelty' | 'note'>,
    own: readonly HeldOut[],
    width = halfWidth(own),
  ): void => {
    rows.push({
      ...of,
      log_half_width: roundSignificant(width, digits),
      median_log_error: roundSignificant(median(own.map(({ error }) => Math.abs(error))), digits),
      runs: own.length,
      units: new Set(own.map(({ unit }) => unit)).size,
      ...provenance,
    })
  }
  for (const metric of [...new Set(figures.map(metricOf))].sort(compareText)) {
    const usual = peersOf(figures, metric, '')
    row({ metric, engine: 'all', novelty, note: undefined }, usual)
    const engines = new Set(usual.map((one) => one.observation.item.facts.engine))
    for (const engine of [...engines].sort(compareText)) {
      const own = peersOf(figures, metric, engine)
      if (own.length < usual.length) row({ metric, engine, novelty, note: undefined }, own)
    }
    const peers = newFamilyPeers(figures, metric)
    if (peers.length === 0) continue
    const note = `All new families together, metrics of ${isOfPrompts(metric) ? 'prompts' : 'steps'} alike; at least the width of a new accelerator.`
    row(
      { metric, engine: 'all', novelty: 'new-family', note },
      peers,
      newFamilyHalfWidth(peers, halfWidth(usual)),
    )
  }
  return rows
}
