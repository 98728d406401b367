import type { Catalog, TableName } from '../../catalogs/catalog.ts'
import { Hash64, tableHash } from '../../catalogs/table-hash.ts'
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
      let own = catalog.knownHash(name)
      if (own === undefined) {
        const rows = catalog.rows(name)
        if (rows.length === 0) continue
        for (const row of rows) if ((row as { origin?: string }).origin === 'user') userRows += 1
        own = tableHash(rows)
      }
      tables[name] = own
      hash.add(`${name} ${own}`)
    }
    found = { version: catalog.version, asOf: catalog.asOf, hash: hash.hex(), tables, userRows }
    known.set(catalog, found)
  }
  return found
}
