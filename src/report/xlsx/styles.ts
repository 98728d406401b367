import type { CellStyle } from 'hucre'
import { onWhite } from '../pdf/theme.ts'
import type { ReportColours } from '../report-document.ts'

export const numberFormats = {
  whole: '#,##0',
  /** Nothing is a dash. */
  money: '#,##0;-#,##0;"–"',
  one: '#,##0.0',
  two: '#,##0.00',
  price: '#,##0.00####',
  quantity: '#,##0.00;-#,##0.00;"–"',
  /** Shares that are bought or paid each month. */
  share: '0.0%;-0.0%;"–"',
  percent: '0.0%',
  change: '+0.0%;-0.0%;0.0%',
  factor: '0.0000',
  /** Helpers of formulas. */
  hidden: ';;;',
  text: '@',
} as const

export type NumberFormat = keyof typeof numberFormats

export interface Look {
  readonly format?: NumberFormat
  readonly kind?: 'plain' | 'title' | 'lead' | 'header' | 'group' | 'total' | 'input' | 'muted' | 'section'
  readonly align?: 'left' | 'right' | 'center'
  readonly wrap?: boolean
  readonly bold?: boolean
  readonly indent?: number
}

const fontName = 'Calibri'

/** Inputs are blue on yellow, as modellers expect; everything else that changes is a formula in black. */
export function cellStyle(look: Look, colours: ReportColours): CellStyle {
  const kind = look.kind ?? 'plain'
  const primary = hex(colours.primary)
  const rule = { style: 'thin' as const, color: { rgb: 'CBD5DF' } }
  const font = {
    name: fontName,
    size: kind === 'title' ? 20 : kind === 'section' ? 13 : 11,
    bold: look.bold === true || ['title', 'header', 'group', 'total', 'section'].includes(kind),
    color: {
      rgb:
        kind === 'header'
          ? 'FFFFFF'
          : ['title', 'section', 'group'].includes(kind)
            ? primary
            : kind === 'input'
              ? '0000C8'
              : kind === 'muted' || kind === 'lead'
                ? '52606D'
                : '1F2933',
    },
  }
  const fill =
    kind === 'header'
      ? primary
      : kind === 'group'
        ? hex(onWhite(colours.primary, 0.09))
        : kind === 'input'
          ? 'FFF8DC'
          : undefined
  const border =
    kind === 'header' || kind === 'title' || kind === 'lead' || kind === 'section'
      ? undefined
      : kind === 'total'
        ? { top: { style: 'medium' as const, color: { rgb: primary } }, bottom: rule }
        : kind === 'input'
          ? { top: rule, bottom: rule, left: rule, right: rule }
          : { bottom: rule }
  return {
    font,
    ...(fill === undefined ? {} : { fill: { type: 'pattern', pattern: 'solid', fgColor: { rgb: fill } } }),
    ...(border === undefined ? {} : { border }),
    alignment: {
      vertical: kind === 'header' ? 'center' : 'top',
      ...(look.align !== undefined
        ? { horizontal: look.align }
        : look.indent === undefined
          ? {}
          : { horizontal: 'left' as const }),
      ...(look.wrap === true || kind === 'header' ? { wrapText: true } : {}),
      ...(look.indent === undefined ? {} : { indent: look.indent }),
    },
    ...(look.format === undefined ? {} : { numFmt: numberFormats[look.format] }),
    protection: { locked: kind !== 'input' },
  }
}

function hex(colour: string): string {
  return colour.slice(1).toUpperCase()
}
