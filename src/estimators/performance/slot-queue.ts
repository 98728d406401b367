import { normalShare } from './prompt-sizes.ts'

/**
 * Requests that wait for a sequence slot where all stays are equally long. Stays echo: what starts now ends one stay
 * later, so the number in the system goes from stay to stay by a random walk. With Q requests and c slots,
 * Q' = (Q − c)⁺ + arrivals in a stay, as in the M/D/c queue, whose walk is Gaussian when slots are many (Jelenković,
 * Mandelbaum and Momčilović 2004; Janssen and van Leeuwaarden 2007). Here a stay is shorter while slots are free, in
 * proportion to how many are (smaller batches step faster) and to how few prompts come (less prefill between steps).
 * In units of the deviation of arrivals in a stay, √(ρc), with V = Q − c above 0 and (Q − c)·(1 − a₁) below:
 * V' = V⁺ − φ·V⁻ − β + Z, β = (1 − ρ)·c/√(ρc), φ = a₀/(1 − a₁); φ = 0 is M/D/c.
 */
export interface SlotQueue {
  /** Share of requests that find every slot taken. */
  readonly blockedFraction: number
  /** Their mean wait, in times between arrivals. */
  readonly meanWaitArrivals: number
}

export function slotQueue(input: {
  slots: number
  /** Rate ÷ capacity, below 1. */
  utilisation: number
  /** Sequences at which starts and ends balance. */
  mode: number
  /** Share of the time that prefill takes there. */
  prefillFraction: number
  /** Variance ÷ mean of arrivals in a time: 1 for Poisson. */
  dispersion: number
}): SlotQueue {
  const { slots, utilisation: used, prefillFraction } = input
  const deviation = Math.sqrt(used * slots * input.dispersion)
  const beta = ((1 - used) * slots) / deviation
  // The walk rests at the mode: that says how much shorter stays get with all the slots that are free there.
  const free = Math.max(slots - input.mode, (1 - used) * slots)
  const both = Math.max(0, 1 - ((1 - used) * slots) / free)
  const byPrompts = Math.min(prefillFraction, both)
  const byStart = (both - byPrompts) / 2
  const byEnd = both - byStart
  // A request that finds Q in the system waits for the (Q − c + 1)-th ending, half a time between endings less than
  // whole ones: on the continuous scale the boundary lies half a request below c.
  const half = 0.5 / deviation
  const walk = reflectedWalk({ drift: beta, echo: byStart / (1 - byEnd), boundary: -half * (1 - byEnd) })
  return { blockedFraction: walk.share, meanWaitArrivals: (walk.mean + half) * deviation }
}

/**
 * Share of V' = V⁺ − φ·V⁻ − β + Z above a boundary just below 0, and the mean there. The stationary law on a grid, with
 * the tail beyond as an exponential one of rate 2β, which is that of a Gaussian walk.
 */
function reflectedWalk(input: { drift: number; echo: number; boundary: number }): {
  share: number
  mean: number
} {
  const { drift, echo, boundary } = input
  const least = -drift / (1 - echo) - reach / Math.sqrt(1 - echo * echo)
  const below = Math.ceil(-least / cell)
  const cells = below + Math.ceil(reach / cell)
  const top = (cells - below) * cell
  const edge = (index: number): number => (index - below) * cell
  // Column j: where the mass of cell j goes; the last row and column are the tail.
  const matrix = Array.from({ length: cells + 1 }, () => new Float64Array(cells + 2))
  for (let from = 0; from <= cells; from += 1) {
    const middle = edge(from) + cell / 2
    const centre = (middle > 0 ? middle : echo * middle) - drift
    let before = 0
    for (let to = 0; to < cells; to += 1) {
      const x = edge(to + 1)
      const upTo = from < cells ? normalShare(x - centre) : tailShare(x - top, drift)
      matrix[to]![from]! += to === 0 ? upTo : upTo - before
      before = upTo
    }
    matrix[cells]![from]! += 1 - before
    matrix[from]![from]! -= 1
  }
  // One of the equations follows from the others: the sum of all shares takes its place.
  matrix[0]!.fill(1)
  const shares = solved(matrix)
  let share = shares[cells]!
  let mean = share * (top + 0.5 / drift)
  for (let index = 0; index < cells; index += 1) {
    const above = Math.min(1, Math.max(0, (edge(index + 1) - boundary) / cell))
    const part = shares[index]! * above
    share += part
    mean += part * (edge(index + 1) - (above * cell) / 2)
  }
  // So rare a wait is below what the normal distribution's approximation knows.
  return share > rare ? { share, mean: mean / share } : { share: 0, mean: 0 }
}

/** Share below x of an exponential variable of rate 2β plus a normal one of mean −β. */
function tailShare(x: number, drift: number): number {
  return Math.max(0, normalShare(x + drift) - Math.exp(-2 * drift * x) * normalShare(x - drift))
}

/** Solves a linear system in place by elimination with pivots; the right-hand side is the last column. */
function solved(matrix: readonly Float64Array[]): Float64Array {
  const size = matrix.length
  const rows = [...matrix]
  for (let column = 0; column < size; column += 1) {
    let pivot = column
    for (let row = column + 1; row < size; row += 1)
      if (Math.abs(rows[row]![column]!) > Math.abs(rows[pivot]![column]!)) pivot = row
    const swap = rows[column]!
    rows[column] = rows[pivot]!
    rows[pivot] = swap
    const own = rows[column]!
    for (let row = column + 1; row < size; row += 1) {
      const other = rows[row]!
      const factor = other[column]! / own[column]!
      if (factor === 0) continue
      for (let k = column; k <= size; k += 1) other[k]! -= factor * own[k]!
    }
  }
  const result = new Float64Array(size)
  for (let row = size - 1; row >= 0; row -= 1) {
    const own = rows[row]!
    let sum = own[size]!
    for (let k = row + 1; k < size; k += 1) sum -= own[k]! * result[k]!
    result[row] = sum / own[row]!
  }
  return result
}

/** Grid of the walk, in deviations of one step: width of a cell, and how far it goes beyond rest and boundary. */
const cell = 0.2
const reach = 5
const rare = 1e-6

/**
 * Rate at which the wait of the M/D/c queue decays, in waits of the same queue with exponential stays: with x the decay
 * per time between arrivals, ρ·x = ln(1 + x) (every c-th arrival meets the same server: E_c/D/1, Cramér–Lundberg).
 */
export function equalStayTail(utilisation: number): number {
  const rho = utilisation
  // Newton from the heavy-traffic root 2(1 − ρ)/ρ², which lies above.
  let x = (2 * (1 - rho)) / (rho * rho)
  for (let round = 0; round < 50; round += 1) {
    const next = x - (rho * x - Math.log1p(x)) / (rho - 1 / (1 + x))
    if (Math.abs(next - x) < 1e-12 * x) break
    x = next
  }
  return (1 - rho) / (rho * x)
}
