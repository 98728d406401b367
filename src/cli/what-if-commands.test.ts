import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import type { Plan } from '../planner/plan-types.ts'
import type { Sweep } from '../planner/sweep.ts'

// The built CLI is what users run; `npm test` builds first.
const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')
const { run } = (await import(join(root, 'dist', 'cli', 'run.js'))) as typeof import('./run.ts')

const folder = mkdtempSync(join(tmpdir(), 'rightsize-whatif-'))
const write = (name: string, text: string) => writeFileSync(join(folder, name), text)
const read = (name: string) => readFileSync(join(folder, name), 'utf8')

async function cli(argv: readonly string[], tty = false) {
  let stdout = ''
  let stderr = ''
  const code = await run(argv, {
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text), isTTY: tty },
    env: {},
    cwd: folder,
  })
  return { code, stdout, stderr }
}

const scenario = `
schemaVersion: 1
name: '=Support chat | *of* "us"'
useCase: customer-care-chatbot
demand: { users: 3000, requestsPerUserPerDay: 10 }
model: { ids: [qwen2.5-7b-instruct, llama-3.1-8b-instruct] }
formats: { weights: [fp8, int4-awq], kvCache: fp8 }
hardware: { accelerators: [l40s, l4], maxAcceleratorsPerReplica: 1 }
engine: vllm
places: [{ kind: on-prem, country: de }, { kind: cloud, provider: gcp }, { kind: api }]
`
write('s.yaml', scenario)

describe('rightsize explain', () => {
  it('finds an option by rank, role and id, and names formulas, rows and sources', async () => {
    const plan = JSON.parse((await cli(['plan', 's.yaml', '--json'])).stdout) as Plan
    const own = plan.options.find((option) => option.deployment !== undefined)!
    const byRank = await cli(['explain', 's.yaml', '--option', String(own.rank)])
    expect(byRank.code).toBe(0)
    for (const part of ['deployment.replicasNeeded', 'cost.totalUsd', 'Catalog rows', 'Sources', own.id])
      expect(byRank.stdout).toContain(part)
    const byId = await cli(['explain', 's.yaml', '--option', own.id, '--json'])
    const explained = JSON.parse(byId.stdout) as { option: unknown; sources: { id: string }[] }
    expect(explained.option).toEqual(own)
    const known = new Set(explained.sources.map((source) => source.id))
    for (const entry of own.explanation) for (const id of entry.sourceIds) expect(known).toContain(id)
    expect((await cli(['explain', 's.yaml', '--option', 'cheapest'])).code).toBe(0)
  })

  it('suggests for an option that is not there', async () => {
    const { code, stderr } = await cli(['explain', 's.yaml', '--option', 'cheepest'])
    expect(code).toBe(2)
    expect(stderr).toContain('did you mean cheapest')
  })
})

describe('rightsize whatif', () => {
  it('changes nested fields and shows old, new and change', async () => {
    const { code, stdout } = await cli([
      'whatif',
      's.yaml',
      '--set',
      'demand.users=9000',
      '--set',
      'site.electricityPrice=0.40 USD/kWh',
      '--set',
      'places.0.country=fr',
    ])
    expect(code).toBe(0)
    for (const part of ['demand.users', 'site.electricityPrice', 'places.0.country', '× 3', 'each way: api'])
      expect(stdout).toContain(part)
  })

  it('shows what each change does alone', async () => {
    const { stdout } = await cli([
      'whatif',
      's.yaml',
      '--set',
      'demand.users=9000',
      '--set',
      'constraints.capex=1 USD',
      '--each',
      '--json',
    ])
    const { alone } = JSON.parse(stdout) as { alone: { field: string; status: string }[] }
    expect(alone.map((effect) => effect.field)).toEqual(['demand.users', 'constraints.capex'])
  })

  it('names every wrong path with what was meant, and wrong values with their place', async () => {
    const paths = await cli(['whatif', 's.yaml', '--set', 'demand.usrs=1', '--set', 'sites.pue=1.2'])
    expect(paths.code).toBe(2)
    expect(paths.stderr).toContain('did you mean users')
    expect(paths.stderr).toContain('did you mean site?')
    const value = await cli(['whatif', 's.yaml', '--set', 'targets.ttft=3 kg'])
    expect(value.code).toBe(2)
    expect(value.stderr).toContain('targets.ttft')
    expect((await cli(['whatif', 's.yaml'])).code).toBe(2)
  })

  it('exits 1 where nothing fits with the new values', async () => {
    const argv = ['whatif', 's.yaml', '--set', 'constraints.total=0.001 USD']
    expect((await cli(argv)).code).toBe(1)
  })
})

