import { z } from 'zod'
import { scenarioSchema } from './scenario/schema.ts'

/** The published JSON Schema of scenario files, so that an editor completes and checks them. */
export function scenarioJsonSchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(scenarioSchema, { io: 'input', unrepresentable: 'any' }) as Record<
    string,
    unknown
  >
  return { ...schema, title: 'rightsize scenario' }
}
