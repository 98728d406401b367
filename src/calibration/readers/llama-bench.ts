import { amount, type JsonRecord, nonEmpty, positive } from './json-values.ts'
import { type ReadRecord, withoutBlanks } from './stated-facts.ts'

/** A test of llama-bench: a row of its JSON, JSON lines or CSV, whose columns have the same names. */
export function isLlamaBenchRecord(record: JsonRecord): boolean {
  return 'n_prompt' in record && 'n_gen' in record && 'avg_ts' in record
}

export function llamaBenchRun(record: JsonRecord): ReadRecord {
  const file = nonEmpty(record['model_filename'])
  const build = amount(record['build_number'])
  return testRun({
    promptTokens: amount(record['n_prompt']) ?? 0,
    outputTokens: amount(record['n_gen']) ?? 0,
    depthTokens: amount(record['n_depth']) ?? 0,
    tokensPerSecond: positive(record['avg_ts']),
    model: file === undefined ? undefined : modelOfFile(file),
    weights:
      (file === undefined ? undefined : formatOfFile(file)) ?? formatOfType(nonEmpty(record['model_type'])),
    cache: nonEmpty(record['type_k']),
    ...(build === undefined || build === 0 ? {} : { version: `b${build}` }),
  })
}

/** The rows of its Markdown table, which is what people paste. */
export function llamaBenchMarkdown(text: string): ReadRecord[] | undefined {
  const rows = text
    .split('\n')
    .filter((line) => line.trimStart().startsWith('|'))
    .map((line) =>
      line
        .trim()
        .replace(/^\||\|$/g, '')
        .split('|')
        .map((cell) => cell.trim()),
    )
  const head = rows.findIndex((row) => row.includes('test') && row.includes('t/s'))
  if (head === -1) return undefined
  const column = (name: string) => rows[head]!.indexOf(name)
  const build = /build: \S+ \((\d+)\)/.exec(text)?.[1]
  return rows
    .slice(head + 1)
    .filter((row) => !row.every((cell) => /^:?-+:?$/.test(cell)) && row[column('test')] !== 'test')
    .map((row): ReadRecord => {
      const test = row[column('test')] ?? ''
      const parts = /^(?:pp(\d+))?\+?(?:tg(\d+))?(?: @ d(\d+))?$/.exec(test)
      if (parts === null || test === '') return { reason: `unknown test "${test}"` }
      return testRun({
        promptTokens: Number(parts[1] ?? 0),
        outputTokens: Number(parts[2] ?? 0),
        depthTokens: Number(parts[3] ?? 0),
        // "1234.56 ± 7.89"
        tokensPerSecond: positive(/^[\d.]+/.exec(row[column('t/s')] ?? '')?.[0]),
        model: undefined,
        weights: formatOfType(row[column('model')]),
        cache: column('type_k') === -1 ? undefined : row[column('type_k')],
        ...(build === undefined ? {} : { version: `b${build}` }),
      })
    })
}

function testRun(test: {
  promptTokens: number
  outputTokens: number
  depthTokens: number
  tokensPerSecond: number | undefined
  model: string | undefined
  weights: string | undefined
  cache: string | undefined
  version?: string
}): ReadRecord {
  const { promptTokens: prompt, outputTokens: output, depthTokens: depth, tokensPerSecond } = test
  if (tokensPerSecond === undefined) return { reason: 'no speed' }
  if (prompt > 0 && output > 0) return { reason: 'a rate of prompt and output together tells neither' }
  if (prompt === 0 && output === 0) return { reason: 'neither prompt nor output tokens' }
  const prefill = prompt > 0
  const name = prefill ? `pp${prompt}` : `tg${output}`
  return {
    run: withoutBlanks({
      engine: 'llama.cpp',
      engine_version: test.version,
      mode: 'single-stream',
      model: test.model,
      weights: test.weights,
      kv_cache: cacheFormat(test.cache),
      input_tokens: prefill ? prompt : depth,
      output_tokens: prefill ? undefined : output,
      concurrency: 1,
      prefill_tokens_per_second: prefill ? tokensPerSecond : undefined,
      decode_tokens_per_second: prefill ? undefined : tokensPerSecond,
      // The runs' own way to state a depth.
      note: depth > 0 ? `${name} @ d${depth}` : name,
    }),
  }
}

/** 16 bits are the default. */
function cacheFormat(type: string | undefined): string | undefined {
  return type === undefined || /^b?f16$/.test(type) ? undefined : type
}

const formatInFile =
  /(?:^|[-_.])((?:ud-)?(?:iq\d_[a-z]+|q\d_k(?:_[a-z]+)?|q\d_\d|tq\d_0|mxfp4|bf16|f16|f32))(?=[-_.]|$)/i

function formatOfFile(path: string): string | undefined {
  const found = formatInFile.exec(stem(path))?.[1]?.toLowerCase()
  return found === undefined ? undefined : found.replace(/^ud-/, '')
}

function modelOfFile(path: string): string {
  const name = stem(path)
  const found = formatInFile.exec(name)
  return found === null ? name : name.slice(0, found.index)
}

/** File name without folders, ending and the part's number. */
function stem(path: string): string {
  return (path.split(/[\\/]/).at(-1) ?? path).replace(/\.gguf$/i, '').replace(/-\d{5}-of-\d{5}$/, '')
}

const sizes: Readonly<Record<string, string>> = { large: '_l', medium: '_m', small: '_s' }

/** "llama 8B Q4_K - Medium" → q4_k_m. */
function formatOfType(type: string | undefined): string | undefined {
  const found = /\b(IQ\d_[A-Z]+|Q\d_K|Q\d_\d|TQ\d_0|MXFP4|BF16|F16|F32)\b(?: - (Large|Medium|Small))?/i.exec(
    type ?? '',
  )
  if (found === null) return undefined
  return `${found[1]!.toLowerCase()}${sizes[found[2]?.toLowerCase() ?? ''] ?? ''}`
}
