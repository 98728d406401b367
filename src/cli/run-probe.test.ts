import { mkdtempSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import { afterAll, describe, expect, it } from 'vitest'
import { readRuns } from '../calibration/runs.ts'

// The built CLI is what users run; `npm test` builds first.
const { registerProbe } = (await import(
  new URL('../../dist/cli/commands/probe.js', import.meta.url).href
)) as typeof import('./commands/probe.ts')

const cwd = mkdtempSync(join(tmpdir(), 'rightsize-probe-'))

async function probe(...argv: string[]): Promise<string> {
  let stdout = ''
  const io = {
    stdout: { write: (text: string) => (stdout += text) },
    stderr: { write: () => true },
    env: {},
    cwd,
  }
  const program = new Command().exitOverride()
  registerProbe(program, io)
  await program.parseAsync(['probe', ...argv], { from: 'user' })
  return stdout
}

const server = createServer((request, response) => {
  request.resume().on('end', () => {
    const event = (value: object) => `data: ${JSON.stringify(value)}\n\n`
    response.write(event({ choices: [{ delta: { content: 'a' } }] }))
    response.write(event({ choices: [{ delta: { content: 'b' } }] }))
    response.end(event({ choices: [], usage: { prompt_tokens: 512, completion_tokens: 64 } }))
  })
})
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
afterAll(() => {
  server.close()
})
const facts = [
  '--model',
  'Qwen/Qwen3-8B',
  '--engine',
  'vllm',
  '--weights',
  'bf16',
  '--accelerator',
  'rtx-4090',
]

describe('rightsize probe', () => {
  it('measures the machine without any option', async () => {
    const json = JSON.parse(await probe('--seconds', '0.02', '--json'))
    expect(json.machine.cores).toBeGreaterThan(0)
    expect(json.kernels.triadBytesPerSecond).toBeGreaterThan(0)
    expect(json.runs).toEqual([])
  })

  it('writes a pilot as runs that the calibration reads', async () => {
    const text = await probe('--seconds', '0', '--endpoint', endpoint, ...facts, '-o', 'pilots.csv')
    expect(text).toContain('rightsize calibrate pilots.csv')
    const runs = readRuns({ text: readFileSync(join(cwd, 'pilots.csv'), 'utf8'), file: 'pilots.csv' })
    expect(runs.map(({ concurrency }) => concurrency)).toEqual([1, 4])
    expect(runs[0]).toMatchObject({
      engine: 'vllm',
      mode: 'serving',
      model: 'Qwen/Qwen3-8B',
      accelerator: 'rtx-4090',
      accelerators: 1,
      tp: 1,
      input_tokens: 512,
      output_tokens: 64,
    })
  })

  it('refuses what would make rows that nobody can read, all at once', async () => {
    await expect(probe('--endpoint', endpoint, '--model', 'mine', '-o', 'other.csv')).rejects.toMatchObject({
      issues: [{ place: '--engine' }, { place: '--weights' }, { place: '--accelerator' }, { place: '--as' }],
    })
    await expect(probe('-o', 'other.csv')).rejects.toMatchObject({ code: 'arguments-invalid' })
  })
})
