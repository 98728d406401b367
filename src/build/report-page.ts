/** Bundles the script of the HTML report, Chart.js and the planner's own code included, into `dist/report/what-if.js`. */
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const dist = join(dirname(fileURLToPath(import.meta.url)), '..')

await build({
  entryPoints: [join(dist, 'report', 'what-if', 'page.js')],
  outfile: join(dist, 'report', 'what-if.js'),
  bundle: true,
  minify: true,
  format: 'iife',
  target: 'es2022',
  platform: 'browser',
  legalComments: 'none',
  charset: 'utf8',
  logLevel: 'warning',
})
