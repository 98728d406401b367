import { callout, cell, column, list, numbers, paragraph, row, table } from '../blocks.ts'
import type { ReportBlock } from '../report-document.ts'
import { constraintWord, type ReportContext } from './context.ts'
import { missText, relaxationText } from './plan-words.ts'

/** Nothing fits: why, what comes closest, what would make it fit. */
export function infeasibleBlocks(context: ReportContext): ReportBlock[] {
  const { plan, t, f, say } = context
  const { infeasible } = plan
  const blocks: ReportBlock[] = [
    paragraph(t('infeasible.lead', { candidates: f.count(plan.search.candidates) }), 'lead'),
  ]
  if (infeasible === undefined)
    return [...blocks, callout('bad', t('infeasible'), t('infeasible.no-reasons'))]
  if (infeasible.binding.length > 0)
    blocks.push(
      table({
        id: 'binding',
        caption: t('infeasible.binding'),
        columns: [
          column('constraint', t('column.constraint')),
          column('message', t('column.meaning'), { weight: 5 }),
          numbers('refused', t('column.refused')),
          numbers('alone', t('column.refused-alone')),
        ],
        rows: infeasible.binding.map((entry) =>
          row([
            constraintWord(context, entry.constraint),
            say.word('limit-name', entry.constraint, entry.message),
            cell(f.count(entry.refusedCandidates), { value: entry.refusedCandidates }),
            cell(f.count(entry.refusedAlone), { value: entry.refusedAlone }),
          ]),
        ),
      }),
    )
  if (infeasible.relaxations.length > 0)
    blocks.push(
      list(
        infeasible.relaxations.map((entry) => relaxationText(context, entry)),
        { title: t('infeasible.relaxations'), ordered: true },
      ),
    )
  if (infeasible.closest.length > 0)
    blocks.push(
      table({
        id: 'closest',
        caption: t('infeasible.closest'),
        columns: [
          column('option', t('column.option'), { weight: 4 }),
          column('misses', t('column.misses'), { weight: 5 }),
        ],
        rows: infeasible.closest.map((entry) =>
          row([
            say.sentence('label', entry.labelCode, entry.label),
            entry.misses.map((miss) => missText(context, miss)).join('; '),
          ]),
        ),
      }),
    )
  return blocks
}

/** What a section says when the plan has no option to speak of. */
export function noOption(context: ReportContext): ReportBlock[] {
  return [callout('caution', context.t('missing.title'), context.t('missing.no-option'))]
}

/** What a section says when the plan does not hold its figures. */
export function notInPlan(context: ReportContext, what: string): ReportBlock {
  return callout('caution', context.t('missing.title'), context.t('missing.figure', { what }))
}
