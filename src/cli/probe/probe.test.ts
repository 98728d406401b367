import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { type EndpointPilot, measureLevel } from './endpoint-pilot.ts'
import { kernelRates } from './kernels.ts'
import { measureLlamaCpp } from './llama-cpp-pilot.ts'

let server: Server | undefined
afterEach(() => {
  server?.close()
  server?.closeAllConnections()
  server = undefined
})

interface Seen {
  path: string | undefined
  key: string | undefined
  body: Record<string, unknown>
}

/** A tiny OpenAI-compatible server; `answer` writes the response to one request. */
async function serve(answer: (response: ServerResponse, seen: Seen) => Promise<void> | void) {
  const requests: Seen[] = []
  server = createServer(async (request: IncomingMessage, response) => {
    let text = ''
    for await (const chunk of request) text += chunk
    const seen = { path: request.url, key: request.headers.authorization, body: JSON.parse(text) }
    requests.push(seen)
    await answer(response, seen)
  })
  await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve))
  return { requests, endpoint: `http://127.0.0.1:${(server!.address() as AddressInfo).port}` }
}

const pilot = (endpoint: string): EndpointPilot => ({
  endpoint,
  model: 'm',
  apiKey: 'secret',
  inputTokens: 8,
  outputTokens: 4,
  requestsPerStream: 2,
  timeoutMilliseconds: 5_000,
})
const piece = (delta: object) => `data: ${JSON.stringify({ choices: [{ delta }] })}\n\n`
const usage = (prompt: number, completion: number) =>
  `data: ${JSON.stringify({ choices: [], usage: { prompt_tokens: prompt, completion_tokens: completion } })}\n\n`

describe('a pilot on an endpoint', () => {
  it('counts tokens as the server does, and waits for text before it calls it the first token', async () => {
    const { endpoint, requests } = await serve(async (response) => {
      response.write(piece({ role: 'assistant', content: '' }))
      await delay(30)
      // One event in two parts, as networks cut them.
      const first = piece({ content: 'a' })
      response.write(first.slice(0, 9))
      await delay(5)
      response.write(first.slice(9))
      await delay(30)
      response.end(`${piece({ content: 'bcd' })}${usage(11, 4)}data: [DONE]\n\n`)
    })
    const level = await measureLevel(pilot(`${endpoint}/v1/`), 3)
    expect(level).toMatchObject({
      concurrency: 3,
      requests: 3 * 2,
      inputTokens: 11,
      outputTokens: 4,
      countedPieces: false,
    })
    expect(level.ttftMs).toBeGreaterThanOrEqual(30)
    // Three gaps between four tokens over what the server waited at least.
    expect(level.tpotMs).toBeGreaterThanOrEqual(25 / 3)
    expect(level.outputTokensPerSecond / level.requestsPerSecond).toBeCloseTo(4, 9)
    expect(requests).toHaveLength(3 * 2 + 1)
    expect(requests[0]).toMatchObject({
      path: '/v1/chat/completions',
      key: 'Bearer secret',
      body: { model: 'm', max_tokens: 4, stream: true },
    })
    const prompts = requests.map(({ body }) => JSON.stringify(body['messages']))
    expect(new Set(prompts).size).toBe(prompts.length)
  })

  it('falls back to pieces of the stream where the server does not count, and says so', async () => {
    const { endpoint } = await serve((response) => {
      response.end(`${piece({ reasoning_content: 'a' })}${piece({ content: 'b' })}${piece({ content: 'c' })}`)
    })
    expect(await measureLevel(pilot(endpoint), 1)).toMatchObject({
      outputTokens: 3,
      inputTokens: undefined,
      countedPieces: true,
    })
  })

  it('asks again when the server is busy', async () => {
    let refused = 0
    const { endpoint } = await serve((response) => {
      if (refused++ === 0) response.writeHead(503).end()
      else response.end(`${piece({ content: 'a' })}${usage(5, 1)}`)
    })
    expect(await measureLevel(pilot(endpoint), 1)).toMatchObject({ requests: 2, tpotMs: undefined })
  })

  it.each([
    ['an error', (response: ServerResponse) => response.writeHead(404).end('no such model'), /no such model/],
    ['no text', (response: ServerResponse) => response.end('data: [DONE]\n\n'), /streams no text/],
    ['nonsense', (response: ServerResponse) => response.end('data: {broken\n\n'), /breaks off/],
  ])('says what is wrong with %s', async (_, answer, message) => {
    const { endpoint } = await serve((response) => {
      answer(response)
    })
    await expect(measureLevel(pilot(endpoint), 1)).rejects.toMatchObject({
      code: 'arguments-invalid',
      issues: [{ place: '--endpoint', message: expect.stringMatching(message) }],
    })
  })

  it('says that nobody answers', async () => {
    const { endpoint } = await serve(() => {})
    server?.close()
    await expect(measureLevel(pilot(endpoint), 1)).rejects.toThrow(/failed/)
  })
})

describe('the machine', () => {
  it('is measured on every thread asked for', async () => {
    const rates = await kernelRates({ milliseconds: 20, threads: 2, totalBytes: 2 ** 22 })
    expect(rates.threads).toBe(2)
    for (const rate of [rates.triadBytesPerSecond, rates.copyBytesPerSecond, rates.scalarFlopPerSecond]) {
      expect(Number.isFinite(rate) && rate > 0).toBe(true)
    }
  })
})

describe('a local llama.cpp', () => {
  const input = { modelPath: 'm.gguf', inputTokens: 16, outputTokens: 5 }

  it('is measured with the binding that is installed', async () => {
    const fed: number[] = []
    const load = async () => ({
      getLlama: async () => ({
        gpu: false,
        loadModel: async () => ({
          tokenize: (text: string) => text.split(' ').map((_, index) => index),
          createContext: async () => ({
            getSequence: () => ({
              async *evaluate(tokens: readonly number[]) {
                fed.push(tokens.length)
                for (;;) {
                  await delay(2)
                  yield 1
                }
              },
            }),
            dispose: async () => {},
          }),
          dispose: async () => {},
        }),
      }),
    })
    const result = await measureLlamaCpp({ ...input, load })
    expect(fed).toEqual([16])
    expect(result).toMatchObject({ backend: 'cpu', inputTokens: 16, outputTokens: 5 })
    expect(result.decodeTokensPerSecond).toBeGreaterThan(0)
  })

  it('that is not installed is said so', async () => {
    const load = async () => {
      throw new Error('Cannot find package')
    }
    await expect(measureLlamaCpp({ ...input, load })).rejects.toMatchObject({
      issues: [{ place: '--llama-cpp', message: 'node-llama-cpp is not installed here' }],
    })
  })

  it('that cannot load the file is said so', async () => {
    const load = async () => ({
      getLlama: async () => {
        throw new Error('bad magic')
      },
    })
    await expect(measureLlamaCpp({ ...input, load })).rejects.toMatchObject({
      issues: [{ message: 'cannot run m.gguf: bad magic' }],
    })
  })
})
