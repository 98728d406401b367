import type { Catalog } from '../catalogs/catalog.ts'
import { predictionInterval } from '../estimators/performance/interval.ts'
import { levelsOf } from '../estimators/performance/levels.ts'
import { type RandomSource, seededRandom } from '../estimators/uncertainty/random.ts'
import { compareText } from '../foundation/notes.ts'
import { calibratedWidth } from './calibrate.ts'
import { foldsOf } from './cross-validation.ts'
import { applyParameters, type Fit, type ParameterSpace, residual } from './fit.ts'
import { median } from './held-out-errors.ts'
import { fitProblem, type Observation, type Problem } from './observations.ts'
import { intervalMetric } from './run-predictor.ts'
import type { Run } from './runs.ts'
import { userFitter } from './user-fit.ts'

/** Runs of one architecture on one accelerator under one engine, predicted by a fit that never saw the architecture. */
export interface StudyGroup {
  readonly name: string
  readonly lines: readonly number[]
  readonly problem: Problem
}

export interface StudyFigure {
  readonly group: string
  readonly metric: StudyMetric
  /** |ln(predicted/measured)| without and with the five runs. */
  readonly before: number
  readonly after: number
  readonly inInterval: boolean
}

export type StudyMetric = 'tpot' | 'tokens/s' | 'decode tokens/s'

const metrics: Readonly<Record<string, StudyMetric>> = {
  tpot_ms: 'tpot',
  output_tokens_per_second: 'tokens/s',
  total_tokens_per_second: 'tokens/s',
  decode_tokens_per_second: 'decode tokens/s',
}

/** Fewer runs than given plus this many say nothing of the others. */
const leastOthers = 5

/** Groups that are large enough, each with the coefficients of the fit that left its architecture out. */
export function studyGroups(input: {
  problem: Problem
  space: ParameterSpace
  /** One fit per fold of architectures. */
  fits: readonly Fit[]
  foldSizes: { aloneFrom: number; sharedFolds: number }
  runs: readonly Run[]
  catalog: Catalog
  given: number
}): StudyGroup[] {
  const { problem, space, catalog } = input
  const folds = foldsOf(
    problem.observations.map(({ architecture }) => architecture),
    input.foldSizes,
  )
  const byLine = new Map(input.runs.map((run) => [run.line, run]))
  const members = new Map<string, { architecture: string; lines: Set<number> }>()
  for (const { architecture, accelerator, item } of problem.observations) {
    const name = `${architecture} · ${accelerator} · ${item.facts.engine}`
    const known = members.get(name) ?? { architecture, lines: new Set() }
    members.set(name, known)
    known.lines.add(item.run.line)
  }
  const groups: StudyGroup[] = []
  for (const [fold, { parameters }] of input.fits.entries()) {
    applyParameters(problem, space, parameters)
    const starts = new Map(
      problem.combinations.map(({ levels, coefficients }) => [levels.join('|'), { ...coefficients }]),
    )
    for (const [name, { architecture, lines }] of members) {
      if (folds.get(architecture) !== fold || lines.size < input.given + leastOthers) continue
      groups.push({
        name,
        lines: [...lines],
        problem: fitProblem({
          runs: [...lines].map((line) => byLine.get(line)!),
          catalog,
          start: (facts) => starts.get(levelsOf(facts).join('|'))!,
        }),
      })
    }
  }
  return groups.sort((a, b) => compareText(a.name, b.name))
}

/** One draw: some runs of every group are given to the calibration, the others are scored. */
export function studyDraw(input: {
  groups: readonly StudyGroup[]
  catalog: Catalog
  given: number
  seed: number
}): StudyFigure[] {
  const random = seededRandom(input.seed)
  const errors = input.catalog.rows('predictionErrors')
  return input.groups.flatMap(({ name, lines, problem }) => {
    const given = new Set(sample(lines, input.given, random))
    const others = problem.observations.filter(
      ({ item, metric }) => !given.has(item.run.line) && metric in metrics,
    )
    const { fitOn, reset } = userFitter(problem)
    reset()
    const before = others.map((observation) => Math.abs(residual(observation)))
    const widthOf = widths({ problem, given, fitOn, errors })
    fitOn(({ item }) => given.has(item.run.line))
    const figures = others.map((observation, index) => {
      const after = Math.abs(residual(observation))
      return {
        group: name,
        metric: metrics[observation.metric]!,
        before: before[index]!,
        after,
        inInterval: after <= widthOf(observation),
      }
    })
    reset()
    return figures
  })
}

/** The interval's half-width as `calibrate` would write it: from the given runs, each left out in turn. */
function widths(input: {
  problem: Problem
  given: ReadonlySet<number>
  fitOn: (train: (observation: Observation) => boolean) => unknown
  errors: Parameters<typeof predictionInterval>[0]
}): (observation: Observation) => number {
  const { problem, given, errors } = input
  const heldOut = new Map<string, number[]>()
  const nameOf = ({ item, metric }: Observation) => intervalMetric(item, metric)
  for (const left of given) {
    input.fitOn(({ item }) => given.has(item.run.line) && item.run.line !== left)
    for (const observation of problem.observations) {
      if (observation.item.run.line !== left) continue
      const name = nameOf(observation)
      heldOut.set(name, [...(heldOut.get(name) ?? []), residual(observation)])
    }
  }
  return (observation) => {
    const metric = nameOf(observation)
    const { engine } = observation.item.facts
    const ours = predictionInterval(errors, { metric, engine, novelty: 'new-architecture', value: 1 })
    const own = heldOut.get(metric)
    return own === undefined ? (ours?.logHalfWidth ?? 0) : calibratedWidth(own, ours?.logHalfWidth)
  }
}

function sample(lines: readonly number[], count: number, random: RandomSource): number[] {
  const rest = [...lines]
  const taken: number[] = []
  while (taken.length < count && rest.length > 0) {
    taken.push(...rest.splice(Math.floor(random.nextFraction() * rest.length), 1))
  }
  return taken
}

export interface StudyLine {
  readonly metric: StudyMetric
  readonly figures: number
  readonly groups: number
  /** Median over draws of the median |error|, all figures of all groups together, as fractions. */
  readonly before: number
  readonly after: number
  /** Median over groups of the group's median error. */
  readonly groupBefore: number
  readonly groupAfter: number
  readonly coverageFraction: number
}

export function studyTable(draws: readonly (readonly StudyFigure[])[]): StudyLine[] {
  const fraction = (logs: readonly number[]) => Math.expm1(median(logs))
  return [...new Set(Object.values(metrics))].map((metric) => {
    const own = draws.map((figures) => figures.filter((figure) => figure.metric === metric))
    const all = own.flat()
    const groups = new Map<string, StudyFigure[]>()
    for (const figure of all) {
      const known = groups.get(figure.group)
      if (known === undefined) groups.set(figure.group, [figure])
      else known.push(figure)
    }
    const overDraws = (pick: (figure: StudyFigure) => number) =>
      median(own.map((figures) => fraction(figures.map(pick))))
    const overGroups = (pick: (figure: StudyFigure) => number) =>
      median([...groups.values()].map((figures) => fraction(figures.map(pick))))
    return {
      metric,
      figures: own[0]?.length ?? 0,
      groups: groups.size,
      before: overDraws(({ before }) => before),
      after: overDraws(({ after }) => after),
      groupBefore: overGroups(({ before }) => before),
      groupAfter: overGroups(({ after }) => after),
      coverageFraction: all.filter(({ inInterval }) => inInterval).length / all.length,
    }
  })
}
