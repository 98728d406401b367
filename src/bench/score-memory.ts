import { fileURLToPath } from 'node:url'
import { createCatalog } from '../catalogs/catalog.ts'
import { readCatalogFolder } from '../catalogs/folder.node.ts'
import type { Metric, Prediction, ReserveConstants } from './memory-runs.ts'
import { memoryScore, quantile, relativeError, settingsKnown } from './memory-score.ts'

/**
 * `npm run score:memory`: the memory estimators against what engines logged and files weigh. Nothing of a run but its
 * settings goes in. The reserve constants of vLLM were fitted on such runs, so they are refitted here without the model
 * that is scored (leave one model out); everything else is the catalog's.
 */

const folder = fileURLToPath(new URL('../../catalogs/', import.meta.url))
const score = memoryScore(createCatalog(readCatalogFolder(folder).data))
const { inSample, modelLeftOut, perConfiguration } = score
const out = (line = '') => process.stdout.write(`${line}\n`)
const percent = (value: number) => `${(value * 100).toFixed(value < 0.1 ? 2 : 1)} %`

function printErrors(title: string, predictions: readonly Prediction[]): void {
  const errors = predictions.map(relativeError)
  if (errors.length === 0) return
  const within = (limit: number) => errors.filter((error) => error <= limit).length / errors.length
  const cells = [
    title.padEnd(48),
    String(errors.length).padStart(4),
    percent(quantile(errors, 0.5)).padStart(9),
    percent(quantile(errors, 0.9)).padStart(9),
    percent(within(0.1)).padStart(8),
    percent(within(0.25)).padStart(8),
  ]
  out(cells.join(' '))
}

function printMetric(metric: Metric, engine: string): void {
  const rows = (all: readonly Prediction[]) =>
    all.filter((entry) => entry.metric === metric && entry.run.engine === engine)
  printErrors(`${metric}, ${engine}`, rows(inSample))
  if (metric === 'file_gib') {
    const plain = rows(inSample).filter(({ run }) => !/_xl$/.test(run.weights))
    printErrors('  without the per-tensor "dynamic" files (_xl)', plain)
    return
  }
  if (engine !== 'vllm') return
  printErrors('  settings known', rows(inSample).filter(settingsKnown))
  if (metric === 'weights_gib') return
  const known = rows(modelLeftOut).filter(settingsKnown)
  printErrors('  settings known, model left out of the fit', known)
  printErrors('  the same, one row per configuration', perConfiguration(known))
  printErrors('  all, model left out, one per configuration', perConfiguration(rows(modelLeftOut)))
}

out(
  `${score.runs} rows. KV rows are vLLM on a few cards (most on one) and one SGLang log; files are llama.cpp's.`,
)
out()
out(`${'metric, engine'.padEnd(48)}    n    median       p90    in 10%   in 25%`)
for (const metric of ['kv_cache_tokens', 'kv_cache_gib', 'weights_gib', 'file_gib'] as const) {
  const engines = new Set(inSample.filter((entry) => entry.metric === metric).map(({ run }) => run.engine))
  for (const engine of [...engines].sort()) printMetric(metric, engine)
}

out()
out('Reserve constants of vLLM: shipped, refitted on all, range when one model is left out')
for (const name of Object.keys(score.shipped) as (keyof ReserveConstants)[]) {
  const folds = score.folds.map((constants) => constants[name])
  const [shipped, refitted] = [score.shipped[name], score.refitted[name]].map((value) =>
    value.toPrecision(3).padStart(6),
  )
  const range = `${Math.min(...folds).toPrecision(3)} to ${Math.max(...folds).toPrecision(3)}`
  out(`  ${name.padEnd(22)} ${shipped} ${refitted}   ${range}`)
}

out()
out('Rows more than 10 % off, constants as shipped')
for (const prediction of [...inSample].sort((a, b) => relativeError(b) - relativeError(a))) {
  const error = relativeError(prediction)
  if (error <= 0.1) break
  const { run } = prediction
  const figures = `${prediction.predicted.toPrecision(5)} for ${prediction.measured.toPrecision(5)}`
  const setting = `${run.model} ${run.weights} ${run.accelerator ?? ''} tp ${run.tp ?? '-'}`
  out(
    `  ${percent(error).padStart(8)} ${prediction.metric.padEnd(16)} ${figures.padEnd(28)} ${run.id} ${setting}`,
  )
}
