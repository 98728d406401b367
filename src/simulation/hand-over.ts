import { KeyedHeap } from './keyed-heap.ts'
import type { Replica } from './replica.ts'
import type { Requests } from './requests.ts'
import { type Routing, route } from './routing.ts'

/**
 * What happens between the end of a prompt and its first decode step: the choice of a decode replica, the wait for room
 * in its memory, the queue in the sender's and in the receiver's port, the transfer. Engines take in new caches between two steps.
 */
export class HandOver {
  /** Prefill replica of each request. */
  readonly origin: Int32Array
  /** When the decode replica had room, and the end of the transfer less the time that its bytes take. */
  readonly roomSeconds: Float64Array
  readonly sentSeconds: Float64Array

  readonly #requests: Requests
  readonly #prefill: readonly Replica[]
  readonly #decode: readonly Replica[]
  readonly #routing: Routing
  readonly #transfer: { readonly bytesPerSecond: number; bytesOf(inputTokens: number): number }
  readonly #offered = new KeyedHeap()
  /** Decode replicas that take in what waits for them, by time. */
  readonly #intakes = new KeyedHeap()
  readonly #landings = new KeyedHeap()
  readonly #destination: Int32Array
  /** Of each decode replica: requests that wait for room in it, in order. */
  readonly #queues: number[][]
  readonly #outgoingFreeSeconds: Float64Array
  readonly #incomingFreeSeconds: Float64Array
  #turn = 0

  constructor(input: {
    requests: Requests
    prefill: readonly Replica[]
    decode: readonly Replica[]
    routing: Routing
    transfer: { readonly bytesPerSecond: number; bytesOf(inputTokens: number): number }
  }) {
    const { count } = input.requests
    this.#requests = input.requests
    this.#prefill = input.prefill
    this.#decode = input.decode
    this.#routing = input.routing
    this.#transfer = input.transfer
    this.origin = new Int32Array(count)
    this.#destination = new Int32Array(count)
    this.roomSeconds = new Float64Array(count).fill(Number.NaN)
    this.sentSeconds = new Float64Array(count).fill(Number.NaN)
    this.#queues = input.decode.map(() => [])
    this.#outgoingFreeSeconds = new Float64Array(input.prefill.length)
    this.#incomingFreeSeconds = new Float64Array(input.decode.length)
  }

  /** Time of the next event here. */
  get nextSeconds(): number {
    return Math.min(this.#landings.firstKey, this.#intakes.firstKey, this.#offered.firstKey)
  }

  /** A prompt has been read at `time`. */
  offer(request: number, time: number): void {
    this.#offered.push(request, time)
  }

  /** A decode replica has made steps: there may be room now. */
  stepped(replica: Replica): void {
    const index = this.#decode.indexOf(replica)
    if (this.#queues[index]!.length > 0) this.#intakes.push(index, replica.clock)
  }

  /** Lets the next event happen. What frees memory goes before what asks for it. */
  next(): void {
    const time = this.nextSeconds
    if (this.#landings.firstKey === time) this.#land(this.#landings.pop(), time)
    else if (this.#intakes.firstKey === time) this.#takeIn(this.#intakes.pop(), time)
    else this.#choose(this.#offered.pop(), time)
  }

  #choose(request: number, time: number): void {
    const index = route({
      routing: this.#routing,
      replicas: this.#decode.length,
      turn: this.#turn,
      outstanding: (one) => this.#decode[one]!.outstandingAt(time) + this.#queues[one]!.length,
    })
    this.#turn += 1
    this.#destination[request] = index
    this.#queues[index]!.push(request)
    const replica = this.#decode[index]!
    this.#intakes.push(index, Math.max(time, replica.clock))
  }

  #takeIn(index: number, time: number): void {
    const replica = this.#decode[index]!
    const queue = this.#queues[index]!
    while (queue.length > 0 && replica.hasRoomFor(queue[0]!)) {
      const request = queue.shift()!
      replica.expect(request)
      const from = this.origin[request]!
      const bytes = this.#transfer.bytesOf(this.#requests.inputTokens[request]!)
      const seconds = bytes / this.#transfer.bytesPerSecond
      // Each port is busy for as long as the bytes take; the cache is there when it has passed both.
      const outgoing = Math.max(time, this.#outgoingFreeSeconds[from]!) + seconds
      const incoming = Math.max(time, this.#incomingFreeSeconds[index]!) + seconds
      const end = Math.max(outgoing, incoming)
      this.#outgoingFreeSeconds[from] = outgoing
      this.#incomingFreeSeconds[index] = incoming
      this.roomSeconds[request] = time
      this.sentSeconds[request] = end - seconds
      this.#landings.push(request, end)
    }
  }

  #land(request: number, time: number): void {
    const expectedSince = this.roomSeconds[request]!
    this.#prefill[this.origin[request]!]!.letGo(request, time)
    this.#decode[this.#destination[request]!]!.land(request, { time, expectedSince })
    this.#requests.firstTokenSeconds[request] = time
  }
}
