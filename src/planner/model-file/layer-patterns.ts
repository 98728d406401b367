import type { ConfigReader, Json } from './config-reader.ts'

/** Which layers see a window only, as configurations say it: a list of types, or a period. */

const windowTypes = new Map<Json, boolean>([
  ['full_attention', false],
  ['attention', false],
  ['sliding_attention', true],
  ['chunked_attention', true],
])

export function windowsFromTypes(input: {
  reader: ConfigReader
  layers: number
  windowTokens: number | undefined
  /** Layers without a list: a layer sees a window where this says so. */
  fallback: (index: number) => boolean
}): (number | undefined)[] {
  const { reader, layers, windowTokens } = input
  const types = reader.perLayer({
    key: 'layer_types',
    layers,
    expected: [...windowTypes.keys()].join(', '),
    entry: (value) => windowTypes.get(value),
  })
  const windowed = types ?? Array.from({ length: layers }, (_, index) => input.fallback(index))
  if (windowed.includes(true) && windowTokens === undefined) {
    // A list of types that speaks of a window without its size cannot be sized.
    if (types !== undefined)
      reader.problem('sliding_window', 'is missing though layer_types has layers with a window')
    return windowed.map(() => undefined)
  }
  return windowed.map((isWindow) => (isWindow ? windowTokens : undefined))
}

/** Every layer has the window of `sliding_window`; null means none. */
export function windowEverywhere(fallback: number | undefined) {
  return (reader: ConfigReader, layers: number): (number | undefined)[] => {
    const isOff = reader.isNull('sliding_window')
    const windowTokens = isOff
      ? undefined
      : fallback === undefined
        ? reader.optionalWhole('sliding_window')
        : reader.whole('sliding_window', { fallback })
    return windowsFromTypes({ reader, layers, windowTokens, fallback: () => windowTokens !== undefined })
  }
}

/** Qwen: the window counts only with `use_sliding_window`, and from layer `max_window_layers` on. */
export function windowWhenUsed(reader: ConfigReader, layers: number): (number | undefined)[] {
  const isUsed = reader.flag('use_sliding_window', false)
  const size = reader.optionalWhole('sliding_window')
  const first = reader.optionalWhole('max_window_layers', { least: 0 })
  const windowTokens = isUsed ? size : undefined
  if (isUsed && size !== undefined && first === undefined && !reader.has('layer_types'))
    reader.problem('max_window_layers', 'is missing: it says from which layer on the window counts')
  return windowsFromTypes({
    reader,
    layers,
    windowTokens,
    fallback: (index) => windowTokens !== undefined && index >= (first ?? 0),
  })
}

/** Every nth layer sees everything, the others a window (Gemma, Cohere 2, OLMo 3, EXAONE 4). */
export function windowBetween(input: {
  period: number
  windowTokens?: number
  periodKeys?: readonly string[]
}) {
  return (reader: ConfigReader, layers: number): (number | undefined)[] => {
    const isOff = reader.isNull('sliding_window')
    const windowTokens = isOff
      ? undefined
      : reader.whole(
          'sliding_window',
          input.windowTokens === undefined ? {} : { fallback: input.windowTokens },
        )
    const period = windowPeriod(reader, input.periodKeys ?? [], input.period)
    return windowsFromTypes({
      reader,
      layers,
      windowTokens,
      fallback: (index) => windowTokens !== undefined && period(index),
    })
  }
}

/** Tells of a layer whether it has a window, from a number (every nth is global) or letters (`LLLG`). */
function windowPeriod(
  reader: ConfigReader,
  keys: readonly string[],
  fallback: number,
): (index: number) => boolean {
  const found = keys.length === 0 ? undefined : reader.raw(keys)
  if (typeof found?.value === 'string') {
    const letters = found.value
    if (/^[LG]{1,64}$/.test(letters)) return (index) => letters[index % letters.length] === 'L'
    reader.problem(
      found.key,
      `"${letters.slice(0, 40)}" is not understood`,
      'expected a number, or letters L and G',
    )
    return () => false
  }
  const period = keys.length === 0 ? fallback : reader.whole(keys, { fallback })
  return (index) => (index + 1) % period !== 0
}
