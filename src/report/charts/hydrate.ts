import type { ChartConfig, ChartDataset, JsonObject, JsonValue } from '../report-document.ts'
import { type FillPattern, ink } from './palette.ts'

/** A canvas of the place where the chart is drawn: a browser's or a server's. */
export interface TileCanvas {
  getContext(kind: '2d'): TileContext | null
}

export interface TileContext {
  fillStyle: unknown
  strokeStyle: unknown
  lineWidth: number
  fillRect(x: number, y: number, width: number, height: number): void
  beginPath(): void
  moveTo(x: number, y: number): void
  lineTo(x: number, y: number): void
  arc(x: number, y: number, radius: number, from: number, to: number): void
  fill(): void
  stroke(): void
  createPattern(image: never, repetition: 'repeat'): unknown
}

const tile = 8

/**
 * The configuration with real patterns in place of the names that JSON holds: a data set's `fillPattern` over its
 * `backgroundColor`. Everything else is passed on as it is.
 */
export function hydrateChart(
  config: ChartConfig,
  createCanvas: (width: number, height: number) => TileCanvas,
): { type: string; data: unknown; options: unknown } {
  return {
    type: config.type,
    data: { ...config.data, datasets: config.data.datasets.map((set) => hydrateSet(set, createCanvas)) },
    options: clone(config.options),
  }
}

function hydrateSet(
  set: ChartDataset,
  createCanvas: (width: number, height: number) => TileCanvas,
): Record<string, unknown> {
  const { fillPattern, ...rest } = clone(set) as JsonObject
  const colour = rest['backgroundColor']
  if (typeof fillPattern !== 'string' || fillPattern === 'solid' || typeof colour !== 'string') return rest
  return { ...rest, backgroundColor: patternOf(fillPattern as FillPattern, colour, createCanvas) ?? colour }
}

/** Chart.js writes into what it is given. */
function clone<T extends JsonValue>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T
}

function patternOf(
  pattern: FillPattern,
  colour: string,
  createCanvas: (width: number, height: number) => TileCanvas,
): unknown {
  const canvas = createCanvas(tile, tile)
  const context = canvas.getContext('2d')
  if (context === null) return undefined
  context.fillStyle = colour
  context.fillRect(0, 0, tile, tile)
  context.strokeStyle = ink.paper
  context.fillStyle = ink.paper
  context.lineWidth = 1.6
  context.beginPath()
  for (const [x1, y1, x2, y2] of strokes[pattern]) {
    context.moveTo(x1, y1)
    context.lineTo(x2, y2)
  }
  context.stroke()
  if (pattern === 'dots') {
    context.beginPath()
    context.arc(tile / 2, tile / 2, 1.7, 0, 2 * Math.PI)
    context.fill()
  }
  return context.createPattern(canvas as never, 'repeat') ?? undefined
}

type Stroke = readonly [number, number, number, number]

const rising: readonly Stroke[] = [
  [-1, tile + 1, tile + 1, -1],
  [-1, 1, 1, -1],
  [tile - 1, tile + 1, tile + 1, tile - 1],
]
const falling: readonly Stroke[] = [
  [-1, -1, tile + 1, tile + 1],
  [tile - 1, -1, tile + 1, 1],
  [-1, tile - 1, 1, tile + 1],
]
const flat: readonly Stroke[] = [[0, tile / 2, tile, tile / 2]]
const upright: readonly Stroke[] = [[tile / 2, 0, tile / 2, tile]]

const strokes: Readonly<Record<FillPattern, readonly Stroke[]>> = {
  solid: [],
  dots: [],
  diagonal: rising,
  'back-diagonal': falling,
  cross: [...rising, ...falling],
  horizontal: flat,
  vertical: upright,
  grid: [...flat, ...upright],
}
