import { roundSignificant } from '../foundation/format.ts'
import { type MemoryAnswerOfScenario, type MemoryOption, planMemory } from '../planner/plan-memory.ts'
import { readScenario } from '../planner/scenario/read.ts'
import type { PlanOptions } from './commands/plan.ts'
import { type CliIo, exitCodes } from './io.ts'
import { loadCliCatalog } from './load-catalog.ts'
import { readUserFile } from './read-file.ts'
import { renderPlan } from './render-plan.ts'

/** Returns the exit code: 0 where something holds the load, 1 where nothing does. */
export async function runPlan(input: { scenario: string; options: PlanOptions; io: CliIo }): Promise<number> {
  const { options, io } = input
  const scenario = readScenario({ text: readUserFile(input.scenario, io), file: input.scenario })
  const catalog = await loadCliCatalog({ overlay: options.catalog, io })
  const answer = planMemory({ scenario, catalog, file: input.scenario })
  if (options.json) io.stdout.write(`${JSON.stringify(planDocument(answer, catalog.version), null, 2)}\n`)
  else io.stdout.write(renderPlan(answer, { all: options.all === true }))
  return answer.options.length > 0 ? exitCodes.done : exitCodes.infeasible
}

/** The plan as data: figures in base units, six significant digits. */
export function planDocument(
  answer: MemoryAnswerOfScenario,
  catalogVersion: string,
): Record<string, unknown> {
  const { resolved, workload } = answer
  return rounded({
    schemaVersion: 1,
    catalogVersion,
    status: answer.options.length > 0 ? 'feasible' : 'infeasible',
    name: resolved.scenario.name,
    workload: { ...workload, notes: undefined, contextTokens: answer.contextTokens },
    targets: resolved.targets,
    engine: resolved.engine,
    models: {
      kept: answer.kept.map((model) => ({
        id: model.model.id,
        class: model.class,
        licenceClass: model.licenceClass ?? 'unknown',
        scores: model.scores.map((score) => ({
          benchmark: score.benchmark,
          status: score.status,
          score: score.score,
          settings: score.settings,
          sourceId: score.row?.source_id,
        })),
      })),
      leftOut: answer.leftOut.map((model) => ({ id: model.model.id, reasons: model.reasons })),
    },
    options: answer.options.map(optionDocument),
    unplaced: answer.unplaced,
    notes: answer.notes,
  }) as Record<string, unknown>
}

function optionDocument(option: MemoryOption): Record<string, unknown> {
  const { plan } = option.sizing
  return {
    model: option.model.model.id,
    weightFormat: option.weightFormat.id,
    kvFormat: option.kvFormat.id,
    scores: option.scores.map((score) => ({
      benchmark: score.benchmark,
      status: score.status,
      published: score.score,
      afterFormat: score.adjusted,
    })),
    accelerator: option.holding.accelerator.id,
    layout: option.holding.layout,
    devicesPerReplica: option.holding.devices,
    replicas: option.replicas,
    accelerators: option.accelerators,
    server: option.server,
    servers: option.servers,
    sequencesPerReplica: option.sequencesPerReplica,
    memoryPerDevice: { usableBytes: option.holding.memory.usableBytes, parts: plan.parts },
    longestContextTokens: plan.longestContextTokens,
    storage: option.storage,
    status: option.bound ? 'bound' : 'estimate',
    notes: option.sizing.notes,
  }
}

function rounded(value: unknown): unknown {
  if (typeof value === 'number') return Number.isInteger(value) ? value : roundSignificant(value)
  if (Array.isArray(value)) return value.map(rounded)
  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, rounded(entry)]))
  }
  return value
}
