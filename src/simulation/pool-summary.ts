import type { EngineStep } from '../estimators/performance/engine-step.ts'
import type { HandOver } from './hand-over.ts'
import type { Replica } from './replica.ts'
import type { Requests } from './requests.ts'
import {
  type Distribution,
  distribution,
  measuredRange,
  type PoolActivity,
  poolActivity,
  type SimulationSummary,
  summarise,
} from './summary.ts'

/** Overall figures as of one pool, and what each pool and the link between them adds to a request's time. */
export interface DisaggregatedSummary extends SimulationSummary {
  readonly prefillPool: PoolActivity & {
    readonly replicas: number
    /** From arrival to the end of the prompt's last step, which samples the first token. */
    readonly secondsInPool: Distribution
  }
  /** Of requests that go on to the decode pool. */
  readonly handOver: {
    /** Wait for room in the memory of the decode replica, and for the end of its step. */
    readonly roomWaitSeconds: Distribution
    /** Wait for other caches in either port of the link. */
    readonly linkWaitSeconds: Distribution
    readonly transferSeconds: Distribution
    readonly meanBytes: number
  }
  readonly decodePool: PoolActivity & {
    readonly replicas: number
    /** From the arrival of the cache to the last token. */
    readonly secondsInPool: Distribution
    readonly tpotSeconds: Distribution
  }
}

export function summariseDisaggregated(input: {
  prefill: { readonly engine: EngineStep }
  transfer: { bytesOf(inputTokens: number): number }
  requests: Requests
  pools: { readonly prefill: readonly Replica[]; readonly decode: readonly Replica[] }
  readSeconds: Float64Array
  handOver: HandOver
  rejected: number
  warmupFraction: number
  cooldownFraction: number
}): DisaggregatedSummary {
  const { requests: r, pools, readSeconds, handOver } = input
  const overall = summarise({
    ...input,
    engine: input.prefill.engine,
    replicas: [...pools.prefill, ...pools.decode],
  })
  const { from, to } = measuredRange(r.count, input)
  const columns = { read: [], room: [], link: [], transfer: [], decode: [] } as Record<string, number[]>
  let bytes = 0
  for (let index = from; index < to; index += 1) {
    const finish = r.finishSeconds[index]!
    if (Number.isNaN(finish)) continue
    const read = readSeconds[index]!
    columns['read']!.push(read - r.arrivalSeconds[index]!)
    const room = handOver.roomSeconds[index]!
    if (Number.isNaN(room)) continue
    const sent = handOver.sentSeconds[index]!
    const first = r.firstTokenSeconds[index]!
    columns['room']!.push(room - read)
    columns['link']!.push(sent - room)
    columns['transfer']!.push(first - sent)
    columns['decode']!.push(finish - first)
    bytes += input.transfer.bytesOf(r.inputTokens[index]!)
  }
  const of = (name: string) => distribution(Float64Array.from(columns[name]!))
  const activity = (replicas: readonly Replica[]) => {
    const { outputTokens: _, ...rest } = poolActivity(replicas, overall.durationSeconds)
    return { replicas: replicas.length, ...rest }
  }
  return {
    ...overall,
    prefillPool: { ...activity(pools.prefill), secondsInPool: of('read') },
    handOver: {
      roomWaitSeconds: of('room'),
      linkWaitSeconds: of('link'),
      transferSeconds: of('transfer'),
      meanBytes: bytes / columns['transfer']!.length,
    },
    decodePool: {
      ...activity(pools.decode),
      secondsInPool: of('decode'),
      tpotSeconds: overall.tpotSeconds,
    },
  }
}
