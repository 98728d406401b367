import { z } from 'zod'
import {
  dateCell,
  defineTable,
  flagCell,
  idCell,
  listCell,
  positiveCell,
  provenance,
  wholeCell,
} from './common.ts'

const languagePattern = /^[a-z]{2,3}$/
const regionPattern = /^[A-Z]{2}$/

/** What is recorded about a model beside its architecture, and how each fact is written. */
export const factCells = {
  /** Day the weights were published. */
  released: dateCell,
  /** After which the maker no longer supports it. */
  end_of_support: dateCell,
  /** SPDX id where there is one, else the licence's own name. */
  licence: idCell,
  /**
   * `permissive`: any use · `community`: commercial use under conditions · `non-commercial` · `proprietary`: no
   * weights to run.
   */
  licence_class: z.enum(['permissive', 'community', 'non-commercial', 'proprietary']),
  /** `limited`: allowed for some companies or some uses; the note or a cap says which. */
  commercial_use: z.enum(['yes', 'no', 'limited']),
  /** Monthly active users above which the vendor must agree. */
  user_cap: wholeCell({ least: 1 }),
  /** Yearly revenue above which another licence is needed. */
  revenue_cap_usd_per_year: positiveCell(),
  /** Two-letter country codes or EU. */
  excluded_regions: listCell.refine(
    (regions) => regions.length > 0 && regions.every((region) => regionPattern.test(region)),
    'is not a list of two-letter region codes',
  ),
  attribution_required: flagCell,
  open_weights: flagCell,
  needs_remote_code: flagCell,
  /** ISO 639 codes of the languages the vendor names. */
  languages: listCell.refine(
    (languages) => languages.length > 0 && languages.every((language) => languagePattern.test(language)),
    'is not a list of language codes (en;de;fr)',
  ),
  /** Of one image of 1,024 x 1,024 pixels where the count depends on the size. */
  tokens_per_image: wholeCell({ least: 1 }),
  tokens_per_audio_second: positiveCell(),
} as const

export type ModelFactName = keyof typeof factCells

/** The facts known of one model; a missing one is unknown, not "no". */
export type ModelFacts = { readonly [Name in ModelFactName]?: z.output<(typeof factCells)[Name]> }

const factNames = Object.keys(factCells) as [ModelFactName, ...ModelFactName[]]

export const modelFactRow = z
  .strictObject({
    model_id: idCell,
    fact: z.enum(factNames),
    value: z.string(),
    ...provenance,
  })
  .superRefine((row, context) => {
    const checked = factCells[row.fact].safeParse(row.value)
    for (const problem of checked.success ? [] : checked.error.issues) {
      context.addIssue({ code: 'custom', path: ['value'], message: `${problem.message} (${row.fact})` })
    }
  })

export type ModelFactRow = z.output<typeof modelFactRow>

export const modelFactsTable = defineTable({
  file: 'model_facts.csv',
  schema: modelFactRow,
  key: ['model_id', 'fact'],
})

/** Facts by model id, each as its own type. */
export function modelFacts(rows: Iterable<ModelFactRow>): ReadonlyMap<string, ModelFacts> {
  const facts = new Map<string, Record<string, unknown>>()
  for (const row of rows) {
    const known = facts.get(row.model_id) ?? {}
    known[row.fact] = factCells[row.fact].parse(row.value)
    facts.set(row.model_id, known)
  }
  return facts as ReadonlyMap<string, ModelFacts>
}
