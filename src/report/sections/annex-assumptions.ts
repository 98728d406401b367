import { type Note, sortedNotes } from '../../foundation/notes.ts'
import { cell, column, paragraph, row, table } from '../blocks.ts'
import type { ReportBlock } from '../report-document.ts'
import { comparedOptions, type ReportContext, sourceTitle } from './context.ts'

/** Every note of the plan and of the options shown, once each. */
export function assumptionBlocks(context: ReportContext): ReportBlock[] {
  const { f, t, plan } = context
  const notes = allNotes(context)
  if (notes.length === 0) return [paragraph(t('assumptions.none'))]
  const count = (level: Note['level']) => f.count(notes.filter((note) => note.level === level).length)
  return [
    paragraph(
      t('assumptions.intro', {
        warnings: count('warning'),
        assumptions: count('assumption'),
        information: count('information'),
      }),
    ),
    ...(context.say.translates ? [paragraph(t('assumptions.quotes'))] : []),
    ...(plan.catalog.userRows > 0
      ? [paragraph(t('assumptions.user-rows', { n: f.count(plan.catalog.userRows) }))]
      : []),
    table({
      id: 'assumptions',
      caption: t('assumptions.table'),
      columns: [
        column('level', t('column.level'), { weight: 1 }),
        column('about', t('column.about'), { weight: 2 }),
        column('message', t('column.message'), { weight: 5 }),
        column('source', t('column.source'), { weight: 2 }),
        column('code', t('column.code'), { weight: 2 }),
      ],
      rows: notes.map((note) =>
        row([
          cell(t(`level.${note.level}`), { tone: note.level === 'warning' ? 'caution' : 'neutral' }),
          note.about,
          context.say.note(note),
          sourceTitle(context, note.sourceId),
          note.code,
        ]),
      ),
      wide: true,
    }),
  ]
}

export function allNotes(context: ReportContext): Note[] {
  return sortedNotes([...context.plan.notes, ...comparedOptions(context).flatMap((option) => option.notes)])
}
