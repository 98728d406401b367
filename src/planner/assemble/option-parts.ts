import { formatSignificant } from '../../foundation/format.ts'
import { btuPerHourPerWatt, giga, tera } from '../../foundation/units.ts'
import { figure } from '../plan-figure.ts'
import type {
  PlanConstraintCheck,
  PlanDeployment,
  PlanMaterial,
  PlanOptionModel,
  PlanPlace,
  PlanQuality,
  PlanSite,
} from '../plan-option-types.ts'
import { benchmarkId, type QualityScore, qualityScore } from '../quality.ts'
import { above } from '../search/constraint-bits.ts'
import { factChecks } from '../search/facts.ts'
import type { OfferTable } from '../search/offer-table.ts'
import { opexRow } from '../search/own-cost.ts'
import type { PurchasePrice } from '../search/prices.ts'
import type { SearchSpace } from '../search/space.ts'
import type { ApiDetail, Detail, MachineDetail } from './detail.ts'
import { workloadLatencies } from './option-workloads.ts'

export function optionPlace(detail: Detail): PlanPlace {
  const place = detail.kind === 'api' ? detail.offer.place : detail.place
  const known = <Value>(name: string, value: Value | undefined) =>
    value === undefined ? {} : { [name]: value }
  return {
    kind: place.kind,
    placeId: place.placeId,
    name: place.name,
    ...known('countryCode', place.countryCode),
    ...known('provider', place.provider),
    ...known('region', place.region),
    priceBasis:
      detail.kind === 'api'
        ? 'tokens'
        : (detail.cloud?.term ?? (detail.site.machine.host?.owned === undefined ? 'purchase' : 'owned')),
  }
}

export function optionModel(detail: Detail): PlanOptionModel {
  if (detail.kind === 'api') {
    const { model, row } = detail.offer
    return {
      id: model?.model.id ?? row.model_name,
      name: model?.model.name ?? row.model_name,
      class: model?.class ?? 'unknown',
      openWeights: model !== undefined || row.open_weights === true,
    }
  }
  const { unit } = detail
  return {
    id: unit.kept.model.id,
    name: unit.kept.model.name,
    class: unit.kept.class,
    openWeights: true,
    weightFormat: unit.weightFormat.id,
    kvFormat: unit.kvFormat.id,
    ...(unit.loss.known
      ? { lossFraction: { low: unit.loss.low, mid: unit.loss.mid, high: unit.loss.high } }
      : {}),
    lossAssumed: unit.loss.assumed,
  }
}

export function optionDeployment(space: SearchSpace, detail: MachineDetail): PlanDeployment {
  const { unit, device, layout, site, fleet, serving } = detail
  return {
    engine: unit.engine,
    engineSupport: space.support(unit, device) ?? 'partial',
    accelerator: { id: device.row.id, name: device.row.name, category: device.row.category },
    server: {
      id: site.machine.id,
      name: site.machine.name,
      acceleratorsPerServer: fleet.partsPerServer,
    },
    layout,
    acceleratorsPerReplica: detail.partsPerReplica,
    replicasNeeded: serving.replicas,
    spareReplicas: fleet.replicas - serving.replicas,
    replicas: fleet.replicas,
    sites: fleet.sites,
    servers: fleet.servers,
    accelerators: fleet.accelerators,
    acceleratorsIdle: fleet.accelerators - fleet.replicas * detail.partsPerReplica,
  }
}

