import type { AcceleratorRow, Catalog, Row, ServerRow } from '../../catalogs/catalog.ts'

/** A purchase price with the range its sources leave open. */
export interface PurchasePrice {
  readonly usd: number
  readonly lowUsd: number
  readonly highUsd: number
  readonly sourceId: string
  readonly note: string
}

/** What one machine costs: the machine with everything in it, or the machine and each accelerator apart. */
export interface MachinePrice {
  readonly server: PurchasePrice
  /** Undefined where the server's price holds them. */
  readonly accelerator: PurchasePrice | undefined
}

/** Newest street price of a part that is sold alone; the maker's launch price where there is none. */
export function acceleratorPrice(catalog: Catalog, acceleratorId: string): PurchasePrice | undefined {
  const rows = catalog.rowsBy('acceleratorPrices', 'accelerator_id').get(acceleratorId) ?? []
  for (const condition of ['street', 'msrp'] as const) {
    const row = latest(rows.filter((entry) => entry.condition === condition))
    if (row !== undefined) return priceOf(row, condition === 'msrp' ? 'Launch price of the maker.' : '')
  }
  return undefined
}

interface PricedRow {
  readonly as_of: string
  readonly price_usd: number
  readonly price_low_usd?: number | undefined
  readonly price_high_usd?: number | undefined
  readonly source_id: string
  readonly note?: string | undefined
}

function priceOf(row: PricedRow, note: string): PurchasePrice {
  return {
    usd: row.price_usd,
    lowUsd: row.price_low_usd ?? row.price_usd,
    highUsd: row.price_high_usd ?? row.price_usd,
    sourceId: row.source_id,
    note: [note, row.note].filter(Boolean).join(' '),
  }
}

function latest<R extends PricedRow>(rows: readonly R[]): R | undefined {
  let best: R | undefined
  for (const row of rows) if (best === undefined || row.as_of > best.as_of) best = row
  return best
}

/**
 * The price of a server that holds `slots` of an accelerator. Where the catalog prices it with other accelerators, those
 * are taken out at their own price and these put in. Undefined: nobody has published enough.
 */
export function machinePrice(input: {
  catalog: Catalog
  server: ServerRow
  accelerator: AcceleratorRow
  slots: number
}): MachinePrice | undefined {
  const { catalog, server, accelerator } = input
  const rows = catalog.rowsBy('serverPrices', 'server_id').get(server.id) ?? []
  const card = acceleratorPrice(catalog, accelerator.id)
  for (const condition of ['new', 'used'] as const) {
    const offered = rows.filter((row) => row.condition === condition)
    const note = condition === 'used' ? 'A used machine.' : ''
    const exact = latest(
      offered.filter(
        (row) =>
          row.included_accelerator_id === accelerator.id &&
          row.included_accelerators * accelerator.devices_per_part >= input.slots,
      ),
    )
    if (exact !== undefined) return { server: priceOf(exact, note), accelerator: undefined }
    const bare = latest(offered.filter((row) => row.included_accelerators === 0))
    if (bare !== undefined && card !== undefined) return { server: priceOf(bare, note), accelerator: card }
    for (const row of offered) {
      const chassis = withoutAccelerators(catalog, row)
      if (chassis !== undefined && card !== undefined) return { server: chassis, accelerator: card }
    }
  }
  return undefined
}

function withoutAccelerators(catalog: Catalog, row: Row<'serverPrices'>): PurchasePrice | undefined {
  if (row.included_accelerator_id === undefined || row.included_accelerators === 0) return undefined
  const card = acceleratorPrice(catalog, row.included_accelerator_id)
  if (card === undefined) return undefined
  const cards = row.included_accelerators * card.usd
  const usd = row.price_usd - cards
  // A list of cards dearer than the machine that holds them says nothing about the machine.
  if (usd <= 0) return undefined
  return {
    usd,
    lowUsd: Math.max(0, (row.price_low_usd ?? row.price_usd) - cards),
    highUsd: (row.price_high_usd ?? row.price_usd) - cards,
    sourceId: row.source_id,
    note: `Its price with ${row.included_accelerators} ${row.included_accelerator_id} less their price.`,
  }
}

/** Middle of what sources say, and their range. */
export interface Spread {
  readonly low: number
  readonly mid: number
  readonly high: number
  readonly sourceIds: readonly string[]
}

/** Making one thing, g CO2e; undefined where no row names it. */
export function embodiedGrams(
  catalog: Catalog,
  kind: 'accelerator' | 'host' | 'server',
  itemId: string,
  gramsPerKilogram: number,
): Spread | undefined {
  const rows = (catalog.rowsBy('embodied', 'item_id').get(itemId) ?? []).filter(
    (row) => row.item_kind === kind && row.per === 'unit' && row.kg_co2e !== undefined,
  )
  if (rows.length === 0) return undefined
  const values = rows.map((row) => (row.kg_co2e ?? 0) * gramsPerKilogram).sort((a, b) => a - b)
  const middle = (values.length - 1) / 2
  return {
    low: values[0]!,
    mid: (values[Math.floor(middle)]! + values[Math.ceil(middle)]!) / 2,
    high: values[values.length - 1]!,
    sourceIds: [...new Set(rows.map((row) => row.source_id))],
  }
}
