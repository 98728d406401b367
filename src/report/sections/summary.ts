import type { Figure } from '../../planner/plan-figure.ts'
import type { PlanOption } from '../../planner/plan-option-types.ts'
import { type PlanRole, planRoles } from '../../planner/plan-types.ts'
import { amount, callout, cell, column, list, numbers, paragraph, row, table } from '../blocks.ts'
import type { ReportBlock, ReportCard, ReportListItem, Tone } from '../report-document.ts'
import {
  formatsLabel,
  machineLabel,
  placeLabel,
  type ReportContext,
  rankedLabel,
  shortLabel,
} from './context.ts'
import { infeasibleBlocks } from './infeasible.ts'
import { unknownText } from './plan-words.ts'

/** One page: what to do, what it costs, how sure that is, and what has to be decided. */
export function summaryBlocks(context: ReportContext): ReportBlock[] {
  const { best, plan, t } = context
  if (best === undefined) return infeasibleBlocks(context)
  const warnings = plan.notes.filter((note) => note.level === 'warning')
  return [
    paragraph(recommendation(context, best), 'lead'),
    { kind: 'cards', title: t('summary.figures'), cards: cards(context, best) },
    list(decisions(context, best), { title: t('summary.decision'), ordered: true }),
    ...runnerUp(context, best),
    rolesTable(context),
    ...(warnings.length === 0
      ? []
      : [
          callout(
            'caution',
            t('summary.warnings', { n: context.f.count(warnings.length) }),
            ...warnings.slice(0, 3).map((note) => context.say.note(note)),
            t('summary.warnings.more'),
          ),
        ]),
  ]
}

function recommendation(context: ReportContext, best: PlanOption): string {
  const { f, t, plan } = context
  const { deployment } = best
  const common = {
    model: best.model.name,
    formats: formatsLabel(context, best),
    place: placeLabel(context, best),
    cost: f.money(best.cost.totalUsd.value),
    months: f.count(plan.finance.horizonMonths),
  }
  if (deployment === undefined) return t('summary.recommend.api', common)
  return t(deployment.spareReplicas > 0 ? 'summary.recommend.spared' : 'summary.recommend.machines', {
    ...common,
    accelerators: f.count(deployment.accelerators),
    accelerator: deployment.accelerator.name,
    servers: f.count(deployment.servers),
    server: deployment.server.name,
    replicas: f.count(deployment.replicas),
    spares: f.count(deployment.spareReplicas),
  })
}

