import type { Catalog } from '../catalogs/catalog.ts'
import type { Note } from '../foundation/notes.ts'
import type { SpeedQuery } from '../planner/speed.ts'
import { lengthVariation } from '../simulation/traffic.ts'
import { kvPolicies, routings, type SimulateOptions } from './commands/simulate.ts'
import { readDisaggregation } from './disaggregation-options.ts'
import type { FoundModel } from './find-model.ts'
import type { CliIo } from './io.ts'
import { OptionReader } from './option-values.ts'
import { readReplica, readServing } from './replica-options.ts'
import { readTraffic } from './traffic-options.ts'

const mostRequests = 2_000_000

export type Question = ReturnType<typeof readQuestion>

/** What the options of `simulate` ask for; all problems at once. */
export function readQuestion(input: {
  options: SimulateOptions
  catalog: Catalog
  found: FoundModel
  io: CliIo
}) {
  const { options, catalog, found, io } = input
  const read = new OptionReader()
  const replica = readReplica({ read, options, catalog, found })
  const { traffic, lengths } = readTraffic({ read, options, io })
  const serving = readServing(read, options)
  const disaggregation = readDisaggregation(read, options)
  const replicas = read.whole({ option: '--replicas', value: options.replicas, least: 1, most: 1024 }) ?? 1
  const apart = [options.prefillReplicas, options.decodeReplicas, options.transfer]
  if (options.replicas !== undefined && apart.some((value) => value !== undefined)) {
    read.problem(
      '--replicas',
      'replicas that do both cannot stand beside separate pools',
      'give --prefill-replicas and --decode-replicas only',
    )
  }
  const routing = read.choice({ option: '--routing', value: options.routing, allowed: routings })
  const kvPolicy = read.choice({
    option: '--kv-policy',
    // TensorRT-LLM's default scheduler never evicts; vLLM and SGLang do; llama.cpp gives each slot its own cache.
    value:
      options.kvPolicy ??
      (replica.engine === 'tensorrt-llm' || replica.engine === 'llama.cpp' ? kvPolicies[1] : kvPolicies[0]),
    allowed: kvPolicies,
  })
  const requests =
    read.quantity({
      option: '--requests',
      value: options.requests,
      dimension: 'count',
      least: 10,
      most: mostRequests,
    }) ?? 0
  const seed = read.whole({ option: '--seed', value: options.seed, least: 0, most: 2 ** 30 }) ?? 0
  const warmupFraction =
    read.quantity({
      option: '--warmup',
      value: options.warmup,
      dimension: 'fraction',
      least: 0,
      most: 0.9,
    }) ?? 0
  read.done()
  const notes: Note[] = []
  if (options.kvPolicy === undefined) {
    notes.push({
      code: 'default-of-command',
      level: 'assumption',
      about: 'kvPolicy',
      message: `when the KV memory runs short: ${kvPolicy}, as ${replica.engine} does by default`,
    })
  }
  const query: SpeedQuery = {
    ...replica,
    ...serving,
    inputTokens: lengthVariation(lengths!.input).mean,
    outputTokens: lengthVariation(lengths!.output).mean,
    // Of one replica that does both, or over all replicas of separate pools.
    concurrency: traffic!.kind === 'closed' ? Math.max(1, Math.round(traffic!.concurrency / replicas)) : 1,
    burstFraction: 0,
    ...(disaggregation === undefined ? {} : { disaggregation }),
  }
  return {
    query,
    traffic: traffic!,
    lengths: lengths!,
    replicas,
    routing,
    kvPolicy,
    requests: Math.round(requests),
    seed,
    warmupFraction,
    notes,
  }
}
