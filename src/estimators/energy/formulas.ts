import { defineFormula } from '../../foundation/formula.ts'
export const boardPowerShare = defineFormula({
  id: 'accelerator-board-power',
  title: 'Mean power of an accelerator while it serves',
  equation: 'T * (i + (k - i) * d * (1 - exp(-(s + a * uc + b * ub + m))))',
  inputs: {
    T: { meaning: 'TDP of the board', unit: 'W', range: [15, 1500] },
    i: { meaning: 'idle power over TDP', unit: '', range: [0.02, 0.4] },
    k: { meaning: 'highest mean power over TDP', unit: '', range: [0.9, 1] },
    d: { meaning: 'duty of the stack', unit: '', range: [0.5, 1] },
    s: { meaning: 'busy floor', unit: '', range: [0.05, 0.5] },
    a: { meaning: 'weight of compute utilisation', unit: '', range: [5, 12] },
    uc: { meaning: 'compute utilisation', unit: '', range: [0.001, 1] },
    b: { meaning: 'weight of bandwidth utilisation', unit: '', range: [1, 3] },
    ub: { meaning: 'bandwidth utilisation', unit: '', range: [0.01, 1] },
    m: { meaning: 'extra of experts in 8 bits or fewer', unit: '', range: [0.01, 1] },
  },
  result: { meaning: 'board power', unit: 'W' },
  sourceId: 'rightsize-power-fit',
  holds: 'Language models on data-centre boards; fitted on A100, H100 and B200 under vLLM.',
  compute: ({ T, i, k, d, s, a, uc, b, ub, m }) =>
    T * (i + (k - i) * d * (1 - Math.exp(-(s + a * uc + b * ub + m)))),
})
