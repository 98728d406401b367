import { parse } from 'csv-parse/browser/esm/sync'
import type { AcceleratorRow, Catalog } from '../catalogs/catalog.ts'
import { speedDefaults } from '../catalogs/defaults.ts'
import { type ModelFacts, modelFacts } from '../catalogs/schema/model-facts.ts'
import { newest } from '../catalogs/views.ts'
import { decodeWork, emptyDecodeWork } from '../estimators/energy/decode-work.ts'
import { prepareStepModel, type StepModel } from '../estimators/performance/step-model.ts'
import { type Coefficients, terms } from '../estimators/performance/terms.ts'
import { engineEra } from '../planner/engine-era.ts'
import { knownArchitecture } from '../planner/inputs.ts'
import { deviceRates, speedWeightBytes } from '../planner/performance-inputs.ts'

/** A measured run with energy or power, and what physics says of its average step. */
export interface PowerRun {
  readonly id: string
  readonly source: string
  /** Of the software that served it: older engines leave gaps between kernels in which boards draw little. */
  readonly era: 'old' | 'new'
  readonly model: string
  /** Models that share an architecture are one group: leaving one of them out would leave nothing out. */
  readonly modelGroup: string
  readonly accelerator: string
  readonly task: string
  readonly devices: number
  /** Mean running batch, sequences. */
  readonly batch: number
  readonly tdpWatts: number
  readonly idleFraction: number
  readonly layers: number
  readonly expertLayers: number
  readonly recurrentLayers: number
  readonly lowPrecisionExperts: boolean
  readonly memorySeconds: number
  readonly computeSeconds: number
  readonly joulesPerOutputToken: number
  /** Per device. */
  readonly powerWatts: number | undefined
  /** The row that states the run's throughput. */
  readonly throughputRunId: string | undefined
  /** Running batch ÷ output tokens per second of the replica, where the throughput was measured. */
  readonly stepSeconds: number | undefined
}

interface RunRecord extends Readonly<Record<string, string>> {}

interface Throughput {
  readonly id: string
  readonly rate: number
}

/** Every run of the file that states energy per output token; throughput is joined from its sister rows. */
export function readPowerRuns(input: { text: string; catalog: Catalog }): PowerRun[] {
  const records: RunRecord[] = parse(input.text, { columns: true, skip_empty_lines: true, bom: true })
  const rates = new Map<string, Throughput>()
  for (const record of records) {
    const rate = numberOf(record, 'output_tokens_per_second')
    if (rate !== undefined) rates.set(joinKey(record), { id: record['id'] ?? '', rate })
  }
  const facts = modelFacts(input.catalog.rows('modelFacts'))
  return records
    .filter((record) => numberOf(record, 'joules_per_output_token') !== undefined)
    .map((record) => powerRun(record, rates.get(joinKey(record)), { catalog: input.catalog, facts }))
}

/** Energy and throughput of one run stand in two rows; these columns name it without doubt. */
function joinKey(record: RunRecord): string {
  const columns = [
    'source_id',
    'model',
    'weights',
    'accelerator',
    'accelerators',
    'concurrency',
    'output_tokens',
  ]
  return [...columns.map((column) => record[column] ?? ''), taskOf(record)].join('\u0000')
}

function taskOf(record: RunRecord): string {
  return /task ([^;]+)/.exec(record['note'] ?? '')?.[1]?.trim() ?? ''
}

function numberOf(record: RunRecord, column: string): number | undefined {
  const text = record[column]?.trim() ?? ''
  if (text === '') return undefined
  const value = Number(text)
  return Number.isFinite(value) ? value : undefined
}

function required(record: RunRecord, column: string): number {
  const value = numberOf(record, column)
  if (value === undefined) throw new Error(`run ${record['id']}: ${column} is missing`)
  return value
}

/** Code completion sends long prompts of unstated length; the power study found this the likeliest. */
export const completionInputTokens = 8_000

