import type { PlanOption } from '../../planner/plan-option-types.ts'
import type { ReportBlock } from '../report-document.ts'
import type { ReportContext } from './context.ts'

/** Break-even surface: filled once `recompute` exists. */
export function surfaceBlocks(_context: ReportContext, _options: readonly PlanOption[]): ReportBlock[] {
  return []
}
