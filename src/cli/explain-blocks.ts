import { formulaById } from '../estimators/formulas.ts'
import { formatBytesBinary } from '../foundation/format.ts'
import { type Block, heading, left, list, pairs, paragraph, right, table } from './document.ts'
import { valueText } from './figure-text.ts'
import type { Explanation } from './run-explain.ts'

/** Rows of one table about one id that are printed; prices of many years are all in the JSON. */
const shownRowFigures = 60

export function explainBlocks(explanation: Explanation): Block[] {
  const { option, plan } = explanation
  return [
    heading(1, `${plan.name}: option ${option.rank}`),
    paragraph(option.label),
    pairs([
      ['id', option.id],
      ['catalog', `${plan.catalog.version} of ${plan.catalog.asOf}, hash ${plan.catalog.hash}`],
    ]),
    heading(2, 'How each figure came about'),
    ...option.explanation.flatMap(equationBlocks),
    ...memoryBlocks(explanation),
    ...scoreBlocks(explanation),
    ...rowBlocks(explanation),
    ...assumptionBlocks(explanation),
    heading(2, 'Sources'),
    list(
      explanation.sources.map(
        ({ id, title, address, terms }) =>
          `${id}: ${title}${address === undefined ? '' : `, ${address}`}${terms === undefined ? '' : ` (${terms})`}`,
      ),
    ),
  ]
}

function equationBlocks(entry: Explanation['option']['explanation'][number]): Block[] {
  const formula = entry.formulaId === undefined ? undefined : formulaById(entry.formulaId)
  return [
    heading(3, `${entry.figure} = ${entry.equation} = ${valueText(entry.result, entry.unit)}`),
    ...(formula === undefined ? [] : [paragraph(`${formula.title} (${formula.sourceId}): ${formula.holds}`)]),
    table(
      [left('symbol'), left('meaning'), right('value'), left('unit'), left('source')],
      entry.inputs.map(({ symbol, meaning, value, unit, sourceIds }) => [
        symbol,
        meaning,
        valueText(value, ''),
        unit,
        sourceIds.join(', '),
      ]),
    ),
  ]
}

function memoryBlocks({ option }: Explanation): Block[] {
  const { memory } = option
  if (memory === undefined) return []
  return [
    heading(3, 'memory of the fullest accelerator'),
    table(
      [left('part'), right('memory'), left('formula'), left('source')],
      [
        ...memory.parts.map(({ part, bytes, formulaId }) => {
          const formula = formulaId === undefined ? undefined : formulaById(formulaId)
          return [part, formatBytesBinary(bytes), formula?.equation ?? '', formula?.sourceId ?? '']
        }),
        ['usable', formatBytesBinary(memory.usableBytes), '', ''],
      ],
    ),
  ]
}

function scoreBlocks({ option }: Explanation): Block[] {
  const { score } = option
  return [
    heading(3, `score = ${score.formula} = ${valueText(score.value, '')}`),
    table(
      [left('figure'), right('value'), left('')],
      Object.entries(score.parts)
        .filter(([name]) => score.formula.includes(name))
        .map(([name, value]) => [
          name,
          valueText(value, ''),
          name === 'quality' ? 'score ÷ best score' : '1 − best ÷ value',
        ]),
    ),
  ]
}

function rowBlocks({ rows }: Explanation): Block[] {
  return [
    heading(2, 'Catalog rows'),
    ...rows.flatMap(({ kind, id, figures }) => {
      const more = figures.length - shownRowFigures
      return [
        heading(3, `${kind} ${id}`),
        table(
          [
            left('table'),
            left('row'),
            left('figure'),
            right('value'),
            left('quality'),
            left('as of'),
            left('source'),
          ],
          figures
            .slice(0, shownRowFigures)
            .map((figure) => [
              figure.table,
              figure.row,
              figure.figure,
              brief(String(figure.value)),
              figure.origin === 'user' ? 'user' : (figure.quality ?? ''),
              figure.asOf ?? '',
              figure.sourceId ?? '',
            ]),
        ),
        ...(more > 0 ? [paragraph(`and ${more} more: rightsize catalog show ${id}`)] : []),
      ]
    }),
  ]
}

function brief(text: string): string {
  return text.length <= 40 ? text : `${text.slice(0, 39)}…`
}

function assumptionBlocks({ option, plan }: Explanation): Block[] {
  const notes = [...option.notes, ...plan.notes].filter((note) => note.level !== 'information')
  if (notes.length === 0) return []
  return [
    heading(2, 'Assumptions and warnings'),
    list(
      notes.map(
        ({ level, message, sourceId }) =>
          `${level === 'warning' ? 'Warning: ' : ''}${message}${sourceId === undefined ? '' : ` (${sourceId})`}`,
      ),
    ),
  ]
}
