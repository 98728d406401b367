import type { ChartBlock, ChartConfig, ChartDataset, JsonObject, TableBlock } from '../report-document.ts'
import type { ReportContext } from '../sections/context.ts'
import { ink, seriesStyle } from './palette.ts'

/** What all charts share: calm axes, the legend below, numbers as the locale writes them. */
export function chartBlock(input: {
  context: ReportContext
  id: string
  title: string
  alt: string
  caption?: string
  type: ChartConfig['type']
  labels?: readonly (string | readonly string[])[]
  datasets: readonly ChartDataset[]
  scales: Readonly<Record<string, JsonObject>>
  horizontal?: boolean
  legend?: boolean
  data: TableBlock
  aspectRatio?: number
}): ChartBlock {
  return {
    kind: 'chart',
    id: input.id,
    title: input.title,
    alt: input.alt,
    ...(input.caption === undefined ? {} : { caption: input.caption }),
    config: {
      type: input.type,
      data: {
        ...(input.labels === undefined ? {} : { labels: input.labels }),
        datasets: input.datasets,
      },
      options: {
        locale: input.context.f.numberLocale,
        ...(input.horizontal === true ? { indexAxis: 'y' } : {}),
        maintainAspectRatio: false,
        animation: false,
        layout: { padding: { top: 8, right: 12 } },
        color: ink.text,
        font: { size: 13 },
        scales: Object.fromEntries(
          Object.entries(input.scales).map(([id, scale]) => [
            id,
            withInk(input.horizontal === true && id === 'y' ? everyLabel(scale) : scale),
          ]),
        ),
        plugins: {
          legend: {
            display: input.legend ?? true,
            position: 'bottom',
            labels: { usePointStyle: input.type !== 'bar', boxWidth: 18, boxHeight: 12, padding: 14 },
          },
          tooltip: { intersect: false },
        },
        interaction: { mode: 'nearest', intersect: false },
      },
    },
    data: input.data,
    aspectRatio: input.aspectRatio ?? 2,
  }
}

export function axis(title: string, more: JsonObject = {}): JsonObject {
  return { title: { display: true, text: title }, ...more }
}

/** Currency without decimals and with thousands shortened. */
export function moneyTicks(currencyCode: string): JsonObject {
  return {
    format: { style: 'currency', currency: currencyCode, notation: 'compact', maximumSignificantDigits: 3 },
  }
}

/** A bar without its name says nothing: none is skipped where the page is narrow. */
function everyLabel(scale: JsonObject): JsonObject {
  return { ...scale, ticks: { ...((scale['ticks'] as JsonObject | undefined) ?? {}), autoSkip: false } }
}

function withInk(scale: JsonObject): JsonObject {
  const { title, ticks, grid, ...rest } = scale
  return {
    ...rest,
    ...(title === undefined ? {} : { title: { ...(title as JsonObject), color: ink.muted } }),
    ticks: { color: ink.muted, ...((ticks as JsonObject | undefined) ?? {}) },
    grid: { color: ink.grid, ...((grid as JsonObject | undefined) ?? {}) },
    border: { color: ink.grid },
  }
}

/** Bars as tall as their number asks for. */
export function barRatio(bars: number): number {
  return Math.round(100 * Math.min(4, 9 / (1.4 + 0.62 * bars))) / 100
}

/** A linear axis from zero, or a logarithmic one where the values span more than a linear one can show. */
export function logarithmic(values: readonly number[]): JsonObject {
  const least = Math.min(...values)
  const most = Math.max(...values)
  return least > 0 && most / least > 20 ? { type: 'logarithmic' } : { type: 'linear', beginAtZero: true }
}

/** A filled series: colour and pattern. */
export function filled(label: string, index: number, data: JsonObject['data']): ChartDataset {
  const { colour, pattern } = seriesStyle(index)
  return {
    label,
    data: data ?? [],
    backgroundColor: colour,
    fillPattern: pattern,
    borderColor: ink.text,
    borderWidth: 0.5,
    maxBarThickness: 56,
  }
}

/** A line: colour, dash and marker. */
export function line(
  label: string,
  index: number,
  data: JsonObject['data'],
  more: JsonObject = {},
): ChartDataset {
  const { colour, marker, dash } = seriesStyle(index)
  return {
    label,
    data: data ?? [],
    showLine: true,
    borderColor: colour,
    backgroundColor: colour,
    borderWidth: 2.5,
    borderDash: [...dash],
    pointStyle: marker,
    pointRadius: 3.5,
    tension: 0,
    ...more,
  }
}

/** A limit: thin, red, dashed, without markers. */
export function limitLine(label: string, data: JsonObject['data'], more: JsonObject = {}): ChartDataset {
  return {
    label,
    data: data ?? [],
    showLine: true,
    borderColor: ink.limit,
    backgroundColor: ink.limit,
    borderWidth: 1.5,
    borderDash: [6, 5],
    pointRadius: 0,
    pointStyle: 'line',
    ...more,
  }
}

/** Numbers in JSON carry six digits: enough for a picture, and no float noise. */
export function plotted(value: number): number {
  return Number.isFinite(value) ? Number(value.toPrecision(6)) : 0
}
