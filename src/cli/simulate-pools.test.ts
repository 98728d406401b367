import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

// The built CLI is what users run; `npm test` builds first.
const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')
const { run } = (await import(join(root, 'dist', 'cli', 'run.js'))) as typeof import('./run.ts')

async function cli(command: 'simulate' | 'speed', ...options: readonly string[]) {
  let stdout = ''
  let stderr = ''
  const code = await run(
    [command, 'llama-3.1-8b-instruct', '--accelerator', 'h100-sxm-80', '--input', '2k', ...options],
    {
      stdout: { write: (text) => (stdout += text) },
      stderr: { write: (text) => (stderr += text) },
      env: {},
      cwd: root,
    },
  )
  return { code, stdout, stderr }
}

const pools = ['--prefill-replicas', '2', '--decode-replicas', '1', '--transfer', '400 Gbit/s']

describe('rightsize simulate with separate pools', () => {
  it('gives percentiles of each pool and overall', async () => {
    const load = ['--rate', '8/s', '--requests', '300', ...pools]
    const { code, stdout } = await cli('simulate', ...load)
    expect(code).toBe(0)
    expect(stdout).toContain('2 prefill and 1 decode replicas of 1 × NVIDIA H100')
    for (const row of ['time to first token', 'prefill pool', 'transfer of the cache', 'decode pool', 'link'])
      expect(stdout).toMatch(new RegExp(`^${row}`, 'm'))
    const { simulation, disaggregation, devices, poolCapacity } = JSON.parse(
      (await cli('simulate', ...load, '--json')).stdout,
    )
    expect(devices).toBe(2 + 1)
    expect(disaggregation.transferBytesPerSecond).toBe(400e9 / 8)
    // 32 layers × 8 KV heads × 128 × key and value × 2 bytes, for each of 2,048 tokens.
    expect(simulation.handOver.meanBytes).toBe(32 * 8 * 128 * 2 * 2 * 2048)
    expect(simulation.handOver.transferSeconds.p95).toBeCloseTo(simulation.handOver.meanBytes / 50e9, 9)
    expect(simulation.ttftSeconds.p95).toBeGreaterThan(simulation.prefillPool.secondsInPool.p95)
    expect(simulation.decodePool.tpotSeconds.p50).toBe(simulation.tpotSeconds.p50)
    expect(poolCapacity.requestsPerSecond).toBeGreaterThan(8)
  })

  it('agrees with rightsize speed on one request at a time', async () => {
    const one = ['--concurrency', '1', '--output', '256', ...pools, '--json']
    const { simulation } = JSON.parse((await cli('simulate', ...one, '--requests', '20')).stdout)
    const speed = JSON.parse((await cli('speed', ...one)).stdout)
    expect(simulation.ttftSeconds.mean / speed.ttftSeconds.value).toBeCloseTo(1, 6)
    expect(simulation.tpotSeconds.mean / speed.tpotSeconds.value).toBeCloseTo(1, 6)
    // The closed form counts a step for every output token, the simulation none for the first.
    expect(simulation.requestsPerSecond / speed.requestsPerSecond.value).toBeCloseTo(1, 1)
  })

  it.each([
    [['--rate', '1/s', ...pools.slice(0, 2)], '--decode-replicas and --transfer are not given'],
    [['--rate', '1/s', ...pools.slice(0, 4)], '--transfer: missing'],
    [['--rate', '1/s', ...pools, '--replicas', '2'], 'cannot stand beside separate pools'],
    [['--rate', '1/s', ...pools.slice(0, 4), '--transfer', '0 GB/s'], 'must be above 0'],
    [['--rate', '1/s', ...pools.slice(0, 4), '--transfer', '400 Gbit'], '--transfer'],
    [['--rate', '1/s', '--prefill-replicas', '1.5', ...pools.slice(2)], '"1.5" is not a whole number'],
  ])('refuses %j', async (options, message) => {
    const { code, stdout, stderr } = await cli('simulate', ...options)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain(message)
  })

  it('sends open loops from speed, which has no approximation of them, to simulate', async () => {
    const { code, stderr } = await cli('speed', '--rate', '1/s', ...pools)
    expect(code).toBe(2)
    expect(stderr).toContain('rightsize simulate')
  })
})
