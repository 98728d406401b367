import { btuPerHourPerWatt, hoursPerMonth } from '../../foundation/units.ts'
import { figure } from '../plan-figure.ts'
import type {
  PlanDeployment,
  PlanOptionModel,
  PlanPlace,
  PlanQuality,
  PlanSite,
} from '../plan-option-types.ts'
import { type QualityScore, qualityScore } from '../quality.ts'
import { storageCopies } from '../search/offer-inputs.ts'
import type { SearchSpace } from '../search/space.ts'
import type { ApiDetail, Detail, MachineDetail } from './detail.ts'

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
    ...known('quote', place.quote?.id),
    priceBasis:
      detail.kind === 'api'
        ? 'tokens'
        : (detail.cloud?.term ??
          (detail.contract !== undefined
            ? 'subscription'
            : detail.site.machine.host?.owned === undefined
              ? 'purchase'
              : 'owned')),
    ...(detail.kind !== 'api' && detail.cloud?.followsDemand === true ? { followsDemand: true } : {}),
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
  const { unit, device, layout, site, fleet, serving, cloud } = detail
  return {
    engine: unit.engine,
    engineSupport: space.support(unit, device) ?? 'partial',
    accelerator: { id: device.row.id, name: device.row.name, category: device.row.category },
    server: {
      id: site.machine.id,
      name: site.machine.name,
      acceleratorsPerServer: fleet.partsPerServer,
      mostAccelerators: site.machine.parts,
      alwaysFull: site.machine.whole,
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
    ...(cloud?.spot === undefined
      ? {}
      : {
          spot: {
            interruptionsPerMonth: cloud.spot.interruptionsPerHour * hoursPerMonth,
            lostSecondsPerInterruption: cloud.spot.lostSecondsPerInterruption,
            hoursPerUsefulHour: cloud.hoursPerUsefulHour,
          },
        }),
    storedBytesPerCopy: storageCopies(space, unit).perCopyBytes,
  }
}

export function optionSite(space: SearchSpace, detail: MachineDetail): PlanSite | undefined {
  const { fleet, site, place } = detail
  if (detail.cloud !== undefined || Number.isNaN(fleet.nameplateWatts)) return undefined
  const cooling = site.machine.host?.server.cooling
  const step = nameplateStep(detail)
  return {
    ...(site.machine.rackUnits === 0 ? {} : { rackUnits: fleet.rackUnitsPerSite * fleet.sites }),
    racks: fleet.racks,
    ...(site.machine.rackUnits === 0 ? {} : { serversPerRack: fleet.serversPerRack }),
    nameplateWatts: figure(fleet.nameplateWatts, 'W'),
    ...(step === undefined ? {} : { nameplateWattsPerAccelerator: step }),
    heatBtuPerHour: fleet.nameplateWatts * btuPerHourPerWatt,
    ...(cooling === undefined ? {} : { cooling }),
    networkPorts: place.kind === 'device' ? 0 : fleet.servers * space.networkPortsPerServer,
    storageBytes: figure(detail.storageBytes, 'byte'),
    pueRatio: place.factors.pueRatio?.value ?? 1,
  }
}

/** From this filling of the machine to one replica more, or less where it is full; undefined where power is unknown. */
function nameplateStep({ site, fleet, partsPerReplica }: MachineDetail): number | undefined {
  const { power, parts } = site.machine
  const now = fleet.partsPerServer
  const other = now + partsPerReplica <= parts ? now + partsPerReplica : now - partsPerReplica
  if (other < 1) return 0
  const watts = power[other]!.nameplateWatts - power[now]!.nameplateWatts
  return Number.isNaN(watts) ? undefined : watts / (other - now)
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
