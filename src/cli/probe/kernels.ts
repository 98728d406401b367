import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { giga } from '../../foundation/units.ts'

/** What the machine's processors reach from JavaScript, all cores at once. */
export interface KernelRates {
  readonly threads: number
  /** a = b + s·c over arrays far larger than the caches, counted as STREAM does: 24 bytes per element. */
  readonly triadBytesPerSecond: number
  /** The machine's own block copy: 16 bytes per element. */
  readonly copyBytesPerSecond: number
  /** Multiply-adds of doubles on independent sums, no vector units. */
  readonly scalarFlopPerSecond: number
}

interface KernelOrder {
  readonly kernel: 'triad' | 'copy' | 'multiply-add'
  readonly elements: number
  readonly milliseconds: number
  readonly threads: number
  readonly barrier: Int32Array
}

/**
 * Runs in a worker as text, so it may use nothing from outside. All workers start together; each gives its work
 * per second over its own time.
 */
function work(require: NodeJS.Require): void {
  const { parentPort, workerData } = require('node:worker_threads') as typeof import('node:worker_threads')
  const { kernel, elements, milliseconds, threads, barrier } = workerData as KernelOrder
  const a = new Float64Array(elements).fill(1)
  const b = new Float64Array(elements).fill(2)
  const c = new Float64Array(elements).fill(3)
  const kernels = {
    triad: (s: number) => {
      for (let i = 0; i < elements; i++) a[i] = b[i]! + s * c[i]!
      return 24 * elements
    },
    copy: (_: number) => {
      a.set(b)
      return 16 * elements
    },
    'multiply-add': (s: number) => {
      let [p, q, r, t, u, v, w, x] = [s, s, s, s, s, s, s, s]
      const rounds = 1_000_000
      for (let i = 0; i < rounds; i++) {
        p = p! * 0.999 + 1e-3
        q = q! * 0.998 + 2e-3
        r = r! * 0.997 + 3e-3
        t = t! * 0.996 + 4e-3
        u = u! * 0.995 + 5e-3
        v = v! * 0.994 + 6e-3
        w = w! * 0.993 + 7e-3
        x = x! * 0.992 + 8e-3
      }
      // Stored, so that no compiler drops the loop.
      a[0] = p! + q! + r! + t! + u! + v! + w! + x!
      return 16 * rounds
    },
  }
  const run = kernels[kernel]
  run(0.5)
  run(0.7)
  Atomics.add(barrier, 0, 1)
  Atomics.notify(barrier, 0)
  for (let seen = Atomics.load(barrier, 0); seen < threads; seen = Atomics.load(barrier, 0)) {
    Atomics.wait(barrier, 0, seen)
  }
  const start = performance.now()
  let done = 0
  let elapsed = 0
  do {
    done += run(elapsed)
    elapsed = performance.now() - start
  } while (elapsed < milliseconds)
  parentPort?.postMessage((done / elapsed) * 1000)
}

/** Work per second of all threads together. */
async function rate(order: Omit<KernelOrder, 'barrier'>): Promise<number> {
  const barrier = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT))
  const workerData: KernelOrder = { ...order, barrier }
  const workers = Array.from(
    { length: order.threads },
    () => new Worker(`(${work.toString()})(require)`, { eval: true, workerData }),
  )
  try {
    const rates = await Promise.all(
      workers.map(
        (worker) =>
          new Promise<number>((resolve, reject) => {
            worker.once('message', resolve)
            worker.once('error', reject)
          }),
      ),
    )
    return rates.reduce((sum, each) => sum + each, 0)
  } finally {
    // Where one fails the others still wait at the barrier.
    await Promise.all(workers.map((worker) => worker.terminate()))
  }
}

/** Far beyond the last-level cache of any processor, over all threads. */
const arrayBytes = giga

export async function kernelRates(input: {
  milliseconds: number
  threads?: number
  totalBytes?: number
}): Promise<KernelRates> {
  const threads = input.threads ?? availableParallelism()
  const perThread = (input.totalBytes ?? arrayBytes) / threads
  const elements = Math.max(1024, Math.floor(perThread / (3 * Float64Array.BYTES_PER_ELEMENT)))
  const order = { threads, milliseconds: input.milliseconds }
  return {
    threads,
    triadBytesPerSecond: await rate({ ...order, elements, kernel: 'triad' }),
    copyBytesPerSecond: await rate({ ...order, elements, kernel: 'copy' }),
    scalarFlopPerSecond: await rate({ ...order, elements: 1024, kernel: 'multiply-add' }),
  }
}
