import { writeXlsx } from 'hucre/xlsx'
import type { Plan } from '../../planner/plan-types.ts'
import { localeFormat } from '../locale-format.ts'
import { sayer } from '../messages/say.ts'
import { translator } from '../messages/translate.ts'
import type { ChartPicture, ReportDocument } from '../report-document.ts'
import { assumptionsSheet } from './assumptions.ts'
import { breakEvenSheet } from './break-even.ts'
import { cascadesSheet } from './cascades.ts'
import { cashFlowSheet } from './cash-flow.ts'
import { lastMonthOf, type WorkbookContext } from './context.ts'
import { costSheets } from './costs.ts'
import { demandSheet } from './demand.ts'
import { energySheet } from './energy.ts'
import { fleetSheet } from './fleet.ts'
import { cascadeMembers } from './members.ts'
import { fillMonths, monthsLayout } from './months.ts'
import { overviewSheet } from './overview.ts'
import { powerSheet } from './power.ts'
import { optionsSheet } from './sizing.ts'
import { chartsSheet, notesSheet, sourcesSheet } from './texts.ts'
import { workbookWords } from './words.ts'

/**
 * The plan as a workbook of formulas: assumptions drive demand, fleet, energy, every cost line, the cash flow and the
 * break-even. It starts from the plan's own figures. The same input gives the same bytes; dates are the plan's.
 */
export async function renderXlsx(
  plan: Plan,
  input: { document: ReportDocument; charts?: ReadonlyMap<string, ChartPicture> },
): Promise<Uint8Array> {
  const { document } = input
  const { meta } = document
  const f = localeFormat({ locale: meta.locale, currency: plan.finance.currency })
  const members = cascadeMembers(plan)
  const context: WorkbookContext = {
    plan,
    options: [...plan.options, ...members.keys()],
    members,
    document,
    words: workbookWords(meta.locale),
    t: translator(meta.locale),
    f,
    say: sayer({ locale: meta.locale, f }),
    currency: plan.finance.currency.code,
    lastMonth: lastMonthOf(plan),
    names: [],
  }
  const inputs = assumptionsSheet(context)
  const { general } = inputs
  const demand = demandSheet(context, general)
  const options = optionsSheet(context, inputs, demand)
  const { sizing } = options
  const power = powerSheet(context)
  const curves = power?.curves ?? new Map()
  const fleet = fleetSheet(context, { inputs, demand, sizing, curves })
  const { years, fleets } = fleet
  const energy = energySheet(context, inputs, demand, fleet)
  const months = monthsLayout(context, inputs.residual)
  const drivers = { inputs, demand, sizing, years, fleets, worth: months.worth }
  const { quantities, costs, blocks } = costSheets(context, drivers)
  const flows = fillMonths(context, months, { general, demand, years, blocks, residual: inputs.residual })
  const discount = Array.from({ length: context.lastMonth + 1 }, (_, month) =>
    month > plan.finance.horizonMonths ? 0 : (1 + general.discount.value) ** (-month / 12),
  )
  const cash = cashFlowSheet(context, months, flows, discount)
  const overview = overviewSheet(context, { inputs, demand, money: cash.money, energy: energy.energy })
  const sheets = [
    overview,
    inputs.sheet,
    demand.sheet,
    options.sheet,
    fleet.sheet,
    quantities,
    costs,
    cascadesSheet(context, { general, demand, money: cash.money, energy: energy.energy }),
    cash.sheet,
    months.sheet,
    energy.sheet,
    power?.sheet,
    breakEvenSheet(context, months, general, flows),
    notesSheet(context),
    sourcesSheet(context),
    chartsSheet(context, input.charts ?? new Map()),
  ].filter((sheet) => sheet !== undefined)
  const date = new Date(`${meta.planDate}T00:00:00Z`)
  return await writeXlsx({
    sheets: sheets.map((sheet) => sheet.build()),
    namedRanges: [...context.names, ...sheets.flatMap((sheet) => sheet.printNames())],
    defaultFont: { name: 'Calibri', size: 11 },
    properties: {
      title: meta.title,
      subject: meta.subtitle,
      creator: meta.brand.name,
      lastModifiedBy: meta.brand.name,
      keywords: `${meta.scenarioName}, ${meta.catalogVersion}`,
      created: date,
      modified: date,
    },
  })
}
