import { formatNumber } from '../foundation/format.ts'
import type { PlanOption } from '../planner/plan-option-types.ts'

/** "2 servers now, the 3rd in month 13": when a growing demand needs machines. Undefined where it does not grow. */
export function phaseText(option: PlanOption): string | undefined {
  const { phases, place } = option
  const [first, ...others] = phases ?? []
  if (first === undefined) return undefined
  const one = place.kind === 'cloud' ? 'instance' : 'server'
  const now = `${formatNumber(first.servers)} ${first.servers === 1 ? one : `${one}s`} now`
  const later = others.filter((phase) => phase.addedServers > 0)
  if (later.length === 0) return `${now}: the growth within the horizon needs no more`
  return [
    now,
    ...later.map(({ addedServers, servers, fromMonth }) =>
      addedServers === 1
        ? `the ${ordinal(servers)} in month ${fromMonth}`
        : `${formatNumber(addedServers)} more in month ${fromMonth}`,
    ),
  ].join(', ')
}

function ordinal(count: number): string {
  const tens = count % 100
  const ending = tens >= 11 && tens <= 13 ? 'th' : (['th', 'st', 'nd', 'rd'][count % 10] ?? 'th')
  return `${formatNumber(count)}${ending}`
}
