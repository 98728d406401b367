import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readTable } from '../../catalogs/csv.ts'
import { powerModelTable } from '../../catalogs/schema/power.ts'
import { boardPowerWatts, explainedBoardPowerWatts } from './board-power.ts'
import { powerModel, withInterval } from './coefficients.ts'
import { decodeWork, emptyDecodeWork } from './decode-work.ts'
import { boardJoulesPerOutputToken } from './deployment-energy.ts'
import { replicaAtPeak as testReplica } from './energy.test-data.ts'
import { boardWattsWhileServing, type ReplicaAtPeak, replicaPowerAtLoad } from './replica-power.ts'
import { rooflineInput, rooflineStepSeconds } from './step-roofline.ts'

const file = join(import.meta.dirname, '../../../catalogs', powerModelTable.file)
const rows = readTable({ table: powerModelTable, text: readFileSync(file, 'utf8'), file }).rows.map(
  ({ row }) => row,
)
/** The shipped coefficients of an air-cooled node with a current stack. */
const shippedPower = powerModel(rows, { stack: 'current', cooling: 'air' })
const shippedGaps = powerModel(rows, { stack: 'gaps', cooling: 'air' })
const replicaAtPeak = (given: Partial<ReplicaAtPeak> = {}) => testReplica(shippedPower.board, given)

const share = fc.double({ min: 0, max: 1, noNaN: true })
const board = (computeUtilisation: number, bandwidthUtilisation: number) => ({
  tdpWatts: 700,
  idleWatts: 70,
  computeUtilisation,
  bandwidthUtilisation,
  lowPrecisionExperts: false,
})

describe('board power', () => {
  it('stays between idle and the cap and rises with either utilisation', () => {
    fc.assert(
      fc.property(share, share, share, fc.boolean(), (compute, bandwidth, more, lowPrecisionExperts) => {
        const input = { ...board(compute, bandwidth), lowPrecisionExperts }
        const watts = boardPowerWatts(shippedPower.board, input)
        expect(watts).toBeGreaterThan(70)
        expect(watts).toBeLessThanOrEqual(0.98 * 700)
        const higher = { ...input, computeUtilisation: Math.min(1, compute + more) }
        expect(boardPowerWatts(shippedPower.board, higher)).toBeGreaterThanOrEqual(watts)
        const wider = { ...input, bandwidthUtilisation: Math.min(1, bandwidth + more) }
        expect(boardPowerWatts(shippedPower.board, wider)).toBeGreaterThanOrEqual(watts)
      }),
    )
  })

  it('equals the formula record', () => {
    const input = board(0.05, 0.4)
    expect(boardPowerWatts(shippedPower.board, input)).toBeCloseTo(
      explainedBoardPowerWatts(shippedPower.board, input),
      9,
    )
  })

  it('power study, section 1: compute utilisation of 0.2 to 0.5 takes boards to 0.87..0.97 of TDP', () => {
    for (const compute of [0.2, 0.35, 0.5]) {
      const watts = boardPowerWatts(shippedPower.board, board(compute, 0.3))
      expect(watts / 700).toBeGreaterThan(0.87)
      expect(watts / 700).toBeLessThan(0.985)
    }
  })

  it('power study, section 6: a stack with gaps draws far less than a current one (0.38 against 0.75 TDP)', () => {
    const input = board(0.03, 0.25)
    const ratio = boardPowerWatts(shippedGaps.board, input) / boardPowerWatts(shippedPower.board, input)
    expect(ratio).toBeGreaterThan(0.5)
    expect(ratio).toBeLessThan(0.75)
  })

  it('a board whose idle power is above the cap draws its idle power', () => {
    expect(boardPowerWatts(shippedPower.board, { ...board(0.5, 0.5), tdpWatts: 60 })).toBe(70)
  })
})

