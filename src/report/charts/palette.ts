/**
 * Colours that people with any colour vision tell apart (Okabe and Ito, "Color Universal Design", 2008), each with a
 * pattern, a marker and a dash, so that a black-and-white print still says which is which.
 */
export type FillPattern =
  | 'solid'
  | 'diagonal'
  | 'dots'
  | 'cross'
  | 'horizontal'
  | 'back-diagonal'
  | 'vertical'
  | 'grid'

export interface SeriesStyle {
  readonly colour: string
  readonly pattern: FillPattern
  readonly marker: string
  readonly dash: readonly number[]
}

export const seriesStyles: readonly SeriesStyle[] = [
  { colour: '#0072b2', pattern: 'solid', marker: 'circle', dash: [] },
  { colour: '#e69f00', pattern: 'diagonal', marker: 'triangle', dash: [8, 4] },
  { colour: '#009e73', pattern: 'dots', marker: 'rect', dash: [2, 3] },
  { colour: '#cc79a7', pattern: 'cross', marker: 'rectRot', dash: [10, 3, 2, 3] },
  { colour: '#56b4e9', pattern: 'horizontal', marker: 'star', dash: [4, 4] },
  { colour: '#d55e00', pattern: 'back-diagonal', marker: 'crossRot', dash: [12, 4] },
  { colour: '#f0e442', pattern: 'vertical', marker: 'cross', dash: [1, 3] },
  { colour: '#4d4d4d', pattern: 'grid', marker: 'dash', dash: [6, 2, 1, 2] },
]

export function seriesStyle(index: number): SeriesStyle {
  return seriesStyles[index % seriesStyles.length]!
}

/** Ink of axes, labels and limits. */
export const ink = {
  text: '#1f2933',
  muted: '#52606d',
  grid: '#d9e2ec',
  limit: '#b42318',
  paper: '#ffffff',
} as const
