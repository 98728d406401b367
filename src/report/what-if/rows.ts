import {
  basisFromJson,
  basisToJson,
  fromSharedJson,
  type Json,
  type SharedJson,
  sharedJson,
} from '../../planner/recompute-json.ts'
import type { PairBasis } from '../../planner/recompute-pair.ts'
import type { WhatIfRow } from './figures.ts'

/** Rows as the page keeps them. */
export function rowsToJson(rows: readonly WhatIfRow[]): SharedJson {
  return sharedJson(
    rows.map(({ id, option, pair }) => ({
      id,
      ...(option === undefined ? {} : { option: basisToJson(option) }),
      ...(pair === undefined ? {} : { pair: basisToJson(pair) }),
    })),
  )
}

export function rowsFromJson(json: SharedJson): WhatIfRow[] {
  const rows = fromSharedJson(json) as { id: string; option?: Json; pair?: Json }[]
  return rows.map(
    ({ id, option, pair }): WhatIfRow => ({
      id,
      ...(option === undefined ? {} : { option: basisFromJson(option) }),
      ...(pair === undefined ? {} : { pair: basisFromJson<PairBasis>(pair) }),
    }),
  )
}