describe('work of a step', () => {
  const replica = replicaAtPeak()

  it('one sequence without prompt: weights once, 2 FLOPs per weight and the attention of its context', () => {
    const work = decodeWork(
      replica.model,
      { sequences: 1, inputTokens: 0, cachedInputTokens: 0, outputTokens: 200 },
      emptyDecodeWork(),
    )
    // A step reads neither the table of input embeddings nor, in the step model, the final norm.
    const weights = 8_030_261_248 - 128_256 * 4096 - 4096
    const cache = 2 * 8 * 128 * 2 * 32 * 100
    expect(work.memorySeconds).toBeCloseTo((weights * 2 + cache) / 3.35e12, 9)
    const attention = 4 * 32 * 128 * 32 * 100
    expect(work.computeSeconds).toBeCloseTo((2 * weights + attention) / 989e12, 9)
  })

  it('each output token brings its share of the prompt', () => {
    const load = { sequences: 8, cachedInputTokens: 0, outputTokens: 100 }
    const short = decodeWork(replica.model, { ...load, inputTokens: 100 }, emptyDecodeWork())
    const long = decodeWork(replica.model, { ...load, inputTokens: 1000 }, emptyDecodeWork())
    expect(long.computeSeconds / short.computeSeconds).toBeGreaterThan((1 + 10) / (1 + 1) - 0.1)
  })
})

describe('a replica', () => {
  it('power rises with load from idle, without a jump, and never passes the cap', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 256 }),
        share,
        share,
        fc.double({ min: 0.3, max: 1, noNaN: true }),
        (sequences, a, b, alone) => {
          const replica = replicaAtPeak({ sequences, stepSecondsAlone: 0.016 * alone })
          const out = { boardWatts: 0, busyFraction: 0 }
          const low = replicaPowerAtLoad(replica, Math.min(a, b), out).boardWatts
          const high = replicaPowerAtLoad(replica, Math.max(a, b), out).boardWatts
          expect(low).toBeGreaterThanOrEqual(70)
          expect(high).toBeLessThanOrEqual(686)
          expect(high).toBeGreaterThanOrEqual(low - 1e-6)
          expect(replicaPowerAtLoad(replica, 0, out).boardWatts).toBe(70)
        },
      ),
    )
  })

  it('at its peak it is what the peak’s step draws', () => {
    const replica = replicaAtPeak()
    const out = replicaPowerAtLoad(replica, 1, { boardWatts: 0, busyFraction: 0 })
    expect(out.boardWatts).toBeCloseTo(boardWattsWhileServing(replica, replica), 9)
    expect(out.busyFraction).toBe(1)
  })

  it('has an energy per token where steps grow in proportion to their sequences', () => {
    const alone = replicaAtPeak().stepSecondsAlone
    for (const rounding of [1, 1 - 1e-15, 1 + 1e-15]) {
      const joules = boardJoulesPerOutputToken(
        replicaAtPeak({ sequences: 125, stepSeconds: 125 * alone * rounding }),
        1,
      )
      expect(joules).toBeGreaterThan(70 * alone)
      expect(joules).toBeLessThan(700 * alone)
    }
  })

  it('energy per token is power over rate, finite, and falls with the batch', () => {
    const at = (sequences: number, stepSeconds: number) =>
      boardJoulesPerOutputToken(replicaAtPeak({ sequences, stepSeconds }), 1)
    expect(at(64, 0.016)).toBeLessThan(at(8, 0.009))
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1024 }),
        fc.double({ min: 1e-3, max: 1, noNaN: true }),
        (b, t) => {
          expect(Number.isFinite(at(b, t))).toBe(true)
          expect(at(b, t)).toBeGreaterThan(0)
        },
      ),
    )
  })

  it('ML.ENERGY v3, H100: Llama-3.1-8B takes 0.0702 J a token at its best batch, within the shipped interval', () => {
    // Largest batch that 80 GB hold with chat lengths; step from the roofline fitted with board power.
    const base = replicaAtPeak({ inputTokens: 100, outputTokens: 500 })
    const sequences = 512
    const work = decodeWork(
      base.model,
      { sequences, inputTokens: 100, cachedInputTokens: 0, outputTokens: 500 },
      emptyDecodeWork(),
    )
    const stepSeconds = rooflineStepSeconds(
      shippedPower.step,
      rooflineInput(base.model, { work, devices: 1, sequences }),
    )
    const replica = replicaAtPeak({ inputTokens: 100, outputTokens: 500, sequences, stepSeconds })
    const { low, high } = withInterval(boardJoulesPerOutputToken(replica, 1), shippedPower.energyInterval)
    expect(low).toBeLessThan(0.0702)
    expect(high).toBeGreaterThan(0.0702)
  })
})
