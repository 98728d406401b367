import { standardNormalQuantile } from '../../estimators/uncertainty/distributions.ts'
import { hoursPerMonth, kilo, secondsPerHour } from '../../foundation/units.ts'
import type { PlanExplanation, PlanOption } from '../plan-option-types.ts'
import { spotRows } from '../scenario/resolve-limits.ts'
import { opexRow } from '../search/own-cost.ts'
import type { SearchSpace } from '../search/space.ts'
import { contractExplanations } from './contract-notes.ts'
import { costExplanations } from './cost-explain.ts'
import type { Detail, MachineDetail } from './detail.ts'
import { explanation, input } from './explanation.ts'
import { latencyAt } from './option-serving.ts'

/**
 * How the figures of an option came about. Each equation, evaluated with its inputs, gives the result: a test does so.
 */
export function explain(
  space: SearchSpace,
  detail: Detail,
  option: Omit<PlanOption, 'explanation'>,
): PlanExplanation[] {
  return [
    ...(detail.kind === 'api' ? [] : machineExplanations(space, detail, option)),
    ...(detail.kind === 'api' ? [] : contractExplanations(space, detail)),
    ...costExplanations(space, option),
  ]
}

function machineExplanations(
  space: SearchSpace,
  detail: MachineDetail,
  option: Omit<PlanOption, 'explanation'>,
): PlanExplanation[] {
  const { task, workload } = space
  const { serving, fleet, place, site, runningShare } = detail
  const { factors } = place
  const { demand } = space.resolved
  const later = fleet.phases.length > 0
  const peak = latencyAt(
    task,
    detail,
    Math.max(serving.concurrency, detail.replica.step.attentionDataParallel),
    task.percentile,
  )
  const list: PlanExplanation[] = [
    explanation(
      'deployment.replicasNeeded',
      'max(1, ceil(l / (c * (1 - h)) - 1e-9))',
      [
        input(
          'l',
          'peak rate of requests at the end of the horizon',
          task.peakRequestsPerSecond,
          'request/s',
        ),
        input(
          'c',
          'largest rate of one replica at the targets',
          serving.capacityRequestsPerSecond,
          'request/s',
        ),
        input('h', 'headroom', task.headroomFraction, ''),
      ],
      serving.replicas,
      'replica',
    ),
    explanation(
      'deployment.servers',
      '(ceil(R / m) + s) * n',
      [
        input('R', 'replicas that the peak needs', serving.replicas, 'replica'),
        input(
          'm',
          'replicas that one server holds',
          Math.floor(site.machine.parts / detail.partsPerReplica),
          '',
        ),
        input('s', 'spare servers of each site', fleet.servers / fleet.sites - fleet.serversNeeded, 'server'),
        input('n', 'sites', fleet.sites, ''),
      ],
      fleet.servers,
      'server',
    ),
    explanation(
      'latency.endToEnd.target',
      'm * exp(z * s - s^2 / 2)',
      [
        input('m', 'mean: wait and prefill, then decoding', peak.endToEndMeanSeconds, 's'),
        input('z', 'normal quantile of the percentile', standardNormalQuantile(task.percentile), ''),
        input('s', 'spread of the logarithm', peak.endToEndSpread, ''),
      ],
      serving.endToEndSeconds,
      's',
    ),
  ]
  if (demand.users !== undefined && demand.activeUserFraction !== undefined)
    list.unshift(
      explanation(
        'workload.peakRequestsPerSecond',
        `u * a * r / (H * ${secondsPerHour}) * p`,
        [
          input('u', 'users', demand.users, ''),
          input('a', 'share active on a day', demand.activeUserFraction, ''),
          input('r', 'requests of an active user per day', demand.requestsPerUserPerDay ?? 0, ''),
          input('H', 'working hours per day', demand.workingHoursPerDay, 'h'),
          input('p', 'peak over average', demand.peakToAverage, ''),
        ],
        workload.peakRequestsPerSecond,
        'request/s',
      ),
    )
  const spotHours = detail.cloud?.hoursPerUsefulHour ?? 1
  list.push(...spotExplanations(space, detail))
  const { energy, carbon, water } = option
  if (energy !== undefined)
    list.push(
      explanation(
        'energy.itKilowattHoursPerMonth',
        `P * ${hoursPerMonth} / ${kilo}${spotHours === 1 ? '' : ' * s'}`,
        [
          input(
            'P',
            later
              ? 'mean power of the machines over the horizon'
              : 'mean power of the machines over the week',
            (fleet.averageWatts * runningShare) / spotHours,
            'W',
          ),
          ...(spotHours === 1
            ? []
            : [input('s', 'hours billed for one hour of work (interruptions)', spotHours, '')]),
        ],
        energy.itKilowattHoursPerMonth.value,
        'kWh/month',
      ),
    )
  if (energy?.kilowattHoursPerMonth !== undefined)
    list.push(
      explanation(
        'energy.kilowattHoursPerMonth',
        'E * p',
        [
          input('E', 'energy of the machines', energy.itKilowattHoursPerMonth.value, 'kWh/month'),
          input('p', 'PUE', factors.pueRatio?.value ?? 1, '', [factors.pueRatio?.sourceId]),
        ],
        energy.kilowattHoursPerMonth.value,
        'kWh/month',
      ),
    )
  if (carbon?.locationGramsPerMonth !== undefined && energy?.kilowattHoursPerMonth !== undefined)
    list.push(
      explanation(
        'carbon.locationGramsPerMonth',
        'E * g',
        [
          input('E', 'energy at the meter', energy.kilowattHoursPerMonth.value, 'kWh/month'),
          input(
            'g',
            'carbon of the grid, life cycle',
            factors.gridGramsPerKilowattHour?.value ?? 0,
            'g CO2e/kWh',
            [factors.gridGramsPerKilowattHour?.sourceId],
          ),
        ],
        carbon.locationGramsPerMonth.value,
        'g CO2e/month',
      ),
    )
  if (carbon?.embodiedGramsPerMonth !== undefined)
    list.push(
      explanation(
        'carbon.embodiedGramsPerMonth',
        '(n * s + a * c) / m',
        [
          input('n', later ? 'servers that stand on average' : 'servers', fleet.meanServers, ''),
          input(
            's',
            'making one server',
            site.machine.embodiedServer?.mid ?? 0,
            'g CO2e',
            site.machine.embodiedServer?.sourceIds,
          ),
          input(
            'a',
            later ? 'accelerators that stand on average' : 'accelerators',
            fleet.meanAccelerators,
            '',
          ),
          input(
            'c',
            'making one accelerator',
            site.machine.embodiedAccelerator?.mid ?? 0,
            'g CO2e',
            site.machine.embodiedAccelerator?.sourceIds,
          ),
          input('m', 'months of life', space.resolved.limits.finance.lifeMonths, 'month'),
        ],
        carbon.embodiedGramsPerMonth.value,
        'g CO2e/month',
      ),
    )
  if (water?.totalLitresPerMonth !== undefined && energy !== undefined)
    list.push(
      explanation(
        'water.totalLitresPerMonth',
        'E * (w + p * g)',
        [
          input('E', 'energy of the machines', energy.itKilowattHoursPerMonth.value, 'kWh/month'),
          input('w', 'water on site per kWh of IT', factors.wueLitresPerKilowattHour?.value ?? 0, 'L/kWh', [
            factors.wueLitresPerKilowattHour?.sourceId,
          ]),
          input('p', 'PUE', factors.pueRatio?.value ?? 1, '', [factors.pueRatio?.sourceId]),
          input(
            'g',
            'water at power plants per kWh',
            factors.gridLitresPerKilowattHour?.value ?? 0,
            'L/kWh',
            [factors.gridLitresPerKilowattHour?.sourceId],
          ),
        ],
        water.totalLitresPerMonth.value,
        'L/month',
      ),
    )
  return list
}

function spotExplanations(space: SearchSpace, { cloud }: MachineDetail): PlanExplanation[] {
  if (cloud?.spot === undefined) return []
  const { interruptionsPerHour, lostSecondsPerInterruption } = cloud.spot
  const given = space.resolved.scenario.finance?.spot ?? {}
  const sourceIds = (stated: number | undefined, row: string) => [
    stated === undefined ? opexRow(space.catalog, row).source_id : 'user',
  ]
  return [
    explanation(
      'deployment.spot.hoursPerUsefulHour',
      '1 / (1 - r * L)',
      [
        input(
          'r',
          'interruptions of an instance per hour',
          interruptionsPerHour,
          '1/h',
          sourceIds(given.interruptions, spotRows.chance),
        ),
        input(
          'L',
          'hours billed and not served at each',
          lostSecondsPerInterruption / secondsPerHour,
          'h',
          sourceIds(given.lostPerInterruption, spotRows.lost),
        ),
      ],
      cloud.hoursPerUsefulHour,
      '',
      'spot-hours',
    ),
  ]
}