function cards(context: ReportContext, best: PlanOption): ReportCard[] {
  const { f, t, plan } = context
  const { capacity, latency, carbon, cost, energy } = best
  const interval = (figure: Figure | undefined, show: (value: number) => string): string =>
    figure === undefined ? '' : (intervalText(context, figure, show) ?? t('interval.unknown'))
  const perYear = (grams: number) => `${f.mass(grams * 12)} CO₂e`
  const ttft = latency?.ttft.p95
  const cards: ReportCard[] = [
    {
      id: 'cost',
      label: t('card.cost', { months: f.count(plan.finance.horizonMonths) }),
      value: f.money(cost.totalUsd.value),
      detail: interval(cost.totalUsd, f.money),
      tone: 'neutral',
    },
    {
      id: 'token-cost',
      label: t('card.token-cost'),
      value: f.price(cost.blendedUsdPerMillionTokens.value),
      detail: interval(cost.blendedUsdPerMillionTokens, f.price),
      tone: 'neutral',
    },
    {
      id: 'capacity',
      label: t('card.capacity'),
      value:
        capacity === undefined
          ? t('unknown')
          : t('unit.requests-per-second', { value: f.significant(capacity.requestsPerSecond.value) }),
      detail:
        capacity === undefined
          ? t('card.capacity.api')
          : t('card.capacity.detail', {
              peak: f.significant(plan.workload.peakRequestsPerSecond.value),
              headroom: f.percent(capacity.headroomFraction),
            }),
      tone: capacity === undefined ? 'caution' : 'good',
    },
    {
      id: 'latency',
      label: t('card.ttft'),
      value: ttft === undefined ? t('unknown') : f.seconds(ttft.value),
      detail:
        ttft === undefined
          ? t('card.ttft.unknown')
          : t('card.ttft.target', { target: f.seconds(plan.targets.ttftSeconds) }),
      tone: latencyTone(ttft, plan.targets.ttftSeconds),
    },
    {
      id: 'carbon',
      label: t('card.carbon'),
      value:
        carbon?.totalGramsPerMonth === undefined ? t('unknown') : perYear(carbon.totalGramsPerMonth.value),
      detail: interval(carbon?.totalGramsPerMonth, perYear),
      tone: carbon?.totalGramsPerMonth === undefined ? 'caution' : 'neutral',
    },
    energy?.kilowattHoursPerMonth === undefined
      ? {
          id: 'energy',
          label: t('card.energy'),
          value: t('unknown'),
          detail: t('card.energy.api'),
          tone: 'caution',
        }
      : {
          id: 'energy',
          label: t('card.energy'),
          value: f.energy(energy.kilowattHoursPerMonth.value * 12),
          detail: t('card.energy.detail', { watts: f.watts(energy.averageWatts.value) }),
          tone: 'neutral',
        },
    ...powerCard(context, best),
    confidenceCard(context, best),
  ]
  return cards.map(({ detail, ...card }) =>
    detail === undefined || detail === '' ? card : { ...card, detail },
  )
}

/** What circuits, and rooms, must be ready for. */
function powerCard(context: ReportContext, best: PlanOption): ReportCard[] {
  const { f, t } = context
  const { site } = best
  if (site === undefined) return []
  return [
    {
      id: 'power',
      label: t('card.power'),
      value: f.watts(site.nameplateWatts.value),
      detail:
        site.rackUnits === undefined || site.racks === 0
          ? t('card.power.no-rack')
          : t('card.power.detail', { units: f.count(site.rackUnits), racks: f.count(site.racks) }),
      tone: 'neutral',
    },
  ]
}

function latencyTone(figure: Figure | undefined, target: number): Tone {
  if (figure === undefined) return 'caution'
  if (figure.value > target) return 'bad'
  return (figure.high ?? figure.value) > target ? 'caution' : 'good'
}

/** Half the width of the cost's interval beside how much rests on assumptions: no verdict, the reader's to judge. */
function confidenceCard(context: ReportContext, best: PlanOption): ReportCard {
  const { f, t, plan } = context
  const { value, low, high } = best.cost.totalUsd
  const known = low !== undefined && high !== undefined && value > 0
  return {
    id: 'confidence',
    label: t('card.confidence'),
    value: known ? `± ${f.percent((high - low) / 2 / value)}` : t('unknown'),
    detail: t('card.confidence.detail', {
      warnings: f.count(plan.notes.filter((note) => note.level === 'warning').length),
      assumptions: f.count(plan.notes.filter((note) => note.level === 'assumption').length),
      unknowns: f.count(best.unknown.length),
    }),
    tone: known ? 'neutral' : 'caution',
  }
}

export function intervalText(
  context: ReportContext,
  figure: Figure,
  show: (value: number) => string,
): string | undefined {
  if (figure.basis === 'bound') return context.t('interval.bound')
  if (figure.basis === 'given') return context.t('interval.given')
  const interval = context.f.interval(figure, show)
  return interval === undefined ? undefined : context.t('interval', { interval })
}

