import type { Catalog } from '../catalogs/catalog.ts'
import { RightsizeError } from '../foundation/errors.ts'
import { assembleCascade } from './assemble/cascade.ts'
import { explainInfeasible } from './assemble/infeasible.ts'
import { assemblePlan } from './assemble/plan-document.ts'
import { cascadeFractions, cascadeScenario } from './cascade-shares.ts'
import type { Plan } from './plan-types.ts'
import { checkScenario } from './scenario/read.ts'
import { resolveScenario } from './scenario/resolve.ts'
import type { Scenario, ScenarioInput } from './scenario/schema.ts'
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
  const { cascade } = scenario
  if (cascade === undefined) return planOf({ given, scenario, catalog, file }, options)
  const fractions = cascadeFractions(cascade)
  const sides = (['small', 'large'] as const).filter((side) => fractions[side] > 0)
  const alone = fractions.large > 0 && fractions.large < 1
  const steps = 1 + sides.length + (alone ? 1 : 0)
  const part = (step: number): PlanOptions => ({
    ...options,
    ...(options.onProgress === undefined
      ? {}
      : { onProgress: (share) => options.onProgress?.((step + share) / steps) }),
  })
  const single = await planOf({ given, scenario, catalog, file }, part(0))
  const plans: { small?: Plan; large?: Plan } = {}
  for (const [index, side] of sides.entries())
    plans[side] = await planOf(
      { given, scenario: cascadeScenario(scenario, side), catalog, file, demandFraction: fractions[side] },
      part(1 + index),
    )
  const largeAlone = alone
    ? await planOf({ given, scenario: cascadeScenario(scenario, 'large'), catalog, file }, part(steps - 1))
    : undefined
  return {
    ...single,
    cascade: assembleCascade({
      wish: cascade,
      resolved: resolveScenario({ scenario, catalog, file }),
      single,
      small: plans.small,
      large: plans.large,
      largeAlone,
    }),
  }
}

async function planOf(
  input: {
    given: ScenarioInput
    scenario: Scenario
    catalog: Catalog
    file: string
    demandFraction?: number
  },
  options: PlanOptions,
): Promise<Plan> {
  const { given } = input
  const space = searchSpace(input)
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
