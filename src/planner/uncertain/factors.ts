/**
 * What may come out otherwise than assumed, each as a factor on the middle value (1 = as assumed). Only the yearly
 * growth of the electricity price is a rate: its middle may be 0.
 */
export interface Factors {
  /** Requests, at the peak and in the month alike. */
  demand: number
  /** Requests per second of one replica at the targets. */
  speed: number
  power: number
  serverPrice: number
  acceleratorPrice: number
  rentPrice: number
  electricityPrice: number
  electricityGrowthPerYear: number
  pue: number
  wue: number
  gridCarbon: number
  embodiedServer: number
  embodiedAccelerator: number
  staffCost: number
  acceleratorsPerEngineer: number
  maintenance: number
  installation: number
  spares: number
  networkPortPrice: number
  storagePrice: number
  rackPrice: number
  colocationPrice: number
  residualValue: number
}

export type FactorName = keyof Factors

export function middleFactors(electricityGrowthPerYear: number): Factors {
  return {
    demand: 1,
    speed: 1,
    power: 1,
    serverPrice: 1,
    acceleratorPrice: 1,
    rentPrice: 1,
    electricityPrice: 1,
    electricityGrowthPerYear,
    pue: 1,
    wue: 1,
    gridCarbon: 1,
    embodiedServer: 1,
    embodiedAccelerator: 1,
    staffCost: 1,
    acceleratorsPerEngineer: 1,
    maintenance: 1,
    installation: 1,
    spares: 1,
    networkPortPrice: 1,
    storagePrice: 1,
    rackPrice: 1,
    colocationPrice: 1,
    residualValue: 1,
  }
}
