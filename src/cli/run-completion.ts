import type { Command } from 'commander'
import type { Catalog } from '../catalogs/catalog.ts'
import { sweepMeasures } from '../planner/sweep.ts'
import { engines } from './commands/memory.ts'
import { bashScript, fishScript, zshScript } from './completion-scripts.ts'
import type { CliIo } from './io.ts'
import { loadCliCatalog } from './load-catalog.ts'
import { OptionReader } from './option-values.ts'

/** What the shell offers in place of a value. */
export type Completes = 'file' | 'folder' | 'nothing' | readonly string[]

export interface CompletionOption {
  readonly flags: readonly string[]
  readonly description: string
  /** Undefined for a flag that takes no value. */
  readonly value?: Completes
}

/** One command: what may stand behind its words. */
export interface CompletionCommand {
  /** Words from the program on, without it: `catalog show`; empty for the program itself. */
  readonly path: string
  readonly commands: readonly { readonly name: string; readonly description: string }[]
  readonly options: readonly CompletionOption[]
  readonly argument: Completes
}

const shells = { bash: bashScript, zsh: zshScript, fish: fishScript } as const

export async function runCompletion(input: {
  program: Command
  shell: string
  options: { catalog?: string }
  io: CliIo
}): Promise<void> {
  const { io } = input
  const read = new OptionReader()
  const shell = read.choice({
    option: 'SHELL',
    value: input.shell,
    allowed: Object.keys(shells) as (keyof typeof shells)[],
  })
  read.done()
  const catalog = await loadCliCatalog({ overlay: input.options.catalog, io })
  io.stdout.write(shells[shell](completionCommands(input.program, catalog)))
}

export function completionCommands(program: Command, catalog: Catalog): CompletionCommand[] {
  const values = valuesOf(catalog)
  return [program, ...program.commands, ...program.commands.flatMap((command) => command.commands)].map(
    (command) => ({
      path: pathOf(command, program),
      commands: command.commands.map((entry) => ({
        name: entry.name(),
        description: firstSentence(entry.description()),
      })),
      options: [
        ...command.options.map((option): CompletionOption => {
          const flags = [option.short, option.long].filter((flag) => flag !== undefined && flag !== null)
          const value = option.required || option.optional
          return {
            flags,
            description: firstSentence(option.description),
            ...(value ? { value: optionValues(option, values) } : {}),
          }
        }),
        { flags: ['-h', '--help'], description: 'help for the command' },
      ],
      argument: argumentValues(command, values),
    }),
  )
}

function pathOf(command: Command, program: Command): string {
  const names: string[] = []
  for (let here: Command | null = command; here !== null && here !== program; here = here.parent)
    names.unshift(here.name())
  return names.join(' ')
}

function firstSentence(text: string): string {
  return text.replaceAll(/\s+/g, ' ').split('; ')[0] ?? ''
}

type Values = ReturnType<typeof valuesOf>

function valuesOf(catalog: Catalog) {
  const ids = (rows: readonly { readonly id: string }[]) => rows.map((row) => row.id)
  const models = ids(catalog.rows('models'))
  const accelerators = ids(catalog.rows('accelerators'))
  return {
    models,
    accelerators,
    useCases: ids(catalog.rows('useCases')),
    weights: ids(catalog.rows('weightFormats')),
    kv: ids(catalog.rows('kvFormats')),
    entities: [...models, ...accelerators, ...ids(catalog.rows('servers'))],
  }
}

/** By the name of the option; a list of choices in its description counts too ("table, json or md"). */
function optionValues(option: Command['options'][number], values: Values): Completes {
  if (option.argChoices !== undefined) return option.argChoices
  switch (option.long) {
    case '--accelerator':
      return values.accelerators
    case '--model':
      return values.models
    case '--use-case':
      return values.useCases
    case '--weights':
      return values.weights
    case '--kv':
      return values.kv
    case '--engine':
      return engines
    case '--by':
      return sweepMeasures
    case '--format': {
      const listed = option.description.match(/^(\w+(?:, \w+)* or \w+)$/)?.[1]
      return listed === undefined ? 'nothing' : listed.split(/, | or /)
    }
    default:
      if (option.flags.includes('<dir>')) return 'folder'
      return option.flags.includes('<file>') ? 'file' : 'nothing'
  }
}

function argumentValues(command: Command, values: Values): Completes {
  const name = command.registeredArguments[0]?.name()
  switch (name) {
    case undefined:
      return 'nothing'
    case 'model':
      return values.models
    case 'accelerator':
      return values.accelerators
    case 'id':
      return values.entities
    case 'shell':
      return Object.keys(shells)
    case 'dir':
      return 'folder'
    default:
      return 'file'
  }
}
