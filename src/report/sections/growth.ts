import { unitsNeeded } from '../../estimators/cost/growth.ts'
import { amount, callout, list, numbers, paragraph, row, table } from '../blocks.ts'
import { growthChart } from '../charts/sizing-charts.ts'
import type { ReportBlock } from '../report-document.ts'
import type { ReportContext } from './context.ts'
import { noOption, notInPlan } from './infeasible.ts'

/** What happens when a machine fails, and when demand grows. */
export function growthBlocks(context: ReportContext): ReportBlock[] {
  const { best, f, t, plan } = context
  if (best === undefined) return noOption(context)
  const { deployment } = best
  const chart = growthChart(context, best)
  const [first] = best.phases ?? []
  if (deployment === undefined || chart === undefined)
    return [
      paragraph(t(`availability.${plan.targets.availability}.text`)),
      notInPlan(context, t('chart.growth')),
    ]
  return [
    paragraph(t(`availability.${plan.targets.availability}.text`)),
    {
      kind: 'facts',
      title: t('growth.today'),
      facts: [
        { label: t('growth.needed'), value: f.count(first?.replicasNeeded ?? deployment.replicasNeeded) },
        {
          label: t('growth.spare'),
          value: f.count(
            first === undefined ? deployment.spareReplicas : first.replicas - first.replicasNeeded,
          ),
        },
        { label: t('growth.sites'), value: f.count(deployment.sites) },
        { label: t('growth.idle'), value: f.count(deployment.acceleratorsIdle) },
      ],
    },
    chart,
    phaseTable(context) ?? growthTable(context),
    trigger(context),
    list([t('growth.step.watch'), t('growth.step.order'), t('growth.step.test')], {
      title: t('growth.steps'),
      ordered: true,
    }),
  ]
}

/** The first month whose peak needs more than the replicas that are there; undefined: none within the horizon. */
export function monthOfNextReplica(input: {
  growthByMonth: readonly number[]
  peakRequestsPerSecond: number
  limitRequestsPerSecond: number
}): number | undefined {
  const index = input.growthByMonth.findIndex(
    (factor) => factor * input.peakRequestsPerSecond > input.limitRequestsPerSecond,
  )
  return index < 0 ? undefined : index + 1
}

function trigger(context: ReportContext): ReportBlock {
  const { best, f, t, plan } = context
  const limit = best!.capacity!.peakRequestsPerSecondBeforeNextReplica
  if (best!.phases !== undefined)
    return callout('good', t('growth.trigger'), t('growth.trigger.phases', { limit: f.significant(limit) }))
  const month = monthOfNextReplica({
    growthByMonth: plan.workload.growthByMonth,
    peakRequestsPerSecond: plan.workload.peakRequestsPerSecond.value,
    limitRequestsPerSecond: limit,
  })
  return month === undefined
    ? callout('good', t('growth.trigger'), t('growth.trigger.never', { limit: f.significant(limit) }))
    : callout(
        'caution',
        t('growth.trigger'),
        t('growth.trigger.month', { month: f.count(month), limit: f.significant(limit) }),
      )
}

/** Where demand grows: the machines of each year, and how many come at its start. */
function phaseTable(context: ReportContext): ReportBlock | undefined {
  const { best, f, t } = context
  const phases = best?.phases
  if (phases === undefined) return undefined
  return table({
    id: 'growth',
    caption: t('growth.phases'),
    columns: [
      numbers('month', t('growth.phases.from')),
      numbers('demand', t('column.peak-demand'), t('unit.request-rate')),
      numbers('needed', t('growth.needed')),
      numbers('servers', t('growth.phases.servers')),
      numbers('added', t('growth.phases.added')),
    ],
    rows: phases.map((phase) =>
      row([
        amount(f.count(phase.fromMonth), phase.fromMonth),
        amount(f.significant(phase.peakRequestsPerSecond), phase.peakRequestsPerSecond),
        amount(f.count(phase.replicasNeeded), phase.replicasNeeded),
        amount(f.count(phase.servers), phase.servers),
        amount(f.count(phase.addedServers), phase.addedServers),
      ]),
    ),
    footnotes: [t('growth.phases.note')],
  })
}

/** Replicas that each year's peak needs, from the same capacity per replica. */
function growthTable(context: ReportContext): ReportBlock {
  const { best, f, t, plan } = context
  const deployment = best!.deployment!
  const capacity = best!.capacity!
  const peak = plan.workload.peakRequestsPerSecond.value
  const perReplica = capacity.peakRequestsPerSecondBeforeNextReplica / deployment.replicasNeeded
  const growth = plan.workload.growthByMonth
  const months = growth
    .map((_, index) => index)
    .filter((index) => index % 12 === 0 || index === growth.length - 1)
  return table({
    id: 'growth',
    caption: t('growth.table'),
    columns: [
      numbers('month', t('column.month')),
      numbers('demand', t('column.peak-demand'), t('unit.request-rate')),
      numbers('needed', t('growth.needed')),
      numbers('more', t('growth.more')),
    ],
    rows: months.map((index) => {
      const demand = peak * (growth[index] ?? 1)
      const needed = Math.max(deployment.replicasNeeded, unitsNeeded({ demand, capacityPerUnit: perReplica }))
      return row([
        amount(f.count(index + 1), index + 1),
        amount(f.significant(demand), demand),
        amount(f.count(needed), needed),
        amount(f.count(needed - deployment.replicasNeeded), needed - deployment.replicasNeeded),
      ])
    }),
    footnotes: [t('growth.table.note')],
  })
}
