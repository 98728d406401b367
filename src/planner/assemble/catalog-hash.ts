import type { Catalog, TableName } from '../../catalogs/catalog.ts'
import { compareText } from '../../foundation/notes.ts'
import type { PlanCatalog } from '../plan-types.ts'

const known = new WeakMap<Catalog, PlanCatalog>()

/** Version, date and hash of all rows, so that a plan says on which data it stands. */
export function catalogHash(catalog: Catalog): PlanCatalog {
  let found = known.get(catalog)
  if (found === undefined) {
    const hash = new Hash64()
    const tables: Record<string, string> = {}
    let userRows = 0
    for (const name of (Object.keys(catalog.keys) as TableName[]).sort(compareText)) {
      const rows = catalog.rows(name)
      if (rows.length === 0) continue
      const table = new Hash64()
      for (const row of rows) {
        if ((row as { origin?: string }).origin === 'user') userRows += 1
        table.add(JSON.stringify(row))
      }
      tables[name] = table.hex()
      hash.add(`${name} ${tables[name]}`)
    }
    found = { version: catalog.version, asOf: catalog.asOf, hash: hash.hex(), tables, userRows }
    known.set(catalog, found)
  }
  return found
}

/** Two independent 32-bit FNV-1a sums (offsets differ): it detects change, it does not guard against malice. */
class Hash64 {
  #a = 0x811c9dc5
  #b = 0x1b873593

  add(text: string): void {
    let a = this.#a
    let b = this.#b
    for (let index = 0; index < text.length; index += 1) {
      const code = text.charCodeAt(index)
      a = Math.imul(a ^ code, 0x01000193)
      b = Math.imul(b ^ code, 0x85ebca6b)
    }
    this.#a = a
    this.#b = b
  }

  hex(): string {
    const part = (value: number) => (value >>> 0).toString(16).padStart(8, '0')
    return part(this.#a) + part(this.#b)
  }
}
