import { giga } from '../../foundation/units.ts'
import { type Calendar, type CostLine, costLine, type Price, type Timing, volumeByMonth } from './lines.ts'
import { neededFrom } from './own-phases.ts'
import {
  billedHoursPerMonth,
  type Schedule,
  type SpotInterruptions,
  spotHoursPerUsefulHour,
} from './schedule.ts'

/** A number of equal instances under one term: a fleet may mix on-demand, reserved and spot. */
export interface RentedTranche {
  readonly id: string
  /** `on-demand`, `1 year reserved`, `spot`: as it shall stand on the bill. */
  readonly label: string
  readonly instances: number
  readonly usdPerInstanceHour: Price
  readonly usdUpfrontPerInstance?: Price | undefined
  readonly schedule: Schedule
  /** Months in which it runs. Absent: as the rest. */
  readonly fromMonth?: number | undefined
  readonly toMonth?: number | undefined
  readonly spot?: SpotInterruptions | undefined
}

/** Of every month, or of each from the first on, where it follows a demand that changes. */
type Volume = number | readonly number[]

export interface RentedExtras {
  readonly egressBytesPerMonth?: Volume | undefined
  readonly usdPerEgressGigabyte?: Price | undefined
  readonly storageBytes?: Volume | undefined
  readonly usdPerStorageGigabyteMonth?: Price | undefined
}

/** Lines of renting. A spot tranche that is interrupted too often to get work done has no price, and says so. */
export function rentLines(input: {
  tranches: readonly RentedTranche[]
  extras: RentedExtras
  fromMonth: number
  toMonth: number
  calendar: Calendar
}): CostLine[] {
  const monthly = { kind: 'monthly', fromMonth: input.fromMonth, toMonth: input.toMonth } as const
  const lines: CostLine[] = []
  for (const tranche of input.tranches) {
    const { fromMonth = input.fromMonth, toMonth = input.toMonth } = tranche
    const overhead = tranche.spot === undefined ? 1 : spotHoursPerUsefulHour(tranche.spot)
    const hours = billedHoursPerMonth({ schedule: tranche.schedule, calendar: input.calendar })
    const own: CostLine[] = []
    if (tranche.usdUpfrontPerInstance !== undefined)
      own.push(
        costLine({
          id: `upfront-${tranche.id}`,
          label: `Paid up front, ${tranche.label}`,
          category: 'compute',
          quantity: tranche.instances,
          unit: 'instance',
          price: tranche.usdUpfrontPerInstance,
          timing: { kind: 'once', month: fromMonth - 1 },
        }),
      )
    own.push(
      costLine({
        id: `compute-${tranche.id}`,
        label: `Instances, ${tranche.label}`,
        category: 'compute',
        quantity: tranche.instances * hours * (overhead ?? 1),
        unit: 'instance-hour',
        price:
          overhead === undefined
            ? {
                ...tranche.usdPerInstanceHour,
                usd: undefined,
                note: 'Interrupted too often to get work done.',
              }
            : tranche.usdPerInstanceHour,
        timing: { kind: 'monthly', fromMonth, toMonth },
        note: overhead === undefined || overhead === 1 ? '' : 'With the hours that interruptions cost.',
      }),
    )
    lines.push(...(fromMonth > input.fromMonth ? neededFrom(own, fromMonth) : own))
  }
  const { extras } = input
  if (extras.usdPerEgressGigabyte !== undefined)
    lines.push(
      costLine({
        id: 'egress',
        label: 'Egress',
        category: 'egress',
        ...gigabytes(extras.egressBytesPerMonth, monthly),
        unit: 'GB',
        price: extras.usdPerEgressGigabyte,
      }),
    )
  if (extras.usdPerStorageGigabyteMonth !== undefined)
    lines.push(
      costLine({
        id: 'storage',
        label: 'Storage',
        category: 'storage',
        ...gigabytes(extras.storageBytes, monthly),
        unit: 'GB-month',
        price: extras.usdPerStorageGigabyteMonth,
      }),
    )
  return lines.filter((line) => line.quantity !== 0)
}

function gigabytes(
  bytes: Volume | undefined,
  monthly: Timing,
): { quantity: number; timing: Timing; note?: string } {
  if (bytes === undefined || typeof bytes === 'number')
    return { quantity: (bytes ?? 0) / giga, timing: monthly }
  const volume = volumeByMonth(bytes.map((month) => month / giga))
  const follows = volume.timing.kind !== 'once' && volume.timing.quantityFactors !== undefined
  return follows ? { ...volume, note: 'Mean of the months, as it follows the demand.' } : volume
}
