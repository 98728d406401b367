import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { RightsizeError } from '../foundation/errors.ts'
import type { CliIo } from './io.ts'

/** @throws RightsizeError `output-exists` before any work is done for a folder that may not be written. */
export function refuseExistingFolder(path: string, io: CliIo, hint: string): void {
  if (existsSync(resolve(io.cwd, path))) throw exists(path, hint)
}

/**
 * Writes a folder whole or not at all: beside its place first. With `force` the files replace those of the same name,
 * each at once; other files of the folder stay.
 * @throws RightsizeError `output-exists`, `file-unreadable` where it cannot be written
 */
export function writeUserFolder(input: {
  folder: string
  files: ReadonlyMap<string, string>
  io: CliIo
  force: boolean
  hint: string
}): void {
  const target = resolve(input.io.cwd, input.folder)
  const beside = `${target}.${process.pid}.part`
  try {
    if (!input.force) refuseExistingFolder(input.folder, input.io, input.hint)
    mkdirSync(beside, { recursive: true })
    for (const [name, text] of input.files) writeFileSync(join(beside, name), text)
    if (existsSync(target)) {
      for (const name of input.files.keys()) renameSync(join(beside, name), join(target, name))
    } else renameSync(beside, target)
  } catch (cause) {
    if (cause instanceof RightsizeError) throw cause
    const message = cause instanceof Error ? cause.message : String(cause)
    throw new RightsizeError({
      code: 'file-unreadable',
      message: `cannot write ${input.folder}`,
      issues: [
        {
          place: input.folder,
          message: message.replaceAll(beside, input.folder).replaceAll(target, input.folder),
        },
      ],
      cause,
    })
  } finally {
    rmSync(beside, { recursive: true, force: true })
  }
}

function exists(path: string, hint: string): RightsizeError {
  return new RightsizeError({
    code: 'output-exists',
    message: `${path} exists already`,
    issues: [{ place: path, message: 'there is a folder of this name' }],
    hint,
  })
}
