import { list, paragraph } from '../blocks.ts'
import type { ReportBlock } from '../report-document.ts'
import { placeOptions, type ReportContext } from './context.ts'

/** Questions to send to vendors, with the plan's quantities in them. Only for the kinds of offer in the plan. */
export function rfpBlocks(context: ReportContext): ReportBlock[] {
  const { best, f, t, plan } = context
  const options = best === undefined ? [] : [best, ...placeOptions(context)]
  const kinds = new Set(options.map((option) => option.place.kind))
  const hardware = options.find(
    ({ deployment, place }) =>
      deployment !== undefined && place.kind !== 'cloud' && place.kind !== 'subscription',
  )
  const blocks: ReportBlock[] = [paragraph(t('rfp.intro'))]
  if (hardware?.deployment !== undefined) {
    const { deployment, site } = hardware
    blocks.push(
      list(
        [
          t('rfp.hardware.price', {
            servers: f.count(deployment.servers),
            server: deployment.server.name,
            accelerators: f.count(deployment.accelerators),
            accelerator: deployment.accelerator.name,
          }),
          t('rfp.hardware.delivery'),
          t('rfp.hardware.power', {
            watts: site === undefined ? t('unknown') : f.watts(site.nameplateWatts.value),
          }),
          t('rfp.hardware.support', { months: f.count(plan.finance.horizonMonths) }),
          t('rfp.hardware.spares'),
          t('rfp.hardware.firmware'),
          t('rfp.hardware.embodied'),
          t('rfp.hardware.takeback'),
        ],
        { title: t('rfp.hardware'), ordered: true },
      ),
    )
  }
  if (kinds.has('colocation'))
    blocks.push(
      list(
        [
          t('rfp.colocation.power'),
          t('rfp.colocation.pue'),
          t('rfp.colocation.energy'),
          t('rfp.colocation.growth'),
        ],
        {
          title: t('rfp.colocation'),
          ordered: true,
        },
      ),
    )
  if (kinds.has('subscription'))
    blocks.push(
      list(
        [
          t('rfp.subscription.meter'),
          t('rfp.subscription.base', { months: f.count(plan.finance.horizonMonths) }),
          t('rfp.subscription.price'),
          t('rfp.subscription.growth'),
          t('rfp.subscription.energy'),
          t('rfp.subscription.exit'),
        ],
        { title: t('rfp.subscription'), ordered: true },
      ),
    )
  if (kinds.has('cloud'))
    blocks.push(
      list(
        [
          t('rfp.cloud.price', { months: f.count(plan.finance.horizonMonths) }),
          t('rfp.cloud.capacity'),
          t('rfp.cloud.residency'),
          t('rfp.cloud.egress'),
          t('rfp.cloud.carbon'),
          t('rfp.cloud.exit'),
        ],
        { title: t('rfp.cloud'), ordered: true },
      ),
    )
  if (kinds.has('api'))
    blocks.push(
      list(
        [
          t('rfp.api.price', {
            input: f.significant(plan.workload.inputTokensPerMonth.value / 1e6),
            output: f.significant(plan.workload.outputTokensPerMonth.value / 1e6),
          }),
          t('rfp.api.sla', {
            ttft: f.seconds(plan.targets.ttftSeconds),
            tpot: f.seconds(plan.targets.tpotSeconds),
          }),
          t('rfp.api.limits', { rate: f.significant(plan.workload.peakRequestsPerSecond.value) }),
          t('rfp.api.data'),
          t('rfp.api.versions'),
          t('rfp.api.carbon'),
        ],
        { title: t('rfp.api'), ordered: true },
      ),
    )
  blocks.push(
    list([t('rfp.all.test'), t('rfp.all.law'), t('rfp.all.references')], {
      title: t('rfp.all'),
      ordered: true,
    }),
  )
  return blocks
}
