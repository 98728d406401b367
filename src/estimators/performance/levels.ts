/**
 * What the fitted factors may depend on. Never a model's or a source's name: a model that nobody measured must find
 * its factors by what it is.
 */
export interface PerformanceFacts {
  readonly engine: string
  /** Kernels behind the engine: cuda, cuda-ggml, rocm, rocm-ggml, metal, mlx, cpu, tpu, … */
  readonly backend: string
  /** `old`: releases of 2023 and 2024. */
  readonly era: 'old' | 'new'
  /** Hardware generation: hopper, ampere, ampere-gddr, cdna, apple, … */
  readonly family: string
  /** Kind of memory, which separates data-centre parts, cards and systems on a chip: hbm, gddr, lpddr, ddr. */
  readonly memoryClass: string
  /** Weight format, similar ones together: bf16, fp8, int4, gguf-4, … */
  readonly precision: string
  readonly accelerator: string
  /** serving, saturated, burst, open-loop, static-batch, single-stream, mlperf-… */
  readonly mode: string
  /** full, window, latent, recurrent. */
  readonly attention: string
  /** `dense`, or the experts' format. */
  readonly experts: string
  /** Only for factors that a user calibrated with runs of this very model; our fit never looks at it. */
  readonly model?: string
}

/** Standard deviation of ln(factor) that the fit assumes before it sees a run, by kind of level. */
export const levelKinds = [
  'engine',
  'backend',
  'era',
  'family',
  'precision',
  'accelerator',
  'backend-family',
  'backend-precision',
  'family-precision',
  'era-family',
  'mode',
  'attention',
  'experts',
  'memory-class',
  'engine-mode',
  'engine-attention',
  'engine-experts',
] as const
export type LevelKind = (typeof levelKinds)[number]

/** The level of each kind, in the order of `levelKinds`. */
export function levelsOf(facts: PerformanceFacts): readonly string[] {
  const era = `${facts.engine}:${facts.era}`
  return [
    facts.engine,
    facts.backend,
    era,
    facts.family,
    facts.precision,
    facts.accelerator,
    `${facts.backend}:${facts.family}`,
    `${facts.backend}:${facts.precision}`,
    `${facts.family}:${facts.precision}`,
    `${era}:${facts.family}`,
    facts.mode,
    facts.attention,
    facts.experts,
    facts.memoryClass,
    `${facts.engine}:${facts.mode}`,
    `${facts.engine}:${facts.attention}`,
    `${facts.engine}:${facts.experts}`,
  ]
}

/**
 * Kinds of level that only a user's own runs fill (`rightsize calibrate`): a model on an accelerator under an engine,
 * and the same in one weight format.
 */
export const userLevelKinds = ['deployment', 'deployment-precision'] as const
export type UserLevelKind = (typeof userLevelKinds)[number]

/** The level of each kind, in the order of `userLevelKinds`; none where the model is not named. */
export function userLevelsOf(facts: PerformanceFacts): readonly string[] {
  if (facts.model === undefined) return []
  const deployment = `${facts.model}:${facts.accelerator}:${facts.engine}`
  return [deployment, `${deployment}:${facts.precision}`]
}
