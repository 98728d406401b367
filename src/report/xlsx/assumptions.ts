import { gramsPerKilogram } from '../../foundation/units.ts'
import type { PlanCostLine, PlanOption } from '../../planner/plan-option-types.ts'
import { lineLabel, unitWord } from '../sections/plan-words.ts'
import { newSheet, optionName, placeName, type WorkbookContext } from './context.ts'
import type { Term } from './formula.ts'
import { type GeneralInputs, generalBlock, markChanged, startBlock } from './general-inputs.ts'
import { type PriceKey, priceKey, priceOfLine } from './line-drivers.ts'
import { shareOfSide } from './members.ts'
import type { SheetBuilder } from './sheet-builder.ts'
import type { Look } from './styles.ts'
import type { WordKey } from './words.ts'

/** What an option brings. Absent where the plan does not know it or the option has no machines. */
export interface OptionInputs {
  readonly capacity?: Term
  readonly replicasPerMachine?: Term
  readonly spareMachines?: Term
  readonly sites?: Term
  readonly acceleratorsPerMachine?: Term
  readonly wattsPerMachine?: Term
  readonly wattsPerLoad?: Term
  readonly pue?: Term
  readonly grid?: Term
  readonly embodied?: Term
  readonly water?: Term
}

export interface PriceInput {
  readonly usd: Term
  readonly growth: Term | undefined
}

export interface WorkbookInputs {
  readonly sheet: SheetBuilder
  readonly general: GeneralInputs
  readonly options: ReadonlyMap<PlanOption, OptionInputs>
  /** Share of the demand that an option of a cascade sees; one that sees all of it is not here. */
  readonly shares: ReadonlyMap<PlanOption, Term>
  readonly prices: ReadonlyMap<PriceKey, PriceInput>
}

export function assumptionsSheet(context: WorkbookContext): WorkbookInputs {
  const sheet = newSheet(context, 'sheet.assumptions', 'lead.assumptions')
  sheet.tabColour('#e6b800')
  sheet.widths(58, 16, 18, 16, 18, 16, 16, 18, 14, 14, 18, 16)
  const general = generalBlock(context, sheet)
  sheet.row += 1
  const options = optionBlock(context, sheet)
  sheet.row += 1
  const prices = priceBlock(context, sheet)
  sheet.freezeAt(3, 1)
  const shares = new Map<PlanOption, Term>()
  for (const [option, side] of context.members) {
    const share = shareOfSide(context.plan, side, general.smallShare)
    if (share !== undefined) shares.set(option, share)
  }
  return { sheet, general, options, shares, prices }
}

const optionColumns = [
  ['option.capacity', 'capacity', 'two'],
  ['option.per-machine', 'replicasPerMachine', 'two'],
  ['option.spare', 'spareMachines', 'whole'],
  ['option.sites', 'sites', 'whole'],
  ['option.accelerators', 'acceleratorsPerMachine', 'two'],
  ['option.watts', 'wattsPerMachine', 'one'],
  ['option.slope', 'wattsPerLoad', 'one'],
  ['option.pue', 'pue', 'two'],
  ['option.grid', 'grid', 'one'],
  ['option.embodied', 'embodied', 'two'],
  ['option.water', 'water', 'two'],
] as const satisfies readonly (readonly [WordKey, keyof OptionInputs, Look['format']])[]

function optionBlock(context: WorkbookContext, sheet: SheetBuilder): Map<PlanOption, OptionInputs> {
  const { words } = context
  startBlock(context, sheet, 'by-option.title')
  sheet.header([words('column.option'), ...optionColumns.map(([key]) => words(key))], 62)
  const inputs = new Map<PlanOption, OptionInputs>()
  for (const option of context.options) {
    sheet.text(0, optionName(context, option), { wrap: true })
    const values = optionValues(option)
    const terms: { -readonly [Key in keyof OptionInputs]: OptionInputs[Key] } = {}
    optionColumns.forEach(([, key, format], index) => {
      const value = values[key]
      if (value === undefined || !Number.isFinite(value))
        sheet.text(index + 1, '–', { kind: 'muted', align: 'right' })
      else terms[key] = sheet.input(index + 1, value, { format })
    })
    inputs.set(option, terms)
    sheet.height(30)
    sheet.row += 1
  }
  return inputs
}

