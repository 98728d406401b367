import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { runTco, tcoFormats } from './run-tco.ts'

const quotesText = readFileSync(
  new URL('../../examples/tco-lenovo-2025/quotes.yaml', import.meta.url),
  'utf8',
)

describe('rightsize tco', () => {
  test('every format says the break-even or its line, the same bytes each time', () => {
    const outputs = Object.fromEntries(
      tcoFormats.map((format) => [format, runTco({ quotesText, fileName: 'quotes.yaml', format }).output]),
    )
    expect(outputs['table']).toContain('11.9 months (8,556 h)')
    expect(outputs['markdown']).toContain('| 11.9 months (8,556 h) |')
    const json = JSON.parse(outputs['json'] ?? '')
    // 833,806 / (98.32 - 0.87), Lenovo LP2225.
    expect(json.figures['sr675/aws-p5.breakEvenHours']).toBeCloseTo(833_806 / (98.32 - 0.87), 4)
    expect(outputs['csv']).toContain('sr675,electricity,Electricity,electricity,4176,kWh,0.15,626.4,monthly')
    for (const format of tcoFormats)
      expect(runTco({ quotesText, fileName: 'quotes.yaml', format }).output).toBe(outputs[format])
  })
})
