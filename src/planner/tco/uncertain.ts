import { cashFlowOf, netPresentValueUsd } from '../../estimators/cost/cash-flow.ts'
import {
  type FigureSpread,
  monteCarlo,
  type UncertainInputs,
} from '../../estimators/uncertainty/monte-carlo.ts'
import { type TornadoBar, tornado } from '../../estimators/uncertainty/tornado.ts'
import { RightsizeError } from '../../foundation/errors.ts'
import { didYouMean } from '../../foundation/suggest.ts'
import type { QuoteContext } from './quote-context.ts'
import { linesOfQuote } from './quote-lines.ts'
import type { Quotes } from './quotes-schema.ts'

export interface TcoUncertainty {
  readonly seed: number
  readonly samples: number
  /** Net present cost of each option, and the saving of each pair, USD. */
  readonly figures: Readonly<Record<string, FigureSpread>>
  readonly pairs: readonly {
    readonly option: string
    readonly against: string
    /** Share of the samples in which the option was the cheaper one. */
    readonly cheaperFraction: number | undefined
    readonly tornado: readonly TornadoBar<string>[]
  }[]
}

const percentiles = [10, 50, 90]

/**
 * Varies the inputs that the file calls uncertain, each by a factor around its value.
 * @throws RightsizeError `quotes-invalid` where a path leads to no number.
 */
export function uncertaintyOf(input: {
  quotes: Quotes
  context: QuoteContext
  pairs: readonly (readonly [string, string])[]
  file: string
}): TcoUncertainty | undefined {
  const { quotes, context } = input
  const { uncertainty } = quotes
  if (uncertainty === undefined) return undefined
  const setters = settersOf(quotes, input.file)
  const inputs: UncertainInputs<string> = Object.fromEntries(
    uncertainty.inputs.map(({ path, low, high, kind }) => [
      path,
      { kind: kind ?? 'triangular', low, mid: 1, high },
    ]),
  )
  const costs = (factors: Readonly<Record<string, number>>): Record<string, number | undefined> => {
    const varied = structuredClone(quotes)
    for (const [path, factor] of Object.entries(factors)) setters.get(path)?.(varied, factor)
    const variedContext = { ...context, quotes: varied }
    const byId: Record<string, number | undefined> = {}
    for (const quote of varied.quotes) {
      const flow = cashFlowOf(linesOfQuote(quote, variedContext), context.horizonMonths)
      byId[quote.id] =
        flow.missingLineIds.length > 0
          ? undefined
          : netPresentValueUsd({ ...flow, ratePerYearFraction: quotes.discountRate ?? 0 })
    }
    return byId
  }
  const saving = (byId: Record<string, number | undefined>, option: string, against: string) => {
    const [ours, theirs] = [byId[option], byId[against]]
    return ours === undefined || theirs === undefined ? undefined : theirs - ours
  }
  const cheaper = new Map<string, number>()
  const { figures } = monteCarlo<string, string>({
    inputs,
    samples: uncertainty.samples,
    seed: uncertainty.seed,
    percentiles,
    evaluate: (factors) => {
      const byId = costs(factors)
      const all: Record<string, number | undefined> = {}
      for (const [id, usd] of Object.entries(byId)) all[`${id}.npvUsd`] = usd
      for (const [option, against] of input.pairs) {
        const name = `${option}/${against}.savingNpvUsd`
        const usd = saving(byId, option, against)
        all[name] = usd
        if (usd !== undefined && usd > 0) cheaper.set(name, (cheaper.get(name) ?? 0) + 1)
      }
      return all
    },
  })
  return {
    seed: uncertainty.seed,
    samples: uncertainty.samples,
    figures,
    pairs: input.pairs.map(([option, against]) => {
      const name = `${option}/${against}.savingNpvUsd`
      const defined = figures[name]?.defined ?? 0
      return {
        option,
        against,
        cheaperFraction: defined === 0 ? undefined : (cheaper.get(name) ?? 0) / defined,
        tornado: tornado({ inputs, evaluate: (factors) => saving(costs(factors), option, against) }).bars,
      }
    }),
  }
}

type Setter = (quotes: Quotes, factor: number) => void

function settersOf(quotes: Quotes, file: string): Map<string, Setter> {
  const setters = new Map<string, Setter>()
  const issues: { place: string; message: string; hint?: string }[] = []
  const known = new Set<string>()
  for (const quote of quotes.quotes) for (const path of numberPaths(quote)) known.add(`${quote.id}.${path}`)
  for (const path of numberPaths(quotes.workload ?? {})) known.add(`workload.${path}`)
  quotes.uncertainty?.inputs.forEach(({ path }, index) => {
    if (!known.has(path)) {
      const hint = didYouMean(path, known)
      issues.push({
        place: `${file}  uncertainty.inputs.${index}.path`,
        message: `there is no number at "${path}"`,
        ...(hint === undefined ? {} : { hint }),
      })
      return
    }
    const [head = '', ...rest] = path.split('.')
    setters.set(path, (varied, factor) => {
      const root = head === 'workload' ? varied.workload : varied.quotes.find(({ id }) => id === head)
      multiply(root, rest, factor)
    })
  })
  if (issues.length > 0)
    throw new RightsizeError({
      code: 'quotes-invalid',
      message: `${file} has ${issues.length} ${issues.length === 1 ? 'problem' : 'problems'}`,
      issues,
    })
  return setters
}

/** Paths to every number below a value; a price counts as the number it holds. */
function numberPaths(value: unknown, prefix = ''): string[] {
  if (typeof value === 'number') return [prefix]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) =>
    key === 'usd'
      ? typeof inner === 'number'
        ? [prefix]
        : []
      : numberPaths(inner, prefix === '' ? key : `${prefix}.${key}`),
  )
}

function multiply(root: unknown, path: readonly string[], factor: number): void {
  let holder = root as Record<string, unknown>
  for (const key of path.slice(0, -1)) holder = holder[key] as Record<string, unknown>
  const last = path.at(-1) ?? ''
  const value = holder[last]
  if (typeof value === 'number') holder[last] = value * factor
  else (value as { usd: number }).usd *= factor
}
