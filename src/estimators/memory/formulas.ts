import { defineFormula, type Formula } from '../../foundation/formula.ts'
import { bitsPerByte, tera } from '../../foundation/units.ts'

/** Closed forms of the memory estimators. The estimators call `compute`; reports print the rest. */

const count = (meaning: string, most = 1e6) => ({ meaning, unit: '', range: [1, most] as const })
const bits = (meaning: string) => ({ meaning, unit: 'bit', range: [1, 32] as const })
const bytes = (meaning: string) => ({ meaning, unit: 'byte', range: [1, tera] as const })
const fraction = (meaning: string) => ({ meaning, unit: '', range: [0.01, 1] as const })

export const effectiveBitsPerWeight = defineFormula({
  id: 'effective-bits-per-weight',
  title: 'Bits per weight with the scales of its group',
  equation: 'b + (s + z) / g',
  inputs: {
    b: bits('bits of the weight itself'),
    s: bits('bits of the scale of a group'),
    z: bits('bits of the zero point of a group'),
    g: count('weights per group', 1024),
  },
  result: { meaning: 'bits per weight on average', unit: 'bit' },
  sourceId: 'rightsize-derived',
  holds: 'One scale per group and no second level of scales.',
  compute: ({ b, s, z, g }) => b + (s + z) / g,
})

export const weightBytesOfTensors = defineFormula({
  id: 'weight-bytes',
  title: 'Weights of one kind of tensor on one device',
  equation: 'P * b / N',
  inputs: {
    P: count('parameters of that kind', tera),
    b: bits('bits per weight, scales included'),
    N: count('devices that share them', 256),
  },
  result: { meaning: 'weight memory', unit: 'byte' },
  sourceId: 'rightsize-derived',
  holds: 'Tensors that split evenly; what every device holds whole has N = 1.',
  compute: ({ P, b, N }) => (P * b) / N / bitsPerByte,
})

export const ropeTable = defineFormula({
  id: 'rope-table-bytes',
  title: 'Rotary table that every device keeps',
  equation: 'c * d * b',
  inputs: { c: count('positions'), d: count('rotary dimension', 1024), b: bytes('bytes per element') },
  result: { meaning: 'table', unit: 'byte' },
  sourceId: 'measured-runs-memory',
  holds: 'vLLM: sine and cosine for every position up to the model’s longest context, in the model’s type.',
  compute: ({ c, d, b }) => c * d * b,
})

export const kvBytesPerTokenHeads = defineFormula({
  id: 'kv-bytes-per-token-heads',
  title: 'KV cache of one token in one layer (multi-head, grouped-query, multi-query)',
  equation: 'h * (dk + dv) * b',
  inputs: {
    h: count('KV heads on the device: whole heads, at least one', 256),
    dk: count('size of a key head', 1024),
    dv: count('size of a value head; 0 where keys serve as values', 1024),
    b: bits('bits per cached element, scales included'),
  },
  result: { meaning: 'cache per token and layer', unit: 'byte' },
  sourceId: 'gqa-paper',
  holds: 'Softmax attention; a window layer stops at its window.',
  compute: ({ h, dk, dv, b }) => (h * (dk + dv) * b) / bitsPerByte,
})

export const kvBytesPerTokenLatent = defineFormula({
  id: 'kv-bytes-per-token-latent',
  title: 'KV cache of one token in one layer (multi-head latent attention)',
  equation: '(r + p) * b + x * bx',
  inputs: {
    r: count('rank of the compressed keys and values', 4096),
    p: count('size of the rotary key', 1024),
    x: count('indexer’s key; 0 without sparse attention', 1024),
    b: bits('bits per cached element, scales included'),
    bx: bits('bits per element of the indexer’s key'),
  },
  result: { meaning: 'cache per token and layer, the same on every tensor-parallel device', unit: 'byte' },
  sourceId: 'deepseek-v2-paper',
  holds: 'DeepSeek V2, V3, R1, Kimi K2 and their kin; engines that expand the latents hold more.',
  compute: ({ r, p, x, b, bx }) => ((r + p) * b + x * bx) / bitsPerByte,
})

