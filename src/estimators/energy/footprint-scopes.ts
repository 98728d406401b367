/**
 * Who owns and runs the machines. `own`: bought, on one's own site · `colocation`: bought, in another's building ·
 * `subscribe`: another's machines on one's own site · `cloud`: rented instances · `api`: tokens.
 */
export type Ownership = 'own' | 'colocation' | 'subscribe' | 'cloud' | 'api'

/** Categories of the GHG Protocol (Corporate Standard, Scope 3 Standard). */
export type GhgScope = 'scope-2' | 'scope-3.1' | 'scope-3.2' | 'scope-3.3' | 'scope-3.8'

export const scopeTitles: Readonly<Record<GhgScope, string>> = {
  'scope-2': 'Scope 2, purchased electricity',
  'scope-3.1': 'Scope 3 category 1, purchased goods and services',
  'scope-3.2': 'Scope 3 category 2, capital goods',
  'scope-3.3': 'Scope 3 category 3, fuel- and energy-related activities',
  'scope-3.8': 'Scope 3 category 8, upstream leased assets',
}

export interface ScopeMapping {
  /** Generation of the electricity that the IT draws. */
  readonly itElectricity: GhgScope
  /** Generation of what the building adds. */
  readonly overheadElectricity: GhgScope
  /** Fuel supply, building of plants, losses of the grid. */
  readonly upstreamOfElectricity: GhgScope
  readonly embodied: GhgScope
}

/**
 * Our mapping (the Scope 2 Guidance defines scope 2 as generation of purchased electricity only; where a service is
 * bought, all of it is the supplier's). In colocation the tenant runs the machines and the landlord the building; a
 * landlord who bills the overhead may see it as the tenant's scope 2 too.
 */
export const scopeMappings: Readonly<Record<Ownership, ScopeMapping>> = {
  own: {
    itElectricity: 'scope-2',
    overheadElectricity: 'scope-2',
    upstreamOfElectricity: 'scope-3.3',
    embodied: 'scope-3.2',
  },
  colocation: {
    itElectricity: 'scope-2',
    overheadElectricity: 'scope-3.8',
    upstreamOfElectricity: 'scope-3.3',
    embodied: 'scope-3.2',
  },
  subscribe: {
    itElectricity: 'scope-2',
    overheadElectricity: 'scope-2',
    upstreamOfElectricity: 'scope-3.3',
    embodied: 'scope-3.8',
  },
  cloud: {
    itElectricity: 'scope-3.1',
    overheadElectricity: 'scope-3.1',
    upstreamOfElectricity: 'scope-3.1',
    embodied: 'scope-3.1',
  },
  api: {
    itElectricity: 'scope-3.1',
    overheadElectricity: 'scope-3.1',
    upstreamOfElectricity: 'scope-3.1',
    embodied: 'scope-3.1',
  },
}
