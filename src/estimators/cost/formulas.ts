import { defineFormula, type Formula } from '../../foundation/formula.ts'

/** NREL/TP-462-5173 (Short, Packey, Holt 1995), uniform capital recovery factor. */
export const capitalRecoveryFormula = defineFormula({
  id: 'capital-recovery-factor',
  title: 'Capital recovery factor',
  equation: 'r * (1 + r)^n / ((1 + r)^n - 1)',
  inputs: {
    r: { meaning: 'interest per period', unit: '', range: [0.001, 0.5] },
    n: { meaning: 'number of periods', unit: '', range: [1, 60] },
  },
  result: { meaning: 'share of the sum due in each period', unit: '' },
  sourceId: 'nrel-tp-462-5173',
  holds: 'Even payments at the end of each period; at r = 0 the limit 1/n is used.',
  compute: ({ r, n }) => (r * (1 + r) ** n) / ((1 + r) ** n - 1),
})

export const annuityFormula = defineFormula({
  id: 'annuity',
  title: 'Even payment that pays a sum back with interest',
  equation: 'P * r * (1 + r)^n / ((1 + r)^n - 1)',
  inputs: {
    P: { meaning: 'sum today', unit: 'USD', range: [1, 1e8] },
    r: { meaning: 'interest per period', unit: '', range: [0.001, 0.5] },
    n: { meaning: 'number of periods', unit: '', range: [1, 60] },
  },
  result: { meaning: 'payment per period', unit: 'USD' },
  sourceId: 'nrel-tp-462-5173',
  holds: 'Even payments at the end of each period.',
  compute: ({ P, r, n }) => (P * r * (1 + r) ** n) / ((1 + r) ** n - 1),
})

export const presentValueFormula = defineFormula({
  id: 'present-value-of-payment',
  title: 'Present value of one payment (a term of the net present value)',
  equation: 'C / (1 + i)^t',
  inputs: {
    C: { meaning: 'payment', unit: 'USD', range: [1, 1e8] },
    i: { meaning: 'discount rate per year', unit: '', range: [0, 0.5] },
    t: { meaning: 'years from the start', unit: '', range: [0, 15] },
  },
  result: { meaning: 'its worth on the first day', unit: 'USD' },
  sourceId: 'nrel-tp-462-5173',
  holds: 'A payment in month m has t = m/12; the day of the start is t = 0.',
  compute: ({ C, i, t }) => C / (1 + i) ** t,
})

export const electricityCostFormula = defineFormula({
  id: 'electricity-cost',
  title: 'Electricity cost',
  equation: 'E * PUE * p',
  inputs: {
    E: { meaning: 'energy of the IT equipment', unit: 'kWh', range: [1, 1e7] },
    PUE: { meaning: 'power usage effectiveness of the building', unit: '', range: [1, 3] },
    p: { meaning: 'price of electricity', unit: 'USD / kWh', range: [0.01, 1] },
  },
  result: { meaning: 'cost of the energy at the meter', unit: 'USD' },
  sourceId: 'rightsize-derived',
  holds:
    'PUE contains cooling; where cooling is priced apart per kWh, PUE is 1 and its cost is a line of its own.',
  compute: ({ E, PUE, p }) => E * PUE * p,
})

export const straightLineDepreciationFormula = defineFormula({
  id: 'straight-line-depreciation',
  title: 'Straight-line depreciation',
  equation: '(P - R) / n',
  inputs: {
    P: { meaning: 'purchase price', unit: 'USD', range: [1, 1e8] },
    R: { meaning: 'residual value at the end of life', unit: 'USD', range: [1, 1e7] },
    n: { meaning: 'life in periods', unit: '', range: [1, 120] },
  },
  result: { meaning: 'expense per period', unit: 'USD' },
  sourceId: 'lenovo-lp2368',
  holds: 'Equal use over the life.',
  compute: ({ P, R, n }) => (P - R) / n,
})

export const breakEvenHoursFormula = defineFormula({
  id: 'break-even-hours',
  title: 'Hours of use until a purchase pays for itself',
  equation: 'C / (a - o)',
  inputs: {
    C: { meaning: 'purchase', unit: 'USD', range: [1, 1e7] },
    a: { meaning: 'hourly price of the alternative', unit: 'USD / hour', range: [50, 500] },
    o: { meaning: 'hourly running cost of the purchase', unit: 'USD / hour', range: [1, 49] },
  },
  result: { meaning: 'break-even time', unit: 'hour' },
  sourceId: 'lenovo-lp2368',
  holds: 'Only where a > o; otherwise it never pays for itself.',
  compute: ({ C, a, o }) => C / (a - o),
})

export const costPerTokenFormula = defineFormula({
  id: 'cost-per-token',
  title: 'Cost per token (reported per million tokens)',
  equation: 'c / (q * u)',
  inputs: {
    c: { meaning: 'cost per second', unit: 'USD / s', range: [1e-4, 10] },
    q: { meaning: 'throughput at full load', unit: 'token / s', range: [1, 1e6] },
    u: { meaning: 'share of the time at full load', unit: '', range: [0.01, 1] },
  },
  result: { meaning: 'cost per token', unit: 'USD / token' },
  sourceId: 'lenovo-lp2368',
  holds: 'Input and output tokens together, or those that the throughput counts.',
  compute: ({ c, q, u }) => c / (q * u),
})

export const spotHoursFormula = defineFormula({
  id: 'spot-hours',
  title: 'Hours billed for one hour of work on spot instances',
  equation: '1 / (1 - r * L)',
  inputs: {
    r: { meaning: 'interruptions of an instance per hour', unit: '1 / hour', range: [1e-5, 0.05] },
    L: { meaning: 'hours billed and not served at each', unit: 'hour', range: [0.01, 4] },
  },
  result: { meaning: 'hours billed for one hour of work', unit: '' },
  sourceId: 'rightsize-derived',
  holds:
    'Only where r · L < 1; beyond it no work gets done. What is not billed while no instance is to be had is not in it.',
  compute: ({ r, L }) => 1 / (1 - r * L),
})

export const costFormulas: readonly Formula[] = [
  capitalRecoveryFormula,
  annuityFormula,
  presentValueFormula,
  electricityCostFormula,
  straightLineDepreciationFormula,
  breakEvenHoursFormula,
  costPerTokenFormula,
  spotHoursFormula,
] as readonly Formula[]
