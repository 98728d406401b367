import { readFileSync } from 'node:fs'
import { Command, CommanderError } from 'commander'
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
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.badInput
    return reportFailure(error, { io, json: argv.includes('--json'), debug: argv.includes('--debug') })
  }
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
    .showHelpAfterError('(add --help for the options)')
    .showSuggestionAfterError(true)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
    })
  // Each registration describes options only; the work is imported when the command runs.
  registerCatalog(program, io, exit)
  return program
}