export const recurrentStateBytes = defineFormula({
  id: 'recurrent-state-bytes',
  title: 'State of one sequence in one recurrent layer',
  equation: '(S * bs + C * bc) / N',
  inputs: {
    S: count('elements of the recurrent state', 1e8),
    bs: bits('bits per state element'),
    C: count('elements of the convolution’s tail', 1e6),
    bc: bits('bits per convolution element'),
    N: count('tensor-parallel devices', 64),
  },
  result: { meaning: 'state per sequence and layer', unit: 'byte' },
  sourceId: 'mamba-paper',
  holds: 'Mamba, gated delta net, short convolution: the size does not depend on the context.',
  compute: ({ S, bs, C, bc, N }) => (S * bs + C * bc) / N / bitsPerByte,
})

export const equalPagesPerToken = defineFormula({
  id: 'kv-bytes-per-token-equal-pages',
  title: 'Bytes per token that vLLM divides its pool by',
  equation: 'G * L * B',
  inputs: {
    G: count('groups of layers', 64),
    L: count('layers per group', 128),
    B: bytes('cache of one token in the widest layer'),
  },
  result: { meaning: 'logged bytes per token', unit: 'byte' },
  sourceId: 'vllm-hybrid-kv-cache',
  holds: 'vLLM 0.10 to 0.20, hybrid KV cache manager on. One group where all layers are alike.',
  compute: ({ G, L, B }) => G * L * B,
})

export const paddedWindowCells = defineFormula({
  id: 'llama-cpp-window-cells',
  title: 'Cells of a window layer in llama.cpp',
  equation: 'ceil((w + u) / m) * m',
  inputs: {
    w: count('window, tokens', 1e5),
    u: count('micro-batch, tokens', 4096),
    m: count('multiple of cells', 512),
  },
  result: { meaning: 'cells per sequence, at most the context', unit: '' },
  sourceId: 'llama-cpp-kv-cache',
  holds: 'llama.cpp with one cache per sequence and without --swa-full.',
  compute: ({ w, u, m }) => Math.ceil((w + u) / m) * m,
})

export const samplerReserve = defineFormula({
  id: 'vllm-sampler-reserve',
  title: 'Sampler’s working memory under vLLM',
  equation: 'a * S * V',
  inputs: {
    a: bytes('bytes per sequence and vocabulary entry, fitted'),
    S: count('most sequences at once (max_num_seqs)', 4096),
    V: count('vocabulary'),
  },
  result: { meaning: 'reserve on every device', unit: 'byte' },
  sourceId: 'measured-runs-memory',
  holds: 'vLLM V1, when it exceeds the forward pass. Follows the vocabulary, not the model’s size.',
  compute: ({ a, S, V }) => a * S * V,
})

export const forwardReserve = defineFormula({
  id: 'forward-activation-bytes',
  title: 'Working memory of the forward pass',
  equation: 'k * T * b * (h + 3 * f)',
  inputs: {
    k: { meaning: 'fitted factor', unit: '', range: [0.1, 10] },
    T: count('tokens of the largest batch (max_num_batched_tokens)', 1e5),
    b: bytes('bytes per element'),
    h: count('hidden size', 1e5),
    f: count('feed-forward width of one token on the device', 1e6),
  },
  result: { meaning: 'activations', unit: 'byte' },
  sourceId: 'measured-runs-memory',
  holds: 'Compiled engines that free a layer’s tensors before the next one.',
  compute: ({ k, T, b, h, f }) => k * T * b * (h + 3 * f),
})

