import type { Catalog } from '../catalogs/catalog.ts'
import { benchmarkId } from './quality.ts'
import type { ResolvedScenario } from './scenario/resolve.ts'

/** Those with a limit first, then those of the use case. */
export function benchmarksOf(catalog: Catalog, resolved: ResolvedScenario): string[] {
  const limits = (resolved.scenario.model?.minimumQuality ?? []).map((minimum) =>
    benchmarkId(minimum.benchmark),
  )
  const useCases = [resolved.scenario.useCase, ...resolved.workloads.map((workload) => workload.useCase)]
  const named = useCases.flatMap(
    (id) => catalog.rowsBy('useCases', 'id').get(id)?.[0]?.quality_benchmarks ?? [],
  )
  return [...new Set([...limits, ...named])]
}
