import { gramsPerTonne, joulesPerKilowattHour, kilo, litresPerCubicMetre } from '../../foundation/units.ts'

/** Figures that reporting standards ask for, in base units. A standard's name for each is a row of the catalog. */
export const datapointFigures = {
  'installed-it-power': 'W',
  'it-energy': 'J',
  'total-energy': 'J',
  'renewable-energy': 'J',
  'renewable-energy-certificates': 'J',
  'renewable-energy-contracts': 'J',
  'renewable-energy-on-site': 'J',
  'non-renewable-energy': 'J',
  'nuclear-energy': 'J',
  'fossil-energy': 'J',
  'reused-heat': 'J',
  'scope-1': 'g',
  'scope-2-location': 'g',
  'scope-2-market': 'g',
  'scope-3': 'g',
  'scope-3-capital-goods': 'g',
  'scope-3-purchased-goods': 'g',
  'scope-3-energy-related': 'g',
  'total-location': 'g',
  'total-market': 'g',
  'water-input': 'L',
  pue: '1',
  wue: 'L/kWh',
  erf: '1',
  ref: '1',
} as const
export type DatapointFigure = keyof typeof datapointFigures

/** What one base unit is in the unit a standard asks for. */
export const datapointUnits = {
  kW: { base: 'W', divisor: kilo },
  kWh: { base: 'J', divisor: joulesPerKilowattHour },
  MWh: { base: 'J', divisor: joulesPerKilowattHour * kilo },
  't CO2e': { base: 'g', divisor: gramsPerTonne },
  m3: { base: 'L', divisor: litresPerCubicMetre },
  ratio: { base: '1', divisor: 1 },
  'L/kWh': { base: 'L/kWh', divisor: 1 },
} as const
export type DatapointUnit = keyof typeof datapointUnits

/** A row of `catalogs/datapoints.csv`. */
export interface DatapointRow {
  readonly framework: string
  readonly revision: string
  readonly identifier: string
  readonly label: string
  readonly figure: DatapointFigure
  readonly unit: DatapointUnit
}

export interface Datapoint {
  readonly framework: string
  readonly identifier: string
  readonly label: string
  readonly unit: DatapointUnit
  /** Undefined where the figure is unknown: the table shows a gap, never 0. */
  readonly value: number | undefined
}

/**
 * The chosen frameworks' datapoints. `identifiers` renames them for a user's own taxonomy: keys are
 * `framework/identifier`.
 * @throws Error where a row asks for a unit that its figure does not have.
 */
export function datapoints(input: {
  readonly rows: readonly DatapointRow[]
  readonly figures: { readonly [Figure in DatapointFigure]?: number | undefined }
  readonly identifiers?: Readonly<Record<string, string>>
}): Datapoint[] {
  return input.rows.map((row) => {
    const { base, divisor } = datapointUnits[row.unit]
    if (base !== datapointFigures[row.figure])
      throw new Error(`datapoint ${row.framework} ${row.identifier}: ${row.figure} is not in ${row.unit}`)
    const value = input.figures[row.figure]
    return {
      framework: row.framework,
      identifier: input.identifiers?.[`${row.framework}/${row.identifier}`] ?? row.identifier,
      label: row.label,
      unit: row.unit,
      value: value === undefined ? undefined : value / divisor,
    }
  })
}
