/**
 * rightsize as a library, for browsers and Node alike: no file, no clock, no process.
 * `rightsize/node` adds reading folders and files; `rightsize/catalog` holds the shipped catalog.
 */
export * from './catalogs/catalog.ts'
export { type Cell, type FlatRecord, filterRecords } from './catalogs/filter.ts'
export { overlayCatalog } from './catalogs/overlay.ts'
export { catalogKinds, catalogRecords, modelClass, modelFacts } from './catalogs/views.ts'
export type * from './estimators/architecture.ts'
export * from './estimators/memory/index.ts'
export * from './foundation/errors.ts'
export * from './foundation/notes.ts'
export { parsePrice, parseQuantity } from './foundation/quantity.ts'
export { deviceMemory, knownArchitecture, memoryPolicy, weightFormatSpec } from './planner/inputs.ts'
export * from './planner/memory.ts'
export { modelArchitecture } from './planner/model-inputs.ts'
export * from './planner/plan-memory.ts'
export { checkScenario, readScenario } from './planner/scenario/read.ts'
export { resolveScenario } from './planner/scenario/resolve.ts'
export type { Scenario, ScenarioInput } from './planner/scenario/schema.ts'
export { scenarioJsonSchema } from './planner/scenario-json-schema.ts'
