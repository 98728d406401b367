import { readFileSync } from 'node:fs'
import { Command, CommanderError } from 'commander'
import { RightsizeError } from '../foundation/errors.ts'
import { registerCalibrate } from './commands/calibrate.ts'
import { registerCatalog } from './commands/catalog.ts'
import { registerCompletion } from './commands/completion.ts'
import { registerDiff } from './commands/diff.ts'
import { registerExplain } from './commands/explain.ts'
import { registerInit } from './commands/init.ts'
import { registerMemory } from './commands/memory.ts'
import { registerPlan } from './commands/plan.ts'
import { registerProbe } from './commands/probe.ts'
import { registerReplay } from './commands/replay.ts'
import { registerReport } from './commands/report.ts'
import { registerSimulate } from './commands/simulate.ts'
import { registerSpeed } from './commands/speed.ts'
import { registerSweep } from './commands/sweep.ts'
import { registerTco } from './commands/tco.ts'
import { registerValidate } from './commands/validate.ts'
import { registerWhatif } from './commands/whatif.ts'
import { reportFailure } from './failure.ts'
import { type CliIo, exitCodes } from './io.ts'

/**
 * Runs the CLI and returns its exit code: 0 done, 1 nothing fits, 2 bad input, 3 our bug.
 * Results go to `io.stdout`, everything else to `io.stderr`; the process itself is not touched.
 */
export async function run(argv: readonly string[], io: CliIo): Promise<number> {
  let code: number = exitCodes.done
  const program = createProgram(io, (value) => {
    code = value
  })
  try {
    await program.parseAsync(argv, { from: 'user' })
    return code
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return exitCodes.done
    const failure = error instanceof CommanderError ? usageError(error) : error
    return reportFailure(failure, { io, json: argv.includes('--json'), debug: argv.includes('--debug') })
  }
}

/** Commander's own complaint as one of ours, so that `--json` covers it too. */
function usageError(error: CommanderError): RightsizeError {
  const [message = '', hint] = error.message.replace(/^error: /, '').split('\n')
  const shown = error.code === 'commander.help' ? 'a command is missing' : message
  return new RightsizeError({
    code: 'arguments-invalid',
    message: shown,
    hint: hint?.replace(/^\((.*)\)$/, '$1') ?? 'add --help for the commands and options',
  })
}

export type Exit = (code: number) => void

function createProgram(io: CliIo, exit: Exit): Command {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    version: string
  }
  const program = new Command('rightsize')
    .description(
      'Which model, on which hardware, where, at what cost, with what footprint, and how sure are we?',
    )
    .version(version, '-V, --version')
    .option('--debug', 'print the stack of an internal error')
    .showSuggestionAfterError(true)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      // Complaints are printed once, by reportFailure.
      writeErr: () => {},
    })
  // Each registration describes options only; the work is imported when the command runs.
  registerInit(program, io)
  registerPlan(program, io, exit)
  registerReport(program, io, exit)
  registerExplain(program, io)
  registerWhatif(program, io, exit)
  registerSweep(program, io)
  registerDiff(program, io)
  registerReplay(program, io, exit)
  registerMemory(program, io)
  registerSpeed(program, io)
  registerSimulate(program, io)
  registerTco(program, io)
  registerCatalog(program, io, exit)
  registerValidate(program, io)
  registerCalibrate(program, io)
  registerProbe(program, io)
  registerCompletion(program, io)
  return program
}
