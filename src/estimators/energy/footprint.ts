import type { Note } from '../../foundation/notes.ts'
import { joulesPerKilowattHour } from '../../foundation/units.ts'
import type { EmbodiedFootprint, Range } from './footprint-embodied.ts'
import { type GhgScope, type Ownership, scopeMappings } from './footprint-scopes.ts'

/** Carbon of a kWh at the meter, grams CO2e. Every figure may be unknown; none has a default. */
export interface GridCarbon {
  /** What the plants of the grid emit, mean of the mix. */
  readonly directGramsPerKwh: number | undefined
  /** The same with fuel supply and building of plants. Where `direct` is unknown it stands for both. */
  readonly lifecycleGramsPerKwh: number | undefined
  /** Of the plant that answers one more kWh. */
  readonly marginalGramsPerKwh: number | undefined
  /** What is left of the mix after certificates are sold, or the supplier's own factor. */
  readonly residualGramsPerKwh: number | undefined
}

export interface FootprintInput {
  readonly ownership: Ownership
  /** Of the period, before PUE. */
  readonly itJoules: number
  readonly pueRatio: number | undefined
  readonly carbon: GridCarbon
  /** Share of the energy at the meter that energy attribute certificates or supply contracts cover, 0 to 1. */
  readonly certificateFraction: number | undefined
  /** On-site water over IT energy (ISO/IEC 30134-9), litres per kWh. */
  readonly wueLitresPerItKwh: number | undefined
  /** Water consumed where the electricity is made, over energy at the meter. */
  readonly generationLitresPerKwh: number | undefined
  readonly embodied: EmbodiedFootprint | undefined
}

export interface CarbonLine {
  readonly id: 'it-electricity' | 'overhead-electricity' | 'upstream-of-electricity' | 'embodied'
  readonly scope: GhgScope
  readonly locationGrams: number | undefined
  readonly marketGrams: number | undefined
}

export interface Footprint {
  readonly itKwh: number
  readonly meterKwh: number | undefined
  readonly carbonLines: readonly CarbonLine[]
  /** Electricity alone, upstream included where it is known. */
  readonly operationalLocationGrams: number | undefined
  readonly operationalMarketGrams: number | undefined
  readonly operationalMarginalGrams: number | undefined
  readonly embodiedGrams: Range | undefined
  /** Electricity and embodied (middle). */
  readonly totalLocationGrams: number | undefined
  readonly totalMarketGrams: number | undefined
  readonly onSiteWaterLitres: number | undefined
  readonly generationWaterLitres: number | undefined
  readonly totalWaterLitres: number | undefined
  readonly notes: readonly Note[]
}

/** A product or sum that is unknown as soon as one part is. */
function product(...factors: readonly (number | undefined)[]): number | undefined {
  let result = 1
  for (const factor of factors) {
    if (factor === undefined) return undefined
    result *= factor
  }
  return result
}

function sum(terms: readonly (number | undefined)[]): number | undefined {
  let result = 0
  for (const term of terms) {
    if (term === undefined) return undefined
    result += term
  }
  return result
}

/**
 * Carbon and water of a period. PUE acts once: on the energy at the meter, never on water that is counted per IT
 * energy. Totals are the sums of their lines; a missing input makes its lines and totals undefined and leaves a note.
 */
