import { RightsizeError } from '../foundation/errors.ts'
import { catalogHash } from '../planner/assemble/catalog-hash.ts'
import { changesBetween, type FieldChange } from '../planner/plan-changes.ts'
import type { ScenarioInput } from '../planner/scenario/schema.ts'
import { withField } from '../planner/scenario/set-path.ts'
import { changesBlocks } from './changes-blocks.ts'
import type { DiffOptions } from './commands/diff.ts'
import { heading, renderText } from './document.ts'
import { type AloneEffect, aloneBlocks, effectsAlone } from './each-alone.ts'
import type { CliIo } from './io.ts'
import { loadCliCatalog } from './load-catalog.ts'
import { readPlanFile } from './plan-file.ts'

export async function runDiff(input: {
  before: string
  after: string
  options: DiffOptions
  io: CliIo
}): Promise<void> {
  const { options, io } = input
  const before = readPlanFile(input.before, io).plan
  const after = readPlanFile(input.after, io).plan
  const changes = changesBetween(before, after)
  const effects =
    options.each === true && changes.inputs.length > 1
      ? await alone(before.scenario, changes.inputs, before.catalog.hash, input)
      : []
  if (options.json === true) {
    io.stdout.write(
      `${JSON.stringify({ schemaVersion: 1, kind: 'rightsize-diff', changes, ...(effects.length === 0 ? {} : { alone: effects }) }, null, 2)}\n`,
    )
    return
  }
  io.stdout.write(
    renderText([
      heading(1, before.name === after.name ? before.name : `${before.name} → ${after.name}`),
      ...changesBlocks(changes, {
        before: 'before',
        after: 'after',
        currency: after.finance.currency,
        all: options.all === true,
      }),
      ...(effects.length === 0 ? [] : aloneBlocks(effects, before)),
    ]),
  )
}

async function alone(
  scenario: ScenarioInput,
  inputs: readonly FieldChange[],
  hash: string,
  input: { options: DiffOptions; io: CliIo; before: string },
): Promise<AloneEffect[]> {
  const catalog = await loadCliCatalog({ overlay: input.options.catalog, io: input.io })
  if (catalogHash(catalog).hash !== hash)
    throw new RightsizeError({
      code: 'arguments-invalid',
      message: '--each plans again, which needs the catalog of the first plan',
      issues: [{ place: input.before, message: `was made with catalog hash ${hash}, this one is another` }],
      hint: 'leave --each away, or give the --catalog it was made with',
    })
  return effectsAlone({
    changes: inputs
      .filter(({ field }) => field !== 'name' && field !== 'description')
      .map(({ field, to }) => ({ field, scenario: withField(scenario, field, to) })),
    catalog,
    io: input.io,
  })
}
