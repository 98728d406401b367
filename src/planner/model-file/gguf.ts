import type { ModelArchitecture } from '../../estimators/architecture.ts'
import { computedParameters } from '../../estimators/memory/parameters.ts'
import { type Issue, RightsizeError } from '../../foundation/errors.ts'
import { type Note, sortedNotes } from '../../foundation/notes.ts'
import { didYouMean } from '../../foundation/suggest.ts'
import { groupLayers, type Layer } from './decoder.ts'
import { ggmlType, ggufWeightFormat } from './ggml-types.ts'
import { type GgufFamily, ggufFamilies } from './gguf-families.ts'
import { type Block, isRecurrent, layerOf, type Sized, sumElements } from './gguf-layers.ts'
import { GgufMetadata } from './gguf-metadata.ts'
import type { ModelFile, TensorClass } from './model-file.ts'
import { draftNote } from './safetensors.ts'
import { ggufTensorClass, sumBy } from './tensor-class.ts'

/** The header of one GGUF file, as a GGUF reader returns it. */
export interface GgufHeader {
  readonly file: string
  readonly fileBytes: number
  readonly metadata: Readonly<Record<string, unknown>>
  readonly tensors: readonly GgufTensor[]
  /** Where tensor data begins, bytes from the start of the file. */
  readonly dataOffsetBytes: number
}

export interface GgufTensor {
  readonly name: string
  readonly shape: readonly number[]
  /** Number of the ggml type. */
  readonly type: number
  /** Bytes from the start of the tensor data. */
  readonly offsetBytes: number
}

/**
 * A model from the header of a GGUF file, or from those of all its parts in order. The structure of every layer is
 * taken from its tensors, so that the parameters are counted exactly.
 * @throws RightsizeError `model-file-invalid` naming everything that is missing, broken or not understood.
 */
export function modelFromGguf(input: { headers: readonly GgufHeader[]; name?: string }): ModelFile {
  const first = input.headers[0]
  if (first === undefined) throw new Error('modelFromGguf needs at least one header')
  const issues: Issue[] = []
  const notes: Note[] = []
  const tensors = input.headers.flatMap((header) => sizedTensors(header, issues))
  const metadata = new GgufMetadata({ values: first.metadata, file: first.file, issues })
  const family = readFamily(metadata)
  if (tensors.length === 0 && issues.length === 0)
    issues.push({ place: first.file, message: 'has no tensors' })
  const built =
    issues.length === 0 && family !== undefined ? build({ metadata, family, tensors, notes }) : undefined
  if (issues.length > 0 || built === undefined)
    throw new RightsizeError({
      code: 'model-file-invalid',
      message: `${first.file} cannot be understood as a model`,
      issues,
    })
  const fileType = metadata.optional('general.file_type')
  const weightFormat = fileType === undefined ? undefined : ggufWeightFormat(fileType)
  if (built.architecture.draftParameters > 0) notes.push(draftNote(first.file))
  const byType = sumBy(tensors.map((tensor) => ({ key: tensor.typeName, value: tensor.bytes })))
  if (weightFormat === undefined)
    notes.push({
      code: 'weight-format-unknown',
      level: 'information',
      about: `${first.file}: general.file_type`,
      message: 'The file does not name a known quantisation recipe; its exact bytes are used',
    })
  return {
    name: input.name ?? metadata.text('general.name') ?? first.file.replace(/\.gguf$/, ''),
    source: 'gguf',
    architecture: built.architecture,
    ...(weightFormat === undefined ? {} : { weightFormat }),
    parameters: built.parameters,
    exactWeightBytes: tensors.reduce((sum, tensor) => sum + tensor.bytes, 0),
    weightBytesByClass: built.byClass,
    weightBytesByType: byType,
    notes: sortedNotes(notes),
  }
}

/** Tensors with their bytes; a tensor that does not fit into the file means that the file was cut off. */
function sizedTensors(header: GgufHeader, issues: Issue[]): Sized[] {
  const sized: Sized[] = []
  let missingFrom: { name: string; end: number } | undefined
  for (const tensor of header.tensors) {
    const type = ggmlType(tensor.type)
    const elements = tensor.shape.reduce((product, size) => product * size, 1)
    const place = `${header.file}: tensor ${tensor.name.slice(0, 80)}`
    if (type === undefined) issues.push({ place, message: `type ${tensor.type} is not known` })
    else if (!Number.isSafeInteger(elements) || elements < 1)
      issues.push({ place, message: `shape ${tensor.shape.join(' × ')} is not possible` })
    else if ((tensor.shape[0] ?? 1) % type.blockElements !== 0)
      issues.push({
        place,
        message: `rows of ${tensor.shape[0]} are not whole blocks of ${type.blockElements} (${type.name})`,
      })
    else {
      const bytes = (elements / type.blockElements) * type.blockBytes
      const end = header.dataOffsetBytes + tensor.offsetBytes + bytes
      if (end > header.fileBytes && (missingFrom === undefined || end > missingFrom.end))
        missingFrom = { name: tensor.name, end }
      sized.push({ ...tensor, elements, bytes, typeName: type.name })
    }
  }
  if (missingFrom !== undefined)
    issues.push({
      place: `${header.file}: byte ${header.fileBytes}`,
      message: `the file ends here, but tensor ${missingFrom.name.slice(0, 80)} reaches to byte ${missingFrom.end}: it is cut off`,
      hint: 'download the file again',
    })
  return sized
}

