import type { CostLine } from '../../estimators/cost/lines.ts'
import { formatNumber, formatPercent, formatSignificant } from '../../foundation/format.ts'
import { figure, maybe, missing, money, rate, unitCost } from './amounts.ts'
import type { TcoComparison } from './evaluate.ts'
import type { TcoOption } from './option.ts'
import { usdPerMillion } from './pair.ts'
import { breakEvenText, rateOfReturnText, utilisationText, volumeText } from './words.ts'

/** A table of the comparison, printed alike in the terminal and in Markdown. */
export interface TcoSection {
  readonly heading: string
  readonly columns: readonly { readonly title: string; readonly align: 'left' | 'right' }[]
  readonly rows: readonly (readonly string[])[]
  readonly remark?: string
}

const left = (title: string) => ({ title, align: 'left' }) as const
const right = (title: string) => ({ title, align: 'right' }) as const

export function sectionsOf(comparison: TcoComparison): TcoSection[] {
  return [
    summary(comparison),
    ...comparison.options.filter(({ lines }) => lines.length > 0).map((option) => billOf(option, comparison)),
    ...yearsOf(comparison),
    ...tokensOf(comparison),
    ...pairsOf(comparison),
    ...surfaceOf(comparison),
    ...uncertaintyOf(comparison),
    ...claimsOf(comparison),
  ].filter(({ rows }) => rows.length > 0)
}

function summary({ options, horizonMonths, discountRateFraction }: TcoComparison): TcoSection {
  return {
    heading: `Cost over ${horizonMonths} months, USD`,
    columns: [
      left('Option'),
      left('Kind'),
      right('Total'),
      right(`Net present, ${formatPercent(discountRateFraction, 1)}`),
      right('First day'),
      right('Per year'),
      right('Per hour'),
      right('Per million tokens'),
    ],
    rows: options.map((option) => [
      option.label,
      option.kind,
      option.lines.length === 0 ? 'no volume' : money(option.total.usd),
      option.lines.length === 0 ? '–' : money(option.npvUsd),
      maybe(option.upfrontUsd, money),
      maybe(option.usdPerYear, money),
      maybe(option.usdPerHour, unitCost),
      maybe(usdPerMillion(option), unitCost),
    ]),
  }
}

function billOf(option: TcoOption, { horizonMonths }: TcoComparison): TcoSection {
  const noted = option.lines.some(({ note }) => note !== '')
  const rows = option.lines.map((line) => [
    line.label,
    figure(line.quantity),
    line.unit,
    line.unitPriceUsd === undefined ? missing : rate(line.unitPriceUsd),
    money(line.amountUsd),
    timingText(line, horizonMonths),
    money(line.totalUsd),
    line.sourceId,
    ...(noted ? [line.note] : []),
  ])
  rows.push(['Total', '', '', '', '', '', money(option.total.usd), '', ...(noted ? [''] : [])])
  return {
    heading: option.label,
    columns: [
      left('Line'),
      right('Quantity'),
      left('Unit'),
      right('Unit price USD'),
      right('Amount USD'),
      left('Paid'),
      right('Over the horizon USD'),
      left('Source'),
      ...(noted ? [left('Note')] : []),
    ],
    rows,
    ...(option.total.missingLineIds.length === 0
      ? {}
      : { remark: `Known part: ${money(option.total.knownUsd)} USD. ${missing} is not 0.` }),
  }
}

function timingText({ timing }: CostLine, horizonMonths: number): string {
  if (timing.kind === 'once') return timing.month === 0 ? 'first day' : `month ${timing.month}`
  const growth = timing.growthPerYearFraction
  const to = Math.min(timing.toMonth, horizonMonths)
  const mean = timing.quantityFactors === undefined ? '' : ', mean of the months'
  return `${timing.kind}, ${timing.fromMonth} to ${to}${mean}${growth ? `, ${formatPercent(growth, 1)} more a year` : ''}`
}

function yearsOf({ options }: TcoComparison): TcoSection[] {
  const shown = options.filter(({ lines }) => lines.length > 0)
  const years = Math.max(0, ...shown.map(({ yearlyUsd }) => yearlyUsd.length))
  return [
    {
      heading: 'Cash flow by year, USD',
      columns: [
        left('Option'),
        ...Array.from({ length: years }, (_, year) => right(year === 0 ? 'First day' : `Year ${year}`)),
      ],
      rows: shown.map((option) => [
        option.label + (option.total.usd === undefined ? ' (known part)' : ''),
        ...option.yearlyUsd.map((usd) => money(usd)),
      ]),
    },
  ]
}

function tokensOf({ options }: TcoComparison): TcoSection[] {
  const rows = options.flatMap((option) => [
    ...(option.atVolume === undefined ? [] : [tokenRow(option.label, 'at the volume', option.atVolume)]),
    ...option.atFullLoad.map((load) =>
      tokenRow(
        option.label,
        `${load.name} at ${maybe(load.tokensPerSecond, (value) => formatNumber(value, 2))} tokens/s`,
        { ...load, usdPerUserMonth: undefined },
      ),
    ),
    ...(option.listUsdPerMillion === undefined
      ? []
      : [
          tokenRow(option.label, 'list price', {
            blendedUsdPerMillion: undefined,
            inputUsdPerMillion: option.listUsdPerMillion.input,
            outputUsdPerMillion: option.listUsdPerMillion.output,
            usdPer1000Requests: undefined,
            usdPerUserMonth: undefined,
          }),
        ]),
  ])
  return [
    {
      heading: 'Cost of tokens and requests, USD',
      columns: [
        left('Option'),
        left('At'),
        right('Per million tokens'),
        right('Input'),
        right('Output'),
        right('Per 1,000 requests'),
        right('Per user and month'),
      ],
      rows,
    },
  ]
}

