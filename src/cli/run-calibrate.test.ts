import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import { describe, expect, it } from 'vitest'
import type { RightsizeError } from '../foundation/errors.ts'

// The built CLI is what users run; `npm test` builds first.
const built = (path: string) => import(new URL(`../../dist/cli/${path}`, import.meta.url).href)
const { registerCalibrate } = (await built(
  'commands/calibrate.js',
)) as typeof import('./commands/calibrate.ts')
const { checkCatalog } = (await built('catalog-check.js')) as typeof import('./catalog-check.ts')

const cwd = mkdtempSync(join(tmpdir(), 'rightsize-calibrate-'))
const io = {
  stdout: { write: (text: string) => (stdout += text) },
  stderr: { write: () => true },
  env: {},
  cwd,
}
let stdout = ''

async function calibrate(...argv: string[]): Promise<string> {
  stdout = ''
  const program = new Command().exitOverride()
  registerCalibrate(program, io)
  await program.parseAsync(['calibrate', ...argv], { from: 'user' })
  return stdout
}

writeFileSync(
  join(cwd, 'pilots.csv'),
  [
    'engine,mode,model,weights,accelerator,accelerators,tp,input_tokens,output_tokens,concurrency,tpot_ms',
    ...[1, 8, 32].map((n) => `vllm,serving,gemma-3-12b-it,bf16,h100-sxm-80,1,1,1000,300,${n},${12 + n / 4}`),
    'vllm,serving,nobody/nothing,bf16,h100-sxm-80,1,1,1000,300,8,20',
    '',
  ].join('\n'),
)
writeFileSync(
  join(cwd, 'serve.json'),
  JSON.stringify({
    endpoint_type: 'vllm',
    model_id: '/models/mine',
    max_concurrency: 8,
    completed: 10,
    total_input_tokens: 10_000,
    total_output_tokens: 3_000,
    mean_ttft_ms: 90,
    mean_tpot_ms: 14,
    output_throughput: 520,
  }),
)

describe('rightsize calibrate', () => {
  it('writes an overlay that the catalog check finds clean, and says what it left out', async () => {
    const text = await calibrate('pilots.csv', '-o', 'mine')
    expect(text).toContain('3 runs of 1 deployment: gemma-3-12b-it:h100-sxm-80:vllm')
    expect(text).toContain('pilots.csv:5')
    expect(readdirSync(cwd).some((name) => name.endsWith('.part'))).toBe(false)
    expect(await checkCatalog({ dir: 'mine', json: true, io })).toBe(true)
  })

  it('leaves an existing folder alone without --force, and other files of it with --force', async () => {
    await calibrate('pilots.csv', '-o', 'kept')
    writeFileSync(join(cwd, 'kept', 'models.txt'), 'mine')
    await expect(calibrate('pilots.csv', '-o', 'kept')).rejects.toMatchObject({ code: 'output-exists' })
    await calibrate('pilots.csv', '-o', 'kept', '--force')
    expect(readFileSync(join(cwd, 'kept', 'models.txt'), 'utf8')).toBe('mine')
  })

  it('asks for everything that a result file does not say, at once', async () => {
    try {
      await calibrate('serve.json', '-o', 'asked')
      expect.unreachable()
    } catch (error) {
      expect((error as RightsizeError).issues.map(({ place }) => place)).toEqual([
        '--weights',
        '--accelerator',
      ])
    }
    expect(existsSync(join(cwd, 'asked'))).toBe(false)
  })

  it('takes several files of several kinds together', async () => {
    const stated = ['--model', 'gemma-3-12b-it', '--accelerator', 'h100-sxm-80', '--weights', 'bf16']
    const json = JSON.parse(await calibrate('pilots.csv', 'serve.json', '-o', 'both', '--json', ...stated))
    expect(json).toMatchObject({ runs: 4, deployments: ['gemma-3-12b-it:h100-sxm-80:vllm'] })
  })

  it('names every option that is wrong', async () => {
    await expect(
      calibrate('serve.json', '-o', 'wrong', '--model', 'nothing-9b', '--tp', 'two'),
    ).rejects.toMatchObject({ message: '2 options are wrong' })
  })
})
