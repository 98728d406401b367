import type { Note } from '../../foundation/notes.ts'
import { joulesPerKilowattHour, joulesPerWattHour, millilitresPerLitre } from '../../foundation/units.ts'
import type { Range } from './footprint-embodied.ts'

/** What a provider or study says of one request to a service; a row of `catalogs/api_footprints.csv`. */
export interface ApiAnchor {
  readonly id: string
  /** Length of the answers the figures are for, where it is stated. */
  readonly outputTokens: number | undefined
  readonly energyJoules: { readonly low: number; readonly high: number } | undefined
  readonly gramsCo2e: number | undefined
  readonly waterLitres: number | undefined
  readonly sourceId: string
}

export function apiAnchor(row: {
  readonly id: string
  readonly output_tokens?: number | undefined
  readonly energy_wh?: number | undefined
  readonly energy_low_wh?: number | undefined
  readonly energy_high_wh?: number | undefined
  readonly carbon_g_co2e?: number | undefined
  readonly water_ml?: number | undefined
  readonly source_id: string
}): ApiAnchor {
  const low = row.energy_low_wh ?? row.energy_wh
  const high = row.energy_high_wh ?? row.energy_wh
  return {
    id: row.id,
    outputTokens: row.output_tokens,
    energyJoules:
      low === undefined || high === undefined
        ? undefined
        : { low: low * joulesPerWattHour, high: high * joulesPerWattHour },
    gramsCo2e: row.carbon_g_co2e,
    waterLitres: row.water_ml === undefined ? undefined : row.water_ml / millilitresPerLitre,
    sourceId: row.source_id,
  }
}

export interface ApiFootprint {
  /** Of one request: as wide as what is published. */
  readonly energyJoules: Range | undefined
  readonly gramsCo2e: Range | undefined
  readonly waterLitres: Range | undefined
  readonly anchorIds: readonly string[]
  readonly notes: readonly Note[]
}

/**
 * A request to a service whose hardware nobody knows. The middle comes from the anchors that say how long their
 * answers are, scaled to this request's output tokens, and the spread from all anchors: lowest and highest of what
 * is published, over its geometric mean. Where no anchor states a length, requests count as alike. Carbon is that
 * energy at the grid's factor, widened by stated figures. Wide on purpose: boundaries of the anchors differ.
 */
export function apiFootprint(input: {
  readonly anchors: readonly ApiAnchor[]
  readonly outputTokens: number
  /** At the service's meter; undefined where the place is unknown. */
  readonly gridGramsCo2ePerKwh: number | undefined
}): ApiFootprint {
  const { anchors, outputTokens, gridGramsCo2ePerKwh: factor } = input
  const energyJoules = estimate(
    anchors.flatMap(({ energyJoules: e, outputTokens: length }) =>
      e === undefined
        ? []
        : [
            { value: e.low, length },
            { value: e.high, length },
          ],
    ),
    outputTokens,
  )
  const stated = (of: 'gramsCo2e' | 'waterLitres') =>
    estimate(
      anchors.flatMap((anchor) => {
        const value = anchor[of]
        return value === undefined ? [] : [{ value, length: anchor.outputTokens }]
      }),
      outputTokens,
    )
  const known = anchors.filter((anchor) => anchor.energyJoules ?? anchor.gramsCo2e ?? anchor.waterLitres)
  return {
    energyJoules,
    gramsCo2e: carbonOf(energyJoules, factor, stated('gramsCo2e')),
    waterLitres: stated('waterLitres'),
    anchorIds: known.map((anchor) => anchor.id),
    notes: apiNotes(known.length),
  }
}

function apiNotes(known: number): Note[] {
  const wide: Note = {
    code: 'api-footprint-wide',
    level: 'warning',
    about: 'footprint',
    message:
      'the service’s hardware is unknown: the range spans what providers and studies publish, with different boundaries',
  }
  const unknown: Note = {
    code: 'api-footprint-unknown',
    level: 'warning',
    about: 'footprint',
    message: 'no figure is published for this service',
  }
  return known === 0 ? [unknown] : [wide]
}

interface Published {
  readonly value: number
  /** Output tokens the figure is for. */
  readonly length: number | undefined
}

function estimate(published: readonly Published[], outputTokens: number): Range | undefined {
  const all = rangeOf(published.map(({ value }) => value))
  const scaled = rangeOf(
    published.flatMap(({ value, length }) => (length === undefined ? [] : [(value * outputTokens) / length])),
  )
  if (all === undefined || scaled === undefined) return all
  return {
    low: Math.min(scaled.low, (scaled.mid * all.low) / all.mid),
    mid: scaled.mid,
    high: Math.max(scaled.high, (scaled.mid * all.high) / all.mid),
  }
}

/** From energy where the grid is known, stretched to what is stated; else what is stated alone. */
function carbonOf(
  energyJoules: Range | undefined,
  gramsPerKwh: number | undefined,
  stated: Range | undefined,
): Range | undefined {
  if (energyJoules === undefined || gramsPerKwh === undefined) return stated
  const perJoule = gramsPerKwh / joulesPerKilowattHour
  const mid = energyJoules.mid * perJoule
  return {
    low: Math.min(energyJoules.low * perJoule, stated?.low ?? Number.POSITIVE_INFINITY),
    mid,
    high: Math.max(energyJoules.high * perJoule, stated?.high ?? 0),
  }
}

/** Extremes and geometric mean of positive figures; undefined of none. */
function rangeOf(values: readonly number[]): Range | undefined {
  if (values.length === 0) return undefined
  const low = Math.min(...values)
  const high = Math.max(...values)
  const mid = Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length)
  return { low, mid: Math.min(Math.max(mid, low), high), high }
}
