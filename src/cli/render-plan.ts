import type { Plan } from '../planner/plan-types.ts'
import { renderMarkdown, renderText } from './document.ts'
import { planBlocks } from './plan-blocks.ts'
import { planCsv } from './plan-csv.ts'

export const planFormats = ['table', 'json', 'csv', 'md'] as const
export type PlanFormat = (typeof planFormats)[number]

/** The plan in one of its formats; each ends with a line break. */
export function renderPlan(plan: Plan, input: { format: PlanFormat; all: boolean }): string {
  switch (input.format) {
    case 'table':
      return renderText(planBlocks(plan, input))
    case 'md':
      return renderMarkdown(planBlocks(plan, input))
    case 'csv':
      return planCsv(plan)
    case 'json':
      return planText(plan)
  }
}

/** A plan as the bytes of a file. The same plan gives the same bytes: replaying compares them. */
export function planText(plan: Plan): string {
  return `${JSON.stringify(plan, null, 2)}\n`
}
