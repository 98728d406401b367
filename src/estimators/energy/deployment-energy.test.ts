import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readTable } from '../../catalogs/csv.ts'
import { powerModelTable } from '../../catalogs/schema/power.ts'
import { powerModel } from './coefficients.ts'
import { type DeploymentEnergyInput, deploymentEnergy } from './deployment-energy.ts'
import { replicaAtPeak as testReplica } from './energy.test-data.ts'
import { weekLevels } from './load-curve.ts'
import { nameplate } from './nameplate.ts'
import { type ItPower, type Node, nodePower, nodePowerLine } from './node-power.ts'
import type { ReplicaAtPeak } from './replica-power.ts'
import { emptySearchEnergy, searchEnergy } from './search-energy.ts'

const file = join(import.meta.dirname, '../../../catalogs', powerModelTable.file)
const rows = readTable({ table: powerModelTable, text: readFileSync(file, 'utf8'), file }).rows.map(
  ({ row }) => row,
)
/** The shipped coefficients of an air-cooled node with a current stack. */
const shippedPower = powerModel(rows, { stack: 'current', cooling: 'air' })
const replicaAtPeak = (given: Partial<ReplicaAtPeak> = {}) => testReplica(shippedPower.board, given)

const host = { processors: 2, processorTdpWatts: 350, memoryModules: 32, networkCards: 10, drives: 8 }
const knownNode: Node = { kind: 'host', accelerators: 8, acceleratorTdpWatts: 700, host }
const unknownNode: Node = { kind: 'host', accelerators: 8, acceleratorTdpWatts: 700, host: undefined }

function deployment(given: Partial<DeploymentEnergyInput> = {}): DeploymentEnergyInput {
  return {
    coefficients: shippedPower.node,
    replica: replicaAtPeak(),
    replicas: 6,
    acceleratorsPerReplica: 1,
    node: knownNode,
    nodes: 1,
    switchPorts: 8,
    storageTerabytes: 4,
    levels: weekLevels({ workingHoursPerDay: 10, workingDaysPerWeek: 5, peakToAverageRatio: 2 }, 4),
    peakUtilisationFraction: 0.8,
    whenUnused: 'idle',
    outputTokensPerMonth: 1e9,
    pueRatio: 1.3,
    ...given,
  }
}

const sumOfParts = (power: ItPower) =>
  Object.entries(power).reduce((sum, [part, watts]) => (part === 'totalWatts' ? sum : sum + watts), 0)

const inputs = fc.record({
  node: fc.constantFrom(knownNode, unknownNode),
  replicas: fc.integer({ min: 1, max: 16 }),
  nodes: fc.integer({ min: 2, max: 4 }),
  peakUtilisationFraction: fc.double({ min: 0.05, max: 1, noNaN: true }),
  whenUnused: fc.constantFrom('idle' as const, 'off' as const),
  pueRatio: fc.double({ min: 1, max: 2, noNaN: true }),
})

