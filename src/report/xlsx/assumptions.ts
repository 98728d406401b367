import { gramsPerKilogram } from '../../foundation/units.ts'
import type { PlanCostLine, PlanOption, PlanPhase } from '../../planner/plan-option-types.ts'
import { lineLabel, unitWord } from '../sections/plan-words.ts'
import { newSheet, optionName, placeName, same, type WorkbookContext } from './context.ts'
import { costRows } from './cost-rows.ts'
import type { Term } from './formula.ts'
import { type GeneralInputs, generalBlock, markChanged, startBlock } from './general-inputs.ts'
import { type PriceKey, priceKey, priceOfLine } from './line-drivers.ts'
import { shareOfSide } from './members.ts'
import { type ResidualPoints, residualBlock } from './residual.ts'
import type { SheetBuilder } from './sheet-builder.ts'
import type { Look } from './styles.ts'
import type { WordKey } from './words.ts'

/** What an option brings. Absent where the plan does not know it or the option has no machines. */
export interface OptionInputs {
  readonly capacity?: Term
  /** At most so many. */
  readonly replicasPerMachine?: Term
  readonly spareMachines?: Term
  readonly sites?: Term
  readonly acceleratorsPerReplica?: Term
  /** Of a machine that always comes with all of them. */
  readonly acceleratorsPerMachine?: Term
  readonly machinesPerRack?: Term
  readonly idleWattsPerMachine?: Term
  readonly idleWattsPerAccelerator?: Term
  readonly servingWattsPerMachine?: Term
  /** Where the plan does not say what the draw is made of. */
  readonly wattsPerMachine?: Term
  /** The most that they can draw: what a colocation contract counts. */
  readonly ratedWattsPerMachine?: Term
  readonly ratedWattsPerAccelerator?: Term
  readonly pue?: Term
  readonly grid?: Term
  readonly embodiedMachine?: Term
  readonly embodiedAccelerator?: Term
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
  readonly residual: ResidualPoints | undefined
}

export function assumptionsSheet(context: WorkbookContext): WorkbookInputs {
  const sheet = newSheet(context, 'sheet.assumptions', 'lead.assumptions')
  sheet.tabColour('#e6b800')
  sheet.widths(58, 16, 24, 16, 26, 26, ...optionColumns.slice(5).map(() => 15))
  const general = generalBlock(context, sheet)
  sheet.row += 1
  const options = optionBlock(context, sheet)
  sheet.row += 1
  const residual = residualBlock(context, sheet)
  const prices = priceBlock(context, sheet)
  sheet.freezeAt(3, 1)
  const shares = new Map<PlanOption, Term>()
  for (const [option, side] of context.members) {
    const share = shareOfSide(context.plan, side, general.smallShare)
    if (share !== undefined) shares.set(option, share)
  }
  return { sheet, general, options, shares, prices, residual }
}

const optionColumns = [
  ['option.capacity', 'capacity', 'two'],
  ['option.per-machine', 'replicasPerMachine', 'two'],
  ['option.accelerators-replica', 'acceleratorsPerReplica', 'whole'],
  ['option.accelerators', 'acceleratorsPerMachine', 'two'],
  ['option.spare', 'spareMachines', 'whole'],
  ['option.sites', 'sites', 'whole'],
  ['option.per-rack', 'machinesPerRack', 'whole'],
  ['option.idle', 'idleWattsPerMachine', 'one'],
  ['option.idle-accelerator', 'idleWattsPerAccelerator', 'one'],
  ['option.serving', 'servingWattsPerMachine', 'one'],
  ['option.watts', 'wattsPerMachine', 'one'],
  ['option.rated', 'ratedWattsPerMachine', 'one'],
  ['option.rated-accelerator', 'ratedWattsPerAccelerator', 'one'],
  ['option.pue', 'pue', 'two'],
  ['option.grid', 'grid', 'one'],
  ['option.embodied', 'embodiedMachine', 'two'],
  ['option.embodied-accelerator', 'embodiedAccelerator', 'two'],
  ['option.water', 'water', 'two'],
] as const satisfies readonly (readonly [WordKey, keyof OptionInputs, Look['format']])[]

