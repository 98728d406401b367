import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deflateSync, inflateSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import type { ReportBlock, ReportSection } from '../report-document.ts'
import { opaquePng } from './opaque-png.node.ts'
import { renderPdf } from './pdf.node.ts'
import { sampleChart, sampleDocument, sampleTable } from './sample-document.test-data.ts'

const document = sampleDocument()
const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1')
/** Not `toContain`: a failure would print the whole file. */
const has = (raw: string, part: string) => raw.includes(part)
const pagesOf = (bytes: Uint8Array) => [...text(bytes).matchAll(/\/Type \/Page\n/g)].length

/** The content of all streams of a PDF that are deflated. */
function streams(bytes: Uint8Array): string {
  const found: string[] = []
  const all = Buffer.from(bytes)
  for (let at = all.indexOf('stream\n'); at >= 0; at = all.indexOf('stream\n', at + 7)) {
    if (all.subarray(at - 3, at).toString() === 'end') continue
    try {
      found.push(inflateSync(all.subarray(at + 7, all.indexOf('endstream', at))).toString('latin1'))
    } catch {
      // A stream that is not deflated.
    }
  }
  return found.join('\n')
}

/** A PNG of one colour, 8-bit RGBA. */
function plainPng(
  width: number,
  height: number,
  rgba: readonly [number, number, number, number],
): Uint8Array {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 6, 0, 0, 0], 8)
  const row = Buffer.from([0, ...Array.from({ length: width }, () => rgba).flat()])
  const chunk = (type: string, data: Buffer) => {
    const length = Buffer.alloc(4)
    length.writeUInt32BE(data.length)
    return Buffer.concat([length, Buffer.from(type), data, Buffer.alloc(4)])
  }
  const pixels = deflateSync(Buffer.concat(Array.from({ length: height }, () => row)))
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', pixels),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

const section = (blocks: readonly ReportBlock[]): ReportSection => ({
  id: 'only',
  number: 1,
  title: 'Only',
  part: 'body',
  breakBefore: true,
  blocks,
})

describe('renderPdf', () => {
  it('gives the same bytes for the same document', async () => {
    const [first, second] = [await renderPdf(document), await renderPdf(document)]
    expect(Buffer.compare(first, second)).toBe(0)
  })

  it('takes its dates from the plan, its language and title from the document', async () => {
    const raw = text(await renderPdf(sampleDocument({ locale: 'de' })))
    const dates = [...raw.matchAll(/\(D:(\d+)Z\)/g)].map((match) => match[1])
    expect(dates).toEqual(['20261124000000', '20261124000000'])
    expect(has(raw, '<xmp:CreateDate>2026-11-24T00:00:00Z</xmp:CreateDate>')).toBe(true)
    expect(has(raw, '/Lang (de)')).toBe(true)
    expect(has(raw, '/DisplayDocTitle true')).toBe(true)
  })

  it('is tagged, has bookmarks, embeds its font and runs no script', async () => {
    const raw = text(await renderPdf(document))
    expect(has(raw, '/Marked true')).toBe(true)
    for (const tag of ['Document', 'TOC', 'Sect', 'H1', 'H2', 'Table', 'TH', 'TD', 'L', 'LBody', 'Note'])
      expect(new RegExp(`/S /${tag}\\b`).test(raw), tag).toBe(true)
    expect(has(raw, '/Scope /Column')).toBe(true)
    expect(has(raw, '/Outlines')).toBe(true)
    expect(has(raw, '/Title (1  Summary of the recommendation)')).toBe(true)
    expect(has(raw, '/FontFile2')).toBe(true)
    expect(/\/JavaScript|\/Launch|\/Helvetica/.test(raw)).toBe(false)
  })

  it('prints a chart as its picture with alt text, or as its table where there is none', async () => {
    const chartOnly = sampleDocument({ sections: [section([sampleChart])] })
    const png = plainPng(40, 20, [10, 20, 30, 255])
    const charts = new Map([[sampleChart.id, { png, widthPixels: 40, heightPixels: 20 }]])
    const withPicture = text(await renderPdf(chartOnly, { charts }))
    expect(has(withPicture, '/Subtype /Image')).toBe(true)
    expect(has(withPicture, '/Alt (Cost rises from 1 to 2.)')).toBe(true)
    const without = text(await renderPdf(chartOnly))
    expect(has(without, '/Subtype /Image')).toBe(false)
    expect(/\/S \/Table\b/.test(without)).toBe(true)
  })

  it('follows https and places in the document only', async () => {
    const table = sampleTable({ id: 'links', rows: 2 })
    const hrefs = ['https://example.com/a', 'javascript:alert(1)', 'file:///etc/passwd', '#only']
    const rows = hrefs.map((href) => ({
      style: 'normal' as const,
      cells: [{ text: href, href }, { text: '1' }, { text: '2' }, { text: '3' }],
    }))
    const raw = text(await renderPdf(sampleDocument({ sections: [section([{ ...table, rows }])] })))
    expect([...raw.matchAll(/\/URI \(([^)]*)\)/g)].map((match) => match[1])).toEqual([
      'https://example.com/a',
    ])
  })

  it('splits only a row that is higher than a page', async () => {
    const table = sampleTable({ id: 'tall', rows: 2 })
    const cell = { text: 'word '.repeat(9_000) }
    const tall = {
      ...table,
      rows: [{ style: 'normal' as const, cells: [cell, { text: '1' }, { text: '2' }, { text: '3' }] }],
    }
    expect(pagesOf(await renderPdf(sampleDocument({ sections: [section([tall])] })))).toBeGreaterThan(4)
  })

  it('lays a table on its side only where its columns do not fit upright', async () => {
    const sideways = (bytes: Uint8Array) => text(bytes).includes('/MediaBox [0 0 841.89 595.28]')
    const render = (columns: number) =>
      renderPdf(sampleDocument({ sections: [section([sampleTable({ id: 't', rows: 6, columns })])] }))
    expect(sideways(await render(5))).toBe(false)
    expect(sideways(await render(16))).toBe(true)
  })

  it('writes no text outside the page', async () => {
    const content = streams(await renderPdf(document))
    const places = [...content.matchAll(/1 0 0 1 (-?[\d.]+) (-?[\d.]+) Tm/g)]
    expect(places.length).toBeGreaterThan(200)
    for (const [, x, y] of places) {
      expect(Number(x)).toBeGreaterThanOrEqual(40)
      expect(Number(x)).toBeLessThan(842 - 40)
      expect(Number(y)).toBeGreaterThan(25)
      expect(Number(y)).toBeLessThan(842 - 25)
    }
  })
})

