import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const src = dirname(fileURLToPath(import.meta.url))

/** A room may import itself and the rooms named here. Nobody imports the CLI, the bench or the build. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  foundation: [],
  catalogs: ['foundation'],
  estimators: ['foundation'],
  planner: ['foundation', 'catalogs', 'estimators'],
  simulation: ['foundation', 'catalogs', 'estimators', 'planner'],
  calibration: ['foundation', 'catalogs', 'estimators', 'planner'],
  report: ['foundation', 'catalogs', 'estimators', 'planner', 'simulation', 'calibration'],
  cli: ['foundation', 'catalogs', 'estimators', 'planner', 'simulation', 'calibration', 'report', '.'],
  bench: ['foundation', 'catalogs', 'estimators', 'planner', 'simulation', 'calibration', 'report', 'cli'],
  build: ['foundation', 'catalogs', 'estimators', 'planner', 'report'],
  '.': ['foundation', 'catalogs', 'estimators', 'planner', 'simulation', 'calibration', 'report'],
}

/** Rooms that must run in a browser; their `*.node.ts` files are the way to files and processes. */
const browserSafe = new Set([
  'foundation',
  'catalogs',
  'estimators',
  'planner',
  'simulation',
  'calibration',
  'report',
])

const forbidden: readonly [RegExp, string][] = [
  [/from 'node:|import\('node:/, 'node: module'],
  [/\bprocess\./, 'process'],
  [/\bconsole\./, 'console'],
  [/\bDate\.now\b|\bnew Date\(\)/, 'the clock'],
  [/\bMath\.random\b/, 'Math.random'],
  [/\bfetch\(/, 'fetch'],
]

const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .map((name) => name.replaceAll('\\', '/'))
  .filter((name) => name.endsWith('.ts'))
const roomOf = (file: string) => (file.includes('/') ? (file.split('/')[0] ?? '.') : '.')
const text = (file: string) => readFileSync(join(src, file), 'utf8')
const code = (file: string) => text(file).replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '')

describe('architecture', () => {
  it('knows every room', () => {
    expect([...new Set(files.map(roomOf))].filter((room) => mayImport[room] === undefined)).toEqual([])
  })

  it('imports go down only', () => {
    const wrong: string[] = []
    for (const file of files) {
      const room = roomOf(file)
      for (const match of code(file).matchAll(/(?:from|import)\s*\(?\s*'(\.[^']*)'/g)) {
        const target = roomOf(relative(src, join(src, dirname(file), match[1] ?? '')).replaceAll('\\', '/'))
        if (target === room || mayImport[room]?.includes(target)) continue
        if (file.endsWith('.test.ts') && target !== 'cli') continue
        wrong.push(`${file} imports ${match[1]} (${room} -> ${target})`)
      }
    }
    expect(wrong).toEqual([])
  })

  it('core rooms touch no file, process, clock, chance or network', () => {
    const wrong: string[] = []
    for (const file of files) {
      if (!browserSafe.has(roomOf(file)) || /\.(test|test-data|node)\.ts$/.test(file)) continue
      for (const [pattern, what] of forbidden) if (pattern.test(code(file))) wrong.push(`${file}: ${what}`)
    }
    expect(wrong).toEqual([])
  })

  it('browser-safe files do not import Node-only ones', () => {
    const wrong = files
      .filter((file) => browserSafe.has(roomOf(file)) && !/\.(test|test-data|node)\.ts$/.test(file))
      .filter((file) => /from '[^']*\.node\.ts'/.test(code(file)))
    expect(wrong).toEqual([])
  })

  it('conversion factors stand in foundation/units.ts only', () => {
    const wrong: string[] = []
    for (const file of files) {
      const room = roomOf(file)
      if (!['estimators', 'planner', 'simulation'].includes(room) || /\.test(-data)?\.ts$/.test(file))
        continue
      for (const match of code(file).matchAll(
        /(?<![\w.])(1e9|1e12|3600|3_600|8760|8_760|1024 \*\* \d|2 \*\* 30|1073741824)(?![\w.])/g,
      )) {
        wrong.push(`${file}: ${match[1]}`)
      }
    }
    expect(wrong).toEqual([])
  })

  it('a file over 300 lines is two rooms', () => {
    const long = files
      .filter((file) => !/\.test(-data)?\.ts$/.test(file))
      .map((file) => [file, text(file).split('\n').length] as const)
      .filter(([, lines]) => lines > 310)
    expect(long).toEqual([])
  })

  it('the root holds the named folders and files only', () => {
    const root = readdirSync(join(src, '..')).filter(
      (name) => !['node_modules', 'dist', '.git', 'coverage'].includes(name),
    )
    expect(root.sort()).toEqual(
      [
        '.ci',
        '.gitignore',
        '.npmrc',
        'CHANGELOG.md',
        'LICENSE',
        'README.md',
        'biome.json',
        'catalogs',
        'examples',
        'package-lock.json',
        'package.json',
        'src',
        'templates',
        'tsconfig.build.json',
        'tsconfig.json',
        'vitest.config.ts',
      ].sort(),
    )
  })
})
