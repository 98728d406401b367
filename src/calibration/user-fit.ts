import { levelKinds, type UserLevelKind, userLevelKinds } from '../estimators/performance/levels.ts'
import { type Term, terms, termUnits } from '../estimators/performance/terms.ts'
import { applyParameters, type Fit, fitCoefficients, type ParameterSpace, residual } from './fit.ts'
import type { Observation, Problem } from './observations.ts'
import { ourPrior } from './prior.ts'

/** What a user's runs are believed to differ by from the fitted factors, before they are read. */
export interface UserPrior {
  /** Standard deviation of ln(factor) of a level. */
  readonly factorSpread: (term: Term, kind: UserLevelKind) => number
  readonly robustBeyond: number
  readonly dataWeight: number
}

/**
 * Chosen with architectures left out of the fit and five random runs given back (`calibrate-study.node.ts`; 23
 * variants, a flat optimum): five runs may move a factor by a half, not by three, and latencies more than bandwidths.
 */
const spreads: { readonly [K in UserLevelKind]: number } = { deployment: 0.4, 'deployment-precision': 0.3 }
const latencyStretch = 1.5
/** One over the variance of a careful measurement, 7 %. */
const dataWeight = 200
export const userPrior: UserPrior = {
  factorSpread: (term, kind) => {
    if (term === 'routingExponent') return 0
    return spreads[kind] * (termUnits[term] === 'seconds' ? latencyStretch : 1)
  },
  robustBeyond: 0.1,
  dataWeight,
}

export interface UserFactor {
  readonly kind: UserLevelKind
  readonly level: string
  readonly term: Term
  readonly factor: number
  /** Figures of runs behind the level. */
  readonly figures: number
}

export interface UserFit {
  readonly factors: readonly UserFactor[]
  /** ln(predicted/measured) of each figure: before, after, and by a fit that left the figure's run out. */
  readonly errors: readonly UserError[]
}

export interface UserError {
  readonly observation: Observation
  readonly before: number
  readonly after: number
  readonly heldOut: number
}

const iterations = 12
const mostFolds = 10

/**
 * Factors of the user's own deployments on top of the fitted ones. `problem` comes from `fitProblem` with `start`; its
 * combinations hold the calibrated coefficients afterwards.
 */
export function fitUserFactors(problem: Problem, prior: UserPrior = userPrior): UserFit {
  const { space, fitOn, reset } = userFitter(problem, prior)
  const { observations } = problem
  reset()
  const before = observations.map(residual)
  const heldOut = new Float64Array(observations.length)
  const lines = [...new Set(observations.map(({ item }) => item.run.line))]
  const folds = Math.min(mostFolds, lines.length)
  const foldOf = new Map(lines.map((line, index) => [line, index % folds]))
  for (let fold = 0; fold < folds; fold++) {
    fitOn(({ item }) => foldOf.get(item.run.line) !== fold)
    for (const [index, observation] of observations.entries()) {
      if (foldOf.get(observation.item.run.line) === fold) heldOut[index] = residual(observation)
    }
  }
  const { parameters } = fitOn(() => true)
  return {
    factors: factorsOf(problem, space, parameters),
    errors: observations.map((observation, index) => ({
      observation,
      before: before[index]!,
      after: residual(observation),
      heldOut: heldOut[index]!,
    })),
  }
}

/** Fits the levels of the user's runs on those that `train` lets it see. */
export function userFitter(
  problem: Problem,
  prior: UserPrior = userPrior,
): {
  readonly space: ParameterSpace
  readonly fitOn: (train: (observation: Observation) => boolean) => Fit
  /** Puts the coefficients back to where they started. */
  readonly reset: () => void
} {
  const space = userSpace(problem, prior)
  const { robustBeyond, dataWeight } = prior
  const shared = {
    problem,
    space,
    prior: { ...ourPrior, robustBeyond, dataWeight, cellPower: 0 },
    iterations,
  }
  return {
    space,
    fitOn: (train) => fitCoefficients({ ...shared, train }),
    reset: () => applyParameters(problem, space, new Float64Array(space.spreads.length)),
  }
}

function userSpace(problem: Problem, prior: UserPrior): ParameterSpace {
  const index = new Map<string, number>()
  const levelsOf = problem.combinations.map(({ levels }) =>
    Int32Array.from(
      levels.slice(levelKinds.length).map((level, kind) => {
        const name = `${userLevelKinds[kind]}=${level}`
        if (!index.has(name)) index.set(name, index.size)
        return index.get(name)!
      }),
    ),
  )
  const levelNames = [...index.keys()]
  const spreads = Float64Array.from(
    levelNames.flatMap((name) => terms.map((term) => prior.factorSpread(term, kindOf(name)))),
  )
  return {
    levelNames,
    spreads,
    logBase: new Float64Array(terms.length),
    levelsOf,
    logStarts: problem.combinations.map(({ coefficients }) =>
      Float64Array.from(terms, (term) => Math.log(coefficients[term])),
    ),
  }
}

function kindOf(name: string): UserLevelKind {
  return name.slice(0, name.indexOf('=')) as UserLevelKind
}

function factorsOf(problem: Problem, space: ParameterSpace, parameters: Float64Array): UserFactor[] {
  const figures = space.levelNames.map(() => 0)
  for (const { combination } of problem.observations) {
    for (const level of space.levelsOf[combination.index]!) figures[level]! += 1
  }
  return space.levelNames.flatMap((name, level) =>
    terms.map((term, t) => {
      const at = level * terms.length + t
      return {
        kind: kindOf(name),
        level: name.slice(name.indexOf('=') + 1),
        term,
        factor: Math.exp(space.spreads[at]! * parameters[at]!),
        figures: figures[level]!,
      }
    }),
  )
}