function powerRun(
  record: RunRecord,
  throughput: Throughput | undefined,
  { catalog, facts }: { catalog: Catalog; facts: ReadonlyMap<string, ModelFacts> },
): PowerRun {
  const accelerator = catalog.accelerator(record['accelerator'] ?? '')
  const model = catalog.model(record['model'] ?? '')
  const format = catalog.weightFormat(record['weights'] ?? '')
  const architecture = knownArchitecture(model)
  const note = record['note'] ?? ''
  const devices = required(record, 'accelerators')
  const batch = Number(
    /(?:average|avg) running batch ([\d.]+)/.exec(note)?.[1] ?? required(record, 'concurrency'),
  )
  const layout = layoutOf(note, devices)
  const rates = deviceRates({
    accelerator,
    weights: format,
    engine: 'vllm',
    devices: layout.tensorParallel,
    networkBytesPerSecond: speedDefaults(catalog).clusterNetworkBytesPerSecond,
  })
  if (rates === undefined) throw new Error(`run ${record['id']}: no peak rate of ${accelerator.id}`)
  const step = prepareStepModel({
    architecture,
    weights: speedWeightBytes(format, catalog.kvFormat('bf16')),
    rates,
    layout,
    traits: { prefillChunkTokens: Number.MAX_SAFE_INTEGER, pipelineChunks: 1, layerSplit: false },
    coefficients: unitCoefficients,
  })
  const work = decodeWork(
    step,
    {
      sequences: batch / layout.attentionDataParallel,
      inputTokens: numberOf(record, 'input_tokens') ?? completionInputTokens,
      cachedInputTokens: 0,
      outputTokens: required(record, 'output_tokens'),
    },
    emptyDecodeWork(),
  )
  return {
    id: record['id'] ?? '',
    source: record['source_id'] ?? '',
    era: eraOf(record, accelerator, facts.get(model.id)?.released),
    model: model.id,
    modelGroup: model.id.replace('llama-3.3-70b', 'llama-3.1-70b'),
    accelerator: accelerator.id,
    task: taskOf(record),
    devices,
    batch,
    tdpWatts: accelerator.tdp_w ?? Number.NaN,
    idleFraction: idleFraction(catalog, accelerator),
    ...layerCounts(step),
    lowPrecisionExperts: step.expertLayers > 0 && format.compute_precision === 'fp8',
    ...work,
    joulesPerOutputToken: required(record, 'joules_per_output_token'),
    powerWatts: numberOf(record, 'accelerator_power_w'),
    throughputRunId: throughput?.id,
    stepSeconds: throughput === undefined ? undefined : batch / throughput.rate,
  }
}

/** From what the run states of itself, never from where it was published. A commit in `as_of` is no date. */
function eraOf(
  record: RunRecord,
  accelerator: AcceleratorRow,
  modelReleased: string | undefined,
): 'old' | 'new' {
  const asOf = record['as_of'] ?? ''
  return engineEra({
    engine: record['engine'] ?? '',
    engineVersion: record['engine_version'] ?? '',
    ...(/^20\d\d(-|$)/.test(asOf) ? { date: asOf } : {}),
    statesAttentionDataParallelism:
      (record['attention_dp'] ?? '') !== '' || / DP\d/.test(record['note'] ?? ''),
    ...(modelReleased === undefined ? {} : { modelReleased }),
    ...(accelerator.launched === undefined ? {} : { acceleratorLaunched: accelerator.launched }),
  })
}

/** `TP1 EP8 DP1` is one group of eight devices that share whole experts; `DP8` is as many attention groups. */
function layoutOf(note: string, devices: number) {
  const dataParallel = Number(/ DP(\d+)/.exec(note)?.[1] ?? 1)
  const pipelineParallel = Number(/ PP(\d+)/.exec(note)?.[1] ?? 1)
  const expertParallel = Number(/ EP(\d+)/.exec(note)?.[1] ?? 1)
  return {
    tensorParallel: devices / dataParallel / pipelineParallel,
    pipelineParallel,
    expertParallel,
    attentionDataParallel: dataParallel,
    replicas: 1,
  }
}

function layerCounts(step: StepModel) {
  return {
    layers: step.layers,
    expertLayers: step.expertLayers,
    recurrentLayers: step.recurrentLayers,
  }
}

/** Idle power over TDP: the part's own row, else its family's. */
function idleFraction(catalog: Catalog, accelerator: AcceleratorRow): number {
  const own = newest(catalog.rowsBy('acceleratorPower', 'accelerator_id').get(accelerator.id))?.idle_w
  if (own !== undefined && accelerator.tdp_w !== undefined) return own / accelerator.tdp_w
  return catalog.rowsBy('idleFractions', 'family').get(accelerator.family)?.[0]?.idle_fraction ?? Number.NaN
}

/** The work of a step needs no fitted factor. */
const unitCoefficients = Object.fromEntries(terms.map((term) => [term, 1])) as Coefficients
