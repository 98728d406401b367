import type { Catalog } from '../catalogs/catalog.ts'
import { RightsizeError } from '../foundation/errors.ts'
import { explainInfeasible } from './assemble/infeasible.ts'
import { assemblePlan } from './assemble/plan-document.ts'
import type { Plan } from './plan-types.ts'
import { checkScenario } from './scenario/read.ts'
import type { ScenarioInput } from './scenario/schema.ts'
import { readScore } from './search/score.ts'
import { search } from './search/search.ts'
import type { SearchResult } from './search/search-types.ts'
import { type SearchSpace, searchSpace } from './search/space.ts'

export interface PlanOptions {
  /** Stops the search at its next pause; the promise rejects with RightsizeError `cancelled`. */
  readonly signal?: AbortSignal
  /** The share done, 0 to 1, several times while it searches. */
  readonly onProgress?: (fraction: number) => void
  /** Where the scenario comes from, for error messages. */
  readonly file?: string
}

/**
 * Searches everything the scenario allows and says what to choose, why, and how each figure came about.
 * The same scenario and catalog give the same plan. "Nothing fits" is a plan with `status: 'infeasible'`.
 * @throws RightsizeError `scenario-invalid`, `formula-invalid`, `unknown-…` with every problem found; `cancelled`.
 */
export async function plan(given: ScenarioInput, catalog: Catalog, options: PlanOptions = {}): Promise<Plan> {
  const file = options.file ?? 'scenario'
  const scenario = checkScenario({ value: given, file })
  const space = searchSpace({ scenario, catalog, file })
  const score = await readScore(space.resolved.limits.score)
  const run = (of: SearchSpace) => drive(of, { keepDominatedPrices: !score.rising }, options)
  const result = await run(space)
  const infeasible = result.table.size > 0 ? undefined : await explainInfeasible({ space, result, run })
  return assemblePlan({ given, space, result, score, infeasible })
}

export type SafePlan =
  | { readonly ok: true; readonly plan: Plan }
  | { readonly ok: false; readonly error: RightsizeError }

/** `plan` without throwing for wrong input; our own bugs still throw. */
export async function safePlan(
  given: ScenarioInput,
  catalog: Catalog,
  options: PlanOptions = {},
): Promise<SafePlan> {
  try {
    return { ok: true, plan: await plan(given, catalog, options) }
  } catch (error) {
    if (error instanceof RightsizeError) return { ok: false, error }
    throw error
  }
}

/** Runs a search with pauses in which the event loop, the signal and the progress get their turn. */
async function drive(
  space: SearchSpace,
  how: { keepDominatedPrices: boolean },
  options: PlanOptions,
): Promise<SearchResult> {
  const steps = search(space, how)
  for (;;) {
    if (options.signal?.aborted === true)
      throw new RightsizeError({ code: 'cancelled', message: 'the search was cancelled' })
    const step = steps.next()
    if (step.done === true) return step.value
    options.onProgress?.(step.value)
    await new Promise<void>((resolve) => setTimeout(resolve, 0))
  }
}
