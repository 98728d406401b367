import type { ModelArchitecture } from '../../estimators/architecture.ts'
import { computedParameters } from '../../estimators/memory/parameters.ts'
import { type Issue, RightsizeError } from '../../foundation/errors.ts'
import { type Note, sortedNotes } from '../../foundation/notes.ts'
import { bitsPerByte } from '../../foundation/units.ts'
import { modelFromConfig } from './config.ts'
import { isJsonObject, type Json } from './config-reader.ts'
import type { ModelFile } from './model-file.ts'
import { deriveFromShapes } from './shapes.ts'
import { sumBy, tensorClass } from './tensor-class.ts'

/** Tensors as the JSON header of a safetensors file lists them. */
export interface SafetensorsHeader {
  readonly file: string
  /** The parsed JSON header. */
  readonly json: unknown
  /** Bytes before the tensor data: the eight of the length and the header's. */
  readonly dataOffsetBytes?: number
  readonly fileBytes?: number
}

export interface SafetensorsTensor {
  readonly name: string
  readonly dtype: string
  readonly shape: readonly number[]
  readonly elements: number
  readonly bytes: number
}

const bitsOfType: Readonly<Record<string, number>> = {
  F64: 64,
  I64: 64,
  U64: 64,
  C64: 64,
  F32: 32,
  I32: 32,
  U32: 32,
  F16: 16,
  BF16: 16,
  I16: 16,
  U16: 16,
  F8_E4M3: 8,
  F8_E5M2: 8,
  F8_E8M0: 8,
  F8_E4M3FNUZ: 8,
  F8_E5M2FNUZ: 8,
  I8: 8,
  U8: 8,
  BOOL: 8,
  F6_E2M3: 6,
  F6_E3M2: 6,
  F4: 4,
}

/** Types in which one element is one weight; others may be packed. */
const unpackedTypes = new Set([
  'F64',
  'F32',
  'F16',
  'BF16',
  'F8_E4M3',
  'F8_E5M2',
  'F8_E4M3FNUZ',
  'F8_E5M2FNUZ',
])

/**
 * The tensors of one header, checked: known types, sizes that match shapes, nothing past the end of the file.
 * @throws RightsizeError `model-file-invalid` with every problem.
 */
export function readSafetensorsHeader(header: SafetensorsHeader): SafetensorsTensor[] {
  const issues: Issue[] = []
  const tensors: SafetensorsTensor[] = []
  if (!isJsonObject(header.json)) issues.push({ place: header.file, message: 'has no JSON object as header' })
  else
    for (const [name, entry] of Object.entries(header.json)) {
      if (name === '__metadata__') continue
      const tensor = readTensor({ header, name, entry, issues })
      if (tensor !== undefined) tensors.push(tensor)
      if (issues.length > 20) break
    }
  if (issues.length === 0 && tensors.length === 0)
    issues.push({ place: header.file, message: 'has no tensors' })
  if (issues.length > 0) throw invalid(header.file, issues)
  return tensors
}

function invalid(file: string, issues: readonly Issue[]): RightsizeError {
  return new RightsizeError({
    code: 'model-file-invalid',
    message: `${file} cannot be understood as a model`,
    issues,
  })
}

function readTensor(input: {
  header: SafetensorsHeader
  name: string
  entry: Json
  issues: Issue[]
}): SafetensorsTensor | undefined {
  const { header, name, entry, issues } = input
  const place = `${header.file}: tensor ${name.slice(0, 80)}`
  if (!isJsonObject(entry)) {
    issues.push({ place, message: 'is not an object with dtype, shape and data_offsets' })
    return undefined
  }
  const { dtype, shape, data_offsets: offsets } = entry
  const bits = typeof dtype === 'string' && Object.hasOwn(bitsOfType, dtype) ? bitsOfType[dtype] : undefined
  if (typeof dtype !== 'string' || bits === undefined) {
    issues.push({ place, message: `dtype ${JSON.stringify(dtype)?.slice(0, 40)} is not known` })
    return undefined
  }
  const sizes = wholeNumbers(shape)
  const range = wholeNumbers(offsets)
  const [begin, end] = range ?? []
  if (sizes === undefined || range?.length !== 2 || begin === undefined || end === undefined) {
    issues.push({ place, message: 'shape and data_offsets must be lists of whole numbers' })
    return undefined
  }
  const elements = sizes.reduce((product, size) => product * size, 1)
  const bytes = end - begin
  if (bytes !== Math.ceil((elements * bits) / bitsPerByte)) {
    issues.push({
      place,
      message: `holds ${bytes} bytes, but ${dtype} of ${sizes.join(' × ')} needs ${(elements * bits) / bitsPerByte}`,
    })
    return undefined
  }
  const until = (header.dataOffsetBytes ?? 0) + end
  if (header.fileBytes !== undefined && until > header.fileBytes) {
    issues.push({
      place: `${header.file}: byte ${header.fileBytes}`,
      message: `the file ends here, but tensor ${name.slice(0, 80)} reaches to byte ${until}: it is cut off`,
      hint: 'download the file again',
    })
    return undefined
  }
  return { name, dtype, shape: sizes, elements, bytes }
}