describe('energy of a deployment', () => {
  it('parts sum to totals, average lies between idle and peak', () => {
    fc.assert(
      fc.property(inputs, (given) => {
        const energy = deploymentEnergy(deployment(given))
        for (const power of [energy.peakIt, energy.averageIt, ...energy.levels.map((level) => level.it)])
          expect(sumOfParts(power)).toBeCloseTo(power.totalWatts, 6)
        expect(energy.averageIt.totalWatts).toBeLessThanOrEqual(energy.peakIt.totalWatts + 1e-9)
        expect(energy.itJoulesPerMonth + energy.overheadJoulesPerMonth!).toBe(energy.facilityJoulesPerMonth)
        expect(Number.isFinite(energy.itJoulesPerOutputToken)).toBe(true)
      }),
    )
  })

  it('the search’s one pass gives the same totals', () => {
    fc.assert(
      fc.property(inputs, (given) => {
        const input = deployment(given)
        const full = deploymentEnergy(input)
        const { switchPortWatts, storageTerabyteWatts } = shippedPower.node
        const fast = searchEnergy(
          {
            replica: input.replica,
            replicas: input.replicas,
            acceleratorsPerReplica: input.acceleratorsPerReplica,
            nodes: input.nodes,
            acceleratorsPerNode: input.node.accelerators,
            line: nodePowerLine(shippedPower.node, input.node),
            sharedWatts: 8 * switchPortWatts + 4 * storageTerabyteWatts,
            levels: input.levels,
            peakUtilisationFraction: input.peakUtilisationFraction,
            whenUnused: input.whenUnused,
            pueRatio: input.pueRatio!,
            locationGramsCo2ePerKwh: 300,
            onSiteLitresPerItKwh: 0.5,
            generationLitresPerKwh: 2,
            embodiedGramsPerMonth: 1000,
          },
          emptySearchEnergy(),
        )
        expect(fast.peakItWatts).toBeCloseTo(full.peakIt.totalWatts, 6)
        expect(fast.averageItWatts).toBeCloseTo(full.averageIt.totalWatts, 6)
        const kwh = full.facilityJoulesPerMonth! / 3.6e6
        expect(fast.operationalGramsPerMonth / (kwh * 300)).toBeCloseTo(1, 9)
        expect(fast.totalGramsPerMonth - fast.operationalGramsPerMonth).toBeCloseTo(1000, 6)
        const water = (full.itJoulesPerMonth / 3.6e6) * 0.5 + kwh * 2
        expect(fast.waterLitresPerMonth / water).toBeCloseTo(1, 9)
      }),
    )
  })

  it('an unknown PUE leaves the building unknown, never equal to the IT', () => {
    const energy = deploymentEnergy(deployment({ pueRatio: undefined }))
    expect(energy.facilityJoulesPerMonth).toBeUndefined()
    expect(energy.peakFacilityWatts).toBeUndefined()
    expect(energy.itJoulesPerMonth).toBeGreaterThan(0)
  })

  it('machines that are switched off outside working hours save energy', () => {
    const idle = deploymentEnergy(deployment({ whenUnused: 'idle' }))
    const off = deploymentEnergy(deployment({ whenUnused: 'off' }))
    expect(off.itJoulesPerMonth).toBeLessThan(idle.itJoulesPerMonth)
    expect(off.peakIt.totalWatts).toBe(idle.peakIt.totalWatts)
  })
})

describe('a node', () => {
  const load = { boardWatts: 0.96 * 1000, busyFraction: 1 }
  const b200 = { ...knownNode, acceleratorTdpWatts: 1000 }

  it('MLPerf, air-cooled 8 x B200: 10.40 to 10.44 kW with boards at 0.96 TDP, parts within 5 %', () => {
    const watts = nodePower(shippedPower.node, b200, load).totalWatts
    expect(Math.abs(watts / 10_420 - 1)).toBeLessThan(0.05)
  })

  it('power study, section 2: 1.19 of TDP at full load where the parts are unknown', () => {
    const watts = nodePower(shippedPower.node, { ...unknownNode, acceleratorTdpWatts: 1000 }, load).totalWatts
    expect(watts / 8000).toBeCloseTo(0.96 + 0.23, 9)
  })

  it('MLPerf v4.1, 8 x H200 at MaxQ (capped boards): 6,153 W; full TDP is an upper bound', () => {
    const node = { ...unknownNode, acceleratorTdpWatts: 700 }
    const watts = nodePower(shippedPower.node, node, { boardWatts: 0.96 * 700, busyFraction: 1 }).totalWatts
    expect(watts).toBeGreaterThan(6153)
    expect(watts / 6153).toBeLessThan(1.12)
  })
})

describe('nameplate', () => {
  it('8 nodes of 10.2 kW: 81.6 kW on 400 V three-phase', () => {
    const plate = nameplate({
      nodeWatts: 10_200,
      nodes: 8,
      otherWatts: 0,
      volts: 400,
      phases: 3,
      powerFactor: 1,
      continuousLoadFraction: 0.8,
      circuitAmperes: 32,
      rackUnitsPerNode: 8,
      rackUnitsPerRack: 42,
      rackWatts: 41_000,
    })
    expect(plate.watts).toBe(81_600)
    expect(plate.amperes).toBeCloseTo(81_600 / (400 * Math.sqrt(3)), 9)
    expect(plate.circuitsPerFeed).toBe(Math.ceil(81_600 / (400 * Math.sqrt(3)) / 0.8 / 32))
    // 1 W = 3.412 BTU/h
    expect(plate.heatBtuPerHour / 81_600).toBeCloseTo(3.412, 3)
    expect(plate.rackUnits).toBe(64)
    expect(plate.racks).toBe(2)
  })
})
