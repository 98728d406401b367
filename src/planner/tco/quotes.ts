import { LineCounter, parseDocument } from 'yaml'
import type { z } from 'zod'
import { type Issue, RightsizeError } from '../../foundation/errors.ts'
import { didYouMean } from '../../foundation/suggest.ts'
import type { CurrencyRates } from './fields.ts'
import { currenciesSchema, type Quotes, quotesSchema } from './quotes-schema.ts'

export type { Quote, Quotes } from './quotes-schema.ts'

/**
 * Reads quotes from YAML or JSON text. Prices are in USD afterwards, quantities in base units.
 * @throws RightsizeError `quotes-invalid` with every problem: line, path, and what would be right.
 */
export function readQuotes(input: { text: string; file: string }): Quotes {
  const lines = new LineCounter()
  const document = parseDocument(input.text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true })
  const syntax = [...document.errors, ...document.warnings].map((error) => ({
    place: `${input.file}:${lines.linePos(error.pos[0]).line}`,
    message: error.message,
  }))
  if (syntax.length > 0) throw invalid(input.file, syntax)
  const lineOf = (path: readonly PropertyKey[]): number | undefined => {
    for (let length = path.length; length >= 0; length -= 1) {
      const node = document.getIn(path.slice(0, length) as unknown[], true) as
        | { range?: [number, number, number] }
        | undefined
      if (node?.range) return lines.linePos(node.range[0]).line
    }
    return undefined
  }
  let value: unknown
  try {
    value = document.toJS({ maxAliasCount: 100 })
  } catch (cause) {
    throw invalid(input.file, [
      { place: input.file, message: cause instanceof Error ? cause.message : String(cause) },
    ])
  }
  return checkQuotes({ value, file: input.file, lineOf })
}

/**
 * Checks quotes given as a plain value.
 * @throws RightsizeError `quotes-invalid`
 */
export function checkQuotes(input: {
  value: unknown
  file?: string
  lineOf?: (path: readonly PropertyKey[]) => number | undefined
}): Quotes {
  const file = input.file ?? 'quotes'
  const schema = quotesSchema(ratesOf(input.value))
  const parsed = schema.safeParse(input.value)
  const place = (path: readonly PropertyKey[]): string => {
    const line = input.lineOf?.(path)
    const where = path.map(String).join('.')
    return `${line === undefined ? file : `${file}:${line}`}${where === '' ? '' : `  ${where}`}`
  }
  if (!parsed.success) throw invalid(file, schemaIssues(parsed.error, place, keysOf(schema)))
  const issues = contentIssues(parsed.data, place)
  if (issues.length > 0) throw invalid(file, issues)
  return parsed.data
}

/** The rates of a file that may yet be wrong: a broken currency list is reported by the schema itself. */
function ratesOf(value: unknown): CurrencyRates {
  const rates = new Map([['USD', 1]])
  const parsed = currenciesSchema.safeParse((value as { currencies?: unknown } | null)?.currencies)
  for (const { code, usdPerUnit } of parsed.data ?? []) rates.set(code, usdPerUnit)
  return rates
}

function schemaIssues(
  error: z.ZodError,
  place: (path: readonly PropertyKey[]) => string,
  known: readonly string[],
): Issue[] {
  const issues: Issue[] = []
  for (const issue of error.issues) {
    if (issue.code === 'unrecognized_keys') {
      for (const key of issue.keys) {
        const hint = didYouMean(key, known)
        issues.push({
          place: place([...issue.path, key]),
          message: 'unknown key',
          ...(hint === undefined ? {} : { hint }),
        })
      }
      continue
    }
    const message =
      issue.code === 'invalid_type' && issue.message.includes('received undefined')
        ? 'is missing'
        : issue.message.charAt(0).toLowerCase() + issue.message.slice(1)
    issues.push({ place: place(issue.path), message })
  }
  return issues
}

/** Rules between fields: ids are unique and exist, the calendar is said once. */
function contentIssues(quotes: Quotes, place: (path: readonly PropertyKey[]) => string): Issue[] {
  const issues: Issue[] = []
  const seen = new Set<string>()
  quotes.quotes.forEach(({ id }, index) => {
    if (seen.has(id)) issues.push({ place: place(['quotes', index, 'id']), message: `"${id}" stands twice` })
    seen.add(id)
  })
  const demand = (path: readonly PropertyKey[], id: string): void => {
    if (seen.has(id)) return
    const hint = didYouMean(id, seen) ?? `quotes: ${[...seen].join(', ')}`
    issues.push({ place: place(path), message: `no quote has the id "${id}"`, hint })
  }
  quotes.compare?.forEach((pair, index) => {
    demand(['compare', index, 'option'], pair.option)
    demand(['compare', index, 'against'], pair.against)
  })
  if (quotes.surface !== undefined) {
    demand(['surface', 'option'], quotes.surface.option)
    demand(['surface', 'against'], quotes.surface.against)
  }
  if (quotes.hoursPerYear !== undefined && quotes.hoursPerMonth !== undefined)
    issues.push({ place: place(['hoursPerMonth']), message: 'give one of hoursPerYear and hoursPerMonth' })
  quotes.quotes.forEach((quote, index) => {
    if ((quote.scale ?? 'fixed') === 'fixed') return
    if (quote.throughput === undefined || quotes.workload?.requestsPerMonth === undefined)
      issues.push({
        place: place(['quotes', index, 'scale']),
        message: 'needs the quote’s throughput and workload.requestsPerMonth',
      })
    if (
      quotes.workload?.tokens === undefined &&
      quote.throughput?.some(({ tokensPerSecond }) => tokensPerSecond !== undefined)
    )
      issues.push({
        place: place(['quotes', index, 'scale']),
        message: 'needs workload.tokens, as the throughput is in tokens',
      })
    if (quote.kind !== 'own' && quote.kind !== 'rent')
      issues.push({ place: place(['quotes', index, 'scale']), message: 'only own and rent quotes scale' })
  })
  return issues
}

/** Every key that any object of a schema knows. */
function keysOf(schema: unknown, keys = new Set<string>(), visited = new Set<unknown>()): string[] {
  if (typeof schema === 'object' && schema !== null && !visited.has(schema)) {
    visited.add(schema)
    const { shape, def } = schema as {
      shape?: Record<string, unknown>
      def?: { innerType?: unknown; in?: unknown; options?: unknown[]; element?: unknown }
    }
    for (const [key, inner] of Object.entries(shape ?? {})) {
      keys.add(key)
      keysOf(inner, keys, visited)
    }
    for (const inner of [def?.innerType, def?.in, def?.element, ...(def?.options ?? [])])
      keysOf(inner, keys, visited)
  }
  return [...keys]
}

function invalid(file: string, issues: readonly Issue[]): RightsizeError {
  return new RightsizeError({
    code: 'quotes-invalid',
    message: `${file} has ${issues.length} ${issues.length === 1 ? 'problem' : 'problems'}`,
    issues,
    hint: 'examples/ holds quotes of published studies to start from',
  })
}
