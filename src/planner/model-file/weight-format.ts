import { type ConfigReader, isJsonObject, type Json, type JsonObject } from './config-reader.ts'

/**
 * Id of the weight format that a configuration names (ids of the catalog's weight formats), or undefined with a
 * warning. Formats say how many bits a weight has; the exact bytes are in the tensor files.
 */
export function readWeightFormat(reader: ConfigReader): string | undefined {
  const mlx = reader.raw('quantization')
  const found = reader.raw(['quantization_config', 'compression_config'])
  const chosen = found ?? mlx
  if (chosen === undefined) return plainFormat(reader)
  if (!isJsonObject(chosen.value)) {
    reader.problem(chosen.key, 'must be an object')
    return undefined
  }
  const format = quantisedFormat(chosen.value)
  if (format === undefined)
    reader.note({
      code: 'weight-format-unknown',
      level: 'warning',
      about: reader.place(chosen.key),
      message: `The quantisation ${describe(chosen.value)} is not understood: give the weight format, or a safetensors file for exact bytes`,
    })
  return format
}

const plainFormats = new Map<string, string>([
  ['bfloat16', 'bf16'],
  ['float16', 'fp16'],
  ['float32', 'fp32'],
])

function plainFormat(reader: ConfigReader): string | undefined {
  const name = reader.text(['dtype', 'torch_dtype'])?.replace(/^torch\./, '')
  if (name === undefined) return undefined
  const format = plainFormats.get(name)
  if (format === undefined)
    reader.note({
      code: 'weight-format-unknown',
      level: 'warning',
      about: reader.place('torch_dtype'),
      message: `The weight type "${name.slice(0, 40)}" is not understood`,
    })
  return format
}

function describe(config: JsonObject): string {
  const method = config.quant_method ?? config.quant_algo ?? 'without quant_method'
  return typeof method === 'string' ? `"${method.slice(0, 40)}"` : 'without quant_method'
}

function quantisedFormat(config: JsonObject): string | undefined {
  const method = typeof config.quant_method === 'string' ? config.quant_method.toLowerCase() : undefined
  const bits = config.bits ?? config.w_bit
  switch (method) {
    case 'fp8':
    case 'fbgemm_fp8':
      return 'fp8'
    case 'awq':
      return bits === undefined || bits === 4 ? 'int4-awq' : undefined
    case 'gptq':
      return bits === 4 ? 'int4-gptq' : bits === 8 ? 'int8-weight-only' : undefined
    case 'mxfp4':
      return 'mxfp4'
    case 'bitsandbytes':
      if (config.load_in_8bit === true) return 'int8-weight-only'
      return config.load_in_4bit === true && config.bnb_4bit_quant_type !== 'fp4' ? 'int4-nf4' : undefined
    case 'compressed-tensors':
      return compressedFormat(config)
    case 'modelopt':
      return algorithmFormat(
        isJsonObject(config.quantization) ? config.quantization.quant_algo : config.quant_algo,
      )
    case undefined:
      if (config.quant_algo !== undefined) return algorithmFormat(config.quant_algo)
      return mlxFormat(config)
    default:
      return undefined
  }
}

function algorithmFormat(algorithm: Json | undefined): string | undefined {
  switch (algorithm) {
    case 'FP8':
      return 'fp8'
    case 'NVFP4':
      return 'nvfp4'
    case 'W4A16_AWQ':
      return 'int4-awq'
    case 'W8A8_SQ_PER_CHANNEL':
      return 'int8'
    default:
      return undefined
  }
}

/** MLX writes only a group size and bits. */
function mlxFormat(config: JsonObject): string | undefined {
  const { bits, group_size: group } = config
  const isPlain = Object.values(config).every((value) => !isJsonObject(value))
  if (!isPlain || (group !== 64 && group !== undefined) || typeof bits !== 'number') return undefined
  return [3, 4, 5, 6, 8].includes(bits) ? `mlx-${bits}bit` : undefined
}

/** All groups of a compressed-tensors configuration must agree. */
function compressedFormat(config: JsonObject): string | undefined {
  if (!isJsonObject(config.config_groups)) return undefined
  const formats = new Set<string | undefined>()
  for (const group of Object.values(config.config_groups)) {
    if (!isJsonObject(group) || !isJsonObject(group.weights)) return undefined
    formats.add(
      groupFormat({
        weights: group.weights,
        hasActivations: isJsonObject(group.input_activations),
        config,
        group,
      }),
    )
  }
  const [format] = formats
  return formats.size === 1 ? format : undefined
}

function groupFormat(input: {
  weights: JsonObject
  hasActivations: boolean
  config: JsonObject
  group: JsonObject
}): string | undefined {
  const { num_bits: bits, type, group_size: group } = input.weights
  if (type === 'float' && bits === 8) return group === 32 ? 'mxfp8' : 'fp8'
  if (type === 'float' && bits === 4) {
    const format = input.group.format ?? input.config.format
    if (group === 16 || format === 'nvfp4-pack-quantized') return 'nvfp4'
    return group === 32 || format === 'mxfp4-pack-quantized' ? 'mxfp4-linear' : undefined
  }
  if (type === 'int' && bits === 8) return input.hasActivations ? 'int8' : 'int8-weight-only'
  if (type === 'int' && bits === 4 && !input.hasActivations)
    return onlyExperts(input.config) ? 'int4-experts' : 'int4-gptq'
  return undefined
}

/** Attention is left out where only experts are quantised (Kimi K2 Thinking, K2.5). */
function onlyExperts(config: JsonObject): boolean {
  const ignored = config.ignore
  return (
    Array.isArray(ignored) &&
    ignored.some((name: unknown) => typeof name === 'string' && name.includes('self_attn'))
  )
}
