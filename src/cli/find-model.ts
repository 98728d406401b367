import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Catalog } from '../catalogs/catalog.ts'
import type { Note } from '../foundation/notes.ts'
import { knownArchitecture } from '../planner/inputs.ts'
import type { SizedModel } from '../planner/memory.ts'
import type { CliIo } from './io.ts'

export interface FoundModel {
  readonly model: SizedModel
  readonly notes: readonly Note[]
  readonly nativeWeights: string | undefined
}

/** A file where the name is one (config.json, GGUF, safetensors), else a row of the catalog. */
export async function findModel(input: { name: string; catalog: Catalog; io: CliIo }): Promise<FoundModel> {
  const path = resolve(input.io.cwd, input.name)
  const looksLikeFile = /^\.{0,2}\/|\.(json|gguf|safetensors)$/i.test(input.name)
  if (!looksLikeFile && !(existsSync(path) && /[\\/]/.test(input.name))) {
    const row = input.catalog.model(input.name)
    return {
      model: { id: row.id, name: row.name, architecture: knownArchitecture(row) },
      nativeWeights: row.native_weights,
      notes: [],
    }
  }
  const { readModelFile } = await import('../model-file.node.ts')
  const file = await readModelFile(path)
  return {
    model: {
      id: input.name,
      name: file.name ?? input.name,
      architecture: file.architecture,
      ...(file.exactWeightBytes === undefined ? {} : { fileWeightBytes: file.exactWeightBytes }),
    },
    nativeWeights: file.weightFormat,
    notes: file.notes,
  }
}
