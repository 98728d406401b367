import type { PlanExplanation } from '../plan-option-types.ts'

type Input = PlanExplanation['inputs'][number]

export const input = (
  symbol: string,
  meaning: string,
  value: number,
  unit: string,
  sourceIds: readonly (string | undefined)[] = [],
): Input => ({
  symbol,
  meaning,
  value,
  unit,
  sourceIds: sourceIds.filter((id): id is string => id !== undefined),
})

export function explanation(
  figure: string,
  equation: string,
  inputs: readonly Input[],
  result: number,
  unit: string,
  formulaId?: string,
): PlanExplanation {
  return {
    figure,
    ...(formulaId === undefined ? {} : { formulaId }),
    equation,
    inputs,
    result,
    unit,
    sourceIds: [...new Set(inputs.flatMap((entry) => entry.sourceIds))],
  }
}
