import { readFileSync } from 'node:fs'
import { dirname, extname, join } from 'node:path'
import { z } from 'zod'
import { RightsizeError } from '../foundation/errors.ts'
import type { ReportBrand, ReportLogo } from './report-document.ts'
import { defaultBrand } from './view-model.ts'

const colour = z.string().regex(/^#[0-9a-f]{6}$/i, 'is not a colour like #12344d')

/** `brand.json` of a template folder. */
const brandSchema = z.strictObject({
  name: z.string().min(1).max(100),
  colours: z.strictObject({ primary: colour, accent: colour }).optional(),
  logo: z.strictObject({ file: z.string().min(1), alt: z.string() }).optional(),
})

const mediaTypes: Readonly<Record<string, ReportLogo['mediaType']>> = {
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.svg': 'image/svg+xml',
}

/** @throws RightsizeError `arguments-invalid` with every field that is wrong; `file-unreadable` for the logo */
export function readBrand(file: string | undefined): ReportBrand {
  if (file === undefined) return defaultBrand
  const result = brandSchema.safeParse(parsed(file))
  if (!result.success)
    throw new RightsizeError({
      code: 'arguments-invalid',
      message: `${file} cannot be used`,
      issues: result.error.issues.map((issue) => ({
        place: `${file}  ${issue.path.join('.')}`,
        message: issue.message,
      })),
    })
  const { name, colours, logo } = result.data
  return {
    name,
    colours: colours ?? defaultBrand.colours,
    ...(logo === undefined ? {} : { logo: readLogo(join(dirname(file), logo.file), logo.alt) }),
  }
}

function parsed(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause)
    throw new RightsizeError({
      code: 'arguments-invalid',
      message: `${file} cannot be read`,
      issues: [{ place: file, message }],
      cause,
    })
  }
}

function readLogo(file: string, alt: string): ReportLogo {
  const mediaType = mediaTypes[extname(file).toLowerCase()]
  const problem = (message: string, cause?: unknown) =>
    new RightsizeError({
      code: 'file-unreadable',
      message: 'the logo cannot be read',
      issues: [{ place: file, message }],
      cause,
    })
  if (mediaType === undefined) throw problem('a logo is a PNG, JPEG or SVG file')
  try {
    return { mediaType, base64: readFileSync(file).toString('base64'), alt }
  } catch (cause) {
    throw problem(cause instanceof Error ? cause.message : String(cause), cause)
  }
}
