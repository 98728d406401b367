import { btuPerHourPerWatt } from '../../foundation/units.ts'

/** What electricians and the building must provide. It follows ratings, not the average. */
export interface Nameplate {
  /** Highest draw of the IT, watts. */
  readonly watts: number
  readonly amperes: number
  /** Breaker rating that carries it continuously, amperes over all circuits. */
  readonly breakerAmperes: number
  /** One feed of circuits of the given rating; redundant feeds double it. Undefined without a rating. */
  readonly circuitsPerFeed: number | undefined
  readonly heatBtuPerHour: number
  readonly rackUnits: number | undefined
  /** By power and by height, whichever asks for more; undefined where neither limit is given. */
  readonly racks: number | undefined
}

export interface NameplateInput {
  /** Highest draw of one node: the maker's figure, else `ratedNodeWatts`. */
  readonly nodeWatts: number
  readonly nodes: number
  /** Fabric, storage and others at their ratings, watts. */
  readonly otherWatts: number
  /** Between phases for three phases. */
  readonly volts: number
  readonly phases: 1 | 3
  readonly powerFactor: number
  /** Share of its rating that a breaker may carry without end. */
  readonly continuousLoadFraction: number
  readonly circuitAmperes?: number | undefined
  readonly rackUnitsPerNode?: number | undefined
  readonly rackUnitsPerRack?: number | undefined
  readonly rackWatts?: number | undefined
}

export function nameplate(input: NameplateInput): Nameplate {
  const watts = input.nodeWatts * input.nodes + input.otherWatts
  const phaseFactor = input.phases === 3 ? Math.sqrt(3) : 1
  const amperes = watts / (input.volts * phaseFactor * input.powerFactor)
  const breakerAmperes = amperes / input.continuousLoadFraction
  const rackUnits = input.rackUnitsPerNode === undefined ? undefined : input.rackUnitsPerNode * input.nodes
  return {
    watts,
    amperes,
    breakerAmperes,
    circuitsPerFeed:
      input.circuitAmperes === undefined ? undefined : Math.ceil(breakerAmperes / input.circuitAmperes),
    heatBtuPerHour: watts * btuPerHourPerWatt,
    rackUnits,
    racks: racksNeeded(input),
  }
}

/** Whole nodes go into a rack; a node above the rack's power needs a rack of its own, and the caller says so. */
function racksNeeded(input: NameplateInput): number | undefined {
  const byPower = input.rackWatts === undefined ? undefined : Math.floor(input.rackWatts / input.nodeWatts)
  const byHeight =
    input.rackUnitsPerRack === undefined || input.rackUnitsPerNode === undefined
      ? undefined
      : Math.floor(input.rackUnitsPerRack / input.rackUnitsPerNode)
  if (byPower === undefined && byHeight === undefined) return undefined
  const perRack = Math.max(
    1,
    Math.min(byPower ?? Number.POSITIVE_INFINITY, byHeight ?? Number.POSITIVE_INFINITY),
  )
  return Math.ceil(input.nodes / perRack)
}