describe('rightsize sweep', () => {
  const argv = ['sweep', 's.yaml', '--over', 'demand.users=100..1M', '--points', '4', '--refine', '1']

  it('gives the same document each time, regions without a gap, and values on the ends', async () => {
    const first = await cli([...argv, '--json'])
    expect(first.code).toBe(0)
    expect((await cli([...argv, '--json'])).stdout).toBe(first.stdout)
    const sweep = JSON.parse(first.stdout) as Sweep
    const values = sweep.points.map((point) => point.value)
    expect(values).toEqual([...values].sort((a, b) => a - b))
    expect(values[0]).toBe(100)
    expect(values.at(-1)).toBe(1_000_000)
    expect(sweep.regions.map((region) => region.from)[0]).toBe(100)
    expect(sweep.regions.at(-1)?.to).toBe(1_000_000)
    for (const crossing of sweep.crossings) {
      expect(crossing.at).toBeGreaterThanOrEqual(crossing.from)
      expect(crossing.at).toBeLessThanOrEqual(crossing.to)
    }
  })

  it('prints CSV and a table', async () => {
    const csv = await cli([...argv, '--format', 'csv'])
    expect(csv.stdout).toMatch(/^field,value,unit,best_kind/)
    expect((await cli(argv)).stdout).toContain('Where one way overtakes another')
  })

  it.each([
    [['--over', 'demand.users=100'], 'FIELD=FROM..TO'],
    [['--over', 'demand.users=100..10'], 'is not below'],
    [['--over', 'demand.usrs=1..10'], 'did you mean'],
    [['--over', 'targets.ttft=1..2 kg'], 'targets.ttft'],
    [['--over', 'demand.users=1..10', '--points', '1'], '--points'],
    [['--over', 'demand.users=1..10', '--by', 'beauty'], '--by'],
    [[], '--over'],
  ])('refuses %j', async (more, message) => {
    const { code, stdout, stderr } = await cli(['sweep', 's.yaml', ...more])
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain(message)
  })
})

describe('rightsize init', () => {
  it('writes a scenario that plans, and never replaces a file', async () => {
    const argv = [
      'init',
      'new.yaml',
      '--use-case',
      'customer-care-chatbot',
      '--users',
      '500',
      '--country',
      'DE',
      '--yes',
    ]
    expect((await cli(argv)).code).toBe(0)
    expect(read('new.yaml')).toContain('country: de')
    const again = await cli(argv)
    expect(again.code).toBe(2)
    expect(again.stderr).toContain('never replaces')
  })

  it('without a terminal says what it needs', async () => {
    const { code, stderr } = await cli(['init', 'other.yaml', '--country', 'germany', '--users', 'many'])
    expect(code).toBe(2)
    for (const option of ['--use-case', '--country', '--users']) expect(stderr).toContain(option)
    const typo = await cli(['init', 'other.yaml', '--use-case', 'rag-serch'])
    expect(typo.stderr).toContain('did you mean rag-search')
  })
})

describe('rightsize completion', () => {
  it.each(['bash', 'zsh', 'fish'])('%s knows every command, options and ids', async (shell) => {
    const { code, stdout } = await cli(['completion', shell])
    expect(code).toBe(0)
    const { stdout: help } = await cli(['--help'])
    const names = [...help.matchAll(/^ {2}([a-z]+)(?: \[| <|\s)/gm)].map((match) => match[1] ?? '')
    expect(names.length).toBeGreaterThan(9)
    for (const name of [...names, 'llama-3.1-8b-instruct', 'h100-sxm-80', 'customer-care-chatbot'])
      expect(stdout).toContain(name)
    expect(stdout).toContain(shell === 'fish' ? '-l refine' : '--refine')
  })

  it('refuses other shells', async () => {
    const { code, stderr } = await cli(['completion', 'tcsh'])
    expect(code).toBe(2)
    expect(stderr).toContain('bash, zsh, fish')
  })
})
