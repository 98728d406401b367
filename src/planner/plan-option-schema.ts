import { z } from 'zod'
import { deploymentSchema } from './plan-deployment-schema.ts'
import { phaseSchema } from './plan-phase-schema.ts'
import { constraintCheckSchema, explanation, lever, tornadoBar, unknown } from './plan-reason-schema.ts'
import {
  boundSchema as bound,
  figureSchema as figure,
  noteSchema,
  number,
  optional,
  percentilesSchema as percentiles,
  placeKindSchema,
  roleSchema,
  sentenceCode,
  sentenceCodes,
  text,
  texts,
} from './plan-schema-fields.ts'

const place = z.strictObject({
  kind: placeKindSchema,
  placeId: optional(text),
  name: optional(text),
  countryCode: optional(text),
  provider: optional(text),
  region: optional(text),
  priceBasis: text,
  quote: optional(text),
  followsDemand: optional(z.boolean()),
})

const model = z.strictObject({
  id: text,
  name: text,
  class: z.enum(['slm', 'llm', 'unknown']),
  openWeights: z.boolean(),
  weightFormat: optional(text),
  kvFormat: optional(text),
  lossFraction: optional(z.strictObject({ low: number, mid: number, high: number })),
  lossAssumed: optional(z.boolean()),
})

const evidence = z.strictObject({
  novelty: z.enum(['measured', 'new-architecture', 'new-accelerator', 'new-family', 'unmeasured']),
  message: text,
  nearest: optional(
    z.strictObject({
      engine: text,
      acceleratorId: text,
      precision: text,
      modelId: text,
      leastBatch: number,
      mostBatch: number,
      runs: number,
    }),
  ),
  differs: texts,
})

const material = z.strictObject({
  id: text,
  kind: z.enum(['server', 'accelerator', 'network-port', 'storage', 'rack', 'instance', 'tokens']),
  name: text,
  quantity: number,
  unit: text,
  unitPriceUsd: optional(number),
  unitPriceLowUsd: optional(number),
  unitPriceHighUsd: optional(number),
  sourceId: optional(text),
  neededFromMonth: optional(number),
  note: optional(text),
  noteCode: optional(sentenceCode),
})

const site = z.strictObject({
  rackUnits: optional(number),
  racks: number,
  serversPerRack: optional(number),
  nameplateWatts: figure,
  nameplateWattsPerAccelerator: optional(number),
  heatBtuPerHour: number,
  cooling: optional(text),
  networkPorts: number,
  storageBytes: figure,
  pueRatio: number,
})

const curvePoint = z.strictObject({
  requestsPerSecond: number,
  ttftSecondsP50: number,
  ttftSecondsP95: number,
  tpotSecondsP50: number,
  tpotSecondsP95: number,
  endToEndSecondsP95: number,
  outputTokensPerSecond: number,
})

const capacity = z.strictObject({
  requestsPerSecondPerReplica: figure,
  requestsPerSecond: figure,
  outputTokensPerSecond: figure,
  headroomFraction: number,
  utilisationAtPeakFraction: number,
  utilisationAverageFraction: number,
  runningSequencesPerReplica: number,
  mostSequencesPerReplica: number,
  peakRequestsPerSecondBeforeNextReplica: number,
  curve: z.array(curvePoint),
})

const latency = z.strictObject({
  ttft: percentiles,
  tpot: percentiles,
  endToEnd: percentiles,
  prefillBound: bound,
  decodeBound: bound,
  prefillParts: z.record(text, number),
  decodeParts: z.record(text, number),
})

const memory = z.strictObject({
  usableBytes: number,
  parts: z.array(z.strictObject({ part: text, bytes: number, formulaId: optional(text) })),
  freeBytes: number,
  longestContextTokens: number,
})

const energy = z.strictObject({
  averageWatts: figure,
  peakWatts: figure,
  itKilowattHoursPerMonth: figure,
  kilowattHoursPerMonth: optional(figure),
  joulesPerOutputToken: figure,
  draw: optional(
    z.strictObject({
      idleWattsPerServer: number,
      idleWattsPerAccelerator: number,
      servingWattsPerServer: number,
      replica: z.array(z.strictObject({ requestsPerSecond: number, watts: number })),
    }),
  ),
})

