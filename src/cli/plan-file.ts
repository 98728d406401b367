import { RightsizeError } from '../foundation/errors.ts'
import { checkPlan } from '../planner/plan-json-schema.ts'
import type { Plan } from '../planner/plan-types.ts'
import type { CliIo } from './io.ts'
import { readUserFile } from './read-file.ts'

/**
 * A plan file, checked, with its bytes as text.
 * @throws RightsizeError `plan-invalid` with every problem.
 */
export function readPlanFile(path: string, io: CliIo): { plan: Plan; text: string } {
  const text = readUserFile(path, io)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw new RightsizeError({
      code: 'file-unreadable',
      message: `${path} is no JSON`,
      issues: [{ place: path, message: cause instanceof Error ? cause.message : String(cause) }],
      hint: 'a plan file is written by "rightsize plan SCENARIO --out FILE"',
      cause,
    })
  }
  return { plan: checkPlan({ value, file: path }), text }
}
