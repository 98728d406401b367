import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { z } from 'zod'
import { readTable } from '../csv.ts'
import { apiFootprintsTable } from './api-footprints.ts'
import type { TableDefinition } from './common.ts'
import { placesTable } from './places.ts'
import { useCaseDefaultsTable, useCasesTable } from './use-cases.ts'

function text(file: string) {
  return readFileSync(new URL(`../../../catalogs/${file}`, import.meta.url), 'utf8')
}

function read<Schema extends z.ZodType>(table: TableDefinition<Schema>) {
  return readTable({ table, text: text(table.file), file: table.file })
}

const useCases = read(useCasesTable).rows.map(({ row }) => row)
const defaults = read(useCaseDefaultsTable).rows.map(({ row }) => row)
const valueAt = (id: string, field: string) =>
  defaults.find((row) => row.use_case_id === id && row.field === field)?.value

describe('use cases', () => {
  test('both tables read clean', () => {
    expect(read(useCasesTable).issues).toEqual([])
    expect(read(useCaseDefaultsTable).issues).toEqual([])
  })

  test('the profiles that the plan promises exist', () => {
    const ids = new Set(useCases.map((row) => row.id))
    const promised = [
      'customer-care-chatbot',
      'marketing-content',
      'coding-assistant',
      'rag-search',
      'summarisation',
      'extraction',
      'translation',
      'agent-with-tools',
      'batch-classification',
      'voice-assistant',
      'on-device-assistant',
      'reasoning',
    ]
    expect(promised.filter((id) => !ids.has(id))).toEqual([])
  })

  test('every default belongs to a use case, and every use case sets token lengths, hours and peak', () => {
    const ids = new Set(useCases.map((row) => row.id))
    expect(defaults.filter((row) => !ids.has(row.use_case_id))).toEqual([])
    const needed = [
      'input_tokens_mean',
      'input_tokens_p95',
      'output_tokens_mean',
      'output_tokens_p95',
      'working_hours_per_day',
      'working_days_per_week',
      'peak_to_average',
    ]
    const missing = useCases.flatMap((useCase) =>
      needed
        .filter((field) => valueAt(useCase.id, field) === undefined)
        .map((field) => `${useCase.id} ${field}`),
    )
    expect(missing).toEqual([])
  })

  test('a service that a person watches has targets for the first and the next token', () => {
    const missing = useCases.filter(
      (row) =>
        row.batch_tolerance === 'interactive' &&
        (valueAt(row.id, 'ttft_target_s') === undefined || valueAt(row.id, 'tpot_target_s') === undefined),
    )
    expect(missing).toEqual([])
  })

  test('the 95th percentile is above the mean', () => {
    const wrong = useCases.filter((row) =>
      ['input', 'output'].some(
        (side) =>
          (valueAt(row.id, `${side}_tokens_p95`) ?? 0) <= (valueAt(row.id, `${side}_tokens_mean`) ?? 0),
      ),
    )
    expect(wrong).toEqual([])
  })

  test('our own judgement gives its reasoning', () => {
    const bare = defaults.filter((row) => row.source_id === 'rightsize-judgement' && row.note === undefined)
    expect(bare).toEqual([])
  })

  test('no peak is called measured: the traces give minutes or hours within the trace', () => {
    expect(defaults.filter((row) => row.field === 'peak_to_average' && row.quality !== 'assumed')).toEqual([])
  })

  test('Azure 2023 conversation trace: 1,155 tokens in, 211 out', () => {
    expect(valueAt('customer-care-chatbot', 'input_tokens_mean')).toBe(1155)
    expect(valueAt('customer-care-chatbot', 'output_tokens_mean')).toBe(211)
  })

  test('gh-aw agent spans: 142.75 million input and 2.12 million output tokens over 5,475 spans', () => {
    expect(valueAt('agent-with-tools', 'input_tokens_mean')).toBe(Math.round(142.75e6 / 5475))
    expect(valueAt('agent-with-tools', 'output_tokens_mean')).toBe(Math.round(2.12e6 / 5475))
  })

  test('recommended benchmarks are ones that some model has a score on', () => {
    const scored = new Set(
      text('model_quality.csv')
        .split('\n')
        .slice(1)
        .map((line) => line.split(',')[1]),
    )
    const unknown = useCases.flatMap((row) =>
      (row.quality_benchmarks ?? []).filter((name) => !scored.has(name)),
    )
    expect(unknown).toEqual([])
  })
})

describe('api_footprints.csv', () => {
  const footprints = read(apiFootprintsTable)

  test('reads clean, and every provider is a place', () => {
    expect(footprints.issues).toEqual([])
    const providers = new Set(
      read(placesTable)
        .rows.filter(({ row }) => row.kind === 'provider')
        .map(({ row }) => row.id),
    )
    expect(footprints.rows.filter(({ row }) => !providers.has(row.provider))).toEqual([])
  })

  test('every row states its boundary', () => {
    expect(footprints.rows.filter(({ row }) => row.note === undefined)).toEqual([])
  })

  test('Google, median prompt: 0.03 g over 0.24 Wh is 0.125 g/Wh, 0.26 mL over 0.24 Wh is 1.083 mL/Wh', () => {
    const google = footprints.rows.find(({ row }) => row.id === 'google-gemini-apps-2025')?.row
    expect((google?.carbon_g_co2e ?? 0) / (google?.energy_wh ?? 1)).toBeCloseTo(0.125, 10)
    expect((google?.water_ml ?? 0) / (google?.energy_wh ?? 1)).toBeCloseTo(1.083, 3)
  })
})
