import { roundSignificant } from '../foundation/format.ts'
import { plan } from '../planner/plan.ts'
import { checkScenario } from '../planner/scenario/read.ts'
import { withValues } from '../planner/scenario/set-path.ts'
import { type SweepRange, sweepMeasures, sweepScenario } from '../planner/sweep.ts'
import type { SweepOptions } from './commands/sweep.ts'
import { renderMarkdown, renderText } from './document.ts'
import type { CliIo } from './io.ts'
import { loadCliCatalog } from './load-catalog.ts'
import { OptionReader } from './option-values.ts'
import { readScenarioFile } from './plan-scenario.ts'
import { progressBar } from './progress.ts'
import { planFormats } from './render-plan.ts'
import { sweepBlocks, sweepCsv } from './render-sweep.ts'

const example = 'write --over demand.users=100..100000'

export async function runSweep(input: { scenario: string; options: SweepOptions; io: CliIo }): Promise<void> {
  const { options, io } = input
  const read = new OptionReader()
  const range = readRange(options.over, read)
  const points = read.whole({ option: '--points', value: options.points, least: 2, most: 500 }) ?? 2
  const refine = read.whole({ option: '--refine', value: options.refine, least: 0, most: 12 }) ?? 0
  const by = read.choice({ option: '--by', value: options.by, allowed: sweepMeasures })
  const format = read.choice({
    option: '--format',
    value: options.json ? 'json' : options.format,
    allowed: planFormats,
  })
  read.done()
  if (range === undefined) return
  const scenario = readScenarioFile(input.scenario, io)
  const file = `${input.scenario} with --over`
  for (const end of [range.from, range.to]) {
    const text = range.unit === '' ? String(end) : `${end} ${range.unit}`
    checkScenario({ value: withValues(scenario, [`${range.field}=${text}`], '--over'), file })
  }
  const catalog = await loadCliCatalog({ overlay: options.catalog, io })
  const progress = progressBar({ title: `sweeping ${range.field}`, io })
  try {
    const sweep = await sweepScenario({
      scenario,
      range,
      points,
      by,
      refine,
      plan: (of, onProgress) => plan(of, catalog, { file, onProgress }),
      onProgress: (fraction) => progress.show(fraction),
    })
    progress.done()
    io.stdout.write(
      format === 'json'
        ? `${JSON.stringify(sweep, null, 2)}\n`
        : format === 'csv'
          ? sweepCsv(sweep)
          : (format === 'md' ? renderMarkdown : renderText)(sweepBlocks(sweep, scenario.name)),
    )
  } finally {
    progress.done()
  }
}

/** `demand.users=100..100000`, `site.electricityPrice=0.05..0.50 USD/kWh`, `demand.users=1k..1M`. */
function readRange(text: string | undefined, read: OptionReader): SweepRange | undefined {
  if (text === undefined) {
    read.problem('--over', 'is missing', example)
    return undefined
  }
  const number = String.raw`([+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?)([kM]?)`
  const match = new RegExp(`^([^=]+)=\\s*${number}\\s*\\.\\.\\s*${number}\\s*(.*)$`, 'i').exec(text)
  if (match === null) {
    read.problem('--over', `"${text}" is not FIELD=FROM..TO`, example)
    return undefined
  }
  const [, field = '', low = '', lowScale = '', high = '', highScale = '', unit = ''] = match
  const scale = (letter: string) => ({ k: 1e3, m: 1e6 })[letter.toLowerCase()] ?? 1
  const from = roundSignificant(Number(low) * scale(lowScale), 15)
  const to = roundSignificant(Number(high) * scale(highScale), 15)
  if (!(from < to)) {
    read.problem('--over', `${low}${lowScale} is not below ${high}${highScale}`, example)
    return undefined
  }
  return { field: field.trim(), from, to, unit: unit.trim() }
}
