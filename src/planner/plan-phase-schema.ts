import { z } from 'zod'
import { number, optional } from './plan-schema-fields.ts'

export const phaseSchema = z.strictObject({
  fromMonth: number,
  toMonth: number,
  peakRequestsPerSecond: number,
  replicasNeeded: number,
  requestsPerSecond: number,
  replicas: number,
  servers: number,
  accelerators: number,
  racks: number,
  addedServers: number,
  addedAccelerators: number,
  averageWatts: optional(number),
})
