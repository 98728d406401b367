/** Reading JSON of other tools: any shape may come, nothing is trusted. */

export type JsonRecord = Readonly<Record<string, unknown>>

export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The value at a path of keys, or undefined. */
export function valueAt(value: unknown, path: readonly string[]): unknown {
  let at = value
  for (const key of path) {
    if (!isRecord(at)) return undefined
    at = at[key]
  }
  return at
}

/** A finite number of at least 0, also where a CSV or JSON writer quoted it. */
export function amount(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) && number >= 0 ? number : undefined
}

export function positive(value: unknown): number | undefined {
  const number = amount(value)
  return number === undefined || number === 0 ? undefined : number
}

export function nonEmpty(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined
}

/** One document, or one per line; Python writes NaN and Infinity bare, which JSON does not know. */
export function jsonRecords(text: string): readonly JsonRecord[] | undefined {
  const tame = (part: string) => part.replaceAll(/([:[,]\s*)(?:NaN|-?Infinity)(?=\s*[,\]}])/g, '$1null')
  const parsed = parse(tame(text))
  if (parsed !== undefined)
    return Array.isArray(parsed) ? parsed.filter(isRecord) : isRecord(parsed) ? [parsed] : []
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  const each = lines.map((line) => parse(tame(line)))
  return each.every(isRecord) && each.length > 0 ? each : undefined
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
