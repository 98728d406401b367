import { z } from 'zod'
import { fractionField, lengthField, oneOrMany, quantityField } from './fields.ts'
import { availability, constraints, fact, finance, place, score, site } from './limits.ts'
import { model } from './model-wishes.ts'

/**
 * What a user asks. Every field but `schemaVersion` may be left out: the use case's profile fills it, and each
 * value so filled becomes a note. Keys the schema does not know are errors, never ignored.
 */
const demand = z
  .strictObject({
    users: quantityField('count', { above: 0, most: 1e10 }).optional().describe('People who have access.'),
    activeUserFraction: fractionField().optional().describe('Share of them who use it on a working day.'),
    requestsPerUserPerDay: quantityField('count', { above: 0, most: 1e6 })
      .optional()
      .describe('Requests an active user sends in a working day.'),
    workingHoursPerDay: quantityField('hoursPerDay', { above: 0, most: 24 })
      .optional()
      .describe('Hours over which a day’s requests arrive.'),
    workingDaysPerWeek: quantityField('daysPerWeek', { above: 0, most: 7 })
      .optional()
      .describe('Days a week with load.'),
    peakToAverage: z
      .number()
      .min(1)
      .max(1000)
      .optional()
      .describe('Peak request rate over the mean rate of the working hours.'),
    requestRate: quantityField('perSecond', { above: 0, most: 1e7 })
      .optional()
      .describe('Peak request rate, instead of users: "4 /s", "600 /min".'),
    concurrency: z
      .number()
      .int()
      .min(1)
      .max(10_000_000)
      .optional()
      .describe('Requests in flight at the peak, instead of a rate.'),
    growthPerYear: z
      .union([z.string(), z.number()])
      .pipe(quantityField('fraction', { least: -0.9, most: 20 }))
      .optional()
      .describe(
        'Growth of the demand per year ("30 %"). Machines come year by year, or all at once: see finance.purchases.',
      ),
    uncertainty: quantityField('fraction', { least: 0, most: 9 })
      .optional()
      .describe(
        'How far the demand may be off: in four of five cases between the stated one ÷ (1 + this) and × (1 + this) ("30 %").',
      ),
  })
  .refine(
    (value) =>
      [value.users, value.requestRate, value.concurrency].filter((given) => given !== undefined).length <= 1,
    'give one of users, requestRate and concurrency, not several',
  )

const tokens = z.strictObject({
  input: lengthField.optional().describe('Input tokens per request.'),
  output: lengthField.optional().describe('Output tokens per request.'),
  sharedPrefixFraction: fractionField()
    .optional()
    .describe('Share of the input that many requests have in common (system prompt, documents).'),
})

const formats = z.strictObject({
  weights: oneOrMany(z.string().min(1))
    .optional()
    .describe('Weight formats to consider (bf16, fp8, int4-awq, …).'),
  kvCache: oneOrMany(z.string().min(1)).optional().describe('KV cache formats to consider (bf16, fp8, …).'),
  belowFourBits: z.boolean().optional().describe('Consider formats below four bits per weight.'),
})

const hardware = z.strictObject({
  accelerators: oneOrMany(z.string().min(1)).optional().describe('Only these accelerators.'),
  categories: oneOrMany(
    z.enum(['datacentre', 'workstation', 'consumer', 'integrated', 'edge', 'phone', 'cpu', 'cloud-only']),
  )
    .optional()
    .describe('Only accelerators of these categories.'),
  vendors: oneOrMany(z.string().min(1)).optional().describe('Only accelerators of these vendors.'),
  servers: oneOrMany(z.string().min(1)).optional().describe('Only these servers, workstations or devices.'),
  exclude: oneOrMany(z.string().min(1)).optional().describe('Never these accelerators or servers.'),
  excludeVendors: oneOrMany(z.string().min(1))
    .optional()
    .describe('Never accelerators or servers of these vendors.'),
  owned: oneOrMany(
    z.strictObject({
      server: z.string().min(1).describe('Server of the catalog.'),
      accelerator: z.string().min(1).describe('What is in it.'),
      count: z.number().int().min(1).max(100_000).describe('How many servers.'),
    }),
  )
    .optional()
    .describe(
      'Hardware already owned: nothing else is used on the premises; only its maintenance is still paid.',
    ),
  maxAcceleratorsPerReplica: z
    .number()
    .int()
    .min(1)
    .max(1024)
    .optional()
    .describe('Most accelerators one replica may span.'),
})

const engine = z.enum(['vllm', 'sglang', 'tensorrt-llm', 'llama.cpp', 'generic'])

