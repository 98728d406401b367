/**
 * `npm run bench`: speed as ratios, so that machines can be compared. Cold starts are medians over runs, against bare
 * node; estimates are per call on one core.
 */
import { spawnSync } from 'node:child_process'
import { performance } from 'node:perf_hooks'
import { fileURLToPath } from 'node:url'
import { estimateCosts } from './estimates.ts'

const cli = fileURLToPath(new URL('../cli/main.js', import.meta.url))
const root = fileURLToPath(new URL('../..', import.meta.url))
const repeats = 21

function medianMilliseconds(args: readonly string[]): number {
  const times: number[] = []
  for (let run = 0; run < repeats; run += 1) {
    const start = performance.now()
    const { status, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' })
    times.push(performance.now() - start)
    if (status !== 0 && status !== 1) throw new Error(`${args.join(' ')} exited ${status}: ${stderr}`)
  }
  return times.sort((a, b) => a - b)[Math.floor(repeats / 2)]!
}

const write = (line: string) => process.stdout.write(`${line}\n`)

const bare = medianMilliseconds(['-e', '0'])
write(`bare node -e 0: ${bare.toFixed(0)} ms (median of ${repeats})\n`)
write('cold start                                              ms   ratio   at most')
const starts: readonly (readonly [string[], number | undefined])[] = [
  [['--version'], 2],
  [['--help'], undefined],
  [['catalog', 'show', 'h100-sxm-80'], undefined],
  [['memory', 'llama-3.1-8b-instruct'], 4],
  [['plan', 'examples/customer-care-chatbot/scenario.yaml'], undefined],
]
for (const [args, limit] of starts) {
  const time = medianMilliseconds([cli, ...args])
  const ratio = time / bare
  const verdict = limit === undefined ? '' : `${limit.toFixed(1)}${ratio > limit ? '  MISSED' : ''}`
  write(
    `rightsize ${args.join(' ').padEnd(42)} ${time.toFixed(0).padStart(5)} ${ratio.toFixed(2).padStart(7)}   ${verdict}`,
  )
}

write('\nper candidate, one core                                 µs   at most')
for (const { name, microseconds, atMostMicroseconds } of estimateCosts()) {
  const limit = atMostMicroseconds ?? ''
  const missed = microseconds > (atMostMicroseconds ?? Number.POSITIVE_INFINITY) ? '  MISSED' : ''
  write(`${name.padEnd(50)} ${microseconds.toFixed(2).padStart(7)}   ${limit}${missed}`)
}
