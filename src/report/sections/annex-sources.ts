import { formulaById } from '../../estimators/formulas.ts'
import { compareText } from '../../foundation/notes.ts'
import type { PlanExplanation } from '../../planner/plan-option-types.ts'
import { amount, cell, column, numbers, paragraph, row, table } from '../blocks.ts'
import type { ReportBlock } from '../report-document.ts'
import { allNotes } from './annex-assumptions.ts'
import { comparedOptions, type ReportContext, shortLabel, sourceTitle } from './context.ts'
import { meaningText, unitWord } from './plan-words.ts'

/** How the recommended option's figures were computed, by which formulas, from which sources of which date. */
export function sourceBlocks(context: ReportContext): ReportBlock[] {
  const { best, t, plan, f } = context
  return [
    paragraph(
      t('sources.intro', {
        version: plan.catalog.version,
        date: f.date(plan.catalog.asOf),
        hash: plan.catalog.hash.slice(0, 16),
      }),
    ),
    ...(best === undefined || best.explanation.length === 0
      ? []
      : [explanationTable(context, best.explanation, shortLabel(context, best))]),
    ...formulaTable(context),
    sourceTable(context),
  ]
}

function explanationTable(
  context: ReportContext,
  explanation: readonly PlanExplanation[],
  option: string,
): ReportBlock {
  const { f, t } = context
  const inputText = (entry: PlanExplanation, input: PlanExplanation['inputs'][number]) => {
    const value = typeof input.value === 'number' ? f.significant(input.value, 4) : input.value
    return `${input.symbol} = ${value}${input.unit === '' ? '' : ` ${unitWord(context, input.unit)}`} (${meaningText(context, { entry, input, option: context.best })})`
  }
  return table({
    id: 'explanation',
    caption: t('sources.explanation', { option }),
    columns: [
      column('figure', t('column.figure'), { weight: 2 }),
      column('equation', t('column.equation'), { weight: 3 }),
      column('inputs', t('column.inputs'), { weight: 5 }),
      numbers('result', t('column.result-value')),
      column('unit', t('column.unit')),
    ],
    rows: explanation.map((entry) =>
      row([
        entry.figure,
        entry.equation,
        entry.inputs.map((input) => inputText(entry, input)).join('; '),
        amount(f.significant(entry.result, 4), entry.result),
        unitWord(context, entry.unit),
      ]),
    ),
    wide: true,
    long: explanation.length > 12,
  })
}

function formulaTable(context: ReportContext): ReportBlock[] {
  const { t, best, say } = context
  const ids = new Set([
    ...(best?.explanation.map((entry) => entry.formulaId) ?? []),
    ...(best?.memory?.parts.map((part) => part.formulaId) ?? []),
  ])
  const records = [...ids]
    .filter((id) => id !== undefined)
    .map(formulaById)
    .filter((formula) => formula !== undefined)
    .sort((a, b) => compareText(a.id, b.id))
  if (records.length === 0) return []
  return [
    table({
      id: 'formulas',
      caption: t('sources.formulas'),
      columns: [
        column('title', t('column.formula'), { weight: 2 }),
        column('equation', t('column.equation'), { weight: 3 }),
        column('holds', t('column.holds'), { weight: 4 }),
        column('source', t('column.source'), { weight: 2 }),
      ],
      rows: records.map((formula) =>
        row([
          say.word('formula-title', formula.id, formula.title),
          formula.equation,
          say.word('formula-holds', formula.id, formula.holds),
          sourceTitle(context, formula.sourceId),
        ]),
      ),
      wide: true,
    }),
  ]
}

/** Every source that a figure, line or note of the report names. */
function sourceTable(context: ReportContext): ReportBlock {
  const { t, f, sources } = context
  const ids = usedSources(context)
  return table({
    id: 'sources',
    caption: t('sources.table'),
    columns: [
      column('title', t('column.title'), { weight: 4 }),
      column('publisher', t('column.publisher'), { weight: 2 }),
      column('address', t('column.address'), { weight: 4 }),
      column('date', t('column.read-on'), { weight: 2 }),
      column('terms', t('column.terms'), { weight: 2 }),
    ],
    rows: ids.map((id) => {
      const source = sources.get(id)
      const address = source?.address
      const secure = address?.startsWith('https://') === true
      return row([
        source?.title ?? id,
        source?.publisher ?? f.unknown,
        cell(address ?? f.unknown, secure ? { href: address } : {}),
        source?.retrieved ?? f.unknown,
        source?.terms ?? f.unknown,
      ])
    }),
    wide: true,
    long: ids.length > 12,
  })
}

export function usedSources(context: ReportContext): string[] {
  const ids = new Set<string | undefined>()
  for (const note of allNotes(context)) ids.add(note.sourceId)
  for (const option of comparedOptions(context)) {
    for (const line of option.cost.lines) ids.add(line.sourceId)
    for (const line of option.billOfMaterials) ids.add(line.sourceId)
    for (const entry of option.quality) ids.add(entry.sourceId)
    for (const bar of option.sensitivity) ids.add(bar.sourceId)
    for (const entry of option.explanation) {
      for (const id of entry.sourceIds) ids.add(id)
      for (const input of entry.inputs) for (const id of input.sourceIds) ids.add(id)
    }
  }
  for (const model of context.plan.models.kept) for (const score of model.scores) ids.add(score.sourceId)
  return [...ids].filter((id): id is string => id !== undefined && id !== '').sort(compareText)
}