const targets = z.strictObject({
  ttft: quantityField('seconds', { above: 0 }).optional().describe('Time to first token.'),
  tpot: quantityField('seconds', { above: 0 }).optional().describe('Time per output token after the first.'),
  endToEnd: quantityField('seconds', { above: 0 }).optional().describe('Time to the last token.'),
  percentile: quantityField('fraction', { least: 0.5, most: 0.99 })
    .optional()
    .describe('Share of requests that must meet the targets at the peak ("95 %").'),
})

const storage = z.strictObject({
  versionsKept: z.number().int().min(1).max(100).optional().describe('Versions of the weights kept on disk.'),
  adapters: z.number().int().min(0).max(100_000).optional().describe('LoRA adapters kept.'),
  adapterRank: z.number().int().min(1).max(1024).optional().describe('Rank of the adapters.'),
  logRetention: quantityField('seconds', { least: 0 })
    .optional()
    .describe('How long requests and answers are kept ("90 days").'),
  diskBandwidth: quantityField('bytesPerSecond', { above: 0 })
    .optional()
    .describe('Read rate of the local disk.'),
  networkBandwidth: quantityField('bytesPerSecond', { above: 0 })
    .optional()
    .describe('Rate of the network the weights come over.'),
})

const workload = z.strictObject({
  name: z.string().min(1).max(100).describe('Name of the use case in the answer.'),
  useCase: z.string().min(1).optional().describe('Its own profile; the scenario’s where it is not given.'),
  demand: demand.optional(),
  tokens: tokens.optional(),
  targets: targets.optional().describe('Its own targets; what it does not say comes from the scenario’s.'),
})

const uncertainty = z.strictObject({
  seed: z
    .number()
    .int()
    .min(0)
    .max(4_294_967_295)
    .optional()
    .describe('Of the draws: the same seed gives the same intervals.'),
  samples: z
    .number()
    .int()
    .min(50)
    .max(10_000)
    .optional()
    .describe('Number of draws of the uncertain inputs.'),
})

const cascade = z.strictObject({
  smallFraction: fractionField().describe('Share of the requests that the small model answers ("80 %").'),
  escalation: z
    .enum(['router', 'after-answer'])
    .describe(
      'router: a request goes to one model. after-answer: all go to the small one first, and those it cannot answer go on to the large one.',
    ),
  small: model.optional().describe('Wishes for the small model, over those of `model`. Class: slm.'),
  large: model.optional().describe('Wishes for the large model, over those of `model`. Class: llm.'),
})

export const scenarioSchema = z
  .strictObject({
    $schema: z.string().optional(),
    schemaVersion: z.literal(1).describe('Version of this format.'),
    name: z.string().min(1).max(200).describe('Title of the case.'),
    description: z.string().max(10_000).optional(),
    useCase: z.string().min(1).optional().describe('A profile of the catalog that fills what is not given.'),
    demand: demand.optional(),
    tokens: tokens.optional(),
    workloads: z
      .array(workload)
      .min(1)
      .max(50)
      .optional()
      .describe('Several use cases that one model on one cluster serves, instead of demand and tokens.'),
    model: model.optional(),
    cascade: cascade
      .optional()
      .describe('A small model for most requests and a large one for the rest, beside the single models.'),
    formats: formats.optional(),
    hardware: hardware.optional(),
    engine: oneOrMany(engine).optional().describe('Inference engine, or several to choose from.'),
    targets: targets.optional().describe('Latency the users should see.'),
    places: oneOrMany(place).optional().describe('Where it may run.'),
    headroom: fractionField().optional().describe('Share of the capacity left free at the peak ("20 %").'),
    availability: availability.optional(),
    constraints: constraints.optional(),
    facts: oneOrMany(fact)
      .optional()
      .describe('Delivery times and security facts, which the catalog does not hold.'),
    site: site.optional(),
    finance: finance.optional(),
    score: score.optional(),
    storage: storage.optional(),
    uncertainty: uncertainty.optional().describe('How the intervals of cost and footprint are drawn.'),
  })
  .refine(
    (value) => value.workloads === undefined || (value.demand === undefined && value.tokens === undefined),
    { path: ['workloads'], error: 'stands instead of demand and tokens: give each workload its own' },
  )
  .refine(
    (value) =>
      value.workloads === undefined ||
      new Set(value.workloads.map((entry) => entry.name)).size === value.workloads.length,
    { path: ['workloads'], error: 'two workloads have the same name' },
  )
  .refine(
    (value) =>
      value.model?.adapters === undefined ||
      (value.storage?.adapters === undefined && value.storage?.adapterRank === undefined),
    { path: ['model', 'adapters'], error: 'and storage.adapters say the same: give one of them' },
  )
  .describe('A rightsize scenario: the business need and the limits of the answer.')

export type ScenarioInput = z.input<typeof scenarioSchema>
export type Scenario = z.output<typeof scenarioSchema>
export type EngineName = z.output<typeof engine>
export type PlaceKind = z.output<typeof place>['kind']
export type Availability = z.output<typeof availability>