const carbon = z.strictObject({
  locationGramsPerMonth: optional(figure),
  marketGramsPerMonth: optional(figure),
  gridGramsPerKilowattHour: optional(number),
  embodiedGrams: optional(figure),
  embodiedGramsPerMonth: optional(figure),
  totalGramsPerMonth: optional(figure),
  totalGrams: optional(figure),
  sciGramsPerRequest: optional(figure),
  parts: z.array(z.strictObject({ part: text, gramsPerMonth: number })),
})

const water = z.strictObject({
  onSiteLitresPerMonth: optional(figure),
  offSiteLitresPerMonth: optional(figure),
  totalLitresPerMonth: optional(figure),
})

const category = z.enum([
  'servers',
  'accelerators',
  'network',
  'storage',
  'racks',
  'spares',
  'installation',
  'maintenance',
  'licences',
  'electricity',
  'cooling',
  'colocation',
  'staff',
  'refresh',
  'residual',
  'financing',
  'lease',
  'commitment',
  'usage',
  'compute',
  'egress',
  'tokens',
  'requests',
  'tax',
  'other',
])

const costLine = z.strictObject({
  id: text,
  label: text,
  category,
  quantity: number,
  unit: text,
  unitPriceUsd: number,
  totalUsd: number,
  timing: z.enum(['once', 'monthly', 'yearly']),
  fromMonth: number,
  toMonth: number,
  growthPerYearFraction: optional(number),
  neededFromMonth: optional(number),
  sourceId: text,
  note: text,
})

const cost = z.strictObject({
  totalUsd: figure,
  netPresentUsd: figure,
  upfrontUsd: figure,
  purchasesUsd: optional(figure),
  usdPerMonth: figure,
  usdPerYear: figure,
  blendedUsdPerMillionTokens: figure,
  inputUsdPerMillionTokens: optional(figure),
  outputUsdPerMillionTokens: optional(figure),
  usdPer1000Requests: figure,
  usdPerUserMonth: optional(figure),
  lines: z.array(costLine),
  monthlyUsd: z.array(number),
  yearlyUsd: z.array(number),
  byCategory: z.array(z.strictObject({ category, usd: number })),
})

const quality = z.strictObject({
  benchmark: text,
  unit: text,
  score: optional(figure),
  published: optional(number),
  setting: optional(text),
  evaluator: optional(text),
  sourceId: optional(text),
})

export const planOptionSchema = z.strictObject({
  id: text.describe('Names its parts, so the same choice has the same id in every plan.'),
  rank: number.describe('1 is the best by the score of the scenario.'),
  roles: z.array(roleSchema),
  label: text,
  place,
  model,
  deployment: optional(deploymentSchema),
  phases: optional(z.array(phaseSchema)),
  billOfMaterials: z.array(material),
  site: optional(site),
  evidence: optional(evidence),
  capacity: optional(capacity),
  latency: optional(latency),
  workloads: optional(
    z.array(z.strictObject({ name: text, ttft: percentiles, tpot: percentiles, endToEnd: percentiles })),
  ),
  memory: optional(memory),
  energy: optional(energy),
  carbon: optional(carbon),
  water: optional(water),
  cost,
  quality: z.array(quality),
  score: z.strictObject({ value: number, formula: text, parts: z.record(text, number) }),
  constraints: z.array(constraintCheckSchema),
  why: texts,
  whyCodes: optional(sentenceCodes),
  nearly: z.array(
    z.strictObject({
      role: roleSchema,
      optionId: text,
      label: text,
      message: text,
      moreFraction: optional(number),
      drawsFraction: optional(number),
      tie: z.boolean(),
    }),
  ),
  wouldChange: z.array(lever),
  cheaperThanFirstFraction: optional(number),
  tiedWith: texts,
  sensitivity: z.array(tornadoBar),
  explanation: z.array(explanation),
  unknown: z.array(unknown),
  notes: z.array(noteSchema),
})
