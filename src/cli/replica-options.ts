import type { Catalog } from '../catalogs/catalog.ts'
import type { SpeedQuery } from '../planner/speed.ts'
import { engines } from './commands/memory.ts'
import type { FoundModel } from './find-model.ts'
import type { OptionReader } from './option-values.ts'

/** Options of `speed` and `simulate` that say what a replica is, as they were typed. */
export interface ReplicaOptions {
  readonly engine: string
  readonly accelerator?: string
  readonly weights?: string
  readonly kv?: string
  readonly tp?: string
  readonly pp?: string
  readonly ep?: string
  readonly dp?: string
}

/** The same of what a replica does per request. */
export interface ServingOptions {
  readonly prefixCache?: string
  readonly draftTokens?: string
  readonly acceptance?: string
}

const mostOfLayout = 10_000_000

export const readWhole = (read: OptionReader, option: string, value: string | undefined) =>
  read.whole({ option, value, least: 1, most: mostOfLayout })

/** Problems are the reader's; where it has some, what is undefined is not to be used. */
export function readReplica(input: {
  read: OptionReader
  options: ReplicaOptions
  catalog: Catalog
  found: FoundModel
}): Pick<
  SpeedQuery,
  'catalog' | 'model' | 'accelerator' | 'weightFormat' | 'kvFormat' | 'engine' | 'layout'
> {
  const { read, options, catalog, found } = input
  const engine = read.choice({ option: '--engine', value: options.engine, allowed: engines })
  const accelerator = read.lookup('--accelerator', () => catalog.accelerator(options.accelerator ?? ''))
  const weightFormat = read.lookup('--weights', () =>
    catalog.weightFormat(options.weights ?? found.nativeWeights ?? 'bf16'),
  )
  const kvFormat = read.lookup('--kv', () => catalog.kvFormat(options.kv ?? 'bf16'))
  const degree = (option: string, value: string | undefined) => readWhole(read, option, value) ?? 1
  const layout = {
    tensor: degree('--tp', options.tp),
    pipeline: degree('--pp', options.pp),
    expert: degree('--ep', options.ep),
    attentionData: degree('--dp', options.dp),
  }
  return {
    catalog,
    model: found.model,
    accelerator: accelerator!,
    weightFormat: weightFormat!,
    kvFormat: kvFormat!,
    engine,
    layout,
  }
}

/** Prefix cache and speculation. */
export function readServing(
  read: OptionReader,
  options: ServingOptions,
): Pick<SpeedQuery, 'cachedInputFraction' | 'speculation'> {
  const share = (option: string, value: string | undefined, most: number) =>
    read.quantity({ option, value, dimension: 'fraction', least: 0, most })
  const cachedInputFraction = share('--prefix-cache', options.prefixCache, 0.999) ?? 0
  const proposedTokens = readWhole(read, '--draft-tokens', options.draftTokens)
  const acceptanceFraction = share('--acceptance', options.acceptance, 1)
  if ((proposedTokens === undefined) !== (acceptanceFraction === undefined)) {
    read.problem(
      '--draft-tokens',
      'speculation needs both --draft-tokens and --acceptance',
      'acceptance depends on the draft and the text: measure it, there is no default',
    )
  }
  return {
    cachedInputFraction,
    ...(proposedTokens === undefined || acceptanceFraction === undefined
      ? {}
      : { speculation: { proposedTokens, acceptanceFraction } }),
  }
}