function decisions(context: ReportContext, best: PlanOption): ReportListItem[] {
  const { f, t } = context
  const { cost } = best
  const later = laterPurchasesUsd(best)
  const sums = { upfront: f.money(cost.upfrontUsd.value), monthly: f.money(runningUsdPerMonth(best)) }
  const approve =
    later > 0
      ? t('decision.spend.phased', { ...sums, later: f.money(later) })
      : cost.upfrontUsd.value > 0
        ? t('decision.spend.upfront', sums)
        : t('decision.spend.running', { monthly: f.money(cost.usdPerMonth.value) })
  const items: ReportListItem[] = [
    { term: t('decision.spend'), text: approve },
    { term: t('decision.pilot'), text: t('decision.pilot.text') },
  ]
  if (best.unknown.length > 0)
    items.push({
      term: t('decision.unknown'),
      text: best.unknown.map((entry) => unknownText(context, entry)).join('; '),
    })
  if (best.tiedWith.length > 0)
    items.push({
      term: t('decision.tie'),
      text: t('decision.tie.text', {
        options: tiedLabels(context, best).join('; '),
      }),
    })
  return items
}

/** The first few of the options that the figures cannot tell apart, and how many more there are. */
export function tiedLabels(context: ReportContext, best: PlanOption): string[] {
  const tied = best.tiedWith.map((id) => context.optionById.get(id)).filter((option) => option !== undefined)
  const shown = tied.slice(0, mostTies).map((option) => rankedLabel(context, option))
  const more = tied.length - shown.length
  return more > 0 ? [...shown, context.t('and-more', { n: context.f.count(more) })] : shown
}

const mostTies = 4

/** What a growing demand makes one buy after the first day. */
function laterPurchasesUsd({ cost }: PlanOption): number {
  return (cost.purchasesUsd?.value ?? cost.upfrontUsd.value) - cost.upfrontUsd.value
}

/** What a month costs once the machines are paid. */
export function runningUsdPerMonth(option: PlanOption): number {
  const months = option.cost.monthlyUsd.slice(1)
  const running = months.reduce((sum, usd) => sum + usd, 0) - laterPurchasesUsd(option)
  return months.length === 0 ? 0 : running / months.length
}

function runnerUp(context: ReportContext, best: PlanOption): ReportBlock[] {
  const { runnerUp: next, f, t } = context
  if (next === undefined) return [callout('neutral', t('summary.runner-up'), t('summary.runner-up.none'))]
  const difference = next.cost.totalUsd.value / best.cost.totalUsd.value - 1
  return [
    callout(
      'neutral',
      t('summary.runner-up'),
      t('summary.runner-up.text', {
        option: shortLabel(context, next),
        machines: machineLabel(context, next),
        cost: f.money(next.cost.totalUsd.value),
        change: Number.isFinite(difference) ? f.change(difference) : f.unknown,
      }),
    ),
  ]
}

function rolesTable(context: ReportContext): ReportBlock {
  const { f, t, plan, optionById } = context
  const rows = planRoles.flatMap((role: PlanRole) => {
    const option = optionById.get(plan.roles[role] ?? '')
    if (option === undefined) return []
    const carbon = option.carbon?.totalGramsPerMonth?.value
    const ttft = option.latency?.ttft.p95.value
    return [
      row(
        [
          t(`role.${role}`),
          cell(shortLabel(context, option)),
          cell(machineLabel(context, option)),
          amount(f.money(option.cost.totalUsd.value), f.inCurrency(option.cost.totalUsd.value)),
          amount(carbon === undefined ? t('unknown') : f.mass(carbon * 12), carbon && carbon * 12),
          amount(ttft === undefined ? t('unknown') : f.seconds(ttft), ttft),
        ],
        role === 'balanced' ? 'emphasis' : 'normal',
      ),
    ]
  })
  return table({
    id: 'roles',
    caption: t('summary.roles'),
    columns: [
      column('role', t('column.role')),
      column('option', t('column.option'), { weight: 3 }),
      column('machines', t('column.machines'), { weight: 4 }),
      numbers('cost', t('column.total-cost'), f.currencyCode),
      numbers('carbon', t('column.carbon-year'), 'CO₂e'),
      numbers('ttft', t('column.ttft-p95')),
    ],
    rows,
    wide: false,
  })
}
