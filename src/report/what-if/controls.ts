import type { SharedJson } from '../../planner/recompute-json.ts'
import { localeFormat } from '../locale-format.ts'
import type { ReportLocale } from '../report-document.ts'
import {
  type ControlName,
  type ControlValues,
  changesOf,
  figureNames,
  figureTexts,
  recomputeAll,
  type WhatIfBase,
} from './figures.ts'
import type { PageDocument, PageElement } from './page-dom.ts'
import { rowsFromJson } from './rows.ts'

export interface WhatIfData {
  readonly locale: ReportLocale
  readonly currency: { readonly code: string; readonly usdPerUnit: number }
  readonly base: WhatIfBase
  /** Rows with their bases, equal parts kept once. */
  readonly rows: SharedJson
  readonly labels: Readonly<Record<string, string>>
  readonly words: Readonly<Record<'unknown' | 'status' | 'invalid' | 'was', string>>
}

/** Joins the controls of the page to the planner's own `recompute`. */
export function startWhatIf(page: PageDocument, data: WhatIfData): void {
  const form = page.getElementById('what-if-form')
  const status = page.getElementById('what-if-status')
  if (form === null || status === null) return
  const { base, words } = data
  const f = localeFormat({ locale: data.locale, currency: data.currency })
  const rows = rowsFromJson(data.rows)
  const planned = new Map(
    recomputeAll(rows, {}).results.map(({ id, figures }) => [id, figureTexts(figures, f, words.unknown)]),
  )
  const fields = base.controls.map((name) => ({
    name,
    number: page.getElementById(`what-if-${name}`),
    range: page.getElementById(`what-if-${name}-range`),
  }))

  const show = (values: ControlValues): void => {
    const { results, cheapest } = recomputeAll(rows, changesOf(base, values))
    for (const { id, figures } of results) {
      const texts = figureTexts(figures, f, words.unknown)
      for (const name of figureNames) {
        const cell = cellOf(page, id, name)
        if (cell === null) continue
        const before = planned.get(id)?.[name] ?? words.unknown
        const changed = before !== texts[name]
        cell.className = changed ? 'right changed' : 'right'
        cell.replaceChildren(texts[name])
        if (changed) {
          const was = page.createElement('span')
          was.className = 'was'
          was.textContent = words.was.replace('{value}', () => before)
          cell.append(was)
        }
      }
    }
    const least = cheapest?.figures.netPresentUsd
    if (cheapest !== undefined && least !== undefined)
      status.textContent = words.status
        .replace('{option}', () => data.labels[cheapest.id] ?? cheapest.id)
        .replace('{cost}', () => f.money(least))
  }

  /** The values of all controls; undefined while one of them is not a number in its range. */
  const read = (): ControlValues | undefined => {
    const values: Record<ControlName, number> = { ...base.values }
    let valid = true
    for (const { name, number } of fields) {
      if (number === null) continue
      const value = Number(number.value)
      const within =
        number.value.trim() !== '' &&
        Number.isFinite(value) &&
        value >= Number(number.min) &&
        value <= Number(number.max)
      if (within) number.removeAttribute('aria-invalid')
      else number.setAttribute('aria-invalid', 'true')
      valid &&= within
      values[name] = value
    }
    return valid ? values : undefined
  }

  const update = (): void => {
    const values = read()
    if (values === undefined) status.textContent = words.invalid
    else show(values)
  }
  for (const { number, range } of fields) {
    join(range, number, update)
    join(number, range, update)
  }
  page.getElementById('what-if-reset')?.addEventListener('click', () => {
    for (const { name, number, range } of fields)
      for (const field of [number, range]) if (field !== null) field.value = String(base.values[name])
    update()
  })
  form.hidden = false
  show(base.values)
}

function join(from: PageElement | null, to: PageElement | null, update: () => void): void {
  from?.addEventListener('input', () => {
    if (to !== null) to.value = from.value
    update()
  })
}

function cellOf(page: PageDocument, optionId: string, figure: string): PageElement | null {
  for (const row of page.querySelectorAll('#what-if-table tbody tr'))
    if (row.dataset['option'] === optionId) return row.querySelector(`[data-figure="${figure}"]`)
  return null
}
