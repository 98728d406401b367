import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import Handlebars from 'handlebars'
import { RightsizeError } from '../foundation/errors.ts'

/** The package's own templates; the folder stands beside `src` and `dist`. */
const ownFolder = fileURLToPath(new URL('../../templates', import.meta.url))

export interface Templates {
  /** The text of a file, the user's before ours. */
  text(name: string): string
  hasPartial(name: string): boolean
  render(name: string, view: unknown, input: { html: boolean }): string
}

/**
 * Templates of the package with the user's folder laid over them, file by file. Strict: a name that the view does not
 * have is an error, and no helper but Handlebars' own blocks is known.
 * @throws RightsizeError `file-unreadable`, `arguments-invalid` with the file that is wrong
 */
export function loadTemplates(input: { userFolder: string | undefined }): Templates {
  const files = new Map<string, string>()
  for (const folder of [ownFolder, input.userFolder]) {
    if (folder === undefined) continue
    if (!existsSync(folder) || !statSync(folder).isDirectory())
      throw new RightsizeError({
        code: 'file-unreadable',
        message: `cannot read the templates in ${folder}`,
        issues: [{ place: folder, message: 'there is no such folder' }],
      })
    for (const [name, file] of filesOf(folder)) files.set(name, file)
  }
  const text = (name: string): string => {
    const file = files.get(name)
    if (file === undefined) throw new Error(`there is no template ${name}`)
    return readFileSync(file, 'utf8')
  }
  const partials = new Map(
    [...files.keys()]
      .filter((name) => name.startsWith('partials/') && name.endsWith('.hbs'))
      .map((name) => [name.slice('partials/'.length, -'.hbs'.length), name]),
  )
  return {
    text,
    hasPartial: (name) => partials.has(name),
    render(name, view, { html }) {
      const handlebars = Handlebars.create()
      const options = { strict: true, noEscape: !html, knownHelpersOnly: true } as const
      for (const [partial, file] of partials)
        handlebars.registerPartial(partial, handlebars.compile(text(file), options))
      try {
        return handlebars.compile(text(name), options)(view)
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error)
        if (input.userFolder === undefined) throw error
        throw new RightsizeError({
          code: 'arguments-invalid',
          message: `the templates in ${input.userFolder} cannot be used`,
          issues: [{ place: name, message }],
          cause: error,
        })
      }
    },
  }
}

function* filesOf(folder: string): Generator<[string, string]> {
  for (const entry of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
    const file = join(folder, entry)
    if (statSync(file).isFile()) yield [relative(folder, file).split(sep).join('/'), file]
  }
}
