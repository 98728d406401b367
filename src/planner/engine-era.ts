/**
 * Engines of 2023 and 2024 run on other kernels and schedulers than those of today; the fit tells the two apart. The
 * version says which it is, else the date, else what the run used: nothing runs before its model and its accelerator
 * exist.
 */

/** First release of 2025, or the first build, by engine (their release pages). */
const firstNewRelease: Readonly<Record<string, readonly [major: number, minor: number]>> = {
  vllm: [0, 7],
  'tensorrt-llm': [0, 17],
  sglang: [0, 4],
}
const firstNewYear = 2025
/** llama.cpp's build numbers at the turn of the year. */
const firstNewBuild = 4400

export interface EraEvidence {
  readonly engine: string
  readonly engineVersion?: string
  /** ISO date or a text with a year. */
  readonly date?: string
  /** Only engines of 2025 have attention data parallelism: a run that states its degree used one. */
  readonly statesAttentionDataParallelism?: boolean
  readonly modelReleased?: string
  readonly acceleratorLaunched?: string
}

export function engineEra(evidence: EraEvidence): 'old' | 'new' {
  const version = evidence.engineVersion ?? ''
  return (
    byYear(version) ??
    byVersion(evidence.engine, version) ??
    byYear(evidence.date ?? '') ??
    (evidence.statesAttentionDataParallelism === true ? 'new' : undefined) ??
    byAge([evidence.modelReleased, evidence.acceleratorLaunched])
  )
}

function byYear(text: string): 'old' | 'new' | undefined {
  const year = /(?:^|\D)(20[2-9]\d)(?!\d)/.exec(text)?.[1]
  if (year === undefined) return undefined
  return Number(year) < firstNewYear ? 'old' : 'new'
}

function byVersion(engine: string, version: string): 'old' | 'new' | undefined {
  const build = /\bb(?:uild )?(\d{3,6})\b/.exec(version)?.[1]
  if (engine === 'llama.cpp' && build !== undefined) return Number(build) < firstNewBuild ? 'old' : 'new'
  const first = firstNewRelease[engine]
  // NVIDIA's MLPerf submissions name TensorRT and CUDA instead of the engine.
  if (/^TensorRT \d/.test(version)) return Number(/\d+/.exec(version)?.[0]) > 10 ? 'new' : 'old'
  const match = /(\d+)\.(\d+)/.exec(version)
  if (first === undefined || match === null) return undefined
  const [major, minor] = [Number(match[1]), Number(match[2])]
  return major > first[0] || (major === first[0] && minor >= first[1]) ? 'new' : 'old'
}

function byAge(dates: readonly (string | undefined)[]): 'old' | 'new' {
  const years = dates.map((date) => Number(/^(\d{4})/.exec(date ?? '')?.[1] ?? Number.NaN))
  const known = years.filter(Number.isFinite)
  return known.length > 0 && Math.max(...known) < firstNewYear ? 'old' : 'new'
}
