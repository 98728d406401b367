import { RightsizeError } from '../foundation/errors.ts'
import { type CliIo, exitCodes } from './io.ts'

/** Prints what went wrong, as text on stderr or as one JSON document on stdout, and gives the exit code. */
export function reportFailure(error: unknown, input: { io: CliIo; json: boolean; debug: boolean }): number {
  if (error instanceof RightsizeError) {
    if (input.json) input.io.stdout.write(`${JSON.stringify({ error: error.toJSON() }, null, 2)}\n`)
    else input.io.stderr.write(failureText(error))
    return exitCodes.badInput
  }
  const message = error instanceof Error ? error.message : String(error)
  if (input.json) {
    input.io.stdout.write(
      `${JSON.stringify({ error: { code: 'internal', message, issues: [] } }, null, 2)}\n`,
    )
  } else {
    input.io.stderr.write(`rightsize failed: ${message}\nThis is a bug of rightsize, not of your input.`)
    input.io.stderr.write(' Run again with --debug and report what it prints.\n')
  }
  if (input.debug && error instanceof Error) input.io.stderr.write(`${error.stack}\n`)
  return exitCodes.ourBug
}

function failureText(error: RightsizeError): string {
  const lines = [`error: ${error.message}`]
  for (const issue of error.issues) {
    lines.push(
      `  ${issue.place}: ${issue.message}${issue.hint === undefined ? '' : `\n      hint: ${issue.hint}`}`,
    )
  }
  const shown = error.issues.some((issue) => issue.hint === error.hint)
  if (error.hint !== undefined && !shown) lines.push(`hint: ${error.hint}`)
  return `${lines.join('\n')}\n`
}
