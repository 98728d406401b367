import type { Catalog } from '../../catalogs/catalog.ts'
import type { PlaceValue } from '../search/place-factors.ts'
import type { SearchSpace } from '../search/space.ts'
import type { Named, OptionInput } from './option-input.ts'
import { defaultUncertainty } from './price-inputs.ts'

/** Rows of `planning_defaults.csv` that say how far a figure of a grid may be off. */
export const gridUncertainties = {
  gridCarbon: 'grid-carbon-uncertainty',
  gridWater: 'grid-water-uncertainty',
} as const

/**
 * The grid of a place: cloud regions and premises in one grid share it, whatever row their figure comes from, so that
 * their draws go together.
 */
export function gridOf(catalog: Catalog, placeId: string): string {
  const place = catalog.rowsBy('places', 'id').get(placeId)?.[0]
  if (place?.grid_id !== undefined) return place.grid_id
  return place?.kind === 'cloud-region' && place.parent_id !== undefined
    ? gridOf(catalog, place.parent_id)
    : placeId
}

/** A year's mean of a grid as one source counts it is not what it will be; the user's own figure is taken at its word. */
export function gridInput(
  space: SearchSpace,
  named: Named & { readonly factor: keyof typeof gridUncertainties },
  value: PlaceValue | undefined,
): OptionInput | undefined {
  if (value === undefined || value.sourceId === 'user' || !(value.value > 0)) return undefined
  const width = 1 + defaultUncertainty(space, gridUncertainties[named.factor]).fraction
  return {
    ...named,
    name: `${named.name} ${gridOf(space.catalog, value.placeId)}`,
    range: { kind: 'lognormal', low: value.value / width, mid: value.value, high: value.value * width },
    one: value.value,
    sourceId: value.sourceId,
  }
}
