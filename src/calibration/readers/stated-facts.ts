import type { Run } from '../runs.ts'

/** What a result file does not say and the user adds: blank cells of every run take it. */
export type StatedFacts = {
  readonly [K in 'engine' | 'engine_version' | 'model' | 'weights' | 'kv_cache' | 'accelerator']?: string
} & {
  readonly [K in 'accelerators' | 'tp' | 'pp' | 'ep' | 'attention_dp']?: number
}

/** A run before its place in the file is known. */
export type BareRun = { -readonly [K in keyof Omit<Run, 'line'>]: Run[K] }

/** A record of a result file: the run it describes, or why it describes none. */
export type ReadRecord = { readonly run: BareRun } | { readonly reason: string }

/** A run without its undefined cells: blank is a missing key. */
export function withoutBlanks(cells: { readonly [K in keyof BareRun]?: BareRun[K] | undefined }): BareRun {
  return Object.fromEntries(Object.entries(cells).filter(([, value]) => value !== undefined)) as BareRun
}
