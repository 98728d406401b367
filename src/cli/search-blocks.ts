import { formatNumber, formatParameters, formatTokens } from '../foundation/format.ts'
import { compareText } from '../foundation/notes.ts'
import type { Plan } from '../planner/plan-types.ts'
import { type Block, heading, left, list, pairs, right, table } from './document.ts'

const shownReasons = 10

/** Which models qualify, and what turned the others away. */
export function modelBlocks(plan: Plan, input: { all: boolean }): Block[] {
  const { kept, leftOut } = plan.models
  const benchmarks = [...new Set(kept.flatMap((model) => model.scores.map((score) => score.benchmark)))]
  const blocks: Block[] = [heading(2, `Models: ${kept.length} of ${kept.length + leftOut.length} qualify`)]
  if (kept.length > 0)
    blocks.push(
      table(
        [
          left('model'),
          left('class'),
          right('parameters'),
          right('context'),
          left('licence'),
          ...benchmarks.map(right),
          right('candidates'),
          left(''),
        ],
        kept.map((model) => [
          model.id,
          model.class.toUpperCase(),
          formatParameters(model.parametersTotal),
          model.maxContextTokens === undefined ? 'unknown' : formatTokens(model.maxContextTokens),
          model.licenceClass ?? 'unknown',
          ...benchmarks.map((benchmark) => {
            const score = model.scores.find((entry) => entry.benchmark === benchmark)?.score
            return score === undefined ? 'unknown' : formatNumber(score, 1)
          }),
          formatNumber(model.feasibleCandidates),
          model.whyNone ?? '',
        ]),
      ),
    )
  if (leftOut.length === 0) return blocks
  blocks.push(heading(3, input.all ? 'Left out' : 'Left out, by reason (each model with --all)'))
  blocks.push(
    input.all
      ? list(leftOut.map((model) => `${model.id}: ${model.reasons.join('; ')}`))
      : reasonTable(leftOut),
  )
  return blocks
}

/** Reasons with how many models each turned away; a model may have several. */
function reasonTable(leftOut: Plan['models']['leftOut']): Block {
  const counts = new Map<string, number>()
  for (const { reasons } of leftOut) {
    for (const reason of reasons) {
      const kind = reason
        .replace(/^[\d.]+[BM] parameters make it an (\w+).*/, 'is an $1')
        .replace(/^scores [\d.]+ on/, 'scores too low on')
        .replace(/ only after.*/, '')
        .replace(/^(its context is) .*/, '$1 too short')
      counts.set(kind, (counts.get(kind) ?? 0) + 1)
    }
  }
  const rows = [...counts].sort((a, b) => b[1] - a[1] || compareText(a[0], b[0]))
  const shown = rows.slice(0, shownReasons).map(([reason, count]) => [String(count), reason])
  if (rows.length > shownReasons) shown.push(['', `and ${rows.length - shownReasons} more reasons`])
  return table([right('models'), left('reason')], shown)
}

/** How much was searched, what was refused, and what was not looked at. */
export function searchBlocks(plan: Plan, input: { all: boolean }): Block[] {
  const { search } = plan
  const count = (value: number, one: string, many = `${one}s`) =>
    `${formatNumber(value)} ${value === 1 ? one : many}`
  const rows: [string, string][] = [
    [
      'searched',
      `${count(search.candidates, 'candidate')}: ${[
        count(search.models, 'model'),
        count(search.weightFormats, 'weight format'),
        count(search.kvFormats, 'KV format'),
        count(search.accelerators, 'accelerator'),
        count(search.servers, 'machine'),
        count(search.engines, 'engine'),
        count(search.places, 'place'),
      ].join(', ')}`,
    ],
    [
      'fit',
      `${count(search.feasibleCandidates, 'candidate')}; with their prices ${count(search.feasibleOffers, 'offer')}, ${formatNumber(plan.paretoFrontSize)} of them beaten by no other in cost, carbon, latency and quality together`,
    ],
  ]
  if (search.refused.length > 0)
    rows.push([
      'refused',
      search.refused
        .map(({ constraint, candidates }) => `${formatNumber(candidates)} by ${constraint}`)
        .join(', '),
    ])
  const { notSearched } = search
  const blocks: Block[] = [heading(2, 'Search'), pairs(rows)]
  if (notSearched.length > 0)
    blocks.push(
      heading(3, 'Not searched'),
      list(
        notSearched.map(({ what, why, count: number }) => {
          const many = number > 0 && !/^\d/.test(what) ? `${formatNumber(number)} × ` : ''
          const names = input.all || what.length <= 90 ? what : `${what.slice(0, 80).trimEnd()}…`
          return `${many}${names}: ${why}`
        }),
      ),
    )
  return blocks
}
