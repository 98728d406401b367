import { RightsizeError } from '../../foundation/errors.ts'
import { didYouMean } from '../../foundation/suggest.ts'
import { type ResolvedScore, type ScoreName, scoreNames } from '../scenario/resolve-limits.ts'

/** Figures of an offer on the scale of the score: 0 to 1; all but quality are 0 for the best. */
export type ScoreParts = { [Name in ScoreName]: number }

export interface Score {
  readonly text: string
  /** Lower is better. */
  readonly of: (parts: Readonly<ScoreParts>) => number
  /** Never better where cost, carbon, water or energy is worse: beaten prices can be left out of the search. */
  readonly rising: boolean
}

/** Weights need no expression library. Quality is good, so its lack counts. */
export function weightScore(weights: Readonly<Record<ScoreName, number>>): Score {
  const terms = scoreNames
    .filter((name) => weights[name] !== 0)
    .map((name) => `${weights[name]} * ${name === 'quality' ? '(1 - quality)' : name}`)
  return {
    text: terms.join(' + '),
    rising: true,
    of: (parts) =>
      weights.cost * parts.cost +
      weights.carbon * parts.carbon +
      weights.latency * parts.latency +
      weights.water * parts.water +
      weights.energy * parts.energy +
      weights.quality * (1 - parts.quality),
  }
}

/** A node of a parsed formula, as far as the check needs it. */
interface Node {
  readonly type: string
  readonly name?: string
  readonly op?: string
  readonly value?: unknown
  readonly fn?: { readonly type: string; readonly name?: string }
  readonly args?: readonly Node[]
  readonly content?: Node
}

const operators: ReadonlySet<string> = new Set(['+', '-', '*', '/', '^'])
const functions: ReadonlySet<string> = new Set(['min', 'max', 'sqrt', 'abs'])

/**
 * The score a scenario asks for. A formula is read by mathjs, which is loaded only then; what is not a named figure, a
 * number or plain arithmetic is refused before anything is evaluated.
 * @throws RightsizeError `formula-invalid`
 */
export async function readScore(score: ResolvedScore): Promise<Score> {
  if (score.kind === 'weights') return weightScore(score.weights)
  const { parse } = await import('mathjs')
  let tree: Node & { compile(): { evaluate(scope: Map<string, unknown>): unknown } }
  try {
    tree = parse(score.text) as unknown as typeof tree
  } catch (cause) {
    throw invalid(score.text, cause instanceof Error ? cause.message : String(cause))
  }
  checkNode(tree, score.text)
  const code = tree.compile()
  const scope = new Map<string, unknown>()
  return {
    text: score.text,
    rising: false,
    of: (parts) => {
      for (const name of scoreNames) scope.set(name, parts[name])
      const value = code.evaluate(scope)
      return typeof value === 'number' ? value : Number.NaN
    },
  }
}

function checkNode(node: Node, text: string): void {
  switch (node.type) {
    case 'ConstantNode':
      if (typeof node.value !== 'number' || !Number.isFinite(node.value))
        throw invalid(text, `"${String(node.value)}" is not a plain number`)
      return
    case 'SymbolNode': {
      const name = node.name ?? ''
      if ((scoreNames as readonly string[]).includes(name)) return
      throw invalid(text, `"${name}" is not a figure of the score`, didYouMean(name, scoreNames))
    }
    case 'ParenthesisNode':
      if (node.content !== undefined) checkNode(node.content, text)
      return
    case 'OperatorNode':
      if (!operators.has(node.op ?? '')) throw invalid(text, `"${node.op}" is not plain arithmetic`)
      for (const argument of node.args ?? []) checkNode(argument, text)
      return
    case 'FunctionNode': {
      const name = node.fn?.type === 'SymbolNode' ? (node.fn.name ?? '') : ''
      if (!functions.has(name)) throw invalid(text, `"${name || 'a function'}" is not allowed`)
      for (const argument of node.args ?? []) checkNode(argument, text)
      return
    }
    default:
      throw invalid(text, `${node.type.replace(/Node$/, '').toLowerCase()} is not plain arithmetic`)
  }
}

function invalid(text: string, message: string, hint?: string): RightsizeError {
  return new RightsizeError({
    code: 'formula-invalid',
    message: `the score "${text}" cannot be used: ${message}`,
    issues: [{ place: 'score', message, ...(hint === undefined ? {} : { hint }) }],
    hint: hint ?? `use ${scoreNames.join(', ')}, numbers, + - * / ^ ( ), min, max, sqrt and abs`,
  })
}
