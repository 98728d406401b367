import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

// The built CLI is what users run; `npm test` builds first.
const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')
const { run } = (await import(join(root, 'dist', 'cli', 'run.js'))) as typeof import('./run.ts')

async function cli(argv: readonly string[], cwd = root) {
  let stdout = ''
  let stderr = ''
  const code = await run(argv, {
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
    env: {},
    cwd,
  })
  return { code, stdout, stderr }
}

const folder = mkdtempSync(join(tmpdir(), 'rightsize-cli-'))
const file = (name: string, text: string) => {
  writeFileSync(join(folder, name), text)
  return name
}

describe('rightsize', () => {
  it('helps, and exits 0', async () => {
    const { code, stdout, stderr } = await cli(['--help'])
    expect(code).toBe(0)
    expect(stdout).toContain('catalog')
    expect(stderr).toBe('')
  })

  it.each([
    [['nonsense'], 'unknown command'],
    [['memory'], 'missing required argument'],
    [['catalog', 'models', '--wher', 'x'], "unknown option '--wher'"],
  ])('refuses %j with exit code 2', async (argv, message) => {
    const { code, stdout, stderr } = await cli(argv)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain(message)
  })

  it('gives exactly one JSON document for errors too', async () => {
    for (const argv of [
      ['memory', 'llama-3.1-8b-instrukt', '--json'],
      ['plan', 'no-such-file.yaml', '--json'],
      ['catalog', 'models', '--where', 'nonsense', '--json'],
      ['catalog', 'models', '--nonsense', '--json'],
    ]) {
      const { code, stdout, stderr } = await cli(argv)
      expect(code).toBe(2)
      expect(stderr).toBe('')
      expect(JSON.parse(stdout)).toHaveProperty('error.code')
    }
  })
})

describe('rightsize catalog', () => {
  it('finds, filters and shows with sources', async () => {
    const { code, stdout } = await cli([
      'catalog',
      'accelerators',
      '--where',
      'memory_gb>=140',
      '--where',
      'vendor=nvidia',
      '--json',
    ])
    expect(code).toBe(0)
    const { rows } = JSON.parse(stdout) as { rows: { id: string; memory_gb: number; vendor: string }[] }
    expect(rows.length).toBeGreaterThan(3)
    for (const row of rows) expect(row).toMatchObject({ vendor: 'NVIDIA', memory_gb: expect.any(Number) })

    const shown = await cli(['catalog', 'show', 'h100-sxm-80'])
    expect(shown.stdout).toContain('memory_bandwidth_gb_per_s')
    expect(shown.stdout).toContain('Sources')
  })

  it('answers to ids in any case, and suggests for unknown ones', async () => {
    expect((await cli(['catalog', 'show', 'META-LLAMA/LLAMA-3.1-8B-INSTRUCT'])).code).toBe(0)
    const { code, stderr } = await cli(['catalog', 'show', 'h100-sxm-8'])
    expect(code).toBe(2)
    expect(stderr).toContain('did you mean')
    expect(stderr).toContain('h100-sxm-80')
  })

  it('every listing prints', async () => {
    for (const kind of [
      'models',
      'accelerators',
      'servers',
      'cloud-prices',
      'api-prices',
      'regions',
      'use-cases',
      'weight-formats',
      'sources',
    ]) {
      const { code, stdout } = await cli(['catalog', kind])
      expect(code).toBe(0)
      expect(stdout.split('\n').length).toBeGreaterThan(10)
    }
  })

  it('checks the shipped tables, and all problems of an overlay at once', async () => {
    expect((await cli(['catalog', 'check'])).code).toBe(0)
    mkdirSync(join(folder, 'mine'), { recursive: true })
    file(
      'mine/accelerator_prices.csv',
      'accelerator_id,condition,price_usd,source_id,as_of,quality\nl44,street,-5,user,2026,list-price\n',
    )
    file('mine/servers.csv', 'id,name,source_id\nx,y,user\n')
    const { code, stdout } = await cli(['catalog', 'check', 'mine'], folder)
    expect(code).toBe(2)
    expect(stdout).toContain('mine/accelerator_prices.csv:2  price_usd: must be above 0')
    expect(stdout).toContain('"l44" is not in accelerators.csv')
    expect(stdout).toContain('mine/servers.csv:2  vendor: is missing')
  })
})

describe('rightsize memory', () => {
  it('knows DeepSeek-V3 to the byte', async () => {
    const { code, stdout } = await cli(['memory', 'deepseek-v3', '--json'])
    expect(code).toBe(0)
    // 61 layers × (512 latent + 64 rope elements) × 2 bytes (DeepSeek-V3 report, arXiv:2412.19437)
    expect(JSON.parse(stdout)).toMatchObject({ needs: { kv: { bytesPerToken: 61 * (512 + 64) * 2 } } })
  })

  it('knows the traps rivals fall into', async () => {
    const perToken = async (argv: string[]) =>
      (
        JSON.parse((await cli(['memory', ...argv, '--json'])).stdout) as {
          needs: { kv: { loggedBytesPerToken: number; minimumBytesPerToken: number } }
        }
      ).needs.kv
    // 2 × 8 heads × 128 × 40 layers × 2 bytes: head_dim is 128 although hidden / heads is 160
    expect((await perToken(['mistral-small-3.2-24b-instruct-2506'])).minimumBytesPerToken).toBe(
      2 * 8 * 128 * 40 * 2,
    )
    // vLLM's pages count all 36 layers, windowed ones too
    expect((await perToken(['gpt-oss-120b'])).loggedBytesPerToken).toBe(2 * 8 * 64 * 36 * 2)
    // only 12 of 48 layers cache keys and values
    expect((await perToken(['qwen3-next-80b-a3b-instruct'])).minimumBytesPerToken).toBe(2 * 2 * 256 * 12 * 2)
  })

  it('breaks a device down into parts that sum to it', async () => {
    const { stdout } = await cli([
      'memory',
      'llama-3.1-70b-instruct',
      '--weights',
      'fp8',
      '--kv',
      'fp8',
      '--context',
      '8k',
      '--concurrency',
      '32',
      '--engine',
      'vllm',
      '--tp',
      '2',
      '--accelerator',
      'h100-sxm-80',
      '--json',
    ])
    const { device } = JSON.parse(stdout) as {
      device: { fits: boolean; usableMemory: { usableBytes: number }; parts: { bytes: number }[] }
    }
    expect(device.fits).toBe(true)
    expect(device.parts.reduce((sum, part) => sum + part.bytes, 0)).toBeCloseTo(
      device.usableMemory.usableBytes,
      0,
    )
  })

  it('lists every wrong option at once', async () => {
    const { code, stderr } = await cli([
      'memory',
      'llama-3.1-8b-instruct',
      '--weights',
      'fp9',
      '--accelerator',
      'h100',
      '--context',
      'long',
      '--tp',
      '1.5',
      '--engine',
      'vlm',
    ])
    expect(code).toBe(2)
    for (const option of ['--weights', '--accelerator', '--context', '--tp', '--engine'])
      expect(stderr).toContain(option)
  })
})
