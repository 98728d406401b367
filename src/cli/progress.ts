import type { CliIo } from './io.ts'

export interface Progress {
  /** 0 to 1. */
  show(fraction: number): void
  /** Takes the bar away. */
  done(): void
}

const patienceMilliseconds = 500
const barWidth = 30

/** A bar on a terminal's stderr for work that takes longer than half a second; silent elsewhere. */
export function progressBar(input: { title: string; io: CliIo; now?: () => number }): Progress {
  const { io, title } = input
  const now = input.now ?? (() => performance.now())
  if (io.stderr.isTTY !== true) return { show() {}, done() {} }
  const start = now()
  let last = ''
  return {
    show(fraction) {
      if (now() - start < patienceMilliseconds) return
      const share = Math.min(1, Math.max(0, fraction))
      const filled = Math.round(share * barWidth)
      const bar = `${title} [${'#'.repeat(filled)}${'.'.repeat(barWidth - filled)}] ${Math.floor(share * 100)} %`
      if (bar !== last) io.stderr.write(`\r${bar}`)
      last = bar
    },
    done() {
      if (last !== '') io.stderr.write(`\r${' '.repeat(last.length)}\r`)
    },
  }
}
