import { describe, expect, it } from 'vitest'
import { filterRecords } from './filter.ts'

const records = [
  { id: 'h100', memory_gb: 80, vendor: 'NVIDIA', launched: '2022-03', tags: ['sxm', 'hopper'] },
  { id: 'l4', memory_gb: 24, vendor: 'NVIDIA', launched: '2023-03', tags: ['pcie'] },
  { id: 'mi300x', memory_gb: 192, vendor: 'AMD', launched: '2023-12', tags: [], idle_w: 140 },
]
const ids = (conditions: string[], search?: string) =>
  filterRecords({ records, conditions, search }).map((record) => record.id)

describe('filterRecords', () => {
  it('compares numbers, text, dates and lists', () => {
    expect(ids(['memory_gb>=80'])).toEqual(['h100', 'mi300x'])
    expect(ids(['vendor=nvidia', 'memory_gb<80'])).toEqual(['l4'])
    expect(ids(['launched>=2023'])).toEqual(['l4', 'mi300x'])
    expect(ids(['tags~hop'])).toEqual(['h100'])
    expect(ids([], 'amd')).toEqual(['mi300x'])
  })

  it('never lets an unknown cell pass a bound', () => {
    expect(ids(['idle_w>=0'])).toEqual(['mi300x'])
    expect(ids(['idle_w<=1000'])).toEqual(['mi300x'])
  })

  it('lists every condition it cannot read', () => {
    expect(() => ids(['memory>=80', 'nonsense', 'memory_gb>=80 GB'])).toThrowError(
      expect.objectContaining({ issues: [expect.anything(), expect.anything(), expect.anything()] }),
    )
  })
})
