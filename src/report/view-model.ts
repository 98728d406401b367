import type { Plan } from '../planner/plan-types.ts'
import type { RecomputeBasis } from '../planner/recompute.ts'
import { localeFormat } from './locale-format.ts'
import { sayer } from './messages/say.ts'
import { rawMessage, translator } from './messages/translate.ts'
import type {
  ReportBlock,
  ReportBrand,
  ReportDocument,
  ReportLocale,
  ReportSection,
  ReportWords,
} from './report-document.ts'
import { acceptanceBlocks } from './sections/acceptance.ts'
import { assumptionBlocks } from './sections/annex-assumptions.ts'
import { rfpBlocks } from './sections/annex-rfp.ts'
import { sourceBlocks } from './sections/annex-sources.ts'
import { type ReportContext, type ReportSource, reportContext } from './sections/context.ts'
import { costBlocks } from './sections/cost.ts'
import { deploymentBlocks } from './sections/deployment.ts'
import { footprintBlocks } from './sections/footprint.ts'
import { growthBlocks } from './sections/growth.ts'
import { materialBlocks } from './sections/materials.ts'
import { leftOutBlocks, modelBlocks } from './sections/models.ts'
import { needBlocks } from './sections/need.ts'
import { riskBlocks } from './sections/risks.ts'
import { shortlistBlocks } from './sections/shortlist.ts'
import { sizingBlocks } from './sections/sizing.ts'
import { summaryBlocks } from './sections/summary.ts'

export const defaultBrand: ReportBrand = {
  name: 'rightsize',
  colours: { primary: '#12344d', accent: '#0072b2' },
}

export interface ReportInput {
  readonly plan: Plan
  readonly locale?: ReportLocale
  readonly brand?: ReportBrand
  /** Rows of the catalog's sources, so that the report can print titles and dates in place of ids. */
  readonly sources?: Iterable<ReportSource>
  /** From `recomputeBases`, for the options of `whatIfOptionIds`; without them the report has no surface and no controls. */
  readonly bases?: ReadonlyMap<string, RecomputeBasis>
}

/** In reading order: id, where it stands, how it is filled. */
const outline = [
  ['summary', 'body', summaryBlocks],
  ['need', 'body', needBlocks],
  ['models', 'body', modelBlocks],
  ['shortlist', 'body', shortlistBlocks],
  ['sizing', 'body', sizingBlocks],
  ['materials', 'body', materialBlocks],
  ['cost', 'body', costBlocks],
  ['footprint', 'body', footprintBlocks],
  ['risks', 'body', riskBlocks],
  ['growth', 'body', growthBlocks],
  ['deployment', 'body', deploymentBlocks],
  ['acceptance', 'body', acceptanceBlocks],
  ['rfp', 'annex', rfpBlocks],
  ['assumptions', 'annex', assumptionBlocks],
  ['left-out', 'annex', leftOutBlocks],
  ['sources', 'annex', sourceBlocks],
] as const satisfies readonly (readonly [
  string,
  ReportSection['part'],
  (context: ReportContext) => ReportBlock[],
])[]

/** The report of a plan: everything worded, rounded and translated. The same input gives the same document. */
export function reportDocument(input: ReportInput): ReportDocument {
  return documentOf(contextOf(input), input.brand)
}

export function documentOf(context: ReportContext, brand: ReportBrand = defaultBrand): ReportDocument {
  const { t, f, plan, locale } = context
  return {
    meta: {
      title: t('title', { name: plan.name }),
      subtitle: t('subtitle'),
      scenarioName: plan.name,
      ...(plan.description === undefined ? {} : { description: plan.description.trim() }),
      planDate: plan.catalog.asOf,
      planDateText: f.date(plan.catalog.asOf),
      catalogVersion: plan.catalog.version,
      catalogHash: plan.catalog.hash,
      locale,
      currencyCode: plan.finance.currency.code,
      brand,
      words: words(context, locale),
    },
    sections: outline.map(([id, part, blocks], index) => ({
      id,
      number: index + 1,
      title: t(`section.${id}`),
      part,
      lead: t(`section.${id}.lead`),
      blocks: blocks(context),
      breakBefore: index > 0,
    })),
  }
}

export function contextOf(input: ReportInput): ReportContext {
  const locale = input.locale ?? 'en'
  const f = localeFormat({ locale, currency: input.plan.finance.currency })
  return reportContext({
    plan: input.plan,
    locale,
    bases: input.bases ?? new Map(),
    t: translator(locale),
    say: sayer({ locale, f }),
    f,
    sources: new Map([...(input.sources ?? [])].map((source) => [source.id, source])),
  })
}

function words({ t }: ReportContext, locale: ReportLocale): ReportWords {
  return {
    contents: t('words.contents'),
    page: t('words.page'),
    pageOf: rawMessage(locale, 'words.page-of'),
    figure: t('words.figure'),
    table: t('words.table'),
    dataOfChart: t('words.data-of-chart'),
    notes: t('words.notes'),
    catalog: t('words.catalog'),
    planOf: t('words.plan-of'),
    noChartPicture: t('words.no-chart-picture'),
    skipToContent: t('words.skip'),
    backToTop: t('words.top'),
  }
}
