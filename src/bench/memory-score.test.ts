import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { createCatalog } from '../catalogs/catalog.ts'
import { readCatalogFolder } from '../catalogs/folder.node.ts'
import type { Metric } from './memory-runs.ts'
import { memoryScore, quantile, relativeError, settingsKnown } from './memory-score.ts'

const folder = fileURLToPath(new URL('../../catalogs/', import.meta.url))
const score = memoryScore(createCatalog(readCatalogFolder(folder).data))
const median = (predictions: typeof score.inSample, metric: Metric, engine: string) => {
  const rows = predictions.filter((entry) => entry.metric === metric && entry.run.engine === engine)
  return quantile(rows.map(relativeError), 0.5)
}

describe('memory against published logs', () => {
  it('scores every row that states a size', () => {
    expect(score.runs).toBe(129)
    expect(score.inSample.length).toBeGreaterThan(170)
  })
  it('KV tokens under vLLM, settings known, model left out of the fit: median at most 3 %', () => {
    const known = score.modelLeftOut.filter(settingsKnown)
    expect(known.length).toBeGreaterThan(40)
    expect(median(known, 'kv_cache_tokens', 'vllm')).toBeLessThan(0.03)
    expect(median(score.perConfiguration(known), 'kv_cache_tokens', 'vllm')).toBeLessThan(0.03)
  })
  it('weights under vLLM, settings known: median at most 1 %', () => {
    expect(median(score.inSample.filter(settingsKnown), 'weights_gib', 'vllm')).toBeLessThan(0.01)
  })
  it('file sizes: median at most 1 %', () => {
    expect(median(score.inSample, 'file_gib', 'llama.cpp')).toBeLessThan(0.01)
  })
  it('the shipped reserve constants are those of a refit on all rows, within a tenth', () => {
    for (const [name, value] of Object.entries(score.refitted)) {
      const shipped = score.shipped[name as keyof typeof score.shipped]
      expect(Math.abs(value / shipped - 1), name).toBeLessThan(0.1)
    }
  })
})
