import { setTimeout as delay } from 'node:timers/promises'
import { type RandomSource, seededRandom } from '../../estimators/uncertainty/random.ts'
import { RightsizeError } from '../../foundation/errors.ts'
import { millisecond } from '../../foundation/units.ts'

export interface EndpointPilot {
  /** Base of an OpenAI-compatible API, with or without /v1. */
  readonly endpoint: string
  readonly model: string
  readonly apiKey: string | undefined
  readonly inputTokens: number
  readonly outputTokens: number
  readonly requestsPerStream: number
  readonly timeoutMilliseconds: number
}

/** One load on the endpoint: a closed loop of `concurrency` streams. */
export interface PilotLevel {
  readonly concurrency: number
  readonly requests: number
  /** Means per request, as the server counts them; undefined where it does not say. */
  readonly inputTokens: number | undefined
  readonly outputTokens: number
  readonly ttftMs: number
  readonly tpotMs: number | undefined
  readonly outputTokensPerSecond: number
  readonly requestsPerSecond: number
  /** The server did not count tokens: pieces of the stream stand for them. */
  readonly countedPieces: boolean
}

interface Answer {
  readonly firstMs: number
  readonly lastMs: number
  readonly outputTokens: number
  readonly inputTokens: number | undefined
  readonly countedPieces: boolean
}

/**
 * Measures one level, after one request that is not counted.
 * @throws RightsizeError `arguments-invalid` where the endpoint does not answer as an OpenAI-compatible one.
 */
export async function measureLevel(pilot: EndpointPilot, concurrency: number): Promise<PilotLevel> {
  const random = seededRandom(concurrency)
  await ask(pilot, random)
  const start = performance.now()
  const streams = Array.from({ length: concurrency }, async () => {
    const answers: Answer[] = []
    for (let n = 0; n < pilot.requestsPerStream; n++) answers.push(await ask(pilot, random))
    return answers
  })
  const answers = (await Promise.all(streams)).flat()
  const seconds = (performance.now() - start) * millisecond
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  const inputs = answers.map(({ inputTokens }) => inputTokens)
  const gaps = answers
    .filter(({ outputTokens }) => outputTokens > 1)
    .map(({ firstMs, lastMs, outputTokens }) => (lastMs - firstMs) / (outputTokens - 1))
  const total = answers.reduce((sum, { outputTokens }) => sum + outputTokens, 0)
  return {
    concurrency,
    requests: answers.length,
    inputTokens: inputs.every((tokens) => tokens !== undefined) ? mean(inputs as number[]) : undefined,
    outputTokens: total / answers.length,
    ttftMs: mean(answers.map(({ firstMs }) => firstMs)),
    tpotMs: gaps.length === 0 ? undefined : mean(gaps),
    outputTokensPerSecond: total / seconds,
    requestsPerSecond: answers.length / seconds,
    countedPieces: answers.some(({ countedPieces }) => countedPieces),
  }
}

async function ask(pilot: EndpointPilot, random: RandomSource): Promise<Answer> {
  const base = pilot.endpoint.replace(/\/+$/, '').replace(/\/v1$/, '')
  const start = performance.now()
  const response = await post(pilot, `${base}/v1/chat/completions`, {
    model: pilot.model,
    messages: [{ role: 'user', content: prompt(pilot.inputTokens, random) }],
    max_tokens: pilot.outputTokens,
    temperature: 0,
    stream: true,
    stream_options: { include_usage: true },
  })
  if (!response.ok || response.body === null) {
    const text = (await response.text()).slice(0, 300)
    throw unanswered(pilot, `answers ${response.status} ${response.statusText} ${text}`.trim())
  }
  let first: number | undefined
  let last = 0
  let pieces = 0
  let usage: { prompt_tokens?: number; completion_tokens?: number } | undefined
  try {
    for await (const event of events(response.body)) {
      if (event.choices?.some(hasText)) {
        last = performance.now() - start
        first ??= last
        pieces += 1
      }
      if (event.usage !== undefined && event.usage !== null) usage = event.usage
    }
  } catch (cause) {
    throw unanswered(pilot, `breaks off: ${cause instanceof Error ? cause.message : String(cause)}`)
  }
  if (first === undefined) throw unanswered(pilot, 'streams no text')
  return {
    firstMs: first,
    lastMs: last,
    outputTokens: usage?.completion_tokens ?? pieces,
    inputTokens: usage?.prompt_tokens,
    countedPieces: usage?.completion_tokens === undefined,
  }
}

const attempts = 3
const pauseMilliseconds = 500

/** A server that is only just starting, or sheds load, gets two more chances. */
async function post(pilot: EndpointPilot, url: string, body: object): Promise<Response> {
  for (let attempt = 1; ; attempt++) {
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(pilot.apiKey === undefined ? {} : { authorization: `Bearer ${pilot.apiKey}` }),
        },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(pilot.timeoutMilliseconds),
      })
      if (response.status !== 429 && response.status !== 503) return response
      if (attempt === attempts) return response
    } catch (cause) {
      if (attempt === attempts) throw unanswered(pilot, messageOf(cause))
    }
    await delay(pauseMilliseconds * attempt)
  }
}

function messageOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause)
  return cause.cause instanceof Error ? `${cause.message}: ${cause.cause.message}` : cause.message
}

function unanswered(pilot: EndpointPilot, message: string): RightsizeError {
  return new RightsizeError({
    code: 'arguments-invalid',
    message: `the pilot on ${pilot.endpoint} failed`,
    issues: [{ place: '--endpoint', message }],
    hint: 'it must be the base address of an OpenAI-compatible server, such as http://localhost:8000',
  })
}

const words = ['river', 'seven', 'paper', 'north', 'quiet', 'metal', 'garden', 'window', 'number', 'yellow']

/** Words in no order, so that no prefix cache helps; about one token each. */
function prompt(tokens: number, random: RandomSource): string {
  const picked = Array.from(
    { length: Math.max(1, Math.round(tokens)) },
    () => words[Math.floor(random.nextFraction() * words.length)]!,
  )
  return `${Math.floor(random.nextFraction() * 1e9)} Go on: ${picked.join(' ')}`
}

interface Choice {
  readonly delta?: Readonly<Record<string, unknown>>
}

interface StreamEvent {
  readonly choices?: readonly Choice[]
  readonly usage?: { prompt_tokens?: number; completion_tokens?: number } | null
}

/** Models that think stream that first, under a name of its own. */
function hasText({ delta }: Choice): boolean {
  return ['content', 'reasoning_content', 'reasoning'].some((key) => {
    const text = delta?.[key]
    return typeof text === 'string' && text !== ''
  })
}

/** Server-sent events: lines of `data: …`, the last one `[DONE]`. */
async function* events(body: ReadableStream<Uint8Array>): AsyncGenerator<StreamEvent> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of body as unknown as AsyncIterable<Uint8Array>) {
    rest += decoder.decode(chunk, { stream: true })
    const lines = rest.split(/\r?\n/)
    rest = lines.pop() ?? ''
    for (const line of lines) {
      const event = eventOf(line)
      if (event !== undefined) yield event
    }
  }
  const event = eventOf(rest)
  if (event !== undefined) yield event
}

function eventOf(line: string): StreamEvent | undefined {
  const data = /^data:\s*(.+)$/.exec(line)?.[1]
  return data === undefined || data === '[DONE]' ? undefined : (JSON.parse(data) as StreamEvent)
}
