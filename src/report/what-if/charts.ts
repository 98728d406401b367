import {
  BarController,
  BarElement,
  CategoryScale,
  Chart,
  type ChartConfiguration,
  Filler,
  Legend,
  LinearScale,
  LineElement,
  LogarithmicScale,
  PointElement,
  ScatterController,
  Tooltip,
} from 'chart.js'
import { hydrateChart } from '../charts/hydrate.ts'
import type { ChartConfig } from '../report-document.ts'
import type { PageDocument } from './page-dom.ts'

Chart.register(
  BarController,
  BarElement,
  CategoryScale,
  Filler,
  Legend,
  LinearScale,
  LineElement,
  LogarithmicScale,
  PointElement,
  ScatterController,
  Tooltip,
)

/** Draws every chart of the page; on paper they are drawn again at the paper's width. */
export function drawCharts(page: PageDocument, configs: Readonly<Record<string, ChartConfig>>): void {
  const charts: Chart[] = []
  Chart.defaults.font.family =
    'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif'
  for (const canvas of page.querySelectorAll('canvas[data-chart]')) {
    const config = configs[canvas.dataset['chart'] ?? '']
    if (config === undefined) continue
    const box = canvas.parentElement
    if (box !== null) box.style['aspectRatio'] = canvas.dataset['ratio'] ?? '2'
    const createCanvas = (width: number, height: number) => {
      const tile = page.createElement('canvas')
      tile.width = width
      tile.height = height
      return tile
    }
    charts.push(
      new Chart(canvas as never, hydrateChart(config, createCanvas) as unknown as ChartConfiguration),
    )
  }
  const view = page.defaultView
  view?.addEventListener('beforeprint', () => {
    for (const details of page.querySelectorAll('details.long')) details.open = true
    for (const chart of charts) chart.resize()
  })
  view?.addEventListener('afterprint', () => {
    for (const chart of charts) chart.resize()
  })
}
