import { describe, expect, it } from 'vitest'
import { selectModels } from './model-selection.ts'
import { checkScenario } from './scenario/read.ts'
import { resolveScenario } from './scenario/resolve.ts'
import type { ScenarioInput } from './scenario/schema.ts'
import { base, full } from './small-search.test-data.ts'

/** A model of the catalog that nobody scored on anything. */
const unscored = 'smollm2-135m-instruct'
const scored = 'smollm3-3b'

function selected(model: ScenarioInput['model']) {
  const scenario = checkScenario({ value: { ...base, model } })
  const { kept, leftOut } = selectModels({
    resolved: resolveScenario({ scenario, catalog: full, file: 'test' }),
    catalog: full,
  })
  return {
    kept: new Set(kept.map((entry) => entry.model.id)),
    codes: (id: string) =>
      leftOut.find((entry) => entry.model.id === id)?.reasons.map((reason) => reason.code),
  }
}

describe('models without a score on what the use case is judged by', () => {
  it('enter only when the scenario allows it, and are listed with the reason', () => {
    const { kept, codes } = selected(undefined)
    expect(kept.has(scored)).toBe(true)
    expect(kept.has(unscored)).toBe(false)
    expect(codes(unscored)).toContain('quality-unscored-for')
    expect(selected({ allowUnknownQuality: true }).kept.has(unscored)).toBe(true)
  })

  it('enter where the scenario names its models', () => {
    expect(selected({ ids: [unscored] }).kept.has(unscored)).toBe(true)
  })
})
