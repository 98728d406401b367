import { breakEvenSurface } from '../../estimators/cost/break-even.ts'
import type { PlanOption } from '../../planner/plan-option-types.ts'
import { type RecomputeBasis, recompute } from '../../planner/recompute.ts'
import { cell, column, row, table } from '../blocks.ts'
import type { ReportBlock } from '../report-document.ts'
import { type ReportContext, shortLabel } from './context.ts'

const demandRatios = [0.1, 0.25, 0.5, 1, 2, 4]
const horizonYears = [1, 2, 3, 4, 5]

/**
 * Where owning beats renting: the best owned option against the best rented one, over volume and horizon. Machines are
 * counted anew for each volume. Nothing where the plan has not both.
 */
export function surfaceBlocks(context: ReportContext, options: readonly PlanOption[]): ReportBlock[] {
  const owned = options.find((option) => isOwned(option))
  const rented = options.find((option) => !isOwned(option))
  const [own, rent] = [owned, rented].map((option) => context.bases.get(option?.id ?? ''))
  if (owned === undefined || rented === undefined || own === undefined || rent === undefined) return []
  const { t, f } = context
  const names = { option: shortLabel(context, owned), versus: shortLabel(context, rented) }
  const { cells } = breakEvenSurface({
    // The axis is the demand; each side keeps its own electricity price.
    utilisationFractions: demandRatios,
    electricityUsdPerKilowattHour: [undefined],
    horizonMonths: horizonYears.map((years) => years * 12),
    costs: ({ utilisationFraction, horizonMonths }) => {
      const at = (basis: RecomputeBasis) =>
        recompute(basis, { demandRatio: utilisationFraction, horizonMonths }).totalUsd
      return { usd: at(own), alternativeUsd: at(rent) }
    },
  })
  return [
    table({
      id: 'break-even-surface',
      caption: t('cost.surface', names),
      columns: [
        column('demand', t('cost.surface.row'), { align: 'right', weight: 2 }),
        ...horizonYears.map((years) =>
          column(`years-${years}`, t('cost.surface.months', { n: f.count(years * 12) }), {
            align: 'right',
            unit: f.currencyCode,
            weight: 2,
          }),
        ),
      ],
      rows: demandRatios.map((ratio) =>
        row(
          [
            f.percent(ratio),
            ...horizonYears.map((years) => {
              const found = cells.find(
                (entry) => entry.utilisationFraction === ratio && entry.horizonMonths === years * 12,
              )
              const saving = found?.savingUsd
              if (saving === undefined) return cell(t('unknown'))
              return cell(`${saving > 0 ? '−' : '+'}${f.money(Math.abs(saving))}`, {
                value: -f.inCurrency(saving),
                tone: saving > 0 ? 'good' : 'neutral',
              })
            }),
          ],
          ratio === 1 ? 'emphasis' : 'normal',
        ),
      ),
      footnotes: [t('cost.surface.note', names)],
    }),
  ]
}

function isOwned(option: PlanOption): boolean {
  return option.place.kind === 'on-prem' || option.place.kind === 'colocation'
}
