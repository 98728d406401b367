import { open, readdir, readFile, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { RightsizeError } from './foundation/errors.ts'
import type { Note } from './foundation/notes.ts'
import { mebibyte } from './foundation/units.ts'
import { modelFromConfig } from './planner/model-file/config.ts'
import { isJsonObject, type JsonObject } from './planner/model-file/config-reader.ts'
import { type GgufHeader, modelFromGguf } from './planner/model-file/gguf.ts'
import { ggufStructure, isGguf } from './planner/model-file/gguf-structure.ts'
import type { ModelFile } from './planner/model-file/model-file.ts'
import { modelFromSafetensors, type SafetensorsHeader } from './planner/model-file/safetensors.ts'

/** Configurations and indices are small; the largest known index is below 10 MB. */
const mostJsonBytes = 64 * mebibyte
const mostHeaderBytes = 256 * mebibyte
const configName = 'config.json'
const indexName = 'model.safetensors.index.json'

/**
 * Reads a model from a Hugging Face `config.json`, a GGUF file (all parts of a split one), a safetensors index or file,
 * or a folder with these. What the file is, its content decides. Nothing is fetched.
 * @throws RightsizeError `file-unreadable`, or `model-file-invalid` with everything that is missing, broken or not understood.
 */
export async function readModelFile(path: string): Promise<ModelFile> {
  const full = resolve(path)
  const found = await stat(full).catch((error: unknown) => unreadable(full, error))
  const file = found.isDirectory() ? await mainFile(full) : full
  const head = await readStart(file, 9)
  if (isGguf(head)) return readGguf(file)
  if (startsLikeSafetensors(head) || file.endsWith('.safetensors')) return readSafetensors([file])
  if (/^\s*[{[]/.test(new TextDecoder().decode(head)) || file.endsWith('.json')) return readJsonModel(file)
  throw invalid(file, [
    {
      place: `${basename(file)}: byte 0`,
      message: 'is neither a GGUF file, nor a safetensors file, nor JSON',
    },
  ])
}

type Issues = ConstructorParameters<typeof RightsizeError>[0]['issues']

function invalid(file: string, issues: NonNullable<Issues>): RightsizeError {
  return new RightsizeError({
    code: 'model-file-invalid',
    message: `${basename(file)} cannot be understood as a model`,
    issues,
  })
}

function unreadable(file: string, error: unknown): never {
  const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error)
  throw new RightsizeError({
    code: 'file-unreadable',
    message: `cannot read ${file}${reason === 'ENOENT' ? ': there is no such file' : ` (${reason})`}`,
    issues: [{ place: file, message: reason === 'ENOENT' ? 'there is no such file' : reason }],
    cause: error,
  })
}

/** The file of a folder that tells most: tensors before configuration. */
async function mainFile(folder: string): Promise<string> {
  const names = (await readdir(folder).catch((error: unknown) => unreadable(folder, error))).sort()
  const tensors = names.filter((name) => name.endsWith('.safetensors'))
  const ggufs = names.filter(
    (name) => name.endsWith('.gguf') && !/-(?!00001)\d{5}-of-\d{5}\.gguf$/.test(name),
  )
  if (names.includes(indexName)) return join(folder, indexName)
  const [only] = tensors.length > 0 ? tensors : ggufs
  if (tensors.length === 1 || (tensors.length === 0 && ggufs.length === 1 && only !== undefined))
    return join(folder, only ?? '')
  if (names.includes(configName)) return join(folder, configName)
  throw invalid(folder, [
    {
      place: folder,
      message: 'holds no config.json, no safetensors index and not exactly one model file',
      hint: 'name the file',
    },
  ])
}

async function readStart(file: string, bytes: number): Promise<Uint8Array> {
  return readRange({ file, start: 0, bytes })
}

/** Up to `bytes` bytes from `start`; fewer where the file ends. */
async function readRange(input: { file: string; start: number; bytes: number }): Promise<Uint8Array> {
  const handle = await open(input.file, 'r').catch((error: unknown) => unreadable(input.file, error))
  try {
    const buffer = new Uint8Array(input.bytes)
    const { bytesRead } = await handle.read(buffer, 0, input.bytes, input.start)
    return buffer.subarray(0, bytesRead)
  } catch (error) {
    return unreadable(input.file, error)
  } finally {
    await handle.close()
  }
}

function headerLength(head: Uint8Array): number {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength)
  return head.length < 8 ? 0 : Number(view.getBigUint64(0, true))
}

function startsLikeSafetensors(head: Uint8Array): boolean {
  return head.length === 9 && headerLength(head) <= mostHeaderBytes && head[8] === '{'.charCodeAt(0)
}

async function readJson(file: string): Promise<unknown> {
  const { size } = await stat(file).catch((error: unknown) => unreadable(file, error))
  if (size > mostJsonBytes)
    throw invalid(file, [
      { place: basename(file), message: `${size} bytes are too many for a configuration` },
    ])
  const text = await readFile(file, 'utf8').catch((error: unknown) => unreadable(file, error))
  return parseJson({ text, place: basename(file), file })
}

function parseJson(input: { text: string; place: string; file: string }): unknown {
  try {
    return JSON.parse(input.text.replace(/^\uFEFF/, ''))
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    throw invalid(input.file, [{ place: input.place, message: `is not JSON: ${message.slice(0, 200)}` }])
  }
}

async function readJsonModel(file: string): Promise<ModelFile> {
  const json = await readJson(file)
  if (isJsonObject(json) && isJsonObject(json.weight_map))
    return readIndex({ file, json, map: json.weight_map })
  return modelFromConfig({ json, file: basename(file), ...named(file) })
}

/** A generic file name says nothing; its folder does. */
function named(file: string): { name?: string } {
  const folder = basename(dirname(file))
  return folder === '' ? {} : { name: folder }
}

async function readIndex(input: { file: string; json: JsonObject; map: JsonObject }): Promise<ModelFile> {
  const { file, json } = input
  const folder = dirname(file)
  const parts = new Set<string>()
  for (const part of Object.values(input.map)) {
    // A part stands beside its index: other paths would reach outside the folder.
    if (typeof part !== 'string' || part !== basename(part) || part === '')
      throw invalid(file, [
        { place: `${basename(file)}: weight_map`, message: 'must name files beside the index' },
      ])
    parts.add(part)
  }
  const paths = [...parts].sort().map((part) => join(folder, part))
  const present = await Promise.all(paths.map((path) => stat(path).then(Boolean, () => false)))
  if (present.every(Boolean) && paths.length > 0) return readSafetensors(paths)
  const missing = paths.filter((_, index) => present[index] !== true).map((path) => basename(path))
  if (missing.length < paths.length)
    throw invalid(
      file,
      missing
        .slice(0, 20)
        .map((part) => ({ place: part, message: 'is named in the index and is not there' })),
    )
  return fromIndexAlone({ file, json, config: await configBeside(file) })
}

/** Without its parts an index tells only the total; the architecture is in the configuration. */
function fromIndexAlone(input: { file: string; json: JsonObject; config: unknown }): ModelFile {
  const { file, json, config } = input
  if (config === undefined)
    throw invalid(file, [
      {
        place: basename(file),
        message: 'lists tensors, but neither its parts nor a config.json are beside it',
        hint: 'put config.json beside it: the index has no sizes',
      },
    ])
  const model = modelFromConfig({ json: config, file: configName, ...named(file) })
  const total = isJsonObject(json.metadata) ? json.metadata.total_size : undefined
  const note: Note = {
    code: 'index-without-parts',
    level: 'information',
    about: basename(file),
    message:
      'The parts are not beside the index: the total is what the index states, without the bytes per class',
  }
  const isTotal = typeof total === 'number' && Number.isSafeInteger(total) && total > 0
  return {
    ...model,
    source: 'safetensors',
    ...(isTotal ? { exactWeightBytes: total } : {}),
    notes: [...model.notes, note],
  }
}

async function configBeside(file: string): Promise<unknown> {
  const path = join(dirname(file), configName)
  const isThere = await stat(path).then(
    (found) => found.isFile(),
    () => false,
  )
  return isThere ? readJson(path) : undefined
}

async function readSafetensors(files: readonly string[]): Promise<ModelFile> {
  const headers: SafetensorsHeader[] = []
  for (const file of files) headers.push(await readSafetensorsStart(file))
  const first = files[0] ?? ''
  const config = await configBeside(first)
  return modelFromSafetensors({ headers, config, configFile: configName, ...named(first) })
}

async function readSafetensorsStart(file: string): Promise<SafetensorsHeader> {
  const { size } = await stat(file).catch((error: unknown) => unreadable(file, error))
  const name = basename(file)
  const length = headerLength(await readStart(file, 8))
  if (size < 8 || length < 2 || length > mostHeaderBytes)
    throw invalid(file, [
      { place: `${name}: byte 0`, message: `a header of ${length} bytes is not possible` },
    ])
  if (8 + length > size)
    throw invalid(file, [
      {
        place: `${name}: byte ${size}`,
        message: `the file ends here, inside its header of ${length} bytes: it is cut off`,
        hint: 'download the file again',
      },
    ])
  const text = new TextDecoder().decode(await readRange({ file, start: 8, bytes: length }))
  return {
    file: name,
    json: parseJson({ text, place: `${name}: byte 8 (header)`, file }),
    dataOffsetBytes: 8 + length,
    fileBytes: size,
  }
}

async function readGguf(file: string): Promise<ModelFile> {
  const split = /^(.*)-(\d{5})-of-(\d{5})\.gguf$/.exec(basename(file))
  const [, prefix, , total] = split ?? []
  if (split === null || prefix === undefined || total === undefined)
    return modelFromGguf({ headers: [await readGgufHeader(file)] })
  const count = Number(total)
  const parts = Array.from({ length: Math.min(count, 10_000) }, (_, index) =>
    join(dirname(file), `${prefix}-${String(index + 1).padStart(5, '0')}-of-${total}.gguf`),
  )
  const present = await Promise.all(parts.map((part) => stat(part).then(Boolean, () => false)))
  const missing = parts.filter((_, index) => present[index] !== true)
  if (missing.length > 0)
    throw invalid(
      file,
      missing
        .slice(0, 20)
        .map((part) => ({ place: basename(part), message: 'is a part of the model and is not there' })),
    )
  const headers: GgufHeader[] = []
  for (const part of parts) headers.push(await readGgufHeader(part))
  return modelFromGguf({ headers })
}

async function readGgufHeader(file: string): Promise<GgufHeader> {
  const { size } = await stat(file).catch((error: unknown) => unreadable(file, error))
  await checkGgufStructure(file, size)
  const { gguf } = await import('@huggingface/gguf')
  const read = await gguf(file, { allowLocalFile: true }).catch((error: unknown) => {
    const message = error instanceof Error ? error.message : String(error)
    throw invalid(file, [{ place: `${basename(file)}: header`, message: message.slice(0, 300) }])
  })
  return {
    file: basename(file),
    fileBytes: size,
    metadata: { ...read.metadata },
    tensors: read.tensorInfos.map((tensor) => ({
      name: tensor.name,
      shape: tensor.shape.map(Number),
      type: tensor.dtype,
      offsetBytes: Number(tensor.offset),
    })),
    dataOffsetBytes: Number(read.tensorDataOffset),
  }
}

/** Finds the byte at which a header breaks or the file ends inside it; reads only as much as the header needs. */
async function checkGgufStructure(file: string, size: number): Promise<void> {
  let bytes = Math.min(size, 4 * mebibyte)
  for (;;) {
    const structure = ggufStructure(await readStart(file, bytes))
    if (structure.kind === 'complete') return
    const name = basename(file)
    if (structure.kind === 'corrupt')
      throw invalid(file, [{ place: `${name}: byte ${structure.offset}`, message: structure.message }])
    if (bytes >= size)
      throw invalid(file, [
        {
          place: `${name}: byte ${structure.offset}`,
          message: `the file ends at byte ${size}, inside ${structure.what}: it is cut off`,
          hint: 'download the file again',
        },
      ])
    if (bytes >= mostHeaderBytes)
      throw invalid(file, [{ place: `${name}: byte ${structure.offset}`, message: 'the header has no end' }])
    bytes = Math.min(size, 4 * bytes)
  }
}
