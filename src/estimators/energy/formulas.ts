import { defineFormula, type Formula } from '../../foundation/formula.ts'
import { joulesPerKilowattHour } from '../../foundation/units.ts'

/** Closed forms of energy and footprint. The estimators compute them; reports print the equations. */

const ratio = (meaning: string, range: readonly [number, number]) => ({ meaning, unit: '', range })
const kwh = (meaning: string) => ({ meaning, unit: 'kWh', range: [1e-3, 1e7] as const })
const perKwh = (meaning: string) => ({ meaning, unit: 'gCO2e / kWh', range: [1, 1500] as const })

export const boardPowerShare = defineFormula({
  id: 'accelerator-board-power',
  title: 'Mean power of an accelerator while it serves',
  equation: 'T * (i + (k - i) * d * (1 - exp(-(s + a * uc + b * ub + m))))',
  inputs: {
    T: { meaning: 'TDP of the board', unit: 'W', range: [15, 1500] },
    i: ratio('idle power over TDP', [0.02, 0.4]),
    k: ratio('highest mean power over TDP', [0.9, 1]),
    d: ratio('duty of the stack: 1 where it keeps the device fed', [0.5, 1]),
    s: ratio('busy floor: kernels resident, whatever they do', [0.05, 0.5]),
    a: ratio('weight of compute utilisation', [5, 12]),
    uc: ratio('FLOPs done over dense peak times time', [0.001, 1]),
    b: ratio('weight of bandwidth utilisation', [1, 3]),
    ub: ratio('bytes moved over peak bandwidth times time', [0.01, 1]),
    m: ratio('extra of experts in 8 bits or fewer, else 0', [0.01, 1]),
  },
  result: { meaning: 'board power', unit: 'W' },
  sourceId: 'rightsize-power-fit',
  holds:
    'Language models on data-centre boards; fitted on A100, H100 and B200 under vLLM. Nothing else was measured.',
  compute: ({ T, i, k, d, s, a, uc, b, ub, m }) =>
    T * (i + (k - i) * d * (1 - Math.exp(-(s + a * uc + b * ub + m)))),
})

export const boardEnergyPerToken = defineFormula({
  id: 'board-energy-per-output-token',
  title: 'Energy of the accelerators per output token',
  equation: 'N * P * t / B',
  inputs: {
    N: ratio('accelerators of the replica', [1, 64]),
    P: { meaning: 'mean power of one', unit: 'W', range: [10, 1500] },
    t: { meaning: 'time of a step with its share of prefill', unit: 's', range: [1e-3, 1] },
    B: { meaning: 'running sequences, one output token each', unit: 'token', range: [1, 4096] },
  },
  result: { meaning: 'energy per output token', unit: 'J / token' },
  sourceId: 'power-memory-study',
  holds: 'Steady state; boards only, no host, no building.',
  compute: ({ N, P, t, B }) => (N * P * t) / B,
})

export const nodePowerRule = defineFormula({
  id: 'node-power-by-tdp',
  title: 'Power of a node whose parts are unknown',
  equation: 'N * (P + h * T)',
  inputs: {
    N: ratio('accelerators of the node', [1, 16]),
    P: { meaning: 'mean power of one', unit: 'W', range: [10, 1500] },
    h: ratio('host share of TDP', [0.1, 0.4]),
    T: { meaning: 'TDP of one', unit: 'W', range: [50, 1500] },
  },
  result: { meaning: 'power at the plug', unit: 'W' },
  sourceId: 'power-memory-study',
  holds:
    'Nodes of 8 boards under load; within 9 % of eleven MLPerf nodes. Between idle and load the share is linear.',
  compute: ({ N, P, h, T }) => N * (P + h * T),
})

export const loadDuration = defineFormula({
  id: 'load-duration-curve',
  title: 'Load of the working hours, sorted from the busiest down',
  equation: '(1 - x)^(r - 1)',
  inputs: {
    x: ratio('share of the working hours that are busier', [0.001, 0.999]),
    r: ratio('peak over mean of the working hours', [1, 10]),
  },
  result: { meaning: 'load over the peak', unit: '' },
  sourceId: 'rightsize-judgement',
  holds: 'Its peak is 1 and its mean 1/r exactly; the form between is our assumption.',
  compute: ({ x, r }) => (1 - x) ** (r - 1),
})

export const meterEnergy = defineFormula({
  id: 'energy-at-the-meter',
  title: 'Energy at the building’s meter',
  equation: 'E * PUE',
  inputs: { E: kwh('energy of the IT'), PUE: ratio('power usage effectiveness', [1, 3]) },
  result: { meaning: 'energy', unit: 'kWh' },
  sourceId: 'iso-30134-2',
  holds: 'PUE of the year; it acts once.',
  compute: ({ E, PUE }) => E * PUE,
})

