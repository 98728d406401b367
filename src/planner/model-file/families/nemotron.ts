import { type ConfigReader, mostContextTokens } from '../config-reader.ts'
import type { Layer } from '../decoder.ts'
import { draftParameters, type FamilyBuilder, groupLayers, headAttention, readHeads } from '../decoder.ts'
import { mamba2Mixer } from '../mixers.ts'

/** Nemotron-H: every layer is one part only: Mamba-2, attention, an MLP, or experts. */

type Kind = 'recurrent' | 'attention' | 'mlp' | 'experts'

const letters = new Map<string, Kind>([
  ['M', 'recurrent'],
  ['*', 'attention'],
  ['-', 'mlp'],
  ['E', 'experts'],
])
const names = new Map<string, Kind>([
  ['linear_attention', 'recurrent'],
  ['mamba', 'recurrent'],
  ['full_attention', 'attention'],
  ['attention', 'attention'],
  ['mlp', 'mlp'],
  ['moe', 'experts'],
])

const mostLayers = 2_000

function readKinds(reader: ConfigReader): Kind[] {
  const pattern = reader.text('hybrid_override_pattern')
  const listed = reader.raw(['layers_block_type', 'layer_types'])
  const entries =
    pattern !== undefined
      ? [...pattern.slice(0, mostLayers)].map((letter) => ({ text: letter, kind: letters.get(letter) }))
      : Array.isArray(listed?.value)
        ? listed.value.slice(0, mostLayers).map((value: unknown) => ({
            text: String(value).slice(0, 40),
            kind: typeof value === 'string' ? names.get(value) : undefined,
          }))
        : undefined
  const key = pattern !== undefined ? 'hybrid_override_pattern' : (listed?.key ?? 'hybrid_override_pattern')
  if (entries === undefined) {
    if (!reader.hasProblems)
      reader.problem(key, 'is missing (or layers_block_type): it says what each layer is')
    return []
  }
  const kinds: Kind[] = []
  const unknown = new Set<string>()
  for (const { text, kind } of entries) {
    if (kind === undefined) unknown.add(text)
    else kinds.push(kind)
  }
  for (const text of unknown)
    reader.problem(
      key,
      `layer "${text}" is not understood`,
      `expected ${[...letters.keys(), ...names.keys()].join(' ')}`,
    )
  const layers = reader.optionalWhole('num_hidden_layers')
  if (layers !== undefined && layers !== entries.length)
    reader.problem(key, `has ${entries.length} layers, num_hidden_layers says ${layers}`)
  return kinds
}

const nemotronH: FamilyBuilder = (reader) => {
  const hiddenSize = reader.whole('hidden_size')
  const vocabularySize = reader.whole('vocab_size')
  const tiedEmbeddings = reader.flag('tie_word_embeddings', false)
  const kinds = readKinds(reader)
  const has = (kind: Kind) => kinds.includes(kind)
  const mlpBias = reader.flag('mlp_bias', false)
  const parts: Partial<Record<Kind, Layer>> = {}
  if (has('recurrent'))
    parts.recurrent = {
      attention: mamba2Mixer({
        hiddenSize,
        heads: reader.whole('mamba_num_heads'),
        headDimension: reader.whole('mamba_head_dim'),
        groups: reader.whole(['n_groups', 'mamba_n_groups']),
        stateSize: reader.whole('ssm_state_size'),
        convolutionKernel: reader.whole(['conv_kernel', 'mamba_d_conv'], { fallback: 4 }),
        projectionBias: reader.flag(['mamba_proj_bias', 'use_bias'], false),
        convolutionBias: reader.flag(['use_conv_bias', 'mamba_conv_bias'], true),
      }),
      feedForward: { kind: 'none' },
      otherParameters: hiddenSize,
    }
  if (has('attention')) {
    reader.ignore('attention_head_dim')
    const given = reader.optionalWhole('attention_head_dim')
    const heads = readHeads(reader, { hiddenSize, headDimension: given ?? 128 })
    if (reader.flag('attention_bias', false))
      reader.problem('attention_bias', 'true is not understood for this family')
    parts.attention = {
      attention: headAttention(heads),
      feedForward: { kind: 'none' },
      otherParameters: hiddenSize,
    }
  }
  if (has('mlp')) {
    const intermediateSize = reader.whole('intermediate_size')
    parts.mlp = {
      attention: { kind: 'none' },
      feedForward: { kind: 'dense', intermediateSize, matrices: 2 },
      otherParameters: hiddenSize + (mlpBias ? intermediateSize + hiddenSize : 0),
    }
  } else reader.ignore('intermediate_size')
  if (has('experts')) parts.experts = expertLayer(reader, { hiddenSize, mlpBias })
  // Models without experts carry the class's values for them.
  else reader.ignoreAll(/expert|^moe_/)
  const built = kinds.map((kind): Layer => parts[kind] ?? emptyLayer)
  const modules = reader.optionalWhole('num_nextn_predict_layers', { least: 0 }) ?? 0
  return {
    hiddenSize,
    vocabularySize,
    tiedEmbeddings,
    generative: true,
    layerGroups: groupLayers(built),
    otherParameters: hiddenSize,
    encoderParameters: 0,
    draftParameters: draftOf({ parts, hiddenSize, modules }),
    maxContextTokens: reader.optionalWhole('max_position_embeddings', { most: mostContextTokens }),
    publishedParameters: undefined,
  }
}

const emptyLayer: Layer = { attention: { kind: 'none' }, feedForward: { kind: 'none' }, otherParameters: 0 }

/** Experts may work in a narrower latent space; the router and the shared expert see the hidden size. */
function expertLayer(reader: ConfigReader, input: { hiddenSize: number; mlpBias: boolean }): Layer {
  const { hiddenSize } = input
  if (input.mlpBias) reader.problem('mlp_bias', 'true is not understood together with experts')
  const experts = reader.whole(['n_routed_experts', 'num_local_experts'])
  const latent = reader.optionalWhole('moe_latent_size')
  const shared = reader.whole('n_shared_experts', { least: 0, fallback: 1 })
  return {
    attention: { kind: 'none' },
    feedForward: {
      kind: 'experts',
      experts,
      expertsPerToken: reader.whole('num_experts_per_tok'),
      expertIntermediateSize: reader.whole('moe_intermediate_size'),
      sharedIntermediateSize: shared === 0 ? 0 : reader.whole('moe_shared_expert_intermediate_size'),
      parallelDenseIntermediateSize: 0,
      matrices: 2,
      ...(latent === undefined ? {} : { expertHiddenSize: latent }),
    },
    otherParameters: hiddenSize + experts * hiddenSize + experts,
  }
}

/** The prediction module is an attention layer and an expert layer (`mtp_layers_block_type`). */
function draftOf(input: {
  parts: Partial<Record<Kind, Layer>>
  hiddenSize: number
  modules: number
}): number {
  const { attention, experts } = input.parts
  if (input.modules === 0 || attention === undefined || experts === undefined) return 0
  const both: Layer = {
    attention: attention.attention,
    feedForward: experts.feedForward,
    otherParameters: attention.otherParameters + experts.otherParameters,
  }
  return draftParameters({ last: both, hiddenSize: input.hiddenSize, modules: input.modules })
}

export const nemotronFamilies: Readonly<Record<string, FamilyBuilder>> = { nemotron_h: nemotronH }
