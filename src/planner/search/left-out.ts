import { codeOf, type Sentence, sentence } from '../../foundation/notes.ts'
import type { PlanNotSearched } from '../plan-types.ts'

export function notSearched(input: { what: Sentence; why: Sentence; count: number }): PlanNotSearched {
  const { what, why, count } = input
  return { what: what.message, why: why.message, count, whatCode: codeOf(what), whyCode: codeOf(why) }
}

/** Counts what is left out by its reason. */
export class LeftOutCount {
  readonly #found = new Map<string, { what: Sentence; why: Sentence; count: number }>()

  add(what: Sentence, why: Sentence): void {
    const key = `${what.message}\u0000${why.message}`
    const entry = this.#found.get(key)
    if (entry === undefined) this.#found.set(key, { what, why, count: 1 })
    else entry.count += 1
  }

  /** In the order in which they were first met. */
  list(): PlanNotSearched[] {
    return [...this.#found.values()].map(notSearched)
  }
}

const always = (what: Sentence, why: Sentence) => notSearched({ what, why, count: 0 })

/** What no search looks at. */
export const alwaysLeftOut: readonly PlanNotSearched[] = [
  always(
    sentence('spanning-replicas', 'replicas that span several servers'),
    sentence('one-machine', 'a replica stays inside one machine'),
  ),
  always(
    sentence('unjoined-devices', 'tensor parallelism over devices that neither a link nor PCIe joins'),
    sentence('no-rate', 'the catalog has no rate for such a way'),
  ),
  always(
    sentence('more-replicas', 'more replicas than the peak, its headroom and the spares need'),
    sentence('only-dearer', 'they only cost more'),
  ),
  always(
    sentence('mixed-fleet', 'several kinds of machines for one model'),
    sentence('one-kind', 'a fleet is of one kind'),
  ),
]
