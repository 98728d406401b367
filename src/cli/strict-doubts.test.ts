import { describe, expect, it } from 'vitest'
import type { PlanCascade } from '../planner/plan-cascade-types.ts'
import type { PlanConstraintCheck } from '../planner/plan-option-types.ts'
import type { Plan } from '../planner/plan-types.ts'
import type { ScenarioInput } from '../planner/scenario/schema.ts'
import { doubtsOf } from './strict-doubts.ts'

const unknown = (constraint: string): PlanConstraintCheck =>
  ({ constraint, status: 'unknown', needed: 'at most 1', has: 'unknown' }) as PlanConstraintCheck

/** Only what the doubts look at. */
const planOf = (
  scenario: Partial<ScenarioInput>,
  checks: readonly PlanConstraintCheck[],
  more: Partial<Pick<Plan, 'notes' | 'cascade'>> = {},
) =>
  ({
    scenario: { schemaVersion: 1, name: 'test', ...scenario },
    roles: { balanced: 'a' },
    options: [{ id: 'a', constraints: checks, notes: [] }],
    notes: [],
    ...more,
  }) as unknown as Plan

describe('what --strict does not accept', () => {
  it.each([
    ['a target of the profile', {}, 'targets.ttft', false],
    ['a target that the scenario states', { targets: { ttft: '1 s' } }, 'targets.ttft', true],
    ['another target than the stated one', { targets: { ttft: '1 s' } }, 'targets.tpot', false],
    [
      'a target that one workload states',
      { workloads: [{ name: 'a.b' }, { name: 'c', targets: { tpot: '50 ms' } }] },
      'targets.tpot',
      true,
    ],
    [
      'the target of another workload',
      { workloads: [{ name: 'a.b' }, { name: 'c', targets: { tpot: '50 ms' } }] },
      'workloads.a.b.targets.tpot',
      false,
    ],
    ['a stated limit', { constraints: { carbonPerMonth: '1 t' } }, 'constraints.carbonPerMonth', true],
    ['security', { constraints: { security: 'iso-27001' } }, 'constraints.security', true],
  ] as const)('unknown: %s', (_, scenario, constraint, counts) => {
    expect(doubtsOf(planOf(scenario as Partial<ScenarioInput>, [unknown(constraint)]))).toHaveLength(
      counts ? 1 : 0,
    )
  })

  it('a limit that is missed, whoever set it', () => {
    expect(doubtsOf(planOf({}, [{ ...unknown('targets.ttft'), status: 'missed' }]))).toHaveLength(1)
  })

  it('warnings, but those that only say a figure is unknown', () => {
    const note = (code: string) => ({ code, level: 'warning', about: 'x', message: 'y' }) as const
    expect(doubtsOf(planOf({}, [], { notes: [note('role-open'), note('facts-of-the-scenario')] }))).toEqual(
      [],
    )
    expect(doubtsOf(planOf({}, [], { notes: [note('spot')] }))).toEqual(['x: y'])
  })

  it('a cascade of which no pair was found', () => {
    const cascade = { status: 'infeasible', whyNone: ['no small model fits'], pairs: [], notes: [] }
    expect(doubtsOf(planOf({}, [], { cascade: cascade as unknown as PlanCascade }))).toEqual([
      'cascade: no small model fits',
    ])
  })
})
