import { RightsizeError } from '../../foundation/errors.ts'
import { millisecond } from '../../foundation/units.ts'

/** As much of node-llama-cpp 3 as the pilot uses. */
interface LlamaBinding {
  readonly getLlama: () => Promise<{
    readonly gpu: string | false
    readonly loadModel: (options: { modelPath: string }) => Promise<LlamaModel>
  }>
}
interface LlamaModel {
  readonly tokenize: (text: string) => readonly number[]
  readonly createContext: (options: { contextSize: number }) => Promise<{
    readonly getSequence: () => {
      readonly evaluate: (tokens: readonly number[]) => AsyncIterable<number>
    }
    readonly dispose: () => Promise<void>
  }>
  readonly dispose: () => Promise<void>
}

export interface LlamaCppResult {
  /** cuda, metal, vulkan; `cpu` without one. */
  readonly backend: string
  readonly inputTokens: number
  readonly outputTokens: number
  readonly prefillTokensPerSecond: number
  readonly decodeTokensPerSecond: number
}

export type LoadBinding = () => Promise<unknown>

// A name that the compiler does not follow: the package is the user's own, not ours.
const packageName = 'node-llama-cpp'
const importBinding: LoadBinding = () => import(packageName)

/**
 * One prompt and its continuation in this process.
 * @throws RightsizeError `arguments-invalid` where node-llama-cpp is not installed or cannot load the file.
 */
export async function measureLlamaCpp(input: {
  modelPath: string
  inputTokens: number
  outputTokens: number
  load?: LoadBinding
}): Promise<LlamaCppResult> {
  const { getLlama } = await binding(input.load ?? importBinding)
  try {
    const llama = await getLlama()
    const model = await llama.loadModel({ modelPath: input.modelPath })
    const prompt = model.tokenize('one two three four five six seven eight '.repeat(input.inputTokens))
    const tokens = prompt.slice(0, input.inputTokens)
    const context = await model.createContext({ contextSize: input.inputTokens + input.outputTokens })
    const start = performance.now()
    let first = start
    let last = start
    let produced = 0
    for await (const _ of context.getSequence().evaluate(tokens)) {
      last = performance.now()
      if (produced === 0) first = last
      produced += 1
      if (produced >= input.outputTokens) break
    }
    await context.dispose()
    await model.dispose()
    if (produced < 2) throw new Error('the model stopped at once')
    return {
      backend: llama.gpu === false ? 'cpu' : llama.gpu,
      inputTokens: tokens.length,
      outputTokens: produced,
      prefillTokensPerSecond: tokens.length / ((first - start) * millisecond),
      decodeTokensPerSecond: (produced - 1) / ((last - first) * millisecond),
    }
  } catch (cause) {
    throw refused(`cannot run ${input.modelPath}: ${cause instanceof Error ? cause.message : String(cause)}`)
  }
}

async function binding(load: LoadBinding): Promise<LlamaBinding> {
  try {
    return (await load()) as LlamaBinding
  } catch {
    throw refused(
      'node-llama-cpp is not installed here',
      'npm install node-llama-cpp, or give llama-bench output to rightsize calibrate',
    )
  }
}

function refused(message: string, hint?: string): RightsizeError {
  return new RightsizeError({
    code: 'arguments-invalid',
    message: 'the llama.cpp pilot failed',
    issues: [{ place: '--llama-cpp', message }],
    ...(hint === undefined ? {} : { hint }),
  })
}
