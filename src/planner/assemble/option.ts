import type { PairedDraws } from '../../estimators/uncertainty/paired-draws.ts'
import { formatPercent, formatSignificant } from '../../foundation/format.ts'
import { codeOf, type Note, type Sentence, sentence, sortedNotes } from '../../foundation/notes.ts'
import type { PlanOption, PlanScore } from '../plan-option-types.ts'
import { type PlanRole, planRoles } from '../plan-types.ts'
import { type Choice, partsOf } from '../search/choose.ts'
import type { OfferTable } from '../search/offer-table.ts'
import type { Score } from '../search/score.ts'
import type { SearchSpace } from '../search/space.ts'
import { drawOption, type OptionDraws } from '../uncertain/option-draws.ts'
import { accuracyOf, evidenceOf } from './accuracy.ts'
import { meteringNote } from './contract-notes.ts'
import { type Detail, detailOf, type MachineDetail, optionId, optionLabel } from './detail.ts'
import { optionChecks } from './option-checks.ts'
import { costLines, optionCost } from './option-cost.ts'
import { explain } from './option-explain.ts'
import { optionFootprint, unknownOf } from './option-footprint.ts'
import { optionMaterials, optionPhases } from './option-materials.ts'
import { optionDeployment, optionModel, optionPlace, optionQuality, optionSite } from './option-parts.ts'
import { optionCapacity, optionLatency, optionMemory, tokenSplit } from './option-serving.ts'
import { mixedQueueNotes, optionWorkloads } from './option-workloads.ts'
import { ownedNotes } from './owned-notes.ts'
import { spotNotes } from './spot-notes.ts'

export interface Assembly {
  readonly space: SearchSpace
  readonly table: OfferTable
  readonly choice: Choice
  readonly score: Score
  readonly draws: PairedDraws
}

/** The parts of a row of the table. */
export function partsOfRow(table: OfferTable, row: number) {
  const { parts } = table
  return {
    unit: parts.unit[row]!,
    device: parts.device[row]!,
    layout: parts.layout[row]!,
    machine: parts.machine[row]!,
    place: parts.place[row]!,
    price: parts.price[row]!,
  }
}

/** One listed option in full, with its draws. `nearly`, `wouldChange` and `tiedWith` compare options and come later. */
export function assembleOption(input: Assembly & { row: number; rank: number }): {
  option: PlanOption
  drawn: OptionDraws
} {
  const { space, table, choice, row } = input
  const detail = detailOf(space, partsOfRow(table, row))
  const machines = detail.kind === 'api' ? undefined : detail
  const accuracy = machines && accuracyOf(space, machines)
  const lines = costLines(space, detail)
  const drawn = drawOption({ space, detail, accuracy, lines, draws: input.draws })
  const footprint = machines && optionFootprint(space, machines, drawn)
  const cost = optionCost(
    space,
    detail,
    machines === undefined ? { kind: 'blended' } : tokenSplit(space, machines),
    { lines, drawn },
  )
  const site = machines && optionSite(space, machines)
  const phases = machines && optionPhases(machines)
  const why = whyOf(input, detail)
  const option: Omit<PlanOption, 'explanation'> = {
    id: optionId(detail),
    rank: input.rank,
    roles: planRoles.filter((role) => choice.roles.get(role) === row),
    label: optionLabel(detail),
    place: optionPlace(detail),
    model: optionModel(detail),
    ...(machines === undefined ? {} : { deployment: optionDeployment(space, machines) }),
    ...(phases === undefined ? {} : { phases }),
    billOfMaterials: optionMaterials(space, detail),
    ...(site === undefined ? {} : { site }),
    ...(machines === undefined || accuracy === undefined
      ? {}
      : {
          evidence: evidenceOf(accuracy),
          capacity: optionCapacity(space, machines, accuracy),
          latency: optionLatency(space, machines, accuracy),
          ...optionWorkloads(space, machines, accuracy),
          memory: optionMemory(space, machines),
        }),
    ...(footprint?.energy === undefined ? {} : { energy: footprint.energy }),
    ...(footprint?.carbon === undefined ? {} : { carbon: footprint.carbon }),
    ...(footprint?.water === undefined ? {} : { water: footprint.water }),
    cost,
    quality: optionQuality(space, detail),
    score: scoreOf(input),
    constraints: optionChecks(space, detail, table, row),
    why: why.map((reason) => reason.message),
    whyCodes: why.map(codeOf),
    nearly: [],
    wouldChange: [],
    tiedWith: [],
    sensitivity: drawn.sensitivity,
    unknown: [
      ...(footprint?.unknown ?? []),
      ...(machines === undefined
        ? [
            unknownOf('latency', sentence('provider-latency', 'the provider publishes none that holds')),
            unknownOf(
              'energy, carbon and water',
              sentence('provider-machines', 'only the provider knows its machines'),
            ),
          ]
        : []),
    ],
    notes: sortedNotes(notesOf(space, detail, drawn.speedKnown)),
  }
  return { option: { ...option, explanation: explain(space, detail, option) }, drawn }
}

