import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { readTable } from '../csv.ts'
import { engineMemoryTable, engineMemoryUnits } from './engines.ts'

const text = readFileSync(new URL('../../../catalogs/engine_memory.csv', import.meta.url), 'utf8')
const read = (content: string) =>
  readTable({ table: engineMemoryTable, text: content, file: 'engine_memory.csv' })
const table = read(text)

describe('engine_memory.csv', () => {
  it('reads without an issue', () => {
    expect(table.issues).toEqual([])
    expect(table.rows.length).toBeGreaterThan(60)
  })
  it('generic knows every term but those that only some engines have', () => {
    const known = new Set(table.rows.filter(({ row }) => row.engine === 'generic').map(({ row }) => row.term))
    const missing = Object.keys(engineMemoryUnits).filter((term) => !known.has(term as never))
    expect(missing.sort()).toEqual(['max_sequences', 'static_reserve', 'window_pool_ratio'])
  })
  it('knows the engines of the plan', () => {
    const engines = [...new Set(table.rows.map(({ row }) => row.engine))].sort()
    expect(engines).toEqual(['generic', 'llama.cpp', 'sglang', 'tensorrt-llm', 'vllm'])
  })
  it('a wrong unit, an unknown choice and a range that misses the value are issues', () => {
    const header = text.split('\n')[0]
    const rest = 'rightsize-judgement,2026-11-24,assumed,'
    const bad = [
      `vllm,runtime,,,,,0.2,,byte,,,${rest}`,
      `vllm,kv_layout,,,,,,heap,choice,,,${rest}`,
      `vllm,graphs,,,,,0.3,,gib,0.4,0.5,${rest}`,
      `vllm,memory_fraction,,,,,1.2,,fraction,,,${rest}`,
    ]
    const { issues } = read([header, ...bad].join('\n'))
    expect(issues.map((issue) => issue.place)).toEqual([
      'engine_memory.csv:2  unit',
      'engine_memory.csv:3  value',
      'engine_memory.csv:4  low',
      'engine_memory.csv:5  value',
    ])
  })
})
