import type { ChartConfig } from '../report-document.ts'
import { drawCharts } from './charts.ts'
import { startWhatIf, type WhatIfData } from './controls.ts'
import type { PageDocument } from './page-dom.ts'

declare const document: PageDocument

/** CSS pixels from which the style sheet puts the contents beside the text (68rem). */
const widthWithSideBar = 1088

/** The script of the HTML report. Everything it needs stands in the page's own data. */
const data = JSON.parse(document.getElementById('report-data')?.textContent ?? '{}') as {
  charts: Readonly<Record<string, ChartConfig>>
  whatIf: WhatIfData | null
}
// The list of sections would fill a phone's screen before the first word of the report.
const contents = document.querySelector('details.contents-box')
if (contents !== null && (document.defaultView?.innerWidth ?? 0) < widthWithSideBar) contents.open = false
drawCharts(document, data.charts)
if (data.whatIf !== null) startWhatIf(document, data.whatIf)