/** The plan's figures per machine, such that the sheet's formulas give the plan's fleet again. */
function optionValues(option: PlanOption): { readonly [Key in keyof OptionInputs]?: number | undefined } {
  const { deployment, capacity, energy, carbon, water, site } = option
  const meter = energy?.kilowattHoursPerMonth?.value
  const pue =
    site?.pueRatio ??
    (energy && meter !== undefined ? meter / energy.itKilowattHoursPerMonth.value : undefined)
  const waterPerKwh =
    meter === undefined ? undefined : (water?.totalLitresPerMonth?.value ?? Number.NaN) / meter
  if (deployment === undefined || capacity === undefined) return { grid: carbon?.gridGramsPerKilowattHour }
  const { servers, sites, accelerators } = deployment
  const holds = Math.max(
    1,
    Math.floor(deployment.server.acceleratorsPerServer / deployment.acceleratorsPerReplica),
  )
  const perSite = servers / sites
  const spare = perSite - Math.ceil(deployment.replicasNeeded / holds)
  const fits = Number.isInteger(spare) && spare >= 0
  const range = capacity.utilisationAtPeakFraction - capacity.utilisationAverageFraction
  const more =
    energy === undefined ? Number.NaN : (energy.peakWatts.value - energy.averageWatts.value) / range
  return {
    capacity: capacity.requestsPerSecondPerReplica.value,
    replicasPerMachine: fits ? holds : deployment.replicasNeeded / perSite,
    spareMachines: fits ? spare : 0,
    sites,
    acceleratorsPerMachine: accelerators / servers,
    wattsPerMachine: energy === undefined ? undefined : energy.averageWatts.value / servers,
    wattsPerLoad: more >= 0 ? more / servers : 0,
    pue,
    grid: carbon?.gridGramsPerKilowattHour,
    embodied:
      carbon?.embodiedGramsPerMonth === undefined
        ? undefined
        : carbon.embodiedGramsPerMonth.value / gramsPerKilogram / servers,
    water: waterPerKwh,
  }
}

function priceBlock(context: WorkbookContext, sheet: SheetBuilder): Map<PriceKey, PriceInput> {
  const { words } = context
  startBlock(context, sheet, 'prices.title')
  sheet.header(
    [
      words('column.price-of'),
      words('column.usd'),
      words('column.unit'),
      words('column.plan'),
      words('column.growth'),
      words('column.source'),
      words('column.note'),
    ],
    20,
  )
  const first = sheet.row
  const prices = new Map<PriceKey, PriceInput>()
  for (const option of context.options) {
    for (const line of option.cost.lines) {
      if (priceOfLine(line) !== 'given') continue
      const key = priceKey(line)
      if (prices.has(key)) continue
      const look: Look = { format: 'price' }
      const known = Number.isFinite(line.unitPriceUsd)
      sheet.text(0, priceLabel(context, option, line))
      const usd = known ? sheet.input(1, line.unitPriceUsd, look) : sheet.emptyInput(1, look)
      sheet.text(2, unitWord(context, line.unit), { kind: 'muted', indent: 1 })
      if (known) sheet.number(3, line.unitPriceUsd, { ...look, kind: 'muted' })
      else sheet.text(3, words('unknown'), { kind: 'muted', align: 'right' })
      const growth =
        line.growthPerYearFraction === undefined
          ? undefined
          : sheet.input(4, line.growthPerYearFraction, { format: 'percent' })
      if (growth === undefined) sheet.blank(4, { kind: 'muted' })
      sheet.text(5, line.sourceId, { kind: 'muted', indent: 1 })
      if (line.note !== '') sheet.text(6, line.note, { kind: 'muted' })
      prices.set(key, { usd, growth })
      sheet.row += 1
    }
  }
  if (sheet.row > first) markChanged(sheet, `B${first + 1}:B${sheet.row}`, `B${first + 1}<>D${first + 1}`)
  return prices
}

/** Which machine, accelerator or place a price belongs to. */
function priceLabel(context: WorkbookContext, option: PlanOption, line: PlanCostLine): string {
  const { deployment } = option
  const of =
    line.category === 'servers'
      ? deployment?.server.name
      : line.category === 'accelerators'
        ? deployment?.accelerator.name
        : line.category === 'electricity' || line.category === 'colocation' || line.category === 'tokens'
          ? placeName(context, option)
          : undefined
  const label = lineLabel(context, line, option)
  return of === undefined ? label : `${label}: ${of}`
}