describe('opaquePng', () => {
  it('drops the alpha channel by laying the picture on white', () => {
    const half = opaquePng(plainPng(3, 2, [0, 100, 200, 128]))
    const at = half.indexOf(0x49, 33)
    const length = new DataView(half.buffer, half.byteOffset).getUint32(at - 4)
    const pixels = inflateSync(half.subarray(at + 4, at + 4 + length))
    // value · alpha + white · (1 − alpha), alpha = 128 / 255
    const mixed = [0, 100, 200].map((value) => Math.round((value * 128 + 255 * 127) / 255))
    expect([...pixels]).toEqual([0, ...mixed, ...mixed, ...mixed, 0, ...mixed, ...mixed, ...mixed])
  })

  it('leaves other data alone', () => {
    const jpeg = new Uint8Array([0xff, 0xd8, 0xff])
    expect(opaquePng(jpeg)).toBe(jpeg)
  })
})

const poppler = (() => {
  try {
    execFileSync('pdftotext', ['-v'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
})()

describe.skipIf(!poppler)('as poppler reads it (skipped where pdftotext is not installed)', () => {
  it('holds real text, glyphs included, and its page numbers', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'rightsize-pdf-'))
    try {
      const file = join(folder, 'report.pdf')
      writeFileSync(file, await renderPdf(document))
      const read = execFileSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' })
      const pages = read.split('\f')
      expect(read).toContain('13.4 t CO₂e')
      expect(read).toContain('€ 127,000')
      expect(read).toContain('<script>alert(1)</script> & "quotes"')
      expect(pages[1]).toMatch(/Summary of the recommendation\s+3/)
      expect(pages[2]).toContain('Page 3 of')
      const headed = pages.filter((page) => page.includes('Figure'))
      expect(headed.length).toBeGreaterThanOrEqual(4)

      const boxes = execFileSync('pdftotext', ['-bbox', file, '-'], { encoding: 'utf8' })
      let pageWidth = 0
      let words = 0
      for (const line of boxes.split('\n')) {
        pageWidth = Number(/<page width="([\d.]+)"/.exec(line)?.[1] ?? pageWidth)
        const right = /<word .*xMax="([\d.]+)"/.exec(line)?.[1]
        if (right === undefined) continue
        words += 1
        expect(Number(right)).toBeLessThan(pageWidth - 40)
      }
      expect(words).toBeGreaterThan(500)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
