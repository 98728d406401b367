import { type Sentence, sentence } from '../../foundation/notes.ts'
import type { PlanOption, PlanPlaceKind } from '../plan-option-types.ts'
import type { PlanSideBySide } from '../plan-types.ts'
import type { Choice } from '../search/choose.ts'
import type { SearchResult } from '../search/search-types.ts'
import type { SearchSpace } from '../search/space.ts'

const kinds: readonly PlanPlaceKind[] = ['on-prem', 'colocation', 'subscription', 'cloud', 'api', 'device']
// Compared only where the scenario asks for them.
const onRequest: ReadonlySet<PlanPlaceKind> = new Set(['subscription', 'device'])

/** The best of each kind of place, or why there is none. */
export function sideBySideOf(
  space: SearchSpace,
  choice: Choice,
  byRow: ReadonlyMap<number, PlanOption>,
  result: SearchResult,
): PlanSideBySide[] {
  return kinds.flatMap((kind): PlanSideBySide[] => {
    const row = choice.bestByKind.get(kind)
    const option = row === undefined ? undefined : byRow.get(row)
    if (option !== undefined) return [{ kind, optionId: option.id }]
    if (onRequest.has(kind) && !space.resolved.placeKinds.includes(kind)) return []
    const why = whyNoneOf(space, kind, result)
    return [{ kind, whyNone: why.message, whyNoneCode: why.code }]
  })
}

function whyNoneOf(space: SearchSpace, kind: PlanPlaceKind, result: SearchResult): Sentence {
  if (!space.resolved.placeKinds.includes(kind))
    return sentence('not-allowed', 'the scenario does not allow it')
  if (kind === 'api' && space.apis.length === 0)
    return sentence('no-api', 'no allowed API hosts a kept model')
  if (kind === 'cloud' && space.machines.every((site) => site.offers.length === 0))
    return sentence('no-cloud', 'no allowed cloud rents an allowed accelerator')
  if (
    kind === 'subscription' &&
    !space.machines.some((site) => site.places.some((at) => space.places[at]?.quote))
  )
    return sentence('no-quoted-machine', 'no allowed server takes what its quotes are for')
  if (kind === 'subscription' && space.places.every(({ quote }) => quote?.committedPrice.usd === undefined))
    return sentence('no-quoted-price', 'its quotes do not say what a committed unit costs')
  if (result.table.size === 0) return sentence('nothing-anywhere', 'nothing fits anywhere')
  return sentence('none-meets-all', 'none of its offers meets every limit')
}