function tokenRow(
  label: string,
  at: string,
  costs: {
    blendedUsdPerMillion: number | undefined
    inputUsdPerMillion: number | undefined
    outputUsdPerMillion: number | undefined
    usdPer1000Requests: number | undefined
    usdPerUserMonth: number | undefined
  },
): string[] {
  return [
    label,
    at,
    maybe(costs.blendedUsdPerMillion, unitCost),
    maybe(costs.inputUsdPerMillion, unitCost),
    maybe(costs.outputUsdPerMillion, unitCost),
    maybe(costs.usdPer1000Requests, unitCost),
    maybe(costs.usdPerUserMonth, unitCost),
  ]
}

function pairsOf({ options, pairs, hoursPerMonth, horizonMonths }: TcoComparison): TcoSection[] {
  const labels = new Map(options.map(({ id, label }) => [id, label]))
  const volumeless = new Set(options.filter(({ lines }) => lines.length === 0).map(({ id }) => id))
  return [
    {
      heading: 'Comparison',
      columns: [
        left('Option'),
        left('Against'),
        right('Saving USD'),
        right('Saving'),
        left('Break-even'),
        left('At which use'),
        left('Return per year'),
        left('At which volume'),
      ],
      rows: pairs.map((pair) => [
        labels.get(pair.option) ?? pair.option,
        labels.get(pair.against) ?? pair.against,
        // Without a volume there is no total to save on; that is not a missing price.
        volumeless.has(pair.option) || volumeless.has(pair.against) ? '–' : money(pair.savingUsd),
        maybe(pair.savingFraction, (value) => formatPercent(value, 1)),
        pair.breakEven === undefined ? '–' : breakEvenText(pair.breakEven, { hoursPerMonth, horizonMonths }),
        pair.utilisation === undefined ? '–' : utilisationText(pair.utilisation),
        pair.rateOfReturn === undefined ? '–' : rateOfReturnText(pair.rateOfReturn),
        pair.volume === undefined ? '–' : volumeText(pair.volume),
      ]),
    },
  ]
}

function surfaceOf({ surface }: TcoComparison): TcoSection[] {
  if (surface === undefined) return []
  return [
    {
      heading: `Where ${surface.option} beats ${surface.against}`,
      columns: [
        right('Use'),
        right('Electricity USD/kWh'),
        right('Horizon months'),
        right('Cost USD'),
        right('Other USD'),
        right('Saving USD'),
        right('Per used hour'),
        right('Other per used hour'),
      ],
      rows: surface.cells.map((cell) => [
        formatPercent(cell.utilisationFraction),
        maybe(cell.electricityUsdPerKilowattHour, rate),
        String(cell.horizonMonths),
        money(cell.usd),
        money(cell.alternativeUsd),
        money(cell.savingUsd),
        maybe(cell.usdPerUsedHour, unitCost),
        maybe(cell.alternativeUsdPerUsedHour, unitCost),
      ]),
      remark: surface.points
        .map(({ utilisationFraction, electricityUsdPerKilowattHour: price, shortestHorizonMonths }) => {
          const where = `${formatPercent(utilisationFraction)} use${price === undefined ? '' : ` at ${rate(price)} USD/kWh`}`
          return `${where}: ${shortestHorizonMonths === undefined ? 'never within these horizons' : `from ${shortestHorizonMonths} months`}.`
        })
        .join(' '),
    },
  ]
}

function uncertaintyOf({ uncertainty }: TcoComparison): TcoSection[] {
  if (uncertainty === undefined) return []
  const { seed, samples, figures, pairs } = uncertainty
  return [
    {
      heading: `Uncertainty: ${formatNumber(samples)} samples, seed ${seed}`,
      columns: [left('Figure'), right('10 %'), right('50 %'), right('90 %')],
      rows: Object.entries(figures).map(([name, spread]) => [
        name,
        ...spread.percentiles.map(({ value }) => money(value)),
      ]),
      remark: pairs
        .map(
          ({ option, against, cheaperFraction }) =>
            `${option} is cheaper than ${against} in ${maybe(cheaperFraction, (value) => formatPercent(value))} of the samples.`,
        )
        .join(' '),
    },
    ...pairs.map(({ option, against, tornado }) => ({
      heading: `What moves the saving of ${option} against ${against}`,
      columns: [left('Input'), right('Low'), right('High'), right('Saving at low USD'), right('At high USD')],
      rows: tornado.map((bar) => [
        bar.input,
        `× ${formatSignificant(bar.lowInput)}`,
        `× ${formatSignificant(bar.highInput)}`,
        money(bar.atLow),
        money(bar.atHigh),
      ]),
    })),
  ]
}

function claimsOf({ claims }: TcoComparison): TcoSection[] {
  return [
    {
      heading: 'Figures stated, recomputed',
      columns: [left('Figure'), right('Stated'), right('Ours'), right('Deviation'), left('Note')],
      rows: claims.map((claim) => [
        claim.figure,
        figure(claim.stated),
        figure(claim.ours),
        `${claim.deviationFraction > 0 ? '+' : ''}${formatPercent(claim.deviationFraction, 2)}`,
        claim.note,
      ]),
    },
  ]
}
