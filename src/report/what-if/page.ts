import type { ChartConfig } from '../report-document.ts'
import { drawCharts } from './charts.ts'
import { startWhatIf, type WhatIfData } from './controls.ts'
import type { PageDocument } from './page-dom.ts'

declare const document: PageDocument

/** The script of the HTML report. Everything it needs stands in the page's own data. */
const data = JSON.parse(document.getElementById('report-data')?.textContent ?? '{}') as {
  charts: Readonly<Record<string, ChartConfig>>
  whatIf: WhatIfData | null
}
drawCharts(document, data.charts)
if (data.whatIf !== null) startWhatIf(document, data.whatIf)
