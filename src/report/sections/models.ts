import { compareText, type SentenceCode } from '../../foundation/notes.ts'
import type { Plan, PlanKeptModel } from '../../planner/plan-types.ts'
import { amount, cell, column, numbers, paragraph, row, table } from '../blocks.ts'
import type { ReportBlock } from '../report-document.ts'
import { benchmarkName, classWord, constraintWord, type ReportContext, wordOf } from './context.ts'

/** Every model of the catalog: kept, with what speaks for it, or left out, with why. */
export function modelBlocks(context: ReportContext): ReportBlock[] {
  const { plan, f, t } = context
  const { kept, leftOut } = plan.models
  return [
    paragraph(t('models.counts', { kept: f.count(kept.length), all: f.count(kept.length + leftOut.length) })),
    ...(kept.length === 0 ? [] : [keptTable(context)]),
    ...(leftOut.length === 0 ? [] : [reasonTable(context)]),
    ...searchBlocks(context),
  ]
}

const foldedFrom = 12

/** Every model that was left out, for the annex. */
export function leftOutBlocks(context: ReportContext): ReportBlock[] {
  const { t } = context
  const { leftOut } = context.plan.models
  if (leftOut.length === 0) return [paragraph(t('models.left-out.none'))]
  return [
    table({
      id: 'models-left-out',
      caption: t('models.left-out'),
      columns: [
        column('model', t('column.model'), { weight: 2 }),
        column('reasons', t('column.reasons'), { weight: 5 }),
      ],
      rows: leftOut.map((model) =>
        row([model.name, context.say.sentences('reason', model.reasonCodes, model.reasons).join('; ')]),
      ),
      long: leftOut.length > foldedFrom,
    }),
  ]
}

/** Reasons with how many models each turned away; a model may have several. Figures in a reason do not make it another. */
function reasonTable(context: ReportContext): ReportBlock {
  const { f, t } = context
  const counts = new Map<string, number>()
  for (const model of context.plan.models.leftOut)
    for (const kind of new Set(reasonKinds(context, model))) counts.set(kind, (counts.get(kind) ?? 0) + 1)
  const rows = [...counts].sort((a, b) => b[1] - a[1] || compareText(a[0], b[0]))
  return table({
    id: 'models-reasons',
    caption: t('models.left-out-by-reason'),
    columns: [column('reason', t('column.reasons'), { weight: 5 }), numbers('models', t('column.models'))],
    rows: rows.map(([reason, count]) => row([reason, amount(f.count(count), count)])),
    footnotes: [t('models.left-out.annex')],
  })
}

function reasonKinds(context: ReportContext, model: Plan['models']['leftOut'][number]): readonly string[] {
  if (!context.say.translates) return model.reasons.map(reasonKind)
  const blank = ({ code, values = {} }: SentenceCode): SentenceCode => ({
    code,
    values: Object.fromEntries(
      Object.entries(values).map(([name, value]) => [name, typeof value === 'number' ? '…' : value]),
    ),
  })
  return context.say.sentences('reason', model.reasonCodes?.map(blank), model.reasons)
}

function whyNone(context: ReportContext, model: PlanKeptModel): string {
  if (model.whyNone === undefined) return '0'
  if (!context.say.translates || model.whyNoneCodes === undefined) return model.whyNone
  return model.whyNoneCodes
    .map((code) => context.say.sentence('reason', code, model.whyNone ?? ''))
    .join('; ')
}

function reasonKind(reason: string): string {
  return reason
    .replaceAll(/\d[\d.,]*\s?(?:[kKMB]\b|tokens\b)?/g, '…')
    .replaceAll(/(?:…\s*)+/g, '… ')
    .trim()
}

