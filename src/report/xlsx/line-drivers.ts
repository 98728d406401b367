import type { CostCategory } from '../../estimators/cost/lines.ts'
import type { PlanCostLine } from '../../planner/plan-option-types.ts'

/** Where a line's unit price comes from: an assumption, or what other lines of the option cost. */
export type LineDriver = 'given' | 'system-per-machine' | 'other-lines'

export type PriceKey = string

/** Lines with the same key have one price: one cell drives them all. */
export function priceKey(line: PlanCostLine): PriceKey {
  return [line.label, line.unit, line.unitPriceUsd, line.growthPerYearFraction ?? '', line.sourceId].join(
    '\u0000',
  )
}

export function priceOfLine(line: PlanCostLine): LineDriver {
  switch (line.category) {
    case 'spares':
      return line.unit === 'of the hardware' ? 'other-lines' : 'given'
    case 'maintenance':
      return line.unit === 'of the system price' ? 'other-lines' : 'given'
    case 'installation':
      return line.unit === 'server' ? 'system-per-machine' : 'given'
    case 'refresh':
    case 'residual':
      return 'other-lines'
    default:
      return 'given'
  }
}

export const systemCategories: readonly CostCategory[] = ['servers', 'accelerators']
export const hardwareCategories: readonly CostCategory[] = [...systemCategories, 'network', 'storage']
export const purchaseCategories: readonly CostCategory[] = [...hardwareCategories, 'spares']

/** What a line's quantity follows. `fixed`: a share or a contract that stays as it is. */
export type QuantityDriver =
  | 'machines'
  | 'accelerators'
  | 'racks'
  | 'instance-hours'
  | 'storage'
  | 'rated-power'
  | 'use-above-base'
  | 'egress'
  | 'meter-energy'
  | 'it-energy'
  | 'input-tokens'
  | 'output-tokens'
  | 'requests'
  | 'fixed'

export function quantityOfLine(line: PlanCostLine, placeKind: string): QuantityDriver {
  switch (line.category) {
    case 'servers':
    case 'network':
    case 'lease':
      return 'machines'
    case 'usage':
      return 'use-above-base'
    case 'commitment':
      return line.unit.startsWith('accelerator') ? 'accelerators' : 'machines'
    case 'installation':
      return line.unit === 'contract' ? 'fixed' : 'machines'
    case 'maintenance':
      return line.unit === 'server-month' ? 'machines' : 'fixed'
    case 'accelerators':
    case 'staff':
      return 'accelerators'
    case 'licences':
      return line.unit.startsWith('accelerator') ? 'accelerators' : 'machines'
    case 'storage':
      return 'storage'
    case 'colocation':
      return line.unit.startsWith('rack') ? 'racks' : line.unit === 'kW-month' ? 'rated-power' : 'machines'
    case 'compute':
      return line.unit === 'instance-hour' ? 'instance-hours' : placeKind === 'cloud' ? 'machines' : 'fixed'
    case 'racks':
      return 'racks'
    case 'electricity':
      return 'meter-energy'
    case 'cooling':
      return 'it-energy'
    case 'egress':
      return 'egress'
    case 'tokens':
      return /(^|-)(output|reasoning)/.test(line.id) ? 'output-tokens' : 'input-tokens'
    case 'requests':
      return 'requests'
    default:
      return 'fixed'
  }
}