function optionBlock(context: WorkbookContext, sheet: SheetBuilder): Map<PlanOption, OptionInputs> {
  const { words } = context
  startBlock(context, sheet, 'by-option.title')
  const values = new Map(context.options.map((option) => [option, optionValues(option)]))
  const columns = optionColumns.filter(([, key]) => [...values.values()].some((of) => isKnown(of[key])))
  sheet.header([words('column.option'), ...columns.map(([key]) => words(key))], 78)
  const inputs = new Map<PlanOption, OptionInputs>()
  for (const [option, of] of values) {
    sheet.text(0, optionName(context, option), { wrap: true })
    const terms: { -readonly [Key in keyof OptionInputs]: OptionInputs[Key] } = {}
    columns.forEach(([, key, format], index) => {
      const value = of[key]
      if (isKnown(value)) terms[key] = sheet.input(index + 1, value, { format })
      else sheet.text(index + 1, '–', { kind: 'muted', align: 'right' })
    })
    inputs.set(option, terms)
    sheet.height(30)
    sheet.row += 1
  }
  return inputs
}

function isKnown(value: number | undefined): value is number {
  return value !== undefined && Number.isFinite(value)
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
  const { servers, sites, accelerators, server, acceleratorsPerReplica } = deployment
  const room = server.mostAccelerators ?? server.acceleratorsPerServer
  const holds = Math.max(1, Math.floor(room / acceleratorsPerReplica))
  const perSite = servers / sites
  const needed = Math.ceil(deployment.replicasNeeded / holds)
  const spare = perSite - needed
  const fits = Number.isInteger(spare) && spare >= 0
  const filled = Math.ceil(deployment.replicasNeeded / needed)
  const perMachine = accelerators / servers
  const byFill = fits && server.alwaysFull !== true && same(perMachine, filled * acceleratorsPerReplica)
  const draw = energy?.draw
  const mean = meanMachines(option)
  const making = (part: string, machines: number): number | undefined => {
    const grams = carbon?.parts.find((entry) => entry.part === part)?.gramsPerMonth
    return grams === undefined ? undefined : grams / gramsPerKilogram / machines
  }
  const embodied = (carbon?.embodiedGramsPerMonth?.value ?? Number.NaN) / gramsPerKilogram / mean.machines
  return {
    capacity: capacity.requestsPerSecondPerReplica.value,
    replicasPerMachine: fits ? holds : deployment.replicasNeeded / perSite,
    acceleratorsPerReplica,
    acceleratorsPerMachine: byFill ? undefined : perMachine,
    spareMachines: fits ? spare : 0,
    sites,
    machinesPerRack: site?.serversPerRack,
    idleWattsPerMachine: draw?.idleWattsPerServer,
    idleWattsPerAccelerator: draw?.idleWattsPerAccelerator,
    servingWattsPerMachine: draw?.servingWattsPerServer,
    wattsPerMachine: draw === undefined && energy ? energy.averageWatts.value / servers : undefined,
    ...ratedWatts(option),
    pue,
    grid: carbon?.gridGramsPerKilowattHour,
    embodiedMachine: making('making servers', mean.machines) ?? embodied,
    embodiedAccelerator: making('making accelerators', mean.accelerators),
    water: waterPerKwh,
  }
}

function ratedWatts({ place, site, deployment }: PlanOption) {
  if (place.kind !== 'colocation' || site === undefined || deployment === undefined) return {}
  const ratedWattsPerAccelerator = site.nameplateWattsPerAccelerator ?? 0
  const { servers, accelerators } = deployment
  return {
    ratedWattsPerMachine: (site.nameplateWatts.value - accelerators * ratedWattsPerAccelerator) / servers,
    ratedWattsPerAccelerator,
  }
}

/** Over the months of the horizon. */
function meanMachines({ phases = [], deployment }: PlanOption): { machines: number; accelerators: number } {
  if (phases.length === 0)
    return { machines: deployment?.servers ?? 0, accelerators: deployment?.accelerators ?? 0 }
  const months = phases.reduce((sum, phase) => sum + phase.toMonth - phase.fromMonth + 1, 0)
  const mean = (of: (phase: PlanPhase) => number) =>
    phases.reduce((sum, phase) => sum + (phase.toMonth - phase.fromMonth + 1) * of(phase), 0) / months
  return { machines: mean((phase) => phase.servers), accelerators: mean((phase) => phase.accelerators) }
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
    for (const { line } of costRows(context.plan, option)) {
      if (line === undefined || priceOfLine(line) !== 'given') continue
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