export function optionMaterials(space: SearchSpace, detail: Detail): PlanMaterial[] {
  if (detail.kind === 'api') return []
  const { fleet, site, cloud, place, device } = detail
  if (cloud !== undefined)
    return [
      {
        id: `${cloud.provider}:${cloud.instance}`,
        kind: 'instance',
        name: `${cloud.instance} with ${cloud.accelerators} × ${device.row.name}`,
        quantity: fleet.servers,
        unit: 'instance',
        unitPriceUsd: cloud.usdPerHour,
        unitPriceLowUsd: cloud.lowUsdPerHour,
        unitPriceHighUsd: cloud.highUsdPerHour,
        sourceId: cloud.sourceId,
        note: `Per hour, ${cloud.term}, ${cloud.asOf}.`,
      },
    ]
  const { price } = site.machine
  const materials: PlanMaterial[] = [
    {
      id: site.machine.id,
      kind: 'server',
      name: site.machine.name,
      quantity: fleet.servers,
      unit: 'server',
      ...unitPrice(price?.server),
    },
    {
      id: device.row.id,
      kind: 'accelerator',
      name: device.row.name,
      quantity: fleet.accelerators,
      unit: 'accelerator',
      ...(price?.accelerator === undefined
        ? { note: 'In the price of the server.' }
        : unitPrice(price.accelerator)),
    },
  ]
  if (place.kind === 'device') return materials
  const opex = (id: string, scale = 1) => {
    const row = opexRow(space.catalog, id)
    return { unitPriceUsd: row.value * scale, sourceId: row.source_id }
  }
  materials.push(
    {
      id: 'network-port-100-gbps',
      kind: 'network-port',
      name: 'Switch port with optics and cable, 100 Gbit/s',
      quantity: fleet.servers * space.networkPortsPerServer,
      unit: 'port',
      ...opex('network-per-port-100-gbps'),
    },
    {
      id: 'storage-nvme',
      kind: 'storage',
      name: 'NVMe storage',
      quantity: detail.storageBytes / giga,
      unit: 'GB',
      ...opex('storage-nvme-per-tb', giga / tera),
    },
  )
  if (fleet.racks > 0 && place.kind === 'on-prem')
    materials.push({
      id: 'rack',
      kind: 'rack',
      name: 'Rack with cabling',
      quantity: fleet.racks,
      unit: 'rack',
      ...opex('rack-and-cabling'),
    })
  return materials
}

function unitPrice(price: PurchasePrice | undefined) {
  if (price === undefined) return {}
  return {
    unitPriceUsd: price.usd,
    unitPriceLowUsd: price.lowUsd,
    unitPriceHighUsd: price.highUsd,
    sourceId: price.sourceId,
    ...(price.note === '' ? {} : { note: price.note }),
  }
}

export function optionSite(space: SearchSpace, detail: MachineDetail): PlanSite | undefined {
  const { fleet, site, place } = detail
  if (detail.cloud !== undefined || Number.isNaN(fleet.nameplateWatts)) return undefined
  const cooling = site.machine.host?.server.cooling
  return {
    ...(site.machine.rackUnits === 0 ? {} : { rackUnits: fleet.rackUnitsPerSite * fleet.sites }),
    racks: fleet.racks,
    nameplateWatts: figure(fleet.nameplateWatts, 'W'),
    heatBtuPerHour: fleet.nameplateWatts * btuPerHourPerWatt,
    ...(cooling === undefined ? {} : { cooling }),
    networkPorts: place.kind === 'device' ? 0 : fleet.servers * space.networkPortsPerServer,
    storageBytes: figure(detail.storageBytes, 'byte'),
    pueRatio: place.factors.pueRatio?.value ?? 1,
  }
}

export function optionQuality(space: SearchSpace, detail: Detail): PlanQuality[] {
  const scores = detail.kind === 'api' ? apiScores(space, detail) : detail.unit.scores
  return scores.map((score) => ({
    benchmark: score.benchmark,
    unit: score.row?.unit ?? 'percent',
    ...(score.adjusted === undefined
      ? {}
      : {
          score: {
            value: score.adjusted.mid,
            low: score.adjusted.low,
            high: score.adjusted.high,
            unit: 'percent' as const,
          },
        }),
    ...(score.row === undefined
      ? {}
      : {
          published: score.row.score,
          setting: score.row.setting,
          evaluator: score.row.evaluator,
          sourceId: score.row.source_id,
        }),
  }))
}

function apiScores(space: SearchSpace, detail: ApiDetail): QualityScore[] {
  const { model } = detail.offer
  if (model === undefined) return []
  const loss = { low: 0, mid: 0, high: 0, assumed: false, known: true }
  return space.benchmarks.map((benchmark) =>
    qualityScore({ catalog: space.catalog, model: model.model, benchmark, loss }),
  )
}

