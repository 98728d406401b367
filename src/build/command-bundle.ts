/**
 * Joins the modules of the command line into few files, so that a command does not wait for hundreds of small ones:
 * `dist/cli/main.js` and the shared parts it imports from `dist/bundle`, one folder deep like `dist/cli`, so that files
 * are found beside them by the same relative paths. What a command imports late stays late. Three small packages that
 * every command needs are joined in, without what we do not use of them; their licences are written beside them.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')
const dist = join(root, 'dist')
const parts = join(dist, 'bundle')
const joined = ['commander', 'yaml', 'zod']

const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  dependencies: Record<string, string>
}
const optional = ['chartjs-node-canvas', '@napi-rs/canvas', 'canvas']
const external = [...Object.keys(dependencies), ...optional]
  .filter((name) => !joined.includes(name))
  .flatMap((name) => [name, `${name}/*`])

const { outputFiles } = await build({
  absWorkingDir: root,
  entryPoints: { 'cli/main': 'src/cli/main.ts' },
  outdir: dist,
  chunkNames: 'bundle/[name]-[hash]',
  bundle: true,
  splitting: true,
  write: false,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  external,
  legalComments: 'none',
  // Half the text to read; names stay, for stack traces.
  minifyWhitespace: true,
  minifySyntax: true,
  logLevel: 'warning',
  plugins: [
    {
      // zod carries its messages in fifty languages; ours are English.
      name: 'english-only',
      setup(given) {
        given.onLoad({ filter: /zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, () => ({
          contents: "export { default as en } from './en.js'",
        }))
      },
    },
  ],
  // Packages written for `require` ask for Node's own modules with it.
  banner: {
    js: "import { createRequire as requireFrom } from 'node:module'\nconst require = requireFrom(import.meta.url)",
  },
})

mkdirSync(parts, { recursive: true })
const written = new Set(['LICENSES.txt'])
// The command itself last: until then the former one finds its former parts.
for (const file of outputFiles.toSorted(
  (a, b) => Number(a.path.endsWith('main.js')) - Number(b.path.endsWith('main.js')),
)) {
  writeFileSync(file.path, file.contents)
  written.add(basename(file.path))
}
writeFileSync(
  join(parts, 'LICENSES.txt'),
  joined
    .map((name) => `${name}\n\n${readFileSync(join(root, 'node_modules', name, 'LICENSE'), 'utf8').trim()}\n`)
    .join('\n'),
)
for (const name of readdirSync(parts)) if (!written.has(name)) rmSync(join(parts, name))
