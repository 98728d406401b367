import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import type { Plan } from '../planner/plan-types.ts'

// The built CLI is what users run; `npm test` builds first.
const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')
const { run } = (await import(join(root, 'dist', 'cli', 'run.js'))) as typeof import('./run.ts')

const folder = mkdtempSync(join(tmpdir(), 'rightsize-plan-'))
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
write('asked.yaml', `${scenario}targets: { ttft: 1 s }\n`)
write('cramped.yaml', `${scenario}constraints: { capex: 10 USD, total: 0.01 USD }\n`)

describe('rightsize plan', () => {
  it('prints one JSON document that is the plan, and says nothing else', async () => {
    const { code, stdout, stderr } = await cli(['plan', 's.yaml', '--json'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const plan = JSON.parse(stdout) as Plan
    expect(plan.kind).toBe('rightsize-plan')
    expect(plan.options.map((option) => option.rank)).toEqual(plan.options.map((_, index) => index + 1))
  })

  it('prints the roles, the ways side by side, the bill of materials and every assumption as a table', async () => {
    const { stdout } = await cli(['plan', 's.yaml'])
    const plan = JSON.parse((await cli(['plan', 's.yaml', '--json'])).stdout) as Plan
    for (const part of [
      'Answer',
      'Shortlist',
      'each way',
      'Bill of materials',
      'Why',
      'What nearly won',
      'Notes',
    ])
      expect(stdout).toContain(part)
    // Wrapped lines: the first words of each note are enough to find it.
    const flat = stdout.replaceAll(/\s+/g, ' ')
    for (const note of plan.notes) expect(flat).toContain(note.message.split(' ').slice(0, 4).join(' '))
    for (const role of Object.keys(plan.roles)) expect(stdout).toContain(role)
    // A terminal of 140 columns breaks no line but, where names are long, rows of the shortlist.
    const wide = stdout.split('\n').filter((line) => [...line].length > 140)
    expect(wide.filter((line) => !/^ *(?:\d+|#|─+) {2}/.test(line))).toEqual([])
  })

  it('keeps user text and catalog text harmless in Markdown and CSV', async () => {
    const { stdout: markdown } = await cli(['plan', 's.yaml', '--format', 'md'])
    expect(markdown.split('\n')[0]).toBe('# =Support chat \\| \\*of\\* "us"')
    const tableRows = markdown.split('\n').filter((line) => line.startsWith('|'))
    expect(tableRows.length).toBeGreaterThan(10)
    const { stdout: csv } = await cli(['plan', 's.yaml', '--format', 'csv'])
    const plan = JSON.parse((await cli(['plan', 's.yaml', '--json'])).stdout) as Plan
    expect(csv.trimEnd().split('\n')).toHaveLength(plan.options.length + 1)
    expect(csv).not.toMatch(/(?:^|,)"?[=@+]/m)
  })

  it('lists every wrong option at once, before it reads anything', async () => {
    const { code, stdout, stderr } = await cli(['plan', 'missing.yaml', '--format', 'xml', '--force'])
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain('--format')
    expect(stderr).toContain('--force')
  })

  it('exits 1 where nothing fits, with what stands in the way and what would have to give', async () => {
    const { code, stdout } = await cli(['plan', 'cramped.yaml'])
    expect(code).toBe(1)
    for (const part of [
      'Nothing fits',
      'What stands in the way',
      'What comes closest',
      'What would make it fit',
    ])
      expect(stdout).toContain(part)
  })

  it('with --strict does not accept a recommendation that nobody can check', async () => {
    // An API states no latency: a doubt only where the scenario asks for one.
    const { code, stderr } = await cli(['plan', 'asked.yaml', '--strict', '--format', 'csv'])
    expect(code).toBe(1)
    expect(stderr).toContain('targets.ttft is unknown')
    expect((await cli(['plan', 's.yaml', '--strict', '--format', 'csv'])).stderr).not.toContain('is unknown')
  })

  it('draws no progress where stderr is no terminal', async () => {
    expect((await cli(['plan', 's.yaml', '--format', 'csv'])).stderr).toBe('')
  })
})

describe('plan files', () => {
  it('are written whole, never over another, and replay to the same bytes', async () => {
    expect((await cli(['plan', 's.yaml', '--out', 'p.json', '--format', 'csv'])).code).toBe(0)
    const first = read('p.json')
    expect(first).toBe((await cli(['plan', 's.yaml', '--json'])).stdout)
    const refused = await cli(['plan', 's.yaml', '--out', 'p.json'])
    expect({ code: refused.code, stdout: refused.stdout }).toEqual({ code: 2, stdout: '' })
    expect(refused.stderr).toContain('--force')
    expect((await cli(['plan', 's.yaml', '--out', 'p.json', '--force', '--format', 'csv'])).code).toBe(0)
    const replay = await cli(['replay', 'p.json'])
    expect(replay.code).toBe(0)
    expect(replay.stdout).toContain('the same bytes')
    expect((await cli(['plan', 'p.json', '--replay'])).code).toBe(0)
  })

  it('that were edited replay to a difference, which is listed', async () => {
    await cli(['plan', 's.yaml', '--out', 'r.json', '--format', 'csv'])
    write('edited.json', read('r.json').replace('"users": 3000', '"users": 6000'))
    const { code, stdout } = await cli(['replay', 'edited.json'])
    expect(code).toBe(1)
    expect(stdout).toContain('peak rate')
  })

  it('that are no plans are refused with every problem', async () => {
    write('bad.json', '{"schemaVersion": 2, "kind": "rightsize-plan", "surprise": 1}')
    write('broken.json', '{')
    const bad = await cli(['replay', 'bad.json'])
    expect(bad.code).toBe(2)
    for (const part of ['schemaVersion', 'surprise', 'workload: is missing', 'options: is missing'])
      expect(bad.stderr).toContain(part)
    expect((await cli(['diff', 'broken.json', 'bad.json', '--json'])).code).toBe(2)
  })

  it('differ by input, and by the catalog row that an overlay replaced', async () => {
    await cli(['plan', 's.yaml', '--out', 'a.json', '--format', 'csv'])
    write('s2.yaml', scenario.replace('users: 3000', 'users: 9000'))
    await cli(['plan', 's2.yaml', '--out', 'b.json', '--format', 'csv'])
    const inputs = await cli(['diff', 'a.json', 'b.json', '--json'])
    const { changes } = JSON.parse(inputs.stdout) as {
      changes: import('../planner/plan-changes.ts').PlanChanges
    }
    expect(changes.inputs).toEqual([{ field: 'demand.users', from: 3000, to: 9000 }])
    expect(changes.catalog).toMatchObject({ same: true, tables: [] })
    const peak = changes.figures.find((change) => change.figure === 'peak rate')
    expect((peak?.to?.value ?? 0) / (peak?.from?.value ?? 1)).toBeCloseTo(9000 / 3000, 12)

    const mine = mkdtempSync(join(folder, 'mine-'))
    writeFileSync(
      join(mine, 'accelerator_prices.csv'),
      'accelerator_id,condition,price_usd,source_id,as_of,quality\nl40s,street,1234,user,2027-01-01,list-price\n',
    )
    await cli(['plan', 's.yaml', '--out', 'c.json', '--format', 'csv', '--catalog', mine])
    const rows = await cli(['diff', 'a.json', 'c.json', '--json'])
    const other = JSON.parse(rows.stdout) as typeof JSON & { changes: typeof changes }
    expect(other.changes.inputs).toEqual([])
    expect(other.changes.catalog).toMatchObject({ same: false, tables: ['acceleratorPrices'] })
    expect((await cli(['diff', 'a.json', 'c.json'])).stdout).toContain('acceleratorPrices')
  })
})
