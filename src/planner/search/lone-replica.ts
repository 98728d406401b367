import type { Catalog } from '../../catalogs/catalog.ts'
import { checkScenario } from '../scenario/read.ts'
import type { ScenarioInput } from '../scenario/schema.ts'
import { replicaMaker } from './search.ts'
import type { ReplicaUnderTest, ServingTask } from './serving-types.ts'
import { searchSpace } from './space.ts'

/** One model on so many accelerators of a kind, joined by tensor parallelism. */
export interface LoneReplica {
  readonly model: string
  readonly accelerator: string
  readonly tensor: number
}

/**
 * The planner's own view of one replica under a load, without a search: what tests and benchmarks hold against the
 * simulation. Weights and KV cache in FP8.
 */
export function loneReplica(
  catalog: Catalog,
  replica: LoneReplica,
  load: Pick<ScenarioInput, 'demand' | 'tokens' | 'workloads'>,
): { task: ServingTask; replica: ReplicaUnderTest } {
  const scenario = checkScenario({
    value: {
      schemaVersion: 1,
      name: 'one replica',
      useCase: 'customer-care-chatbot',
      ...load,
      model: { ids: replica.model, allowUnknownQuality: true },
      formats: { weights: 'fp8', kvCache: 'fp8' },
      hardware: { accelerators: replica.accelerator },
      places: { kind: 'on-prem', country: 'us' },
    },
  })
  const space = searchSpace({ scenario, catalog, file: 'one replica' })
  const unit = space.units[0]!
  const device = space.devices[0]!
  const maker = replicaMaker(space, unit, device)!
  const layout = space.layouts.list(unit, device, device.mostDevices).find((index) => {
    const { tensor, pipeline, attentionData } = space.layouts.all[index]!
    return tensor === replica.tensor && pipeline === 1 && attentionData === 1
  })!
  return { task: space.task, replica: maker.on(layout, maker.memory(layout)) }
}