export function footprint(input: FootprintInput): Footprint {
  const { carbon, pueRatio } = input
  const scopes = scopeMappings[input.ownership]
  const itKwh = input.itJoules / joulesPerKilowattHour
  const overheadKwh = pueRatio === undefined ? undefined : itKwh * (pueRatio - 1)
  const meterKwh = overheadKwh === undefined ? undefined : itKwh + overheadKwh
  const location = carbon.directGramsPerKwh ?? carbon.lifecycleGramsPerKwh
  const uncovered = input.certificateFraction === undefined ? undefined : 1 - input.certificateFraction
  const market = input.certificateFraction === 1 ? 0 : product(uncovered, carbon.residualGramsPerKwh)
  const upstreamFactor = upstreamGramsPerKwh(carbon)
  const electricity = (id: CarbonLine['id'], scope: GhgScope, kwh: number | undefined): CarbonLine => ({
    id,
    scope,
    locationGrams: product(kwh, location),
    marketGrams: product(kwh, market),
  })
  const embodied = input.embodied?.periodGrams
  const lines: CarbonLine[] = [
    electricity('it-electricity', scopes.itElectricity, itKwh),
    electricity('overhead-electricity', scopes.overheadElectricity, overheadKwh),
  ]
  if (upstreamFactor !== undefined) {
    // Certificates cover generation; what happens upstream of the grid's fuel is not bought off by them here.
    const grams = product(meterKwh, upstreamFactor)
    lines.push({
      id: 'upstream-of-electricity',
      scope: scopes.upstreamOfElectricity,
      locationGrams: grams,
      marketGrams: grams,
    })
  }
  const operationalLocationGrams = sum(lines.map((line) => line.locationGrams))
  const operationalMarketGrams = sum(lines.map((line) => line.marketGrams))
  lines.push({
    id: 'embodied',
    scope: scopes.embodied,
    locationGrams: embodied?.mid,
    marketGrams: embodied?.mid,
  })
  const onSiteWaterLitres = product(itKwh, input.wueLitresPerItKwh)
  const generationWaterLitres = product(meterKwh, input.generationLitresPerKwh)
  return {
    itKwh,
    meterKwh,
    carbonLines: lines,
    operationalLocationGrams,
    operationalMarketGrams,
    operationalMarginalGrams: product(meterKwh, carbon.marginalGramsPerKwh),
    embodiedGrams: embodied,
    totalLocationGrams: sum(lines.map((line) => line.locationGrams)),
    totalMarketGrams: sum(lines.map((line) => line.marketGrams)),
    onSiteWaterLitres,
    generationWaterLitres,
    totalWaterLitres: sum([onSiteWaterLitres, generationWaterLitres]),
    notes: footprintNotes(input),
  }
}

/** What a life-cycle factor has beyond the plants' own emissions; undefined where one of the two is unknown. */
function upstreamGramsPerKwh(carbon: GridCarbon): number | undefined {
  const { directGramsPerKwh: direct, lifecycleGramsPerKwh: whole } = carbon
  return direct === undefined || whole === undefined ? undefined : Math.max(whole - direct, 0)
}

const missing: readonly [string, string, (input: FootprintInput) => boolean][] = [
  [
    'pue-unknown',
    'PUE is unknown: nothing at the meter can be said',
    (input) => input.pueRatio === undefined,
  ],
  [
    'grid-carbon-unknown',
    'no carbon factor of this grid: location-based carbon is unknown',
    ({ carbon }) => carbon.directGramsPerKwh === undefined && carbon.lifecycleGramsPerKwh === undefined,
  ],
  [
    'market-carbon-unknown',
    'the share of certificates or the residual mix is unknown: market-based carbon is unknown',
    (input) =>
      input.certificateFraction === undefined ||
      (input.certificateFraction < 1 && input.carbon.residualGramsPerKwh === undefined),
  ],
  [
    'marginal-carbon-unknown',
    'no marginal factor of this grid is known',
    (input) => input.carbon.marginalGramsPerKwh === undefined,
  ],
  [
    'site-water-unknown',
    'WUE is unknown: water on site is unknown',
    (input) => input.wueLitresPerItKwh === undefined,
  ],
  [
    'generation-water-unknown',
    'water of this grid’s plants is unknown',
    (input) => input.generationLitresPerKwh === undefined,
  ],
  [
    'embodied-unknown',
    'embodied carbon of at least one part is unknown',
    (input) => input.embodied?.periodGrams === undefined,
  ],
]

function footprintNotes(input: FootprintInput): Note[] {
  const notes: Note[] = missing
    .filter(([, , applies]) => applies(input))
    .map(([code, message]) => ({ code, level: 'warning', about: 'footprint', message }))
  const { carbon } = input
  if (carbon.directGramsPerKwh === undefined && carbon.lifecycleGramsPerKwh !== undefined) {
    notes.push({
      code: 'lifecycle-factor-as-scope-2',
      level: 'assumption',
      about: 'footprint.carbonLines',
      message:
        'only a life-cycle factor of the grid is known: scope 2 here contains upstream emissions that belong to scope 3 category 3',
      sourceId: 'ghg-protocol-scope-2',
    })
  }
  if (input.ownership === 'colocation') {
    notes.push({
      code: 'colocation-scopes',
      level: 'information',
      about: 'footprint.carbonLines',
      message:
        'the building’s overhead is counted as the landlord’s (scope 3 category 8); some tenants report it as scope 2',
    })
  }
  return notes
}
