import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { evaluateQuotes } from './evaluate.ts'
import { readQuotes } from './quotes.ts'
import { tcoMarkdown } from './render.ts'

const folder = new URL('../../../examples/', import.meta.url)
const cases = readdirSync(folder)
  .filter((name) => name.startsWith('tco-'))
  .sort()

const evaluated = (name: string) =>
  evaluateQuotes(
    readQuotes({ text: readFileSync(new URL(`${name}/quotes.yaml`, folder), 'utf8'), file: 'quotes.yaml' }),
    'quotes.yaml',
  )

/** Figures that cannot be met, with the deviation that our explanation in the file accounts for. */
const explained: Record<string, readonly string[]> = {
  'tco-uptime-2025': [
    'surface.0.08.12.usdPerUsedHour',
    'surface.0.4.12.usdPerUsedHour',
    'surface.0.43.12.alternativeUsdPerUsedHour - surface.0.43.12.usdPerUsedHour',
    'surface.0.23.12.usdPerUsedHour - surface.0.23.12.alternativeUsdPerUsedHour',
  ],
  'tco-published-bands': ['remangu-p5.usdPerMonth', 'page-node.totalUsd'],
}

/** So that no figure of a study can drop out of its file unseen. */
const statedFigures: Record<string, number> = {
  'tco-lenovo-2026': 34,
  'tco-lenovo-2025': 8,
  'tco-nextplatform-2023': 5,
  'tco-nvidia-2025': 2,
  'tco-three-offers': 0,
}

describe.each(cases)('%s', (name) => {
  test('the rendered comparison is the golden one', async () => {
    await expect(tcoMarkdown(evaluated(name))).toMatchFileSnapshot(
      new URL(`${name}/expected.md`, folder).pathname,
    )
  })

  test('every stated figure is met within 1.5 %, or its deviation is explained', () => {
    const { claims } = evaluated(name)
    expect(claims.length).toBeGreaterThanOrEqual(statedFigures[name] ?? 1)
    const off = claims.filter(({ deviationFraction }) => Math.abs(deviationFraction) > 0.015)
    expect(off.map(({ figure }) => figure).sort()).toEqual([...(explained[name] ?? [])].sort())
    for (const claim of off) expect(claim.note).not.toBe('')
  })
})

test('NVIDIA 2025: cost per 1,000 prompts and per million tokens by the formulas of the article', () => {
  const figures = evaluated('tco-nvidia-2025').figures
  const requestsPerYear = 10 * 3600 * 8760
  const perThousand = ((320_000 / 4 + 4500 + 3000) / requestsPerYear) * 1000
  expect(figures['software-per-server.assumed.usdPer1000Requests']).toBeCloseTo(perThousand, 12)
  // Cost per 1,000 prompts over the tokens of a prompt, times 1,000, is cost per million tokens.
  const perMillion = (perThousand / (1000 + 1000)) * 1000
  expect(figures['software-per-server.assumed.usdPerMillionTokens']).toBeCloseTo(perMillion, 12)
  // A million input and a million output tokens cost twice the mean, in the ratio 1 : 3.
  expect(figures['software-per-server.assumed.inputUsdPerMillion']).toBeCloseTo((2 * perMillion) / 4, 12)
  expect(figures['software-per-server.assumed.outputUsdPerMillion']).toBeCloseTo((2 * perMillion * 3) / 4, 12)
})
