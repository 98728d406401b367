import { fileURLToPath } from 'node:url'
import { Command } from 'commander'
import { describe, expect, it } from 'vitest'

// The built CLI is what users run; `npm test` builds first.
const { registerValidate } = (await import(
  new URL('../../dist/cli/commands/validate.js', import.meta.url).href
)) as typeof import('./commands/validate.ts')

/** Runs the command in memory. */
async function validate(...argv: string[]): Promise<string> {
  let stdout = ''
  const io = {
    stdout: { write: (text: string) => (stdout += text) },
    stderr: { write: () => true },
    env: {},
    cwd: fileURLToPath(new URL('../calibration/fixtures', import.meta.url)),
  }
  const program = new Command().exitOverride()
  registerValidate(program, io)
  await program.parseAsync(['validate', ...argv], { from: 'user' })
  return stdout
}

describe('rightsize validate', () => {
  it('prints one JSON document of the documented shape', async () => {
    const result = JSON.parse(await validate('runs-sample.csv', '--json'))
    expect(Object.keys(result)).toEqual(['rows', 'scored', 'skipped', 'metrics', 'groups', 'worst'])
    expect(Object.keys(result.metrics.tpot_ms)).toEqual([
      'n',
      'medianAbsolutePercentageError',
      'p90AbsolutePercentageError',
      'within25PercentFraction',
      'medianBiasRatio',
      'interval80CoverageFraction',
    ])
    expect(result.rows).toBe(result.scored + result.skipped.length)
  })

  it('says that figures of runs the fit has seen are not honest', async () => {
    expect(await validate('runs-sample.csv')).toContain('honest only for runs that the fit has not seen')
  })

  it('refuses a file that is not there', async () => {
    await expect(validate('nothing.csv')).rejects.toThrow(/cannot read nothing.csv/)
  })
})
