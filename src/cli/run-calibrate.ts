import { type Calibration, calibrate, calibratedCatalog } from '../calibration/calibrate.ts'
import { type ResultKind, readResultFile } from '../calibration/readers/result-file.ts'
import type { StatedFacts } from '../calibration/readers/stated-facts.ts'
import type { Run } from '../calibration/runs.ts'
import type { Catalog } from '../catalogs/catalog.ts'
import { type Issue, RightsizeError } from '../foundation/errors.ts'
import type { CalibrateOptions } from './commands/calibrate.ts'
import type { CliIo } from './io.ts'
import { loadCliCatalog } from './load-catalog.ts'
import { OptionReader } from './option-values.ts'
import { readUserFile } from './read-file.ts'
import { renderCalibration } from './render-calibrate.ts'
import { refuseExistingFolder, writeUserFolder } from './write-folder.ts'

const hint = 'choose another folder, or add --force'

export async function runCalibrate(input: {
  files: readonly string[]
  options: CalibrateOptions
  io: CliIo
}): Promise<void> {
  const { files, options, io } = input
  const force = options.force === true
  const catalog = await loadCliCatalog({ overlay: options.catalog, io })
  const stated = statedFacts(options, catalog)
  if (!force) refuseExistingFolder(options.output, io, hint)
  const pilots = readPilots({ files, stated, io })
  const calibration = calibrate({ runs: pilots.runs, catalog, asOf: today(), files })
  // What is written must be what --catalog reads.
  calibratedCatalog(catalog, calibration)
  writeUserFolder({ folder: options.output, files: calibration.files, io, force, hint })
  const unused = calibration.skipped.map(({ line, reason }) => ({
    place: pilots.places.get(line) ?? '',
    reason,
  }))
  const answer = { folder: options.output, ...calibration, skipped: [...pilots.skipped, ...unused] }
  io.stdout.write(
    options.json
      ? `${JSON.stringify({ ...answer, files: [...calibration.files.keys()] }, null, 2)}\n`
      : renderCalibration(answer),
  )
}

export interface PlacedSkip {
  readonly place: string
  readonly reason: string
}

export type CalibrationAnswer = Omit<Calibration, 'skipped'> & {
  readonly folder: string
  readonly skipped: readonly PlacedSkip[]
}

/** The clock is the CLI's, never the library's. */
function today(): string {
  return new Date().toISOString().slice(0, 'yyyy-mm-dd'.length)
}

function statedFacts(options: CalibrateOptions, catalog: Catalog): StatedFacts {
  const read = new OptionReader()
  const count = (option: string, value: string | undefined) =>
    read.whole({ option, value, least: 1, most: 100_000 })
  const known = (option: string, value: string | undefined, find: (name: string) => { id: string }) =>
    value === undefined ? undefined : read.lookup(option, () => find(value))?.id
  const facts = {
    engine: options.engine,
    engine_version: options.engineVersion,
    model: known('--model', options.model, catalog.model),
    weights: known('--weights', options.weights, catalog.weightFormat),
    kv_cache: known('--kv', options.kv, catalog.kvFormat),
    accelerator: known('--accelerator', options.accelerator, catalog.accelerator),
    accelerators: count('--accelerators', options.accelerators),
    tp: count('--tp', options.tp),
    pp: count('--pp', options.pp),
    ep: count('--ep', options.ep),
    attention_dp: count('--dp', options.dp),
  }
  read.done()
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined))
}

interface Pilots {
  /** Numbered through all files. */
  readonly runs: readonly Run[]
  readonly places: ReadonlyMap<number, string>
  readonly skipped: readonly PlacedSkip[]
}

function readPilots(input: { files: readonly string[]; stated: StatedFacts; io: CliIo }): Pilots {
  const runs: Run[] = []
  const places = new Map<number, string>()
  const skipped: PlacedSkip[] = []
  const issues: Issue[] = []
  for (const file of input.files) {
    const result = readResultFile({ text: readUserFile(file, input.io), file, stated: input.stated })
    if (result.kind !== 'runs') issues.push(...missingFacts(result.runs, file))
    const place = (line: number) => `${file}:${line}`
    skipped.push(...result.skipped.map(({ line, reason }) => ({ place: place(line), reason })))
    for (const run of result.runs) {
      const line = runs.length + 1
      places.set(line, place(run.line))
      runs.push({ ...oneDevice(run, result.kind), line })
    }
  }
  if (issues.length > 0) {
    throw new RightsizeError({
      code: 'arguments-invalid',
      message: 'the results do not say everything about their runs',
      issues,
    })
  }
  return { runs, places, skipped }
}

const optionOf = {
  engine: '--engine',
  model: '--model',
  weights: '--weights',
  accelerator: '--accelerator',
} as const

function missingFacts(runs: readonly Run[], file: string): Issue[] {
  return (Object.keys(optionOf) as (keyof typeof optionOf)[])
    .filter((fact) => runs.some((run) => run[fact] === undefined))
    .map((fact) => ({ place: optionOf[fact], message: `${file} does not name the ${fact}` }))
}

/** Benchmarks do not state the layout: without one it is a single device, or what --tp and the like make. */
function oneDevice(run: Run, kind: ResultKind): Run {
  if (kind === 'runs' || run.accelerators !== undefined) return run
  const tensor = run.tp ?? 1
  return { ...run, tp: tensor, accelerators: tensor * (run.pp ?? 1) * (run.attention_dp ?? 1) }
}
