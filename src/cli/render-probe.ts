import { formatBytesBinary, formatNumber, formatSignificant } from '../foundation/format.ts'
import { giga } from '../foundation/units.ts'
import type { ProbeAnswer } from './run-probe.ts'
import { textPairs, textTable, wrapped } from './text-table.ts'

const aboutKernels =
  'These are lower bounds of this machine’s processors: JavaScript reaches no vector units, so a native engine computes many times faster; bandwidth comes closer. They say nothing of a graphics card.'

export function renderProbe(answer: ProbeAnswer): string {
  const { machine, kernels, levels, llamaCpp, written } = answer
  const parts = [
    textPairs([
      ['processor', machine.processor],
      ['threads available', formatNumber(machine.cores)],
      ['memory', formatBytesBinary(machine.memoryBytes)],
    ]),
  ]
  if (kernels !== undefined) {
    const perSecond = (bytes: number) => `${formatSignificant(bytes / giga)} GB/s`
    parts.push(
      textPairs([
        ['memory bandwidth, triad', perSecond(kernels.triadBytesPerSecond)],
        ['memory bandwidth, block copy', perSecond(kernels.copyBytesPerSecond)],
        [
          'arithmetic, scalar doubles',
          `${formatSignificant(kernels.scalarFlopPerSecond / giga)} GFLOP/s on ${kernels.threads} threads`,
        ],
      ]),
      `${wrapped(aboutKernels, { columns: 110, indent: '' })}\n`,
    )
  }
  if (levels.length > 0) parts.push(levelTable(answer))
  if (llamaCpp !== undefined) {
    parts.push(
      textPairs([
        ['llama.cpp back-end', llamaCpp.backend],
        ['prefill', `${formatSignificant(llamaCpp.prefillTokensPerSecond)} tokens/s`],
        ['decode', `${formatSignificant(llamaCpp.decodeTokensPerSecond)} tokens/s`],
      ]),
    )
  }
  if (written !== undefined)
    parts.push(`wrote ${written}; next: rightsize calibrate ${written} -o my-catalog\n`)
  return parts.join('\n')
}

function levelTable({ levels }: ProbeAnswer): string {
  const right = (title: string) => ({ title, align: 'right' as const })
  return textTable(
    ['at once', 'requests', 'input', 'output', 'TTFT ms', 'TPOT ms', 'output tokens/s', 'requests/s'].map(
      right,
    ),
    levels.map((level) => [
      formatNumber(level.concurrency),
      formatNumber(level.requests),
      level.inputTokens === undefined ? '–' : formatNumber(level.inputTokens),
      formatNumber(level.outputTokens),
      formatSignificant(level.ttftMs),
      level.tpotMs === undefined ? '–' : formatSignificant(level.tpotMs),
      formatSignificant(level.outputTokensPerSecond),
      formatSignificant(level.requestsPerSecond),
    ]),
  )
}
