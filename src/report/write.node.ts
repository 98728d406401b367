import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Catalog } from '../catalogs/catalog.ts'
import type { Plan } from '../planner/plan-types.ts'
import { cascadeBases, recomputeBases } from '../planner/recompute-basis.ts'
import { readBrand } from './brand.node.ts'
import { csvTables } from './csv/tables.ts'
import { renderHtml } from './html/render.node.ts'
import { markdownView } from './markdown/view.ts'
import { checkOutputFolder, writeOutputFolder } from './output-folder.node.ts'
import type { ChartPictures, ReportBrand, ReportLocale } from './report-document.ts'
import { loadTemplates } from './templates.node.ts'
import { contextOf, type ReportInput, reportDocument } from './view-model.ts'
import { whatIfOf, whatIfOptionIds } from './what-if/view.ts'

export const reportFormats = ['html', 'pdf', 'xlsx', 'md', 'csv', 'json'] as const
export type ReportFormat = (typeof reportFormats)[number]

export interface WriteReportInput {
  readonly plan: Plan
  /** The catalog the plan was made with: titles of its sources, and what the what-if controls compute with. */
  readonly catalog: Catalog
  readonly outDir: string
  /** How the folder is called in messages; the path itself where absent. */
  readonly outName?: string
  readonly formats?: readonly ReportFormat[]
  /** Replaces a folder that holds a former report and nothing else. */
  readonly force?: boolean
  /** A folder whose files stand in for ours of the same name; `brand.json` in it names the brand. */
  readonly template?: string
  readonly locale?: ReportLocale
  readonly brand?: ReportBrand
}

export interface WrittenReport {
  readonly files: readonly { readonly name: string; readonly bytes: number }[]
  /** Why charts are tables only; absent where pictures were drawn or none were asked for. */
  readonly noPictures?: string
}

/**
 * Writes the report of a plan into a new folder, all formats or none. Same input, same bytes.
 * @throws RightsizeError `output-exists`, `file-unreadable` or `arguments-invalid` for templates and brand
 */
export async function writeReport(input: WriteReportInput): Promise<WrittenReport> {
  const target = { force: input.force ?? false, name: input.outName ?? input.outDir }
  checkOutputFolder(input.outDir, target)
  const rendered = await renderReport(input)
  writeOutputFolder(input.outDir, rendered.files, target)
  return {
    files: [...rendered.files].map(([name, content]) => ({
      name,
      bytes: typeof content === 'string' ? new TextEncoder().encode(content).length : content.length,
    })),
    ...(rendered.noPictures === undefined ? {} : { noPictures: rendered.noPictures }),
  }
}

/** The files of a report by name, in memory. */
export async function renderReport(
  input: Omit<WriteReportInput, 'outDir' | 'outName' | 'force'>,
): Promise<{ files: Map<string, string | Uint8Array>; noPictures?: string }> {
  const { plan, catalog } = input
  const formats = new Set(input.formats ?? reportFormats)
  const templates = loadTemplates({ userFolder: input.template })
  const brandFile = input.template === undefined ? undefined : join(input.template, 'brand.json')
  const base: ReportInput = {
    plan,
    locale: input.locale ?? 'en',
    brand: input.brand ?? readBrand(brandFile !== undefined && existsSync(brandFile) ? brandFile : undefined),
    sources: catalog.rows('sources'),
  }
  const optionIds = whatIfOptionIds(contextOf(base))
  const reportInput = { ...base, bases: recomputeBases({ plan, catalog, optionIds }) }
  const document = reportDocument(reportInput)
  const files = new Map<string, string | Uint8Array>()

  let pictures: ChartPictures = new Map()
  let noPictures: string | undefined
  if (formats.has('pdf') || formats.has('xlsx') || formats.has('md')) {
    const { chartPictures } = await import('./charts/png.node.ts')
    const drawn = chartPictures(document)
    pictures = drawn.pictures
    noPictures = drawn.missing
  }
  if (formats.has('html')) {
    const context = contextOf(reportInput)
    files.set(
      'report.html',
      renderHtml({
        document,
        templates,
        words: {
          showRows: (count) => context.t('words.show-rows', { n: context.f.count(count) }),
          showData: context.t('words.show-data'),
        },
        whatIf: whatIfOf(context, {
          options: reportInput.bases,
          cascade: cascadeBases({ plan, catalog }),
        }),
      }),
    )
  }
  if (formats.has('pdf')) {
    const { renderPdf } = await import('./pdf/pdf.node.ts')
    files.set('report.pdf', await renderPdf(document, { charts: pictures }))
  }
  if (formats.has('xlsx')) {
    const { renderXlsx } = await import('./xlsx/xlsx.ts')
    files.set('report.xlsx', await renderXlsx(plan, { document, charts: pictures }))
  }
  if (formats.has('md')) {
    const picture = (id: string) => (pictures.has(id) ? chartFile(id) : undefined)
    const view = markdownView({ document, hasPartial: templates.hasPartial, picture })
    const text = templates.render('report.md.hbs', view, { html: false })
    files.set('report.md', `${text.replaceAll(/\n{3,}/g, '\n\n').trim()}\n`)
    for (const [id, { png }] of pictures) files.set(chartFile(id), png)
  }
  if (formats.has('csv')) for (const [name, text] of csvTables(plan)) files.set(`csv/${name}`, text)
  if (formats.has('json')) files.set('plan.json', `${JSON.stringify(plan, null, 2)}\n`)
  return { files, ...(noPictures === undefined ? {} : { noPictures }) }
}

/** Ids are ours and kebab-case; anything else in one would be our bug, and must not reach a path. */
function chartFile(id: string): string {
  if (!/^[a-z0-9-]+$/.test(id)) throw new Error(`a chart's id must be kebab-case (got "${id}")`)
  return `charts/${id}.png`
}
