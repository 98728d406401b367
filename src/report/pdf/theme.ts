import type { ReportColours, Tone } from '../report-document.ts'

/** Sizes in points. */
export const page = {
  width: 595.28,
  height: 841.89,
  marginX: 54,
  top: 74,
  bottom: 64,
} as const

export const type = {
  body: 9.5,
  lead: 11,
  small: 8,
  table: 8.5,
  tableLeast: 6,
  caption: 8.5,
  section: 20,
  heading: 12.5,
  /** Line height over type size. */
  leading: 1.42,
  tableLeading: 1.3,
} as const

export type FontName = 'regular' | 'semibold' | 'italic'

export interface Theme {
  readonly primary: string
  readonly accent: string
  /** Primary at a tenth on white: backgrounds behind dark text. */
  readonly tint: string
  readonly faint: string
  readonly ink: string
  readonly muted: string
  readonly rule: string
  readonly paper: string
  readonly tones: Readonly<Record<Tone, { readonly strong: string; readonly tint: string }>>
}

/** All text colours reach a contrast of 4.5 on the paper and on the tints. */
export function themeOf(colours: ReportColours): Theme {
  return {
    primary: colours.primary,
    accent: colours.accent,
    tint: onWhite(colours.primary, 0.09),
    faint: onWhite(colours.primary, 0.035),
    ink: '#1f2933',
    muted: '#52606d',
    rule: '#cbd5df',
    paper: '#ffffff',
    tones: {
      neutral: { strong: colours.primary, tint: onWhite(colours.primary, 0.06) },
      good: { strong: '#0b6b4a', tint: '#e9f5f0' },
      caution: { strong: '#8a5300', tint: '#fdf3e1' },
      bad: { strong: '#a3241a', tint: '#fcebe9' },
    },
  }
}

/** `#rrggbb` thinned with white: share 1 is the colour itself. */
export function onWhite(colour: string, share: number): string {
  const channels = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16))
  return `#${channels
    .map((value) =>
      Math.round(255 - (255 - value) * share)
        .toString(16)
        .padStart(2, '0'),
    )
    .join('')}`
}
