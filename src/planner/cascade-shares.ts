import type { Scenario } from './scenario/schema.ts'

export type CascadeWish = NonNullable<Scenario['cascade']>
export type CascadeSideName = 'small' | 'large'

/** Shares of the requests that each model sees. A model that would answer none is left out. */
export function cascadeFractions(
  wish: Pick<CascadeWish, 'smallFraction' | 'escalation'>,
): Record<CascadeSideName, number> {
  const { smallFraction, escalation } = wish
  if (smallFraction === 0) return { small: 0, large: 1 }
  return { small: escalation === 'after-answer' ? 1 : smallFraction, large: 1 - smallFraction }
}

/** The scenario of one model of the cascade: its wishes over those of `model`. */
export function cascadeScenario(scenario: Scenario, side: CascadeSideName): Scenario {
  const { cascade, ...rest } = scenario
  return {
    ...rest,
    model: { ...scenario.model, class: side === 'small' ? 'slm' : 'llm', ...cascade?.[side] },
  }
}
