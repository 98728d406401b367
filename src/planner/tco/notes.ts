import { formatNumber, formatPercent, formatSignificant } from '../../foundation/format.ts'
import type { Note } from '../../foundation/notes.ts'
import type { TcoOption } from './option.ts'
import { type QuoteContext, requestsByMonth } from './quote-context.ts'
import type { OwnQuote, Quotes } from './quotes-schema.ts'

/** What the comparison assumes, and what may mislead. */
export function quoteNotes(input: {
  quotes: Quotes
  options: readonly TcoOption[]
  context: QuoteContext
}): Note[] {
  const { quotes, options, context } = input
  const notes: Note[] = []
  const add = (level: Note['level'], code: string, about: string, message: string): void => {
    notes.push({ level, code, about, message })
  }
  if (quotes.hoursPerYear === undefined && quotes.hoursPerMonth === undefined)
    add(
      'assumption',
      'calendar-default',
      'hoursPerYear',
      `a month has ${formatNumber(context.calendar.hoursPerMonth, 1)} h (Julian year)`,
    )
  if (quotes.discountRate === undefined)
    add(
      'assumption',
      'not-discounted',
      'discountRate',
      'no discount rate was given, so money keeps its worth',
    )
  for (const { code, usdPerUnit, asOf, source } of quotes.currencies)
    add(
      'information',
      'currency-rate',
      code,
      `1 ${code} = ${formatSignificant(usdPerUnit, 5)} USD on ${asOf} (${source})`,
    )
  const volumes = requestsByMonth(context)
  const peak = volumes === undefined ? undefined : Math.max(...volumes)
  if (quotes.workload?.tokens !== undefined) add(...splitNote(quotes))
  if (quotes.workload?.batch !== undefined)
    for (const quote of quotes.quotes)
      if (quote.kind === 'api' && quote.tiers?.some(({ batch }) => batch === undefined))
        add(
          'warning',
          'no-batch-price',
          quote.id,
          'has no batch price, so requests that may wait pay the full one',
        )
  quotes.quotes.forEach((quote, index) => {
    const option = options[index]!
    if (option.total.missingLineIds.length > 0)
      add(
        'warning',
        'price-missing',
        quote.id,
        `no price for ${option.total.missingLineIds.join(', ')}: there is no total, the known part is ${formatNumber(option.total.knownUsd)} USD`,
      )
    if (option.lines.length === 0)
      add(
        'warning',
        'no-lines',
        quote.id,
        quote.kind === 'api'
          ? 'the workload does not say how many requests of how many tokens, so there are only list prices'
          : 'no cost was given',
      )
    if (quote.kind === 'own') {
      const absent = outOfScope(quote)
      if (absent.length > 0)
        add('information', 'out-of-scope', quote.id, `the quote has no ${absent.join(', no ')}`)
      if (quote.power !== undefined && quote.idlePower === undefined)
        add('assumption', 'power-held', quote.id, 'power is the same at any use, as no idlePower was given')
    }
    if (quote.note !== undefined) add('information', 'quote-note', quote.id, quote.note)
    if (
      quotes.workload?.tokens !== undefined &&
      quote.throughput?.some(
        ({ tokensPerSecond, counts }) => tokensPerSecond !== undefined && counts === undefined,
      )
    )
      add('assumption', 'output-tokens-counted', quote.id, 'tokensPerSecond counts output tokens')
    if (quote.kind !== 'api' && (quote.throughput?.length ?? 0) > 0) {
      const utilisation = quotes.workload?.utilisation
      add(
        utilisation === undefined ? 'assumption' : 'information',
        'utilisation',
        quote.id,
        `costs at full load count ${formatPercent(utilisation ?? 1)} of the hours in which it runs as used`,
      )
    }
    const capacity = option.capacityRequestsPerMonth
    if (
      peak !== undefined &&
      capacity !== undefined &&
      (quote.scale ?? 'fixed') === 'fixed' &&
      peak > capacity
    )
      add(
        'warning',
        'capacity-short',
        quote.id,
        `the workload reaches ${formatSignificant(peak)} requests per month, full load serves ${formatSignificant(capacity)}`,
      )
  })
  return notes
}

function splitNote(quotes: Quotes): [Note['level'], string, string, string] {
  const split = quotes.workload?.split
  const rule = {
    blended: 'every token costs the same',
    'price-ratio': `an output token costs as much as ${split?.kind === 'price-ratio' ? split.outputToInput : ''} input tokens`,
    'compute-time': 'each side pays for its share of the time, prefill or decode',
  }[split?.kind ?? 'blended']
  return [split === undefined ? 'assumption' : 'information', 'token-split', 'workload.split', rule]
}

function outOfScope(quote: OwnQuote): string[] {
  const parts: [string, unknown][] = [
    ['network', quote.network],
    ['storage', quote.storage],
    ['racks', quote.rackPrice ?? quote.colocation],
    ['spares', quote.spares],
    ['installation', quote.installationPrice],
    ['maintenance', quote.maintenancePerYear],
    ['software licences', quote.licences],
    ['electricity', quote.electricity],
    ['cooling', quote.pue ?? quote.coolingPrice],
    ['staff', quote.staff],
  ]
  return parts.filter(([, value]) => value === undefined).map(([name]) => name)
}
