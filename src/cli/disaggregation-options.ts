import type { SpeedQuery } from '../planner/speed.ts'
import type { OptionReader } from './option-values.ts'

export interface DisaggregationOptions {
  readonly prefillReplicas?: string
  readonly decodeReplicas?: string
  readonly transfer?: string
}

const mostReplicas = 1024

/** Pools of their own for prefill and decode: all three options or none. */
export function readDisaggregation(
  read: OptionReader,
  options: DisaggregationOptions,
): SpeedQuery['disaggregation'] {
  const { prefillReplicas: prefill, decodeReplicas: decode, transfer } = options
  const given = [
    ['--prefill-replicas', prefill],
    ['--decode-replicas', decode],
    ['--transfer', transfer],
  ] as const
  const missing = given.filter(([, value]) => value === undefined).map(([option]) => option)
  if (missing.length === given.length) return undefined
  const whole = (option: string, value: string | undefined) =>
    read.whole({ option, value, least: 1, most: mostReplicas })
  const prefillReplicas = whole('--prefill-replicas', prefill)
  const decodeReplicas = whole('--decode-replicas', decode)
  const transferBytesPerSecond = read.quantity({
    option: '--transfer',
    value: transfer,
    dimension: 'bytesPerSecond',
  })
  if (missing.length > 0) {
    read.problem(
      missing[0]!,
      `missing: disaggregation needs --prefill-replicas, --decode-replicas and --transfer${missing.length > 1 ? ` (${missing.join(' and ')} are not given)` : ''}`,
      'for example --prefill-replicas 1 --decode-replicas 2 --transfer "400 Gbit/s"',
    )
  }
  if (transferBytesPerSecond !== undefined && transferBytesPerSecond <= 0)
    read.problem('--transfer', 'must be above 0')
  if (prefillReplicas === undefined || decodeReplicas === undefined || transferBytesPerSecond === undefined)
    return undefined
  return { prefillReplicas, decodeReplicas, transferBytesPerSecond }
}
