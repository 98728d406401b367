import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { RightsizeError } from '../foundation/errors.ts'

/** What a report folder may hold: a folder with anything else in it is never replaced. */
const ourNames = new Set([
  'report.html',
  'report.pdf',
  'report.xlsx',
  'report.md',
  'plan.json',
  'charts',
  'csv',
])

/**
 * @throws RightsizeError `output-exists` where the folder exists and may not be replaced: without `force`, or when it
 * holds files that no report writes
 */
export function checkOutputFolder(folder: string, input: { force: boolean; name: string }): void {
  if (!existsSync(folder)) return
  if (!input.force)
    throw exists(input.name, 'it exists already', 'choose another folder, or add --force to replace it')
  if (!statSync(folder).isDirectory()) throw exists(input.name, 'it is a file', 'choose another name')
  const others = readdirSync(folder).filter((name) => !ourNames.has(name))
  if (others.length > 0)
    throw exists(
      input.name,
      `it holds ${others.length === 1 ? 'a file' : 'files'} that no report writes (${others.slice(0, 3).join(', ')})`,
      'choose another folder: --force replaces reports only',
    )
}

/**
 * Writes the files into a folder whole or not at all: into a new folder beside it first, then by renaming. The former
 * folder is put back when the last step fails.
 */
export function writeOutputFolder(
  folder: string,
  files: ReadonlyMap<string, string | Uint8Array>,
  input: { force: boolean; name: string },
): void {
  const parent = dirname(folder)
  mkdirSync(parent, { recursive: true })
  const work = mkdtempSync(join(parent, `.${basename(folder)}-`))
  try {
    const next = join(work, 'next')
    mkdirSync(next)
    for (const [name, content] of files) {
      mkdirSync(dirname(join(next, name)), { recursive: true })
      writeFileSync(join(next, name), content, { flag: 'wx' })
    }
    checkOutputFolder(folder, input)
    if (existsSync(folder)) {
      renameSync(folder, join(work, 'former'))
      try {
        renameSync(next, folder)
      } catch (error) {
        renameSync(join(work, 'former'), folder)
        throw error
      }
    } else renameSync(next, folder)
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

function exists(name: string, message: string, hint: string): RightsizeError {
  return new RightsizeError({
    code: 'output-exists',
    message: `the report cannot be written to ${name}`,
    issues: [{ place: name, message }],
    hint,
  })
}
