import type { ModelArchitecture } from '../../estimators/architecture.ts'
import type { Note } from '../../foundation/notes.ts'

/** What a weight belongs to, told by its tensor's name. */
export type TensorClass =
  | 'embedding'
  | 'lm-head'
  | 'attention'
  | 'recurrent'
  | 'mlp'
  | 'experts'
  | 'norm'
  | 'encoder'
  | 'draft'
  | 'other'

/** A model as its own file describes it. */
export interface ModelFile {
  readonly name: string
  readonly source: 'config' | 'gguf' | 'safetensors'
  readonly architecture: ModelArchitecture
  /** Id of a weight format (`bf16`, `fp8`, `int4-awq`, `gguf-q4-k-m`); undefined where the file does not say. */
  readonly weightFormat?: string
  /** Counted from the tensors where the file has them, else computed from the architecture. */
  readonly parameters: number
  /** Bytes of all tensors, without header and padding. Undefined where the file holds no tensor sizes. */
  readonly exactWeightBytes?: number
  readonly weightBytesByClass?: { readonly [K in TensorClass]?: number }
  /** Bytes per tensor type as the file names it (`BF16`, `Q4_K`, ...). */
  readonly weightBytesByType?: Readonly<Record<string, number>>
  readonly notes: readonly Note[]
}
