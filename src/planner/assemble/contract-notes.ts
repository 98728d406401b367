import { extraUnits } from '../../estimators/cost/subscribe.ts'
import { formatPercent, formatSignificant } from '../../foundation/format.ts'
import type { Note } from '../../foundation/notes.ts'
import { secondsPerMonth } from '../../foundation/units.ts'
import { contractPhases } from '../contract-lines.ts'
import type { PlanExplanation } from '../plan-option-types.ts'
import type { SearchSpace } from '../search/space.ts'
import type { Contract, MachineDetail } from './detail.ts'
import { explanation, input } from './explanation.ts'

/** What is taken as use: contracts differ in it, and no quote says it in one word. */
export function meteringNote(detail: MachineDetail, contract: Contract): Note {
  const { quote, usedUnits } = contract
  const [first] = contractPhases(contract.terms, detail.fleet)
  const installed = first?.installedUnits ?? 0
  const share = usedUnits / installed
  const base = quote.committedFraction
  return {
    code: 'subscription-metering',
    level: 'assumption',
    about: quote.id,
    message: `the use that ${quote.id} bills is taken as the mean rate over what one ${quote.unit} serves at the targets: in the first month ${formatSignificant(usedUnits)} of ${installed} in use on average (${formatPercent(share)}), ${formatPercent(base)} committed. A contract may meter otherwise (peaks, power drawn, hours reserved): check it`,
    values: { quote: quote.id, unit: quote.unit, used: usedUnits, installed, share, base },
    sourceId: 'user',
  }
}

/** How use and base come about; nothing where no machine is subscribed to. */
export function contractExplanations(space: SearchSpace, detail: MachineDetail): PlanExplanation[] {
  const { contract, fleet, serving, partsPerReplica } = detail
  if (contract === undefined) return []
  const { unit, committedFraction, capFraction } = contract.terms
  const accelerators = unit === 'accelerator'
  const [first] = contractPhases(contract.terms, fleet)
  const installed = first?.installedUnits ?? 0
  return [
    explanation(
      'subscription.unitsInUse',
      `r / ${secondsPerMonth} / c ${accelerators ? '*' : '/'} p`,
      [
        input('r', 'requests in the first month', space.workload.requestsPerMonth, 'request'),
        input(
          'c',
          'largest rate of one replica at the targets',
          serving.capacityRequestsPerSecond,
          'request/s',
        ),
        accelerators
          ? input('p', 'accelerators of one replica', partsPerReplica, '')
          : input('p', 'replicas of one server', fleet.replicasPerServer, ''),
      ],
      contract.usedUnits,
      unit,
    ),
    explanation(
      'subscription.committedUnits',
      'f * n',
      [
        input('f', 'share committed to', committedFraction, '', ['user']),
        input('n', 'units installed on the first day', installed, unit),
      ],
      committedFraction * installed,
      unit,
    ),
    explanation(
      'subscription.extraUnits',
      capFraction === undefined ? 'max(0, u - b)' : 'max(0, min(u, k * n) - b)',
      [
        input('u', 'units in use in the first month', contract.usedUnits, unit),
        ...(capFraction === undefined
          ? []
          : [
              input('k', 'share above which no use is billed', capFraction, '', ['user']),
              input('n', 'units installed on the first day', installed, unit),
            ]),
        input('b', 'units committed to', committedFraction * installed, unit),
      ],
      extraUnits({
        usedUnits: contract.usedUnits,
        terms: { committedUnits: committedFraction * installed, installedUnits: installed, capFraction },
      }),
      unit,
    ),
  ]
}
