import { percent } from '../foundation/units.ts'
import type { HeldOut } from './cross-validation.ts'
import { coverage, median } from './held-out-errors.ts'

/** Errors per metric, then per metric and engine: n, median and 80 %, 90 % points, within 25 %, bias, coverage. */
export function errorTable(title: string, figures: readonly HeldOut[]): string[] {
  const inside = coverage(figures)
  const groups = new Map<string, HeldOut[]>()
  const add = (key: string, figure: HeldOut) => {
    const known = groups.get(key)
    if (known === undefined) groups.set(key, [figure])
    else known.push(figure)
  }
  for (const figure of figures) {
    const { group, item } = figure.observation
    add(group, figure)
    if (!group.endsWith(`-${item.facts.engine}`)) add(`${group} · ${item.facts.engine}`, figure)
  }
  const lines = [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, own]) => `| ${name} | ${own.length} | ${cells(own, inside).join(' | ')} |`)
  return [
    '',
    `${title} (on the log ratio)`,
    '| metric | n | median % | p80 % | p90 % | within 25 % | bias | in 80 % interval |',
    '|---|---|---|---|---|---|---|---|',
    ...lines,
  ]
}

const near = Math.log(1.25)

function cells(figures: readonly HeldOut[], inside: ReadonlyMap<HeldOut, boolean>): string[] {
  const sizes = figures.map(({ error }) => Math.abs(error)).sort((a, b) => a - b)
  const at = (share: number) =>
    sizes[Math.min(sizes.length - 1, Math.floor(share * sizes.length))] ?? Number.NaN
  const asPercent = (log: number) => (Math.expm1(log) / percent).toFixed(1)
  const share = (count: number) => (count / figures.length / percent).toFixed(0)
  return [
    asPercent(median(sizes)),
    asPercent(at(0.8)),
    asPercent(at(0.9)),
    share(sizes.filter((size) => size < near).length),
    median(figures.map(({ error }) => error)).toFixed(2),
    share(figures.filter((figure) => inside.get(figure) === true).length),
  ]
}
