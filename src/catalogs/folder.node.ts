import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { type Issue, RightsizeError } from '../foundation/errors.ts'
import type { CatalogData, PackedTable, TableName } from './catalog.ts'
import { packTable } from './catalog.ts'
import { crossCheck, readCatalogTexts } from './check.ts'
import { throwIssues } from './csv.ts'
import { catalogTables } from './tables.ts'

const manifestSchema = z.strictObject({
  version: z.string().regex(/^\d{4}\.\d{1,2}\.\d+$/),
  asOf: z.string().regex(/^\d{4}-\d{2}-\d{2}$/),
  files: z.record(z.string(), z.string().regex(/^[0-9a-f]{64}$/)),
})

export type CatalogManifest = z.infer<typeof manifestSchema>

/**
 * The CSV files of a folder by name.
 * @throws RightsizeError `file-unreadable` where the folder cannot be read.
 */
export function readCatalogTextsFromFolder(folder: string): Map<string, string> {
  try {
    const names = readdirSync(folder).filter((name) => name.endsWith('.csv'))
    return new Map(names.map((name) => [name, readFileSync(join(folder, name), 'utf8')]))
  } catch (cause) {
    throw new RightsizeError({
      code: 'file-unreadable',
      message: `cannot read the catalog folder ${folder}`,
      issues: [{ place: folder, message: systemMessage(cause) }],
      cause,
    })
  }
}

/**
 * Our own catalog from its folder, with everything checked.
 * @throws RightsizeError `catalog-invalid` with every problem at once.
 */
export function readCatalogFolder(folder: string): { data: CatalogData; issues: Issue[] } {
  const texts = readCatalogTextsFromFolder(folder)
  const { manifest, issues: manifestIssues } = readManifest(folder, texts)
  const { tables, issues } = readCatalogTexts({ texts, folder })
  const all = [
    ...manifestIssues,
    ...issues,
    ...crossCheck({ tables, sorted: true, ...(manifest === undefined ? {} : { asOf: manifest.asOf }) }),
  ]
  const packed: { [Name in TableName]?: PackedTable } = {}
  for (const name of Object.keys(catalogTables) as TableName[]) {
    packed[name] = packTable((tables[name]?.rows ?? []).map(({ row }) => row))
  }
  return {
    data: {
      keys: Object.fromEntries(Object.entries(catalogTables).map(([name, table]) => [name, table.key])),
      version: manifest?.version ?? 'unknown',
      asOf: manifest?.asOf ?? 'unknown',
      tables: packed,
    },
    issues: all,
  }
}

/** The catalog of a folder, or an error that lists every problem. */
export function loadCatalogFolder(folder: string): CatalogData {
  const { data, issues } = readCatalogFolder(folder)
  throwIssues(issues)
  return data
}

export function fileHashes(texts: ReadonlyMap<string, string>): Record<string, string> {
  const names = [...texts.keys()].sort()
  return Object.fromEntries(
    names.map((name) => [
      name,
      createHash('sha256')
        .update(texts.get(name) ?? '')
        .digest('hex'),
    ]),
  )
}

function readManifest(
  folder: string,
  texts: ReadonlyMap<string, string>,
): { manifest: CatalogManifest | undefined; issues: Issue[] } {
  const file = join(folder, 'manifest.json')
  let json: unknown
  try {
    json = JSON.parse(readFileSync(file, 'utf8'))
  } catch (cause) {
    return { manifest: undefined, issues: [{ place: file, message: systemMessage(cause) }] }
  }
  const parsed = manifestSchema.safeParse(json)
  if (!parsed.success) {
    const issues = parsed.error.issues.map((issue) => ({
      place: `${file}  ${issue.path.join('.')}`,
      message: issue.message,
    }))
    return { manifest: undefined, issues }
  }
  const issues: Issue[] = []
  const hashes = fileHashes(texts)
  const hint = 'write the manifest anew with: npm run catalog:manifest'
  for (const name of new Set([...Object.keys(hashes), ...Object.keys(parsed.data.files)])) {
    if (hashes[name] !== parsed.data.files[name]) {
      issues.push({ place: `${file}  files.${name}`, message: 'does not match the file', hint })
    }
  }
  return { manifest: parsed.data, issues }
}

function systemMessage(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause)
}
