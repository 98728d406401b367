import type { Catalog } from './catalog.ts'

/** Total parameters from which a model counts as large, unless the user moves the line. */
export function slmThreshold(catalog: Catalog): number {
  const value = catalog.rowsBy('planningDefaults', 'id').get('slm-below')?.[0]?.value
  const billions = Number(/^([\d.]+)B$/.exec(value ?? '')?.[1])
  if (!Number.isFinite(billions)) throw new Error('the catalog has no planning default slm-below')
  return billions * 1e9
}
