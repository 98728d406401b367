import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')
const folder = mkdtempSync(join(tmpdir(), 'rightsize-pack-'))
const installed = join(folder, 'node_modules', 'rightsize')

/** TypeScript snippets of the README that import the library. */
const snippets = [...readFileSync(join(root, 'README.md'), 'utf8').matchAll(/```(?:ts|js)\n([\s\S]*?)```/g)]
  .map((match) => match[1] ?? '')
  .filter((code) => code.includes("from 'rightsize"))

beforeAll(() => {
  const output = execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], {
    cwd: root,
    encoding: 'utf8',
  })
  const [packed] = JSON.parse(output) as { filename: string }[]
  mkdirSync(installed, { recursive: true })
  execFileSync('tar', ['xzf', join(folder, packed!.filename), '-C', installed, '--strip-components=1'])
  // Its dependencies are those of this checkout: the test needs no network.
  symlinkSync(join(root, 'node_modules'), join(installed, 'node_modules'))
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

const node = (code: string) => {
  const file = join(folder, 'snippet.mjs')
  writeFileSync(file, code)
  return execFileSync(process.execPath, [file], { cwd: folder, encoding: 'utf8' })
}

describe('the packed package', () => {
  it('holds the catalog, the schemas and the CLI, and no test or fixture', () => {
    for (const file of [
      'dist/catalog.json',
      'dist/scenario.schema.json',
      'dist/plan.schema.json',
      'dist/cli/main.js',
      'catalogs/models.csv',
      'README.md',
      'LICENSE',
    ]) {
      expect(existsSync(join(installed, file)), file).toBe(true)
    }
    const files = execFileSync(
      'find',
      [installed, '-name', '*.test.*', '-not', '-path', '*/node_modules/*'],
      { encoding: 'utf8' },
    )
    expect(files).toBe('')
  })

  it('opens both doors and the catalog from Node', () => {
    const output = node(`
      import * as first from 'rightsize'
      import * as second from 'rightsize/node'
      import { catalog } from 'rightsize/catalog'
      console.log(typeof first.readScenario, typeof second.loadCatalogFolder, catalog.model('llama-3.1-8b-instruct').id)`)
    expect(output.trim()).toBe('function function llama-3.1-8b-instruct')
  })

  it('runs as a command', () => {
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
    const output = execFileSync(process.execPath, [join(installed, 'dist/cli/main.js'), '--version'], {
      encoding: 'utf8',
    })
    expect(output.trim()).toBe(version)
  })

  it('bundles for a browser without a trace of Node', async () => {
    const { outputFiles, warnings } = await build({
      stdin: {
        contents: "export * from 'rightsize'; export { catalog } from 'rightsize/catalog'",
        resolveDir: folder,
      },
      bundle: true,
      platform: 'browser',
      format: 'esm',
      write: false,
      logLevel: 'silent',
    })
    const text = outputFiles[0]!.text
    expect(warnings).toEqual([])
    expect(text).not.toMatch(/["']node:/)
    expect(text).not.toMatch(/require\(["'](fs|path|crypto|process)["']\)/)
  })
})

describe('the README', () => {
  it('has snippets', () => expect(snippets.length).toBeGreaterThan(0))

  it.each(snippets.map((code, index) => [index + 1, code] as const))('snippet %i runs', (_, code) => {
    expect(node(code)).not.toBe('')
  })
})
