/**
 * What llama.cpp does with each architecture and the file does not say: which layers see a window only, whether the
 * model generates, and how its recurrent state is laid out. An architecture that is not listed is not understood.
 */
export interface GgufFamily {
  /** Every nth layer sees everything and the others a window; an array in the file wins. */
  readonly windowPeriod?: number
  /** The window when the file has none: Llama 4's chunk is fixed in llama.cpp. */
  readonly windowTokens?: number
  /** The first of each period sees everything, instead of the last. */
  readonly globalFirst?: boolean
  readonly isEncoder?: boolean
  /** Mamba 1: the convolution runs over the inner size only. */
  readonly isMamba1?: boolean
}

const plain: GgufFamily = {}

const plainNames = `apertus arcee bailingmoe bailingmoe2 bloom command-r deepseek deepseek2 dots1 ernie4_5 ernie4_5-moe exaone
falcon gemma glm4 glm4moe gpt2 gptneox granite granitehybrid granitemoe hunyuan-dense hunyuan-moe internlm2 lfm2 lfm2moe
llama mamba2 minicpm minicpm3 minimax-m2 mistral3 nemotron nemotron_h nemotron_h_moe olmo olmoe phi2 phi3 phimoe qwen2
qwen2moe qwen2vl qwen3 qwen35 qwen35moe qwen3moe qwen3next qwen3vl qwen3vlmoe seed_oss smollm3 stablelm starcoder2`

export const ggufFamilies: Readonly<Record<string, GgufFamily>> = {
  ...Object.fromEntries(plainNames.split(/\s+/).map((name) => [name, plain])),
  cohere2: { windowPeriod: 4 },
  exaone4: { windowPeriod: 4 },
  gemma2: { windowPeriod: 2 },
  gemma3: { windowPeriod: 6 },
  gemma3n: { windowPeriod: 5 },
  gemma4: { windowPeriod: 6 },
  'gemma-embedding': { windowPeriod: 6, isEncoder: true },
  'gpt-oss': { windowPeriod: 2 },
  jamba: { isMamba1: true },
  llama4: { windowPeriod: 4, windowTokens: 8_192 },
  mamba: { isMamba1: true },
  olmo2: { windowPeriod: 4 },
  bert: { isEncoder: true },
  'nomic-bert': { isEncoder: true },
  'jina-bert-v2': { isEncoder: true },
  'modern-bert': { isEncoder: true, windowPeriod: 3, globalFirst: true },
}
