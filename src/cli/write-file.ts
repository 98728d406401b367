import { existsSync, linkSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { RightsizeError } from '../foundation/errors.ts'
import type { CliIo } from './io.ts'

/** @throws RightsizeError `output-exists` before any work is done for a file that may not be written. */
export function refuseExisting(path: string, io: CliIo, hint: string): void {
  if (existsSync(resolve(io.cwd, path))) throw exists(path, hint)
}

/**
 * Writes a file whole or not at all: to a neighbour first, then to its name.
 * @throws RightsizeError `output-exists` where it exists and `force` is not set; `file-unreadable` where it cannot be written.
 */
export function writeUserFile(input: {
  path: string
  text: string
  io: CliIo
  force: boolean
  hint: string
}): void {
  const target = resolve(input.io.cwd, input.path)
  const beside = `${target}.${process.pid}.part`
  try {
    writeFileSync(beside, input.text, { flag: 'wx' })
    if (input.force) renameSync(beside, target)
    else placeNew(beside, target)
  } catch (cause) {
    rmSync(beside, { force: true })
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') throw exists(input.path, input.hint)
    const message = cause instanceof Error ? cause.message.replaceAll(target, input.path) : String(cause)
    throw new RightsizeError({
      code: 'file-unreadable',
      message: `cannot write ${input.path}`,
      issues: [{ place: input.path, message: message.replaceAll(beside, input.path) }],
      cause,
    })
  }
}

/** A link fails where the name is taken, even by somebody who came between. */
function placeNew(beside: string, target: string): void {
  try {
    linkSync(beside, target)
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST' || existsSync(target)) throw cause
    // Some file systems have no links.
    renameSync(beside, target)
    return
  }
  rmSync(beside)
}

function exists(path: string, hint: string): RightsizeError {
  return new RightsizeError({
    code: 'output-exists',
    message: `${path} exists already`,
    issues: [{ place: path, message: 'there is a file of this name' }],
    hint,
  })
}