function readFamily(metadata: GgufMetadata): GgufFamily | undefined {
  const type = metadata.text('general.type')
  const name = metadata.text('general.architecture')
  if (name === undefined) {
    metadata.problem('general.architecture', 'is missing')
    return undefined
  }
  if (name === 'clip' || type === 'mmproj' || type === 'adapter') {
    metadata.problem(
      'general.architecture',
      `"${name.slice(0, 40)}" is a ${type ?? 'projector'}, not a language model`,
    )
    return undefined
  }
  if (Object.hasOwn(ggufFamilies, name)) return ggufFamilies[name]
  metadata.problem(
    'general.architecture',
    `"${name.slice(0, 60)}" is not understood`,
    didYouMean(name, Object.keys(ggufFamilies)) ?? 'use a catalog model of the same architecture',
  )
  return undefined
}

interface Built {
  readonly architecture: ModelArchitecture
  readonly parameters: number
  readonly byClass: { readonly [K in TensorClass]?: number }
}

function build(input: {
  metadata: GgufMetadata
  family: GgufFamily
  tensors: readonly Sized[]
  notes: Note[]
}): Built | undefined {
  const { metadata, family, tensors } = input
  const hiddenSize = metadata.whole('embedding_length')
  const blockCount = metadata.whole('block_count', { most: 2_000 })
  const drafts = metadata.optional('nextn_predict_layers') ?? 0
  const layers = Math.max(0, blockCount - drafts)
  const embedding = tensors.find((tensor) => tensor.name === 'token_embd.weight')
  const vocabularySize = embedding?.shape[1]
  if (embedding === undefined || vocabularySize === undefined)
    metadata.problem('', 'has no tensor token_embd.weight')
  else if (embedding.shape[0] !== hiddenSize)
    metadata.problem('', `token_embd.weight is ${embedding.shape[0]} wide, embedding_length is ${hiddenSize}`)
  const blocks = splitBlocks(tensors, blockCount)
  const windows = readWindows({ metadata, family, layers, notes: input.notes })
  const shared = layers - (metadata.optional('attention.shared_kv_layers') ?? 0)
  const built: Layer[] = []
  for (let index = 0; index < layers; index += 1) {
    const block = blocks[index] ?? new Map<string, Sized>()
    if (block.size === 0) metadata.problem('', `has no tensors of layer ${index} (blk.${index})`)
    else
      built.push(
        layerOf({
          metadata,
          family,
          block,
          index,
          hiddenSize,
          windowTokens: windows[index],
          isShared: index >= shared,
        }),
      )
    if (metadata.problems > 20) break
  }
  if (metadata.problems > 0 || vocabularySize === undefined) return undefined
  const generative = family.isEncoder !== true
  const hasHead = tensors.some((tensor) => tensor.name === 'output.weight')
  const draftParameters = sumElements(blocks.slice(layers).flatMap((block) => [...block.values()]))
  const all = sumElements(tensors)
  const withoutOthers: ModelArchitecture = {
    hiddenSize,
    vocabularySize,
    tiedEmbeddings: !hasHead,
    generative,
    layerGroups: groupLayers(built),
    otherParameters: 0,
    encoderParameters: 0,
    draftParameters,
    maxContextTokens: metadata.optional('context_length'),
    publishedParameters: all - draftParameters,
  }
  const otherParameters = all - draftParameters - computedParameters(withoutOthers).total
  return {
    architecture: { ...withoutOthers, otherParameters },
    parameters: all - draftParameters,
    byClass: bytesByClass({ tensors, blocks, layers }),
  }
}

function splitBlocks(tensors: readonly Sized[], count: number): Map<string, Sized>[] {
  const blocks = Array.from({ length: count }, () => new Map<string, Sized>())
  for (const tensor of tensors) {
    const found = /^blk\.(\d{1,5})\.(.+)$/.exec(tensor.name)
    const name = found?.[2]
    if (found !== null && name !== undefined) blocks[Number(found[1])]?.set(name, tensor)
  }
  return blocks
}

function bytesByClass(input: { tensors: readonly Sized[]; blocks: readonly Block[]; layers: number }) {
  return sumBy(
    input.tensors.map((tensor) => {
      const number = /^blk\.(\d+)\./.exec(tensor.name)?.[1]
      const block = number === undefined ? undefined : input.blocks[Number(number)]
      const key = ggufTensorClass({
        name: tensor.name,
        isRecurrentBlock: block !== undefined && isRecurrent(block),
        isDraftBlock: number !== undefined && Number(number) >= input.layers,
      })
      return { key, value: tensor.bytes }
    }),
  )
}

/** Tokens of the window per layer, or undefined where a layer sees everything. */
function readWindows(input: {
  metadata: GgufMetadata
  family: GgufFamily
  layers: number
  notes: Note[]
}): (number | undefined)[] {
  const { metadata, family, layers } = input
  const inFile = metadata.optional('attention.sliding_window')
  const windowTokens = inFile === undefined || inFile === 0 ? family.windowTokens : inFile
  if (windowTokens === undefined) return []
  if (family.windowPeriod === undefined) {
    input.notes.push({
      code: 'window-not-used',
      level: 'information',
      about: metadata.place('attention.sliding_window'),
      message: `The file has a window of ${windowTokens} tokens that llama.cpp does not use for this architecture: the cache holds everything`,
    })
    return []
  }
  const listed = metadata.flags('attention.sliding_window_pattern', layers)
  const period = metadata.optional('attention.sliding_window_pattern') ?? family.windowPeriod
  return Array.from({ length: layers }, (_, index) => {
    const place = index % period
    const isWindow = listed?.[index] ?? (family.globalFirst === true ? place !== 0 : place < period - 1)
    return isWindow ? windowTokens : undefined
  })
}
