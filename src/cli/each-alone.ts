import type { Catalog } from '../catalogs/catalog.ts'
import { RightsizeError } from '../foundation/errors.ts'
import { plan } from '../planner/plan.ts'
import type { Plan } from '../planner/plan-types.ts'
import type { ScenarioInput } from '../planner/scenario/schema.ts'
import { type Block, heading, left, right, table } from './document.ts'
import { figureText } from './figure-text.ts'
import type { CliIo } from './io.ts'
import { progressBar } from './progress.ts'

/** What the recommended option is when one field alone has its new value. */
export interface AloneEffect {
  readonly field: string
  readonly status: Plan['status'] | 'invalid'
  readonly optionId?: string
  readonly label?: string
  readonly usdPerMonth?: number
  /** Why it cannot stand alone. */
  readonly problem?: string
}

/** Plans once for each change alone; a change that makes no valid scenario by itself says so. */
export async function effectsAlone(input: {
  changes: readonly { readonly field: string; readonly scenario: ScenarioInput }[]
  catalog: Catalog
  io: CliIo
}): Promise<AloneEffect[]> {
  const { changes, catalog, io } = input
  const progress = progressBar({ title: 'each field alone', io })
  const effects: AloneEffect[] = []
  try {
    for (const [index, { field, scenario }] of changes.entries()) {
      effects.push(
        await effectOf(field, scenario, catalog, (done) => progress.show((index + done) / changes.length)),
      )
    }
  } finally {
    progress.done()
  }
  return effects
}

async function effectOf(
  field: string,
  scenario: ScenarioInput,
  catalog: Catalog,
  onProgress: (fraction: number) => void,
): Promise<AloneEffect> {
  try {
    const answer = await plan(scenario, catalog, { onProgress })
    const option = answer.options.find((entry) => entry.id === answer.roles.balanced)
    return {
      field,
      status: answer.status,
      ...(option === undefined
        ? {}
        : { optionId: option.id, label: option.label, usdPerMonth: option.cost.usdPerMonth.value }),
    }
  } catch (error) {
    if (!(error instanceof RightsizeError)) throw error
    return { field, status: 'invalid', problem: error.issues[0]?.message ?? error.message }
  }
}

export function aloneBlocks(effects: readonly AloneEffect[], before: Plan): Block[] {
  const { currency } = before.finance
  const old = before.options.find((option) => option.id === before.roles.balanced)
  const money = (usd: number | undefined) =>
    usd === undefined ? '–' : figureText({ value: usd, unit: 'USD/month' }, { currency })
  return [
    heading(2, 'Each field alone'),
    table(
      [left('field'), right('recommended option'), left('')],
      [
        ['(before)', money(old?.cost.usdPerMonth.value), ''],
        ...effects.map((effect) => [
          effect.field,
          money(effect.usdPerMonth),
          effect.status === 'invalid'
            ? `not valid alone: ${effect.problem}`
            : effect.status === 'infeasible'
              ? 'nothing fits'
              : effect.optionId === old?.id
                ? 'the same option'
                : (effect.label ?? ''),
        ]),
      ],
    ),
  ]
}