/** What facts of the scenario may speak of. */
function subjectsOf(detail: Detail): string[] {
  if (detail.kind === 'api') return ['api', detail.offer.row.provider]
  const { cloud, site, device } = detail
  if (cloud !== undefined) return ['cloud', cloud.provider, cloud.instance]
  return [detail.kind, site.machine.id, device.row.id]
}

const ownedAlready = (detail: Detail) =>
  detail.kind !== 'api' && detail.site.machine.host?.owned !== undefined

/** Every limit of the scenario against what the option has. Unknown is said, and is not "met". */
export function optionChecks(
  space: SearchSpace,
  detail: Detail,
  table: OfferTable,
  row: number,
): PlanConstraintCheck[] {
  const { limits, targets } = space.resolved
  const { figures } = table
  const checks: PlanConstraintCheck[] = []
  const check = (constraint: string, limit: number | undefined, has: number, unit: string) => {
    if (limit === undefined) return
    const unknown = Number.isNaN(has)
    checks.push({
      constraint,
      status: unknown ? 'unknown' : above(has, limit) ? 'missed' : 'met',
      needed: `at most ${formatSignificant(limit)} ${unit}`,
      has: unknown ? 'unknown' : `${formatSignificant(has)} ${unit}`,
    })
  }
  const machines = detail.kind === 'api' ? undefined : detail
  const serving = machines?.serving
  if (machines !== undefined && space.task.classes !== undefined) {
    for (const { workload, at } of workloadLatencies(space, machines)) {
      const field = (name: string) => `workloads.${workload.name}.targets.${name}`
      check(field('ttft'), workload.targets.ttftSeconds, at.ttftSeconds, 's')
      check(field('tpot'), workload.targets.tpotSeconds, at.tpotSeconds, 's')
      check(field('endToEnd'), workload.targets.endToEndSeconds, at.endToEndSeconds, 's')
    }
  } else checkTargets()
  function checkTargets(): void {
    check('targets.ttft', targets.ttftSeconds, serving?.ttftSeconds ?? Number.NaN, 's')
    check('targets.tpot', targets.tpotSeconds, serving?.tpotSeconds ?? Number.NaN, 's')
    check('targets.endToEnd', targets.endToEndSeconds, serving?.endToEndSeconds ?? Number.NaN, 's')
  }
  check('constraints.capex', limits.capexUsd, figures.upfrontUsd[row]!, 'USD')
  check(
    'constraints.monthly',
    limits.monthlyUsd,
    figures.totalUsd[row]! / limits.finance.horizonMonths,
    'USD/month',
  )
  check('constraints.total', limits.totalUsd, figures.totalUsd[row]!, 'USD')
  check('constraints.carbonPerMonth', limits.carbonGramsPerMonth, figures.carbonGrams[row]!, 'g CO2e')
  check('constraints.waterPerMonth', limits.waterLitresPerMonth, figures.waterLitres[row]!, 'L')
  if (machines !== undefined) {
    const { fleet } = machines
    check('constraints.accelerators', limits.accelerators, fleet.accelerators, '')
    if (machines.cloud === undefined) {
      check('constraints.powerPerSite', limits.wattsPerSite, fleet.nameplateWattsPerSite, 'W')
      check('constraints.rackUnitsPerSite', limits.rackUnitsPerSite, fleet.rackUnitsPerSite, 'U')
    }
  }
  checks.push(...factChecks(space.resolved, subjectsOf(detail), ownedAlready(detail)))
  for (const minimum of space.resolved.scenario.model?.minimumQuality ?? []) {
    const score = optionQuality(space, detail).find(
      (entry) => entry.benchmark === benchmarkId(minimum.benchmark),
    )?.score?.value
    checks.push({
      constraint: 'model.minimumQuality',
      status: score === undefined ? 'unknown' : score >= minimum.score ? 'met' : 'missed',
      needed: `at least ${minimum.score} on ${minimum.benchmark}`,
      has: score === undefined ? 'unknown' : formatSignificant(score),
    })
  }
  return checks
}
