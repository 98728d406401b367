import { type PairedDraws, pairedDraws } from '../../estimators/uncertainty/paired-draws.ts'
import type { Note } from '../../foundation/notes.ts'
import type { SearchSpace } from '../search/space.ts'
import { defaultUncertainty, electricityUncertainty } from './price-inputs.ts'

/** The draws of one plan: seed and number from the scenario, else the planning defaults. */
export function planDraws(space: SearchSpace): PairedDraws {
  const given = space.resolved.scenario.uncertainty ?? {}
  const defaults = space.catalog.rowsBy('planningDefaults', 'id')
  const value = (stated: number | undefined, id: string): number => {
    const number = stated ?? Number(defaults.get(id)?.[0]?.value)
    if (!Number.isInteger(number)) throw new Error(`planning_defaults.csv has no ${id}`)
    return number
  }
  return pairedDraws({
    seed: value(given.seed, 'uncertainty-seed'),
    samples: value(given.samples, 'uncertainty-samples'),
  })
}

/** What the intervals of cost and footprint mean, and what is assumed of them. */
export function drawNotes(space: SearchSpace, draws: PairedDraws): Note[] {
  const { samples, seed } = draws
  const notes: Note[] = [
    {
      code: 'intervals-by-draws',
      level: 'information',
      about: 'uncertainty',
      message: `intervals of cost, energy, carbon and water are the middle 80 % of ${samples} draws (seed ${seed}) of demand, speed, power, prices and factors of the place. Machines are counted anew in each draw: the interval says what it takes to serve the demand that comes with the targets kept, not what the planned machines alone would cost. Two options are tied where neither is cheaper in nine of ten draws`,
      values: { samples, seed },
    },
  ]
  if (space.resolved.placeKinds.some((kind) => kind !== 'api'))
    for (const [code, words] of [
      ['grid-carbon-uncertainty', 'the carbon of a grid'],
      ['grid-water-uncertainty', 'the water of a grid’s power plants'],
    ] as const) {
      const { fraction, sourceId, note } = defaultUncertainty(space, code)
      notes.push({
        code,
        level: 'assumption',
        about: 'site',
        message: `${words} from the catalog may be off by a factor of ${1 + fraction} either way in four of five cases, alike for all options in one grid: ${note}`,
        values: { fraction, note },
        sourceId,
      })
    }
  const fromCatalog = space.places.some(({ kind, factors }) => {
    const price = factors.electricityUsdPerKilowattHour
    return kind !== 'device' && price !== undefined && price.sourceId !== 'user'
  })
  if (!fromCatalog) return notes
  const { fraction, sourceId, note } = electricityUncertainty(space)
  notes.push({
    code: 'electricity-price-uncertainty',
    level: 'assumption',
    about: 'site.electricityPrice',
    message: `the price of electricity from the catalog may be off by a factor of ${1 + fraction} either way in four of five cases (state site.electricityPrice to fix it): ${note}`,
    values: { fraction, note },
    sourceId,
  })
  return notes
}
