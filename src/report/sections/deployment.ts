import { heading, list } from '../blocks.ts'
import type { ReportBlock, ReportListItem } from '../report-document.ts'
import { type ReportContext, wordOf } from './context.ts'
import { noOption } from './infeasible.ts'

/** What has to be built, agreed and watched around the machines. Facts come from the plan; the rest are tasks. */
export function deploymentBlocks(context: ReportContext): ReportBlock[] {
  const { best } = context
  if (best === undefined) return noOption(context)
  const { t } = context
  return [
    heading('integration', t('deploy.integration')),
    list(integration(context)),
    heading('security', t('deploy.security')),
    list(security(context)),
    heading('licence', t('deploy.licence')),
    { kind: 'facts', facts: licenceFacts(context) },
    heading('tracking', t('deploy.tracking')),
    list([
      t('deploy.tracking.pin'),
      t('deploy.tracking.watch'),
      t('deploy.tracking.compare'),
      t('deploy.tracking.back'),
    ]),
    heading('observability', t('deploy.observability')),
    list(observability(context)),
  ]
}

function owned(context: ReportContext): boolean {
  const kind = context.best?.place.kind
  return kind === 'on-prem' || kind === 'colocation' || kind === 'subscription' || kind === 'device'
}

function residency(context: ReportContext) {
  if (context.best?.place.kind === 'subscription') return 'deploy.residency.subscription'
  return owned(context) ? 'deploy.residency.owned' : 'deploy.residency.rented'
}

function integration(context: ReportContext): ReportListItem[] {
  const { best, t, f } = context
  const { deployment } = best!
  return [
    deployment === undefined
      ? {
          term: t('deploy.endpoint'),
          text: t('deploy.endpoint.api', { provider: best!.place.provider ?? t('unknown') }),
        }
      : {
          term: t('deploy.endpoint'),
          text: t('deploy.endpoint.engine', {
            engine: deployment.engine,
            replicas: f.count(deployment.replicas),
          }),
        },
    ...(deployment?.engineSupport === 'partial'
      ? [
          {
            term: t('deploy.support'),
            text: t('deploy.support.partial', { engine: deployment.engine, model: best!.model.name }),
          },
        ]
      : []),
    { term: t('deploy.limits'), text: t('deploy.limits.text') },
    { term: t('deploy.fallback'), text: t('deploy.fallback.text') },
  ]
}

function security(context: ReportContext): ReportListItem[] {
  const { best, t } = context
  const { place } = best!
  const where = [place.provider, place.region, place.name, place.countryCode?.toUpperCase()]
    .filter((part) => part !== undefined)
    .join(', ')
  return [
    {
      term: t('deploy.residency'),
      text: t(residency(context), {
        where: where === '' ? t('unknown') : where,
      }),
    },
    ...(owned(context) ? [] : [{ term: t('deploy.contract'), text: t('deploy.contract.text') }]),
    ...(place.kind === 'subscription'
      ? [{ term: t('deploy.contract'), text: t('deploy.contract.subscription') }]
      : []),
    { term: t('deploy.access'), text: t('deploy.access.text') },
    { term: t('deploy.logs'), text: t('deploy.logs.text') },
    { term: t('deploy.abuse'), text: t('deploy.abuse.text') },
  ]
}

function licenceFacts(context: ReportContext): { label: string; value: string }[] {
  const { best, f, plan, t } = context
  const model = plan.models.kept.find((entry) => entry.id === best!.model.id)
  return [
    { label: t('column.model'), value: best!.model.name },
    {
      label: t('column.licence'),
      value: model?.licence ?? t('unknown'),
    },
    {
      label: t('deploy.licence-class'),
      value:
        model?.licenceClass === undefined ? t('unknown') : wordOf(context, 'licence', model.licenceClass),
    },
    {
      label: t('deploy.released'),
      value: model?.released === undefined ? t('unknown') : f.date(model.released),
    },
    {
      label: t('deploy.end-of-support'),
      value:
        model?.endOfSupport === undefined ? t('deploy.end-of-support.unknown') : f.date(model.endOfSupport),
    },
    {
      label: t('deploy.languages'),
      value: model?.languages === undefined ? t('unknown') : model.languages.join(', '),
    },
    {
      label: t('compare.weights'),
      value: t(best!.model.openWeights ? 'compare.weights.open' : 'compare.weights.closed'),
    },
  ]
}

function observability(context: ReportContext): ReportListItem[] {
  const { best, f, plan, t } = context
  const { capacity, energy } = best!
  const items: ReportListItem[] = [
    {
      term: t('deploy.watch.latency'),
      text: t('deploy.watch.latency.text', {
        ttft: f.seconds(plan.targets.ttftSeconds),
        tpot: f.seconds(plan.targets.tpotSeconds),
        percentile: f.percent(plan.targets.percentile),
      }),
    },
  ]
  if (capacity !== undefined)
    items.push({
      term: t('deploy.watch.rate'),
      text: t('deploy.watch.rate.text', {
        limit: f.significant(capacity.peakRequestsPerSecondBeforeNextReplica),
        running: f.count(capacity.runningSequencesPerReplica),
        most: f.count(capacity.mostSequencesPerReplica),
      }),
    })
  if (energy !== undefined)
    items.push({
      term: t('deploy.watch.power'),
      text: t('deploy.watch.power.text', {
        average: f.watts(energy.averageWatts.value),
        peak: f.watts(energy.peakWatts.value),
      }),
    })
  items.push(
    { term: t('deploy.watch.quality'), text: t('deploy.watch.quality.text') },
    {
      term: t('deploy.watch.cost'),
      text: t('deploy.watch.cost.text', { month: f.money(best!.cost.usdPerMonth.value) }),
    },
  )
  return items
}
