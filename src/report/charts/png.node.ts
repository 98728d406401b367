import { createRequire } from 'node:module'
import type { ChartBlock, ChartPicture, ChartPictures, ReportDocument } from '../report-document.ts'
import { reportFontFamily, reportFontFiles } from './fonts.node.ts'
import { hydrateChart, type TileCanvas } from './hydrate.ts'
import { ink } from './palette.ts'

const widthPixels = 900
/** Sharp on paper: device pixels per chart pixel. */
const pixelRatio = 2

interface ChartRenderer {
  renderToBufferSync(configuration: unknown, mimeType: 'image/png'): Uint8Array
}

interface CanvasModule {
  createCanvas(width: number, height: number): TileCanvas
  registerFont?: (path: string, options: { family: string; weight?: string }) => void
  GlobalFonts?: { registerFromPath(path: string, family: string): unknown }
}

interface ChartModule {
  ChartJSNodeCanvas: new (options: {
    width: number
    height: number
    backgroundColour: string
    chartCallback?: (chart: { defaults: { font: { family: string } } }) => void
  }) => ChartRenderer
}

/** All chart blocks of a document, in reading order. */
export function chartsOf(document: ReportDocument): ChartBlock[] {
  return document.sections.flatMap((section) =>
    section.blocks.filter((block): block is ChartBlock => block.kind === 'chart'),
  )
}

/**
 * PNG of every chart, the same bytes for the same document. Where the canvas could not be installed the map is empty
 * and `missing` says why: documents then print each chart's table alone.
 */
export function chartPictures(document: ReportDocument): { pictures: ChartPictures; missing?: string } {
  const modules = loadModules()
  if (typeof modules === 'string') return { pictures: new Map(), missing: modules }
  const { canvas, charts } = modules
  const pictures = new Map<string, ChartPicture>()
  const renderers = new Map<number, ChartRenderer>()
  for (const chart of chartsOf(document)) {
    const heightPixels = Math.round(widthPixels / chart.aspectRatio)
    let renderer = renderers.get(heightPixels)
    if (renderer === undefined) {
      renderer = new charts.ChartJSNodeCanvas({
        width: widthPixels,
        height: heightPixels,
        backgroundColour: ink.paper,
        chartCallback: (chartJs) => {
          chartJs.defaults.font.family = reportFontFamily
        },
      })
      renderers.set(heightPixels, renderer)
    }
    const { type, data, options } = hydrateChart(chart.config, canvas.createCanvas)
    const still = {
      ...(options as object),
      animation: false,
      responsive: false,
      devicePixelRatio: pixelRatio,
    }
    const png = renderer.renderToBufferSync({ type, data, options: still }, 'image/png')
    pictures.set(chart.id, {
      png: new Uint8Array(png),
      widthPixels: widthPixels * pixelRatio,
      heightPixels: heightPixels * pixelRatio,
    })
  }
  return { pictures }
}

function loadModules(): { canvas: CanvasModule; charts: ChartModule } | string {
  const require = createRequire(import.meta.url)
  try {
    const charts = require('chartjs-node-canvas') as ChartModule
    // The canvas that chartjs-node-canvas itself draws on.
    const canvas = createRequire(require.resolve('chartjs-node-canvas'))('canvas') as CanvasModule
    const { regular, semiBold } = reportFontFiles()
    for (const [path, weight] of [
      [regular, 'normal'],
      [semiBold, 'bold'],
    ] as const) {
      if (canvas.registerFont !== undefined) canvas.registerFont(path, { family: reportFontFamily, weight })
      else canvas.GlobalFonts?.registerFromPath(path, reportFontFamily)
    }
    return { canvas, charts }
  } catch (error) {
    return error instanceof Error ? (error.message.split('\n')[0] ?? error.message) : String(error)
  }
}