function scoreOf(input: Assembly & { row: number }): PlanScore {
  const parts = { cost: 0, carbon: 0, latency: 0, quality: 0, water: 0, energy: 0 }
  partsOf(input.table, input.row, input.choice.best, parts)
  return { value: input.choice.score[input.row]!, formula: input.score.text, parts }
}

const roleWords: Record<PlanRole, string> = {
  cheapest: 'costs least over the horizon',
  greenest: 'emits least CO2e per month of all whose emissions are known',
  fastest: 'answers soonest of all whose speed is known',
  balanced: 'has the best score',
}

function whyOf(input: Assembly & { row: number }, detail: Detail): Sentence[] {
  const { choice, row, table } = input
  const why = planRoles
    .filter((role) => choice.roles.get(role) === row)
    .map((role) =>
      sentence(`why-${role}`, `It ${roleWords[role]} among ${table.size} feasible offers.`, {
        offers: table.size,
      }),
    )
  if (detail.kind === 'api')
    return [...why, sentence('why-api', 'No machine to buy or run; the bill follows the tokens.')]
  const { serving, fleet, unit } = detail
  why.push(
    sentence(
      'why-replicas',
      `${serving.replicas} ${serving.replicas === 1 ? 'replica serves' : 'replicas serve'} the peak with ${formatPercent(input.space.task.headroomFraction)} headroom; one serves ${formatSignificant(serving.capacityRequestsPerSecond)} requests/s at the targets.`,
      {
        replicas: serving.replicas,
        headroom: input.space.task.headroomFraction,
        rate: serving.capacityRequestsPerSecond,
      },
    ),
  )
  if (fleet.spareServers > 0)
    why.push(
      sentence(
        'why-spares',
        `${fleet.spareServers} of ${fleet.servers} machines are there for availability (${input.space.resolved.limits.availability}).`,
        {
          spares: fleet.spareServers,
          servers: fleet.servers,
          availability: input.space.resolved.limits.availability,
        },
      ),
    )
  if (unit.loss.mid > 0)
    why.push(
      sentence(
        'why-format-loss',
        `Its formats cost about ${formatPercent(unit.loss.mid, 1)} of the published score.`,
        { loss: unit.loss.mid },
      ),
    )
  return why
}

function notesOf(space: SearchSpace, detail: Detail, speedKnown: boolean): Note[] {
  if (detail.kind === 'api') return [...detail.offer.place.factors.notes]
  return [
    ...detail.unit.kept.notes,
    ...detail.place.factors.notes,
    ...machineNotes(space, detail, speedKnown),
  ]
}

function machineNotes(space: SearchSpace, detail: MachineDetail, speedKnown: boolean): Note[] {
  const { device, site, unit, contract } = detail
  const notes: Note[] = []
  const note = (
    code: string,
    level: Note['level'],
    about: string,
    message: string,
    more: Pick<Note, 'values' | 'sourceId'> = {},
  ) => notes.push({ code, level, about, message, ...more })
  const support = space.support(unit, device)
  if (support === 'partial')
    note(
      'engine-support',
      'warning',
      device.row.id,
      `${unit.engine} runs on ${device.row.family} only in part (a plug-in, or without some kernels)`,
      { values: { engine: unit.engine, family: device.row.family, support: 'partial' } },
    )
  if (unit.adapters !== undefined && detail.replica.memory.adapterBytes === 0)
    note(
      'adapters-do-not-fit-model',
      'warning',
      unit.kept.model.id,
      'none of the matrices that the adapters change is known in this architecture, so their memory is not counted',
    )
  if (site.machine.embodiedOfKind)
    note(
      'embodied-of-the-kind',
      'assumption',
      site.machine.id,
      'making this machine or its accelerators has no row of its own: the median of its kind stands in, the range is that of all',
    )
  if (unit.loss.assumed && unit.loss.mid > 0)
    note(
      'format-loss-assumed',
      'assumption',
      unit.weightFormat.id,
      'a part of the formats’ loss of quality is assumed, not measured',
    )
  if (!speedKnown)
    note(
      'interval-without-speed',
      'warning',
      device.row.id,
      'nothing near its speed was measured, so the intervals of its cost and footprint leave out how far the speed may be off',
    )
  notes.push(...mixedQueueNotes(space, detail))
  notes.push(...ownedNotes(space, detail))
  notes.push(...spotNotes(detail, space.resolved.limits.availability))
  if (contract !== undefined) notes.push(meteringNote(detail, contract))
  if (contract === undefined && site.machine.price?.server.note)
    note('server-price', 'assumption', site.machine.id, site.machine.price.server.note, {
      values: { note: site.machine.price.server.note },
      sourceId: site.machine.price.server.sourceId,
    })
  return notes
}
