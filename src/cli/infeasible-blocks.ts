import { formatBytesBinary, formatNumber } from '../foundation/format.ts'
import type { PlanInfeasible } from '../planner/plan-types.ts'
import { type Block, heading, left, list, paragraph, right, table } from './document.ts'
import { amountText } from './figure-text.ts'

/** Why nothing fits, what comes closest, and what would have to give. */
export function infeasibleBlocks(infeasible: PlanInfeasible): Block[] {
  const blocks: Block[] = []
  if (infeasible.binding.length > 0)
    blocks.push(
      heading(2, 'What stands in the way'),
      table(
        [left('limit'), right('candidates refused'), right('by it alone')],
        infeasible.binding.map((entry) => [
          entry.message,
          formatNumber(entry.refusedCandidates),
          formatNumber(entry.refusedAlone),
        ]),
      ),
    )
  if (infeasible.closest.length > 0)
    blocks.push(heading(2, 'What comes closest'), list(closestTexts(infeasible)))
  blocks.push(
    heading(2, 'What would make it fit'),
    infeasible.relaxations.length === 0
      ? paragraph('No single limit is enough: several must give way, or another model or machine be allowed.')
      : list(
          infeasible.relaxations.map(
            (entry) =>
              `${[entry, ...(entry.alsoNeeded ?? [])].map(({ field }) => field).join(' + ')}: ${entry.message}`,
          ),
        ),
  )
  return blocks
}

/** The same model on the same accelerators misses by the same in many machines: one line says it. */
function closestTexts(infeasible: PlanInfeasible): string[] {
  const groups = new Map<string, { text: string; others: number }>()
  for (const { label, misses } of infeasible.closest) {
    const missed = misses.map(missText).join('; ')
    const key = `${label.split(' in ').slice(0, -1).join(' in ')}: ${missed}`
    const known = groups.get(key)
    if (known === undefined) groups.set(key, { text: `${label}: ${missed}`, others: 0 })
    else known.others += 1
  }
  return [...groups.values()].map(
    ({ text, others }) =>
      `${text}${others === 0 ? '' : `; the same in ${others} other ${others === 1 ? 'machine' : 'machines'}`}`,
  )
}

/** "time to the first token: 17.6 s, at most 2 s allowed" */
function missText(miss: PlanInfeasible['closest'][number]['misses'][number]): string {
  const [words = ''] = miss.message.split(':')
  const { has, needed, unit } = miss
  if (has === undefined) return `${words}: unknown`
  // The message has money in the scenario's currency; the figures are in USD.
  if (unit.startsWith('USD')) return miss.message
  const amount = (value: number) => (unit === 'byte' ? formatBytesBinary(value) : amountText(value, unit))
  if (needed === undefined) return `${words}: ${amount(has)}`
  if (amount(has) === amount(needed))
    return `${words}: ${amount(has)}, ${amount(Math.abs(has - needed))} more than allowed`
  return `${words}: ${amount(has)}, at most ${amount(needed)} allowed`
}
