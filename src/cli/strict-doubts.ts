import type { Note } from '../foundation/notes.ts'
import type { PlanConstraintCheck } from '../planner/plan-option-types.ts'
import type { Plan } from '../planner/plan-types.ts'
import type { ScenarioInput } from '../planner/scenario/schema.ts'

/** Warnings that say a figure is unknown: where a stated limit needs the figure, its own check says so. */
const saidByChecks: ReadonlySet<string> = new Set(['role-open', 'facts-of-the-scenario'])

/**
 * What `--strict` does not accept in the recommended option and in the recommended pair of a cascade: a limit that is
 * broken, a limit that the scenario states and nobody can check, a speed that nothing measured supports, a warning. A
 * figure that is unknown and that nobody asked for is no doubt.
 */
export function doubtsOf(plan: Plan): string[] {
  const option = plan.options.find((entry) => entry.id === plan.roles.balanced)
  const speed =
    option?.evidence?.novelty === 'unmeasured' ? [`its speed is a bound: ${option.evidence.message}`] : []
  return [
    ...checkDoubts(option?.constraints ?? [], plan.scenario),
    ...speed,
    ...warnings([...plan.notes, ...(option?.notes ?? [])]),
    ...cascadeDoubts(plan),
  ]
}

function cascadeDoubts(plan: Plan): string[] {
  const { cascade } = plan
  if (cascade === undefined) return []
  if (cascade.status !== 'feasible') return [`cascade: ${cascade.whyNone.join('; ')}`]
  const pair = cascade.pairs.find((entry) => entry.roles.includes('balanced'))
  return [
    ...checkDoubts(pair?.constraints ?? [], plan.scenario).map((doubt) => `cascade: ${doubt}`),
    ...warnings(cascade.notes),
  ]
}

function checkDoubts(checks: readonly PlanConstraintCheck[], scenario: ScenarioInput): string[] {
  return checks
    .filter(
      ({ status, constraint }) =>
        status === 'missed' || (status === 'unknown' && stated(scenario, constraint)),
    )
    .map(({ constraint, status, needed }) => `${constraint} is ${status} (${needed})`)
}

const warnings = (notes: readonly Note[]): string[] =>
  notes
    .filter((note) => note.level === 'warning' && !saidByChecks.has(note.code))
    .map((note) => `${note.about}: ${note.message}`)

/** Whether somebody wrote the limit down; the others come from a use case's profile or a default of the catalog. */
function stated(scenario: ScenarioInput, constraint: string): boolean {
  const target = /(?:^|\.)targets\.(\w+)$/.exec(constraint)?.[1]
  if (target === undefined) return valueAt(scenario, constraint.split('.')) !== undefined
  const name = /^workloads\.(.*)\.targets\.\w+$/.exec(constraint)?.[1]
  const workloads = (scenario.workloads ?? []).filter((entry) => name === undefined || entry.name === name)
  return [scenario, ...workloads].some((of) => valueAt(of.targets, [target]) !== undefined)
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  const [key, ...rest] = path
  if (key === undefined) return value
  if (typeof value !== 'object' || value === null) return undefined
  return valueAt((value as Record<string, unknown>)[key], rest)
}
