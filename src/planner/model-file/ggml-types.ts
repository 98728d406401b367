/**
 * Tensor types of GGUF: weights per block and bytes per block, by definition of the format (ggml's block structures).
 * Q4_K, for example: 256 weights in 2 + 2 bytes of super-scales, 12 bytes of scales and 128 bytes of nibbles.
 */
export interface GgmlType {
  readonly name: string
  readonly blockElements: number
  readonly blockBytes: number
}

const rows: readonly (readonly [id: number, name: string, blockElements: number, blockBytes: number])[] = [
  [0, 'F32', 1, 4],
  [1, 'F16', 1, 2],
  [2, 'Q4_0', 32, 2 + 16],
  [3, 'Q4_1', 32, 4 + 16],
  [6, 'Q5_0', 32, 2 + 4 + 16],
  [7, 'Q5_1', 32, 4 + 4 + 16],
  [8, 'Q8_0', 32, 2 + 32],
  [9, 'Q8_1', 32, 4 + 32],
  [10, 'Q2_K', 256, 16 + 64 + 4],
  [11, 'Q3_K', 256, 32 + 64 + 12 + 2],
  [12, 'Q4_K', 256, 4 + 12 + 128],
  [13, 'Q5_K', 256, 4 + 12 + 32 + 128],
  [14, 'Q6_K', 256, 128 + 64 + 16 + 2],
  [15, 'Q8_K', 256, 4 + 256 + 32],
  [16, 'IQ2_XXS', 256, 2 + 64],
  [17, 'IQ2_XS', 256, 2 + 64 + 8],
  [18, 'IQ3_XXS', 256, 2 + 96],
  [19, 'IQ1_S', 256, 2 + 32 + 16],
  [20, 'IQ4_NL', 32, 2 + 16],
  [21, 'IQ3_S', 256, 2 + 64 + 8 + 32 + 4],
  [22, 'IQ2_S', 256, 2 + 64 + 8 + 8],
  [23, 'IQ4_XS', 256, 2 + 2 + 4 + 128],
  [24, 'I8', 1, 1],
  [25, 'I16', 1, 2],
  [26, 'I32', 1, 4],
  [27, 'I64', 1, 8],
  [28, 'F64', 1, 8],
  [29, 'IQ1_M', 256, 32 + 16 + 8],
  [30, 'BF16', 1, 2],
  [34, 'TQ1_0', 256, 48 + 4 + 2],
  [35, 'TQ2_0', 256, 64 + 2],
  [39, 'MXFP4', 32, 1 + 16],
  [40, 'NVFP4', 64, 4 + 32],
]

const types = new Map<number, GgmlType>(
  rows.map(([id, name, blockElements, blockBytes]) => [id, { name, blockElements, blockBytes }]),
)

export function ggmlType(id: number): GgmlType | undefined {
  return types.get(id)
}

/** What `general.file_type` means: the recipe by which tensors were given their types (llama.cpp's `llama_ftype`). */
const recipes: readonly (readonly [id: number, format: string])[] = [
  [0, 'fp32'],
  [1, 'fp16'],
  [2, 'gguf-q4_0'],
  [3, 'gguf-q4_1'],
  [7, 'gguf-q8_0'],
  [8, 'gguf-q5_0'],
  [9, 'gguf-q5_1'],
  [10, 'gguf-q2_k'],
  [11, 'gguf-q3_k_s'],
  [12, 'gguf-q3_k_m'],
  [13, 'gguf-q3_k_l'],
  [14, 'gguf-q4_k_s'],
  [15, 'gguf-q4_k_m'],
  [16, 'gguf-q5_k_s'],
  [17, 'gguf-q5_k_m'],
  [18, 'gguf-q6_k'],
  [19, 'gguf-iq2_xxs'],
  [20, 'gguf-iq2_xs'],
  [21, 'gguf-q2_k_s'],
  [22, 'gguf-iq3_xs'],
  [23, 'gguf-iq3_xxs'],
  [24, 'gguf-iq1_s'],
  [25, 'gguf-iq4_nl'],
  [26, 'gguf-iq3_s'],
  [27, 'gguf-iq3_m'],
  [28, 'gguf-iq2_s'],
  [29, 'gguf-iq2_m'],
  [30, 'gguf-iq4_xs'],
  [31, 'gguf-iq1_m'],
  [32, 'bf16'],
  [36, 'gguf-tq1_0'],
  [37, 'gguf-tq2_0'],
  [38, 'gguf-mxfp4'],
]

const formats = new Map<number, string>(recipes)

/** Id of the weight format for `general.file_type`. */
export function ggufWeightFormat(fileType: number): string | undefined {
  return formats.get(fileType)
}