function wholeNumbers(value: Json | undefined): number[] | undefined {
  if (!Array.isArray(value)) return undefined
  return value.every((entry) => Number.isSafeInteger(entry) && Number(entry) >= 0)
    ? (value as number[])
    : undefined
}

export interface SafetensorsInput {
  /** Headers of all files of the model. */
  readonly headers: readonly SafetensorsHeader[]
  /** The parsed `config.json` beside them; without it the architecture cannot be known. */
  readonly config?: unknown
  readonly configFile?: string
  readonly name?: string
}

/**
 * A model from the headers of its safetensors files and the configuration beside them: exact bytes per class and type.
 * @throws RightsizeError `model-file-invalid`; without a configuration it says what the shapes tell and what they do not.
 */
export function modelFromSafetensors(input: SafetensorsInput): ModelFile {
  const tensors = input.headers.flatMap((header) => readSafetensorsHeader(header))
  const subject = input.headers[0]?.file ?? 'safetensors'
  if (input.config === undefined) throw withoutConfig(subject, tensors)
  const model = modelFromConfig({
    json: input.config,
    ...(input.configFile === undefined ? {} : { file: input.configFile }),
    ...(input.name === undefined ? {} : { name: input.name }),
  })
  const layers = model.architecture.layerGroups.reduce((sum, group) => sum + group.layers, 0)
  const classified = tensors.map((tensor) => ({
    ...tensor,
    class: tensorClass({ name: tensor.name, layers }),
  }))
  const notes: Note[] = [...model.notes]
  if (classified.some((tensor) => tensor.class === 'draft')) notes.push(draftNote(subject))
  const counted = countParameters(classified)
  const { architecture, parameters } = withCount({ model, counted, subject, notes })
  return {
    ...model,
    source: 'safetensors',
    architecture,
    parameters,
    exactWeightBytes: tensors.reduce((sum, tensor) => sum + tensor.bytes, 0),
    weightBytesByClass: sumBy(classified.map((tensor) => ({ key: tensor.class, value: tensor.bytes }))),
    weightBytesByType: sumBy(tensors.map((tensor) => ({ key: tensor.dtype, value: tensor.bytes }))),
    notes: sortedNotes(notes),
  }
}

/** Engines load a prediction module only when it is used; its share stands under `draft`. */
export function draftNote(about: string): Note {
  return {
    code: 'draft-in-file',
    level: 'information',
    about,
    message:
      'The file holds a multi-token-prediction module: its bytes are in the total, and are loaded only when it is used',
  }
}

/** Weights of the model proper (scales and draft modules left out), or undefined where elements are packed. */
function countParameters(tensors: readonly (SafetensorsTensor & { class: string })[]): number | undefined {
  let sum = 0
  for (const tensor of tensors) {
    if (/(?:scale|scale_inv|zero_point|scales|qzeros|g_idx)$/.test(tensor.name)) continue
    if (/(?:rotary_emb\.inv_freq|attention\.bias|position_ids)$/.test(tensor.name)) continue
    if (!unpackedTypes.has(tensor.dtype)) return undefined
    if (tensor.class !== 'draft') sum += tensor.elements
  }
  return sum
}

/** More than this between the tensors and the configuration means that they describe different models. */
const tolerated = 0.02

function withCount(input: {
  model: ModelFile
  counted: number | undefined
  subject: string
  notes: Note[]
}): { architecture: ModelArchitecture; parameters: number } {
  const { model, counted } = input
  if (counted === undefined) return { architecture: model.architecture, parameters: model.parameters }
  const computed = computedParameters(model.architecture).total
  const ratio = counted / computed - 1
  if (Math.abs(ratio) > tolerated)
    input.notes.push({
      code: 'parameters-disagree',
      level: 'warning',
      about: input.subject,
      message: `The tensors hold ${counted} parameters, the configuration describes ${computed}: the bytes are exact, the architecture may not be`,
    })
  return { architecture: { ...model.architecture, publishedParameters: counted }, parameters: counted }
}

function withoutConfig(subject: string, tensors: readonly SafetensorsTensor[]): RightsizeError {
  const derived = deriveFromShapes(tensors)
  return new RightsizeError({
    code: 'model-file-invalid',
    message: `${subject} holds tensors but not the architecture`,
    issues: derived.missing.map((missing) => ({ place: `${subject}: ${missing.key}`, message: missing.why })),
    hint: `put the model's config.json beside it; the shapes tell only: ${derived.known.join(', ')}`,
  })
}
