export interface ColumnNeed {
  /** The widest part that should not be split. */
  readonly least: number
  /** The widest cell on one line. */
  readonly most: number
  /** Between the two: what its cells ask for as a rule. */
  readonly usual: number
}

/**
 * Widths of a table's columns, much as browsers share them out: each gets what it must have, the rest goes to those who
 * could use more. One long cell among short ones asks for less than a column of long ones. Where even the musts do not
 * fit, all shrink alike and long words are cut.
 */
export function columnWidths(input: { needs: readonly ColumnNeed[]; width: number }): number[] {
  const { needs, width } = input
  const sum = (pick: (need: ColumnNeed) => number) => needs.reduce((total, need) => total + pick(need), 0)
  const least = sum((need) => need.least)
  const most = sum((need) => need.most)
  if (most <= width) {
    const spare = width - most
    return needs.map((need) => need.most + (most === 0 ? spare / needs.length : (spare * need.most) / most))
  }
  if (least >= width) return needs.map((need) => (need.least * width) / least)
  const wish = (need: ColumnNeed) => Math.max(0, Math.min(need.usual, need.most) - need.least)
  const wishes = sum(wish)
  const rest = width - least
  if (wishes >= rest) return needs.map((need) => need.least + (wish(need) * rest) / wishes)
  const left = sum((need) => need.most - need.least - wish(need))
  return needs.map(
    (need) =>
      need.least +
      wish(need) +
      ((need.most - need.least - wish(need)) * (rest - wishes)) / Math.max(left, 1e-9),
  )
}

export function leastWidth(needs: readonly ColumnNeed[]): number {
  return needs.reduce((total, need) => total + need.least, 0)
}
