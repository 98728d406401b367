import { compareText } from '../../foundation/notes.ts'
import type { UncertainInputs } from './monte-carlo.ts'

export interface TornadoBar<Name extends string> {
  readonly input: Name
  readonly lowInput: number
  readonly highInput: number
  /** The figure with this input at its low and high value, all others in the middle. */
  readonly atLow: number | undefined
  readonly atHigh: number | undefined
  /** Absolute distance of the two; undefined where one of them is. */
  readonly swing: number | undefined
}

/** What matters most: each input alone from low to high, the widest first, unknown ones last. */
export function tornado<Name extends string>(input: {
  inputs: UncertainInputs<Name>
  evaluate: (values: { readonly [K in Name]: number }) => number | undefined
}): { atMid: number | undefined; bars: TornadoBar<Name>[] } {
  const names = Object.keys(input.inputs) as Name[]
  const middle = {} as { [K in Name]: number }
  for (const name of names) middle[name] = input.inputs[name].mid
  const bars = names.map((name): TornadoBar<Name> => {
    const { low, high } = input.inputs[name]
    const atLow = input.evaluate({ ...middle, [name]: low })
    const atHigh = input.evaluate({ ...middle, [name]: high })
    const swing = atLow === undefined || atHigh === undefined ? undefined : Math.abs(atHigh - atLow)
    return { input: name, lowInput: low, highInput: high, atLow, atHigh, swing }
  })
  bars.sort((a, b) => (b.swing ?? -1) - (a.swing ?? -1) || compareText(a.input, b.input))
  return { atMid: input.evaluate(middle), bars }
}
