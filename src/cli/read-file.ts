import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { RightsizeError } from '../foundation/errors.ts'
import type { CliIo } from './io.ts'

/** The text of a user's file. @throws RightsizeError `file-unreadable` */
export function readUserFile(path: string, io: CliIo): string {
  try {
    return readFileSync(resolve(io.cwd, path), 'utf8')
  } catch (cause) {
    const message =
      (cause as NodeJS.ErrnoException).code === 'ENOENT'
        ? 'there is no such file'
        : cause instanceof Error
          ? cause.message
          : String(cause)
    throw new RightsizeError({
      code: 'file-unreadable',
      message: `cannot read ${path}`,
      issues: [{ place: path, message }],
      cause,
    })
  }
}
