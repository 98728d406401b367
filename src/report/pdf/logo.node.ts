import { createRequire } from 'node:module'
import type { ReportLogo } from '../report-document.ts'

export interface LogoPicture {
  readonly bytes: Buffer
  readonly alt: string
}

interface Canvas {
  getContext(kind: '2d'): {
    drawImage(image: unknown, x: number, y: number, width: number, height: number): void
  }
  toBuffer(kind: 'image/png'): Buffer
}

interface CanvasModule {
  createCanvas(width: number, height: number): Canvas
  loadImage(source: Buffer): Promise<{ width: number; height: number }>
}

/** Drawn large enough for print. */
const drawnHeight = 240

/** The logo as PDF takes it. A drawing (SVG) needs the optional canvas; without it the brand's name stands alone. */
export async function logoPicture(logo: ReportLogo | undefined): Promise<LogoPicture | undefined> {
  if (logo === undefined) return undefined
  const source = Buffer.from(logo.base64, 'base64')
  if (logo.mediaType !== 'image/svg+xml') return { bytes: source, alt: logo.alt }
  try {
    const require = createRequire(import.meta.url)
    const canvasModule = createRequire(require.resolve('chartjs-node-canvas'))('canvas') as CanvasModule
    const image = await canvasModule.loadImage(source)
    const width = Math.max(1, Math.round((drawnHeight * image.width) / image.height))
    const canvas = canvasModule.createCanvas(width, drawnHeight)
    canvas.getContext('2d').drawImage(image, 0, 0, width, drawnHeight)
    return { bytes: canvas.toBuffer('image/png'), alt: logo.alt }
  } catch {
    return undefined
  }
}
