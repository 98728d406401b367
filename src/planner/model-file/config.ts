import type { ModelArchitecture } from '../../estimators/architecture.ts'
import { computedParameters } from '../../estimators/memory/parameters.ts'
import { RightsizeError } from '../../foundation/errors.ts'
import { sortedNotes } from '../../foundation/notes.ts'
import { didYouMean } from '../../foundation/suggest.ts'
import { ConfigReader, isJsonObject, type JsonObject, shortJson } from './config-reader.ts'
import type { FamilyBuilder } from './decoder.ts'
import { classicFamilies } from './families/classic.ts'
import { crossAttentionFamilies } from './families/cross-attention.ts'
import { denseFamilies } from './families/dense.ts'
import { encoderFamilies } from './families/encoders.ts'
import { expertFamilies } from './families/experts.ts'
import { gemmaSharedFamilies } from './families/gemma-shared.ts'
import { hybridFamilies } from './families/hybrid.ts'
import { latentFamilies } from './families/latent.ts'
import { nemotronFamilies } from './families/nemotron.ts'
import { stateSpaceFamilies } from './families/state-space.ts'
import { encoderParameters } from './families/vision.ts'
import type { ModelFile } from './model-file.ts'
import { readWeightFormat } from './weight-format.ts'

const families: Readonly<Record<string, FamilyBuilder>> = {
  ...denseFamilies,
  ...classicFamilies,
  ...crossAttentionFamilies,
  ...expertFamilies,
  ...latentFamilies,
  ...hybridFamilies,
  ...stateSpaceFamilies,
  ...nemotronFamilies,
  ...gemmaSharedFamilies,
  ...encoderFamilies,
}

/** Values of `model_type` (of the language model) that can be read. */
export const knownModelTypes: readonly string[] = Object.keys(families).sort()

/** Where the language model's own configuration stands in one with more modalities. */
const nestedKeys = ['text_config', 'llm_config', 'language_config'] as const

/** Families of the language model where a nested configuration names none, or the outer name. */
const textFamily: Readonly<Record<string, string>> = {
  gemma3: 'gemma3_text',
  gemma3n: 'gemma3n_text',
  gemma4: 'gemma4_text',
  llama4: 'llama4_text',
  qwen2_vl: 'qwen2_vl_text',
  qwen2_5_vl: 'qwen2_5_vl_text',
  qwen3_vl: 'qwen3_vl_text',
  qwen3_vl_moe: 'qwen3_vl_moe_text',
  qwen3_5: 'qwen3_5_text',
  qwen3_5_moe: 'qwen3_5_moe_text',
  mistral3: 'mistral',
  mllama: 'mllama_text_model',
}

/** Classes that contradict `model_type`: MiniMax-M2 was published as "minimax". */
const familyOfClass: Readonly<Record<string, string>> = { MiniMaxM2ForCausalLM: 'minimax_m2' }

/** Keys that change what a model is, in any family that has not asked for them. */
const decisiveKeys =
  /^(?:layer_types|layers_block_type|hybrid_override_pattern|block_configs|attn_type_list|num_kv_shared_layers|(?:kv|q)_lora_rank|qk_rope_head_dim|v_head_dim|.*(?:num|n)_(?:local_|routed_|shared_)?experts?|num_experts_per_tok|moe_intermediate_size|shared_expert_intermediate_size|sliding_window|attention_chunk_size|linear_.*heads?|linear_attn_config|mamba_(?:d_|n_|num_|head_|expand).*|ssm_state_size|state_size|index_(?:head_dim|n_heads)|cross_attention_layers|use_mla|moe_latent_size|per_layer_config|head_dim|num_key_value_heads|attention_bias|mlp_bias|compress_ratios?)$/
/** Keys that name a size or a number of parts. */
const sizeKeys = /(?:_size|_dim|_rank|_heads?|_layers?|_experts?|_width|_channels|_types?)$|^(?:num|n)_/
/** Of those, what no weight and no cache depends on. */
const harmlessKeys =
  /token|^num_(?:labels|beams|return|logits)|chunk_size|_init|problem_type|model_type|^n_?group|topk_group|num_logits|position_embedding_type|rope|initializer|^num_nextn|pretraining|_act$|swiglu|hidden_act|router_|torch|batch_size|beam|max_window_layers|use_sliding_window|output_|n_ctx|cache_implementation|image_size|ffn_type|^mtp_|num_mtp|auto_map|quant|dropout|loss|scoring|norm_type|qk_norm_type|layernorm_.*_(?:alpha|beta)|_alpha$|layer_norm_|no_rope|_freq$|tensor_parallel|query_pre_attn|ssm_cache|ssm_dtype/

export interface ConfigInput {
  /** The parsed JSON. */
  readonly json: unknown
  /** For places in messages, e.g. `config.json`. */
  readonly file?: string
  readonly name?: string
}

/**
 * A model from its Hugging Face configuration: architecture and weight format, but no exact bytes.
 * @throws RightsizeError `model-file-invalid` naming everything that is missing or not understood.
 */
