import { describe, expect, it } from 'vitest'
import { examplePlan } from './fixtures/example-plan.test-data.ts'
import { reportDocument } from './view-model.ts'

describe('view model', () => {
  it('is made from a complete plan in both languages', () => {
    for (const locale of ['en', 'de'] as const) {
      const document = reportDocument({ plan: examplePlan(), locale })
      expect(document.sections).toHaveLength(15)
    }
  })
})
