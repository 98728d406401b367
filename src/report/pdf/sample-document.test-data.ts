import type { ChartBlock, ReportCell, ReportDocument, ReportSection, TableBlock } from '../report-document.ts'

const cell = (text: string, more: Omit<ReportCell, 'text'> = {}): ReportCell => ({ text, ...more })

export function sampleTable(input: {
  id: string
  rows: number
  columns?: number
  text?: string
}): TableBlock {
  const numbers = Array.from({ length: (input.columns ?? 4) - 1 }, (_, index) => ({
    id: `c${index}`,
    title: `Figure column ${index + 1}`,
    align: 'right' as const,
    unit: 'EUR',
    weight: 1,
  }))
  return {
    kind: 'table',
    id: input.id,
    caption: `A table of ${input.rows} rows`,
    columns: [{ id: 'name', title: 'Name', align: 'left', weight: 3 }, ...numbers],
    rows: Array.from({ length: input.rows }, (_, row) => ({
      style:
        row === input.rows - 1
          ? ('total' as const)
          : row % 12 === 0
            ? ('group' as const)
            : ('normal' as const),
      cells: [
        cell(row % 12 === 0 ? `Group ${row / 12 + 1}` : `${input.text ?? 'Row'} ${row}`),
        ...numbers.map((_column, index) =>
          row % 12 === 0
            ? cell('')
            : cell(`${(row * 1_111 + index).toLocaleString('en-US')}`, {
                value: row,
                marks: index === 1 ? [1, 2] : [],
              }),
        ),
      ],
    })),
    footnotes: [
      'An assumption that nobody has checked yet.',
      'A list price of a day, without any discount, see the register.',
    ],
    wide: (input.columns ?? 4) > 6,
    long: false,
  }
}

export const sampleChart: ChartBlock = {
  kind: 'chart',
  id: 'sample-chart',
  title: 'Cost over time',
  config: {
    type: 'line',
    data: { labels: ['1', '2'], datasets: [{ label: 'Cost', data: [1, 2] }] },
    options: {},
  },
  alt: 'Cost rises from 1 to 2.',
  caption: 'Undiscounted, in the currency of the plan.',
  data: sampleTable({ id: 'sample-chart-data', rows: 5 }),
  aspectRatio: 1.8,
}

/** Every kind of block once, and what breaks layouts: long words, long tables, wide tables, hostile text. */
export function sampleDocument(
  input: { sections?: readonly ReportSection[]; locale?: 'en' | 'de' } = {},
): ReportDocument {
  const longWord = 'Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen'.repeat(4)
  const first: ReportSection = {
    id: 'summary',
    number: 1,
    title: 'Summary of the recommendation',
    part: 'body',
    lead: 'What to buy, what it costs, how sure we are, and what the board must decide.',
    breakBefore: true,
    blocks: [
      {
        kind: 'callout',
        tone: 'good',
        title: 'Recommendation: Example 8B on 3 × L40S in the own data centre',
        texts: ['It meets every target with headroom and has the lowest cost over 36 months.'],
      },
      {
        kind: 'cards',
        title: 'Key figures',
        cards: [
          {
            id: 'cost',
            label: 'Cost over 36 months',
            value: '€ 127,000',
            detail: '102,000 – 153,000',
            tone: 'neutral',
          },
          {
            id: 'capacity',
            label: 'Capacity',
            value: '3.2 requests/s',
            detail: 'headroom 25 %',
            tone: 'good',
          },
          { id: 'carbon', label: 'Carbon, location based', value: '13.4 t CO₂e', tone: 'caution' },
          {
            id: 'tie',
            label: 'Confidence',
            value: 'Assumed prices',
            detail: 'no vendor has quoted',
            tone: 'bad',
          },
        ],
      },
      { kind: 'heading', id: 'why', text: 'Why this option' },
      {
        kind: 'paragraph',
        style: 'lead',
        text: 'The own machines pay back after 20 months against the cloud.',
      },
      { kind: 'paragraph', style: 'normal', text: 'Plain words, wrapped over lines. '.repeat(20) },
      {
        kind: 'list',
        ordered: false,
        style: 'plain',
        title: 'Reasons',
        items: [{ term: 'Cost', text: 'lowest of all' }, { text: 'meets the targets' }],
      },
      { kind: 'list', ordered: true, style: 'plain', items: [{ text: 'first' }, { text: 'second' }] },
      {
        kind: 'list',
        ordered: false,
        style: 'checklist',
        title: 'To decide',
        items: [{ term: 'Budget', text: 'release € 64,000' }],
      },
      {
        kind: 'facts',
        title: 'The case',
        facts: [
          { label: 'Users', value: '2,000' },
          { label: 'Model', value: longWord },
        ],
      },
      {
        kind: 'paragraph',
        style: 'small',
        text: `<script>alert(1)</script> & "quotes" =cmd|' /C calc'!A0 ${longWord}`,
      },
    ],
  }
  const second: ReportSection = {
    id: 'tables',
    number: 2,
    title: 'Tables',
    part: 'body',
    breakBefore: false,
    blocks: [
      sampleTable({ id: 'short', rows: 6 }),
      sampleTable({
        id: 'long',
        rows: 90,
        text: 'A name that needs two lines because somebody wrote far too much into it',
      }),
      sampleTable({ id: 'wide', rows: 8, columns: 12, text: longWord }),
      { kind: 'page-break' },
      sampleChart,
    ],
  }
  return {
    meta: {
      title: 'Procurement report: customer care assistant',
      subtitle: 'Sizing, cost and footprint of language models for 2,000 users',
      scenarioName: 'Customer care',
      description: 'A made-up case that shows every kind of block.',
      planDate: '2026-11-24',
      planDateText: '24 November 2026',
      catalogVersion: '2026.11.0',
      catalogHash: 'a'.repeat(64),
      locale: input.locale ?? 'en',
      currencyCode: 'EUR',
      brand: { name: 'Example GmbH', colours: { primary: '#0b4f6c', accent: '#e69f00' } },
      words: {
        contents: 'Contents',
        page: 'Page',
        pageOf: 'Page {n} of {total}',
        figure: 'Figure',
        table: 'Table',
        dataOfChart: 'Data of the chart',
        notes: 'Notes',
        catalog: 'Catalog',
        planOf: 'Plan of',
        noChartPicture: 'No picture could be drawn on this machine; the table holds the chart’s numbers.',
        skipToContent: 'Skip to content',
        backToTop: 'Back to top',
      },
    },
    sections: input.sections ?? [
      first,
      second,
      {
        id: 'annex-sources',
        number: 3,
        title: 'Annex A: sources',
        part: 'annex',
        breakBefore: true,
        blocks: [sampleTable({ id: 'sources', rows: 20 })],
      },
    ],
  }
}
