import { formatPercent, formatSignificant } from '../../foundation/format.ts'
import type { Note } from '../../foundation/notes.ts'
import { opexRow } from '../search/own-cost.ts'
import type { SearchSpace } from '../search/space.ts'
import type { MachineDetail } from './detail.ts'

/** What machines that are owned already still cost, and what their bill leaves out. */
export function ownedNotes(space: SearchSpace, detail: MachineDetail): Note[] {
  const { site, fleet, place } = detail
  const { host, price } = site.machine
  if (host?.owned === undefined || price === undefined || place.kind === 'device') return []
  const { finance } = space.resolved.limits
  const { maintenancePerYearFraction: fraction, hardwareDiscountFraction } = finance
  const usd =
    (price.server.usd + fleet.partsPerServer * (price.accelerator?.usd ?? 0)) * (1 - hardwareDiscountFraction)
  const { code, usdPerUnit } = finance.currency
  const each = usd / usdPerUnit
  const perYear = each * fraction
  const common = { level: 'assumption', about: site.machine.id } as const
  if (fraction === 0)
    return [
      {
        ...common,
        code: 'owned-without-maintenance',
        message:
          'the machines are owned already: neither their purchase, nor their replacement, nor maintenance (finance.maintenance is 0) is on the bill',
      },
    ]
  return [
    {
      ...common,
      code: 'owned-maintenance',
      message: `the machines are owned already: their purchase and their replacement are not on the bill, maintenance is, at ${formatPercent(fraction, 1)} a year of what one costs new with its accelerators (${formatSignificant(each)} ${code}): ${formatSignificant(perYear)} ${code} a year for each. State finance.maintenance as your contract has it, 0 where there is none`,
      values: { fraction, each, perYear, currency: code },
      sourceId: opexRow(space.catalog, 'maintenance-per-year').source_id,
    },
  ]
}