function keptTable(context: ReportContext): ReportBlock {
  const { plan, f, t } = context
  const { kept } = plan.models
  const benchmarks = [
    ...new Set(kept.flatMap((model) => model.scores.map((score) => score.benchmark))),
  ].slice(0, 3)
  return table({
    id: 'models-kept',
    caption: t('models.kept'),
    columns: [
      column('model', t('column.model'), { weight: 3 }),
      column('class', t('column.class'), { weight: 1 }),
      numbers('parameters', t('column.parameters')),
      numbers('context', t('column.context')),
      column('licence', t('column.licence'), { weight: 2 }),
      column('released', t('column.released'), { weight: 2 }),
      ...benchmarks.map((benchmark) => numbers(`score-${benchmark}`, benchmarkName(benchmark))),
      numbers('candidates', t('column.candidates')),
    ],
    rows: kept.map((model) =>
      row([
        `${model.name} (${model.vendor})`,
        classWord(context, model.class),
        amount(parametersText(context, model), model.parametersTotal),
        amount(
          model.maxContextTokens === undefined ? t('unknown') : f.count(model.maxContextTokens),
          model.maxContextTokens,
        ),
        licenceText(context, model),
        model.released === undefined ? t('unknown') : f.shortDate(model.released),
        ...benchmarks.map((benchmark) => {
          const score = model.scores.find((entry) => entry.benchmark === benchmark)?.score
          return amount(score === undefined ? t('unknown') : f.number(score, 1), score)
        }),
        model.feasibleCandidates > 0
          ? cell(f.count(model.feasibleCandidates), { value: model.feasibleCandidates })
          : cell(whyNone(context, model), { tone: 'caution' }),
      ]),
    ),
    footnotes: [t('models.scores-note')],
    long: kept.length > 2 * foldedFrom,
  })
}

function parametersText(context: ReportContext, model: PlanKeptModel): string {
  const { f, t } = context
  const total = f.parameters(model.parametersTotal)
  return model.parametersActive === model.parametersTotal
    ? total
    : t('models.active', { total, active: f.parameters(model.parametersActive) })
}

function licenceText(context: ReportContext, model: PlanKeptModel): string {
  const { licence, licenceClass } = model
  const word = licenceClass === undefined ? undefined : wordOf(context, 'licence', licenceClass)
  if (licence === undefined) return word ?? context.t('unknown')
  return word === undefined ? licence : `${licence} (${word})`
}

function searchBlocks(context: ReportContext): ReportBlock[] {
  const { plan, f, t } = context
  const { search } = plan
  const blocks: ReportBlock[] = [
    {
      kind: 'facts',
      title: t('models.search'),
      facts: [
        { label: t('models.search.candidates'), value: f.count(search.candidates) },
        { label: t('models.search.offers'), value: f.count(search.pricedOffers) },
        { label: t('models.search.feasible'), value: f.count(search.feasibleCandidates) },
        {
          label: t('models.search.across'),
          value: t('models.search.across.value', {
            models: f.count(search.models),
            formats: f.count(search.weightFormats),
            accelerators: f.count(search.accelerators),
            servers: f.count(search.servers),
            places: f.count(search.places),
          }),
        },
      ],
    },
  ]
  if (search.refused.length > 0)
    blocks.push(
      table({
        id: 'refused',
        caption: t('models.refused'),
        columns: [
          column('constraint', t('column.constraint'), { weight: 4 }),
          numbers('candidates', t('column.candidates')),
        ],
        rows: search.refused.map((entry) =>
          row([
            constraintWord(context, entry.constraint),
            amount(f.count(entry.candidates), entry.candidates),
          ]),
        ),
      }),
    )
  if (search.notSearched.length > 0)
    blocks.push(
      table({
        id: 'not-searched',
        caption: t('models.not-searched'),
        columns: [
          column('what', t('column.what'), { weight: 3 }),
          column('why', t('column.why'), { weight: 4 }),
          numbers('count', t('column.count')),
        ],
        rows: search.notSearched.map((entry) =>
          row([
            context.say.sentence('what', entry.whatCode, entry.what),
            context.say.sentence('reason', entry.whyCode, entry.why),
            entry.count === 0 ? '' : amount(f.count(entry.count), entry.count),
          ]),
        ),
        long: search.notSearched.length > foldedFrom,
      }),
    )
  return blocks
}