export const llamaCppComputeBuffer = defineFormula({
  id: 'llama-cpp-compute-buffer',
  title: 'Compute buffer of llama.cpp',
  equation: 'u * b * (V + h)',
  inputs: {
    u: count('micro-batch, tokens', 4096),
    b: bytes('bytes per logit'),
    V: count('vocabulary'),
    h: count('hidden size', 1e5),
  },
  result: { meaning: 'compute buffer', unit: 'byte' },
  sourceId: 'llama-cpp-kv-cache',
  holds: 'Flash attention on; logits of a whole micro-batch in single precision.',
  compute: ({ u, b, V, h }) => u * b * (V + h),
})

export const adapterBytes = defineFormula({
  id: 'lora-adapter-bytes',
  title: 'Low-rank adapter of one matrix',
  equation: 'n * r * (i + o) * b',
  inputs: {
    n: count('adapters on the device', 256),
    r: count('rank', 512),
    i: count('inputs of the matrix (its share where the input is cut)'),
    o: count('outputs of the matrix (its share where the output is cut)'),
    b: bits('bits per adapter weight'),
  },
  result: { meaning: 'adapter memory', unit: 'byte' },
  sourceId: 'lora-paper',
  holds: 'Both factors kept apart from the base weights. The uncut factor is whole on every device.',
  compute: ({ n, r, i, o, b }) => (n * r * (i + o) * b) / bitsPerByte,
})

export const kvPoolOfTotal = defineFormula({
  id: 'kv-pool-of-total',
  title: 'KV pool where the fraction is of the whole device',
  equation: 'U * f - W - A - R',
  inputs: {
    U: bytes('usable memory of the device'),
    f: fraction('fraction the engine may use (gpu_memory_utilization)'),
    W: bytes('weights'),
    A: bytes('adapters'),
    R: bytes('working memory: activations, runtime, communication'),
  },
  result: { meaning: 'KV pool; negative where the weights do not fit', unit: 'byte' },
  sourceId: 'measured-runs-memory',
  holds: 'vLLM. Captured graphs lie outside the fraction.',
  compute: ({ U, f, W, A, R }) => U * f - W - A - R,
})

export const kvPoolOfFreeBeforeWeights = defineFormula({
  id: 'kv-pool-of-free-before-weights',
  title: 'KV pool where the fraction is of what is free at start',
  equation: '(U - X) * f - W - A',
  inputs: {
    U: bytes('usable memory of the device'),
    X: bytes('runtime and communication'),
    f: fraction('static fraction (mem_fraction_static)'),
    W: bytes('weights'),
    A: bytes('adapters'),
  },
  result: { meaning: 'KV pool; negative where the weights do not fit', unit: 'byte' },
  sourceId: 'sglang-memory-pool',
  holds: 'SGLang: activations and graphs live in the rest.',
  compute: ({ U, X, f, W, A }) => (U - X) * f - W - A,
})

export const kvPoolOfFreeAfterWeights = defineFormula({
  id: 'kv-pool-of-free-after-weights',
  title: 'KV pool where the fraction is of what is left',
  equation: '(U - W - A - R) * f',
  inputs: {
    U: bytes('usable memory of the device'),
    W: bytes('weights'),
    A: bytes('adapters'),
    R: bytes('working memory: activations, runtime, communication, graphs'),
    f: fraction('fraction of the free memory'),
  },
  result: { meaning: 'KV pool; negative where the weights do not fit', unit: 'byte' },
  sourceId: 'aiconfigurator',
  holds: 'TensorRT-LLM (free_gpu_memory_fraction); llama.cpp with f = 1.',
  compute: ({ U, W, A, R, f }) => (U - W - A - R) * f,
})

export const memoryFormulas: readonly Formula[] = [
  effectiveBitsPerWeight,
  weightBytesOfTensors,
  ropeTable,
  kvBytesPerTokenHeads,
  kvBytesPerTokenLatent,
  recurrentStateBytes,
  equalPagesPerToken,
  paddedWindowCells,
  samplerReserve,
  forwardReserve,
  llamaCppComputeBuffer,
  adapterBytes,
  kvPoolOfTotal,
  kvPoolOfFreeBeforeWeights,
  kvPoolOfFreeAfterWeights,
] as readonly Formula[]
