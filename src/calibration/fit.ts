import { levelKinds } from '../estimators/performance/levels.ts'
import { terms } from '../estimators/performance/terms.ts'
import { solveShrunken } from './conjugate-gradient.ts'
import type { Observation, Problem } from './observations.ts'
import { predictMetric } from './predict.ts'
import type { Prior } from './prior.ts'

/**
 * Robust Gauss–Newton on ln(predicted/measured). Each coefficient of a combination of levels is
 * exp(ln base + Σ factors), every factor shrunk towards 1 by its prior spread, all terms and levels at once.
 */
export interface Fit {
  /** Standardised parameters, level by level: [level × terms + term]. */
  readonly parameters: Float64Array
  readonly space: ParameterSpace
  readonly objective: number
}

/** The parameters of a problem: one per term and level, the base being level 0. */
export interface ParameterSpace {
  readonly levelNames: readonly string[]
  readonly spreads: Float64Array
  readonly logBase: Float64Array
  /** Levels of each combination, the base first. */
  readonly levelsOf: readonly Int32Array[]
  /** Logarithms that each combination starts from instead of the base's. */
  readonly logStarts?: readonly Float64Array[]
}

const count = terms.length
/** A coefficient above this many e-folds is a runaway, not physics. */
const mostLog = 12
const derivativeStep = 1e-3
/** Largest change of a factor's logarithm in one step. */
const longestStep = 1.5
const shortenings = 6
const stepDivisor = 3
/** Stop when a step gains less than this share of the objective. */
const enough = 2e-4

export function parameterSpace(problem: Problem, prior: Prior): ParameterSpace {
  const names = ['base=all']
  const index = new Map<string, number>()
  const levelsOf = problem.combinations.map((combination) => {
    const found = combination.levels.map((level, kind) => {
      const name = `${levelKinds[kind]}=${level}`
      let position = index.get(name)
      if (position === undefined) {
        position = names.length
        index.set(name, position)
        names.push(name)
      }
      return position
    })
    return Int32Array.from([0, ...found])
  })
  const spreads = new Float64Array(names.length * count)
  for (const [level, name] of names.entries()) {
    const kind = levelKinds.find((one) => name.startsWith(`${one}=`))
    for (const [t, term] of terms.entries()) {
      spreads[level * count + t] =
        kind === undefined ? prior.baseSpread(term) : prior.factorSpread(term, kind)
    }
  }
  return {
    levelNames: names,
    spreads,
    logBase: Float64Array.from(terms, (t) => Math.log(prior.base[t])),
    levelsOf,
  }
}

/** Writes the coefficients that the parameters mean into the problem's combinations. */
export function applyParameters(problem: Problem, space: ParameterSpace, parameters: Float64Array): void {
  for (const [c, combination] of problem.combinations.entries()) {
    const levels = space.levelsOf[c]!
    const starts = space.logStarts?.[c] ?? space.logBase
    for (let t = 0; t < count; t++) {
      let log = starts[t]!
      for (const level of levels) log += space.spreads[level * count + t]! * parameters[level * count + t]!
      combination.coefficients[terms[t]!] = Math.exp(Math.min(log, mostLog))
    }
  }
}

export function residual(observation: Observation): number {
  return Math.log(predictMetric(observation.item, observation.metric)) - observation.logMeasured
}

export interface FitInput {
  readonly problem: Problem
  readonly space: ParameterSpace
  readonly prior: Prior
  /** Which figures the fit may see. */
  readonly train: (observation: Observation) => boolean
  readonly start?: Float64Array
  readonly iterations: number
}

export function fitCoefficients(input: FitInput): Fit {
  const { problem, space } = input
  const parameters = new Float64Array(space.spreads.length)
  if (input.start !== undefined) parameters.set(input.start)
  const data = trainingData(input)
  let objective = objectiveAt(input, data, parameters)
  for (let iteration = 0; iteration < input.iterations; iteration++) {
    applyParameters(problem, space, parameters)
    const { gradients, grams } = normalEquations(input, data)
    const step = solveShrunken({ space, terms: count, parameters, gradients, grams })
    let longest = 0
    for (let i = 0; i < step.length; i++) {
      longest = Math.max(longest, Math.abs(step[i]! * space.spreads[i]!))
    }
    let length = longest > longestStep ? longestStep / longest : 1
    let gain = 0
    for (let attempt = 0; attempt < shortenings && gain <= 0; attempt++) {
      const candidate = parameters.map((value, i) => value + length * step[i]!)
      const found = objectiveAt(input, data, candidate)
      if (found < objective) {
        gain = objective - found
        objective = found
        parameters.set(candidate)
      }
      length /= stepDivisor
    }
    if (gain <= enough * objective) break
  }
  applyParameters(problem, space, parameters)
  return { parameters, space, objective }
}

interface TrainingData {
  readonly byCombination: readonly (readonly Observation[])[]
  readonly weight: (observation: Observation) => number
}

function trainingData(input: FitInput): TrainingData {
  const byCombination: Observation[][] = input.problem.combinations.map(() => [])
  const cells = new Map<string, number>()
  for (const observation of input.problem.observations) {
    if (!input.train(observation)) continue
    byCombination[observation.combination.index]!.push(observation)
    cells.set(observation.cell, (cells.get(observation.cell) ?? 0) + 1)
  }
  const { dataWeight, cellPower } = input.prior
  const weights = new Map([...cells].map(([cell, n]) => [cell, dataWeight * n ** -cellPower]))
  return { byCombination, weight: (observation) => weights.get(observation.cell) ?? dataWeight }
}

function objectiveAt(input: FitInput, data: TrainingData, parameters: Float64Array): number {
  applyParameters(input.problem, input.space, parameters)
  const beyond = input.prior.robustBeyond
  let sum = 0
  for (const observations of data.byCombination) {
    for (const observation of observations) {
      const size = Math.abs(residual(observation))
      sum += data.weight(observation) * (size <= beyond ? (size * size) / 2 : beyond * (size - beyond / 2))
    }
  }
  for (const value of parameters) sum += (value * value) / 2
  return sum
}

/** Gradient and Gram matrix over the terms' logarithms, one of each per combination. */
function normalEquations(
  input: FitInput,
  data: TrainingData,
): { gradients: Float64Array[]; grams: (Float64Array | undefined)[] } {
  const beyond = input.prior.robustBeyond
  const slope = new Float64Array(count)
  const gradients: Float64Array[] = []
  const grams: (Float64Array | undefined)[] = []
  for (const [c, combination] of input.problem.combinations.entries()) {
    const observations = data.byCombination[c]!
    const gradient = new Float64Array(count)
    const gram = observations.length === 0 ? undefined : new Float64Array(count * count)
    const { coefficients } = combination
    for (const observation of observations) {
      const here = residual(observation)
      const size = Math.abs(here)
      const weight = data.weight(observation) * (size <= beyond ? 1 : beyond / size)
      for (let t = 0; t < count; t++) {
        const term = terms[t]!
        const value = coefficients[term]
        coefficients[term] = value * (1 + derivativeStep)
        slope[t] = (residual(observation) - here) / derivativeStep
        coefficients[term] = value
      }
      for (let t = 0; t < count; t++) {
        const scaled = weight * slope[t]!
        if (scaled === 0) continue
        gradient[t]! += scaled * here
        for (let u = 0; u < count; u++) gram![t * count + u]! += scaled * slope[u]!
      }
    }
    gradients.push(gradient)
    grams.push(gram)
  }
  return { gradients, grams }
}
