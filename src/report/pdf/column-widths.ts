export interface ColumnNeed {
  /** The widest part that should not be split. */
  readonly least: number
  /** The widest cell on one line. */
  readonly most: number
}

/**
 * Widths of a table's columns, as browsers share them out: each gets what it must have, the rest goes to those who
 * could use more. Where even the musts do not fit, all shrink alike and long words are cut.
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
  const share = (width - least) / (most - least)
  return needs.map((need) => need.least + (need.most - need.least) * share)
}

export function leastWidth(needs: readonly ColumnNeed[]): number {
  return needs.reduce((total, need) => total + need.least, 0)
}