export function modelFromConfig(input: ConfigInput): ModelFile {
  const file = input.file ?? 'config.json'
  if (!isJsonObject(input.json))
    throw new RightsizeError({
      code: 'model-file-invalid',
      message: `${file} is not a model configuration`,
      issues: [{ place: file, message: `must hold a JSON object (got ${shortJson(input.json)})` }],
    })
  const outer = new ConfigReader({ json: input.json, place: file })
  const { text, family } = languageModel(outer, input.json)
  const weightFormat = readWeightFormat(outer) ?? (text === outer ? undefined : readWeightFormat(text))
  const built = families[family]?.(inheriting({ text, outer }))
  const encoders =
    built === undefined
      ? 0
      : encoderParameters({ outer, family: outerType(outer), textHiddenSize: built.hiddenSize })
  nameUnread(text)
  outer.finish({ subject: file, family })
  if (built === undefined) throw new Error(`family ${family} was accepted but cannot be built`)
  const architecture = asUsed(outer, { ...built, encoderParameters: built.encoderParameters + encoders })
  return {
    name: input.name ?? nameOf(input.json) ?? family,
    source: 'config',
    architecture,
    ...(weightFormat === undefined ? {} : { weightFormat }),
    parameters: computedParameters(architecture).total,
    notes: sortedNotes(outer.notes),
  }
}

function outerType(outer: ConfigReader): string {
  return outer.text('model_type') ?? ''
}

/** The configuration of the language model and its family; an unknown family is a problem like any other. */
function languageModel(outer: ConfigReader, json: JsonObject): { text: ConfigReader; family: string } {
  const nested = outer.child([...nestedKeys])
  const thinker = nested === undefined ? outer.child('thinker_config') : undefined
  if (thinker !== undefined)
    outer.problem('thinker_config', 'models that speak and listen are not understood')
  const text = nested ?? outer
  const outerFamily = outerType(outer)
  const byClass = classNames(json)
    .map((name) => familyOfClass[name])
    .find((name) => name !== undefined)
  const own = nested === undefined ? outerFamily : (nested.text('model_type') ?? '')
  const family = byClass ?? (own === '' ? (textFamily[outerFamily] ?? outerFamily) : (textFamily[own] ?? own))
  if (!outer.hasProblems && !Object.hasOwn(families, family)) {
    const classes = classNames(json).join(', ').slice(0, 100)
    text.problem(
      'model_type',
      family === ''
        ? `is missing${classes === '' ? '' : ` (architectures: ${classes})`}`
        : `"${family.slice(0, 60)}" is not a family that is understood`,
      didYouMean(family, knownModelTypes) ??
        'use a catalog model of the same architecture, or add a catalog row with --catalog',
    )
  }
  return { text, family: Object.hasOwn(families, family) ? family : '' }
}

/** Whether embeddings are tied stands in the outer configuration of models with more modalities, if the inner is silent. */
function inheriting(input: { text: ConfigReader; outer: ConfigReader }): ConfigReader {
  const { text, outer } = input
  if (text === outer || text.has('tie_word_embeddings') || !outer.has('tie_word_embeddings')) return text
  return text.with({ tie_word_embeddings: outer.flag('tie_word_embeddings', false) })
}

function classNames(json: JsonObject): string[] {
  const names = json.architectures
  return Array.isArray(names)
    ? names.filter((name): name is string => typeof name === 'string').slice(0, 10)
    : []
}

function nameOf(json: JsonObject): string | undefined {
  const name = json._name_or_path
  if (typeof name !== 'string' || name === '') return undefined
  return name.split('/').at(-1)
}

/** A base model without LM head, or one that classifies, keeps no cache between steps. */
function asUsed(outer: ConfigReader, architecture: ModelArchitecture): ModelArchitecture {
  const found = outer.raw('architectures')?.value
  const names = Array.isArray(found) ? found.filter((name): name is string => typeof name === 'string') : []
  const isHeadless =
    names.length > 0 &&
    names.every((name) => /(?:Model|ForSequenceClassification|ForTokenClassification)$/.test(name))
  return isHeadless && architecture.generative
    ? { ...architecture, generative: false, tiedEmbeddings: true }
    : architecture
}

/** Decisive keys that nobody read are problems; other keys that look like sizes are named in a note. */
function nameUnread(text: ConfigReader): void {
  const unused: string[] = []
  for (const { key, value } of text.unread()) {
    if (decisiveKeys.test(key)) {
      if (!isEmpty(value))
        text.problem(
          key,
          `${shortJson(value)} is not understood for this family`,
          'this key changes the size: sizing without it would be a guess',
        )
    } else if (
      sizeKeys.test(key) &&
      !harmlessKeys.test(key) &&
      (typeof value === 'number' || Array.isArray(value))
    )
      unused.push(key)
  }
  if (unused.length > 0)
    text.note({
      code: 'config-key-not-used',
      level: 'warning',
      about: text.place(''),
      message: `Keys that look like sizes and are not understood here: ${unused.sort().slice(0, 20).join(', ').slice(0, 400)}`,
    })
}

function isEmpty(value: unknown): boolean {
  return value === false || value === 0 || (Array.isArray(value) && value.length === 0)
}
