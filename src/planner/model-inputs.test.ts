import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { readTable } from '../catalogs/csv.ts'
import { type ModelRow, modelsTable } from '../catalogs/schema/models.ts'
import type { ModelArchitecture } from '../estimators/architecture.ts'
import { computedParameters } from '../estimators/memory/parameters.ts'
import { modelArchitecture } from './model-inputs.ts'

const text = readFileSync(new URL('../../catalogs/models.csv', import.meta.url), 'utf8')
const table = readTable({ table: modelsTable, text, file: 'models.csv' })
const rows = table.rows.map(({ row }) => row)

const allowedGap = 0.02

/** What is wrong with a row's parameter count or with its note on it; undefined where nothing is. */
function parameterProblem(row: ModelRow): string | undefined {
  const architecture = modelArchitecture(row)
  if (architecture === undefined) {
    if (row.parameter_gap_note !== undefined) return 'explains a gap that nobody can compute'
    return row.architecture_unknown === undefined ? 'has no layers and does not say why' : undefined
  }
  const published = architecture.publishedParameters!
  const gap = computedParameters(architecture).total / published - 1
  if (row.architecture_unknown !== undefined) return 'has layers and says they are unknown'
  if (Math.abs(gap) > allowedGap && row.parameter_gap_note === undefined) {
    return `computed count is ${(gap * 100).toFixed(1)} % off the published one, without a reason`
  }
  if (Math.abs(gap) <= allowedGap && row.parameter_gap_note !== undefined) {
    return `explains a gap of only ${(Math.abs(gap) * 100).toFixed(1)} %`
  }
  return undefined
}

function row(id: string): ModelRow {
  return rows.find((candidate) => candidate.id === id)!
}

function architecture(id: string): ModelArchitecture {
  return modelArchitecture(row(id))!
}

/** Bytes that one more token of a long sequence adds, at `bytesPerElement`; windows count as `windowFactor` of full. */
function cacheBytesPerToken(model: ModelArchitecture, bytesPerElement: number, windowFactor: 0 | 1): number {
  let elements = 0
  for (const { layers, attention } of model.layerGroups) {
    if (attention.kind === 'latent') elements += layers * (attention.kvLoraRank + attention.ropeHeadDimension)
    if (attention.kind !== 'full' && attention.kind !== 'window') continue
    if (attention.sharesCache === true) continue
    const tensors = attention.keyIsValue === true ? 1 : 2
    const factor = attention.kind === 'window' ? windowFactor : 1
    elements += factor * layers * tensors * attention.kvHeads * attention.headDimension
  }
  return elements * bytesPerElement
}

describe('catalogs/models.csv', () => {
  test('reads without an issue', () => {
    expect(table.issues).toEqual([])
    expect(rows.length).toBeGreaterThanOrEqual(220)
  })

  test('is sorted by id, and every name means one model only', () => {
    const ids = rows.map(({ id }) => id)
    expect(ids).toEqual([...ids].sort())
    const names = rows.flatMap(({ id, hf_id, aliases = [] }) => [
      ...new Set([id, hf_id, ...aliases].map((name) => name.toLowerCase())),
    ])
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([])
  })

  test('every computed parameter count is within 2 % of the published one, or the row says why not', () => {
    const problems = rows.flatMap((candidate) => {
      const problem = parameterProblem(candidate)
      return problem === undefined ? [] : [`${candidate.id} ${problem}`]
    })
    expect(problems).toEqual([])
  })

  test('the parameter check finds an unexplained gap, a stale note and a silent unknown', () => {
    const model = row('llama-3.1-8b-instruct')
    expect(parameterProblem({ ...model, parameters_total_b: 8.5 })).toMatch(/-5.5 % off/)
    expect(parameterProblem({ ...model, parameter_gap_note: 'old' })).toMatch(/only 0.0 %/)
    expect(parameterProblem({ ...row('deepseek-v4-pro'), architecture_unknown: undefined })).toMatch(
      /does not say why/,
    )
  })

  test('active parameters are given for every mixture of experts and never exceed the total', () => {
    for (const model of rows) {
      if (model.experts !== undefined) expect(model.parameters_active_b, model.id).toBeDefined()
      expect(model.parameters_active_b ?? 0, model.id).toBeLessThanOrEqual(model.parameters_total_b)
    }
  })

  test('an extended context is longer than the native one and its note names the method', () => {
    for (const model of rows) {
      if (model.extended_context_tokens === undefined) continue
      expect(model.extended_context_tokens, model.id).toBeGreaterThan(model.max_context_tokens!)
      expect(model.note, model.id).toMatch(/YaRN|sparse-prefill/)
    }
  })
})

describe('cache bytes per token that the rows must give', () => {
  test('DeepSeek-V3, DeepSeek-V2 paper: latent of 512 + 64 elements on 61 layers at 2 bytes', () => {
    expect(cacheBytesPerToken(architecture('deepseek-v3'), 2, 1)).toBe((512 + 64) * 61 * 2)
    expect((512 + 64) * 61 * 2).toBe(70_272)
  })

  test('Mistral-Small-3.2: 8 heads of 128 on 40 layers', () => {
    expect(cacheBytesPerToken(architecture('mistral-small-3.2-24b-instruct-2506'), 2, 1)).toBe(
      2 * 8 * 128 * 40 * 2,
    )
    expect(2 * 8 * 128 * 40 * 2).toBe(163_840)
  })

  test('gpt-oss-120b where the engine keeps all 36 layers, and 18 of them where it frees the windows', () => {
    const model = architecture('gpt-oss-120b')
    expect(cacheBytesPerToken(model, 2, 1)).toBe(2 * 8 * 64 * 36 * 2)
    expect(cacheBytesPerToken(model, 2, 0)).toBe(2 * 8 * 64 * 18 * 2)
  })

  test('Qwen3-Next: only 12 of 48 layers hold a cache', () => {
    expect(cacheBytesPerToken(architecture('qwen3-next-80b-a3b-instruct'), 2, 1)).toBe(2 * 2 * 256 * 12 * 2)
  })

  test('Gemma 4 31B: global layers store 4 heads of 512 once, windows 16 heads of 256', () => {
    const model = architecture('gemma-4-31b-it')
    expect(cacheBytesPerToken(model, 2, 0)).toBe(10 * 4 * 512 * 2)
    expect(cacheBytesPerToken(model, 2, 1)).toBe((10 * 4 * 512 + 50 * 2 * 16 * 256) * 2)
  })

  test('Gemma 3n E2B: the last 10 of 30 layers read an earlier cache', () => {
    expect(cacheBytesPerToken(architecture('gemma-3n-e2b-it'), 2, 1)).toBe(20 * 2 * 2 * 256 * 2)
  })
})

test('a row that names layers without their sizes is refused', () => {
  expect(() => modelArchitecture({ ...row('gemma-2-2b-it'), window_tokens: undefined })).toThrow(
    /window_tokens/,
  )
})