export const locationCarbon = defineFormula({
  id: 'carbon-location-based',
  title: 'Carbon of electricity, location-based',
  equation: 'E * PUE * EF',
  inputs: {
    E: kwh('energy of the IT'),
    PUE: ratio('power usage effectiveness', [1, 3]),
    EF: perKwh('mean factor of the grid'),
  },
  result: { meaning: 'emissions', unit: 'gCO2e' },
  sourceId: 'ghg-protocol-scope-2',
  holds: 'Generation alone with a direct factor; a life-cycle factor adds scope 3 category 3.',
  compute: ({ E, PUE, EF }) => E * PUE * EF,
})

export const marketCarbon = defineFormula({
  id: 'carbon-market-based',
  title: 'Carbon of electricity, market-based',
  equation: 'E * PUE * (1 - c) * RF',
  inputs: {
    E: kwh('energy of the IT'),
    PUE: ratio('power usage effectiveness', [1, 3]),
    c: ratio('share covered by certificates or contracts', [0.01, 0.99]),
    RF: perKwh('residual mix or supplier’s factor'),
  },
  result: { meaning: 'emissions', unit: 'gCO2e' },
  sourceId: 'ghg-protocol-scope-2',
  holds: 'Certificates count with zero emissions of generation.',
  compute: ({ E, PUE, c, RF }) => E * PUE * (1 - c) * RF,
})

export const embodiedShare = defineFormula({
  id: 'embodied-share',
  title: 'Embodied carbon of reserved hardware in a period',
  equation: 'TE * (TiR / EL) * (RR / ToR)',
  inputs: {
    TE: { meaning: 'embodied carbon of the whole', unit: 'gCO2e', range: [1e3, 1e8] },
    TiR: { meaning: 'time reserved', unit: 's', range: [1, 1e8] },
    EL: { meaning: 'expected life', unit: 's', range: [1e7, 3e8] },
    RR: ratio('resources reserved', [1, 8]),
    ToR: ratio('resources in all', [8, 16]),
  },
  result: { meaning: 'embodied carbon of the period', unit: 'gCO2e' },
  sourceId: 'iso-21031',
  holds: 'Spread evenly over life; reserved time counts whether the machine works or not.',
  compute: ({ TE, TiR, EL, RR, ToR }) => TE * (TiR / EL) * (RR / ToR),
})

export const softwareCarbonIntensityFormula = defineFormula({
  id: 'software-carbon-intensity',
  title: 'Software Carbon Intensity',
  equation: '(E * I + M) / R',
  inputs: {
    E: kwh('energy with the supporting building'),
    I: perKwh('average or marginal factor of the region'),
    M: { meaning: 'embodied carbon of the period', unit: 'gCO2e', range: [1, 1e8] },
    R: ratio('functional units delivered', [1, 1e8]),
  },
  result: { meaning: 'emissions per functional unit', unit: 'gCO2e' },
  sourceId: 'iso-21031',
  holds: 'No certificates, contracts or offsets in it.',
  compute: ({ E, I, M, R }) => (E * I + M) / R,
})

export const waterUse = defineFormula({
  id: 'water-use',
  title: 'Water on site and where electricity is made',
  equation: 'E * (WUE + PUE * G)',
  inputs: {
    E: kwh('energy of the IT'),
    WUE: { meaning: 'water on site over energy of the IT', unit: 'L / kWh', range: [0.001, 3] },
    PUE: ratio('power usage effectiveness', [1, 3]),
    G: { meaning: 'water at generation over energy at the meter', unit: 'L / kWh', range: [0.1, 12] },
  },
  result: { meaning: 'water', unit: 'L' },
  sourceId: 'iso-30134-9',
  holds: 'WUE counts per IT energy, so PUE acts on generation alone.',
  compute: ({ E, WUE, PUE, G }) => E * (WUE + PUE * G),
})

export const carbonUsageEffectiveness = defineFormula({
  id: 'carbon-usage-effectiveness',
  title: 'Carbon usage effectiveness',
  equation: 'PUE * EF',
  inputs: { PUE: ratio('power usage effectiveness', [1, 3]), EF: perKwh('mean factor of the grid') },
  result: { meaning: 'carbon of the facility over energy of its IT', unit: 'gCO2e / kWh' },
  sourceId: 'iso-30134-8',
  holds: 'Electricity is the only energy of the facility.',
  compute: ({ PUE, EF }) => PUE * EF,
})

export const monthlyEnergy = defineFormula({
  id: 'energy-of-a-period',
  title: 'Energy of a period from its mean power',
  equation: 'P * t',
  inputs: {
    P: { meaning: 'mean power', unit: 'W', range: [1, 1e7] },
    t: { meaning: 'length of the period', unit: 's', range: [1, 1e8] },
  },
  result: { meaning: 'energy', unit: 'kWh' },
  sourceId: 'rightsize-derived',
  holds: 'Always.',
  compute: ({ P, t }) => (P * t) / joulesPerKilowattHour,
})

export const energyFormulas: readonly Formula[] = [
  boardPowerShare,
  boardEnergyPerToken,
  nodePowerRule,
  loadDuration,
  monthlyEnergy,
  meterEnergy,
  locationCarbon,
  marketCarbon,
  embodiedShare,
  softwareCarbonIntensityFormula,
  waterUse,
  carbonUsageEffectiveness,
] as readonly Formula[]
