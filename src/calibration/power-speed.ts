import type { Catalog } from '../catalogs/catalog.ts'
import { crossValidate } from './cross-validation.ts'
import { fitCoefficients, parameterSpace } from './fit.ts'
import { fitProblem } from './observations.ts'
import { completionInputTokens, type PowerRun } from './power-runs.ts'
import { ourPrior } from './prior.ts'
import { type Run, readRuns } from './runs.ts'

/** As in the speed model's own fit. */
const iterations = { full: 15, fold: 6 }
const folds = { aloneFrom: 20, sharedFolds: 6 }

/**
 * Step time of every run that states energy, by the speed model fitted without the run's architecture: what a plan
 * would have said of a model it has never seen. By run id.
 */
export function heldOutStepSeconds(input: {
  text: string
  file: string
  catalog: Catalog
  powerRuns: readonly PowerRun[]
}): ReadonlyMap<string, number> {
  const runs = readRuns({ text: input.text, file: input.file }).map(withInputTokens)
  const problem = fitProblem({ runs, catalog: input.catalog })
  const shared = { problem, space: parameterSpace(problem, ourPrior), prior: ourPrior }
  const fit = fitCoefficients({ ...shared, train: () => true, iterations: iterations.full })
  const { held } = crossValidate({
    fit: { ...shared, start: fit.parameters, iterations: iterations.fold },
    split: 'architecture',
    ...folds,
  })
  const errors = new Map<string, number>()
  for (const { observation, error } of held) {
    const { id } = observation.item.run
    if (observation.metric === 'output_tokens_per_second' && id !== undefined) errors.set(id, error)
  }
  const steps = new Map<string, number>()
  for (const { id, throughputRunId, stepSeconds } of input.powerRuns) {
    const error = throughputRunId === undefined ? undefined : errors.get(throughputRunId)
    // Errors are ln(predicted/measured) of the rate; a step is the batch over the rate.
    if (error !== undefined && stepSeconds !== undefined) steps.set(id, stepSeconds * Math.exp(-error))
  }
  return steps
}

/** The speed model's reader leaves runs out that do not state the prompt's length; every energy row is to count. */
function withInputTokens(run: Run): Run {
  const completion = run.source_id?.startsWith('mlenergy') === true && run.input_tokens === undefined
  return completion ? { ...run, input_tokens: completionInputTokens } : run
}
