import { z } from 'zod'
import { number, optional, text } from './plan-schema-fields.ts'

export const deploymentSchema = z.strictObject({
  engine: text,
  engineSupport: z.enum(['full', 'partial']),
  accelerator: z.strictObject({ id: text, name: text, category: text }),
  server: z.strictObject({
    id: text,
    name: text,
    acceleratorsPerServer: number,
    mostAccelerators: optional(number),
    alwaysFull: optional(z.boolean()),
  }),
  layout: z.strictObject({ tensor: number, pipeline: number, attentionData: number, expert: number }),
  acceleratorsPerReplica: number,
  replicasNeeded: number,
  spareReplicas: number,
  replicas: number,
  sites: number,
  servers: number,
  accelerators: number,
  acceleratorsIdle: number,
  spot: optional(
    z.strictObject({
      interruptionsPerMonth: number,
      lostSecondsPerInterruption: number,
      hoursPerUsefulHour: number,
    }),
  ),
  storedBytesPerCopy: optional(number),
})
