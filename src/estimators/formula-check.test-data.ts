import { createUnit, type EvalFunction, isUnit, type MathNode, parse, unit } from 'mathjs'
import type { Formula } from '../foundation/formula.ts'

/** What mathjs says of a formula record; used by the test that checks every record. */

for (const name of ['USD', 'FLOP', 'gCO2e', 'token']) createUnit(name)

/** mathjs names that are constants, not symbols to declare; a record must not lean on them by accident. */
const allowedConstants = new Set(['pi'])

/** Symbols of an equation, without the names of the functions it calls. */
export function equationSymbols(equation: string): string[] {
  const symbols = new Set<string>()
  parse(equation).traverse((node: MathNode, path: string, parent: MathNode | null) => {
    if (node.type !== 'SymbolNode') return
    if (parent?.type === 'FunctionNode' && path === 'fn') return
    const { name } = node as MathNode & { name: string }
    if (!allowedConstants.has(name)) symbols.add(name)
  })
  return [...symbols].sort()
}

/** Deterministic numbers in (0, 1): the same samples on every run. */
function* uniformNumbers(seed: number): Generator<number> {
  let state = seed >>> 0
  while (true) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    yield (state + 0.5) / 2 ** 32
  }
}

/** The first thing that is wrong with a record, or undefined. */
export function formulaProblem(formula: Formula, samples = 200): string | undefined {
  const declared = Object.keys(formula.inputs).sort()
  const used = equationSymbols(formula.equation)
  if (declared.join() !== used.join()) {
    return `declares ${declared.join(', ')} but its equation uses ${used.join(', ')}`
  }
  const compiled = parse(formula.equation).compile()
  const numbers = uniformNumbers(20_261_124)
  for (let sample = 0; sample < samples; sample += 1) {
    const values: Record<string, number> = {}
    for (const [symbol, input] of Object.entries(formula.inputs)) {
      const [low, high] = input.range ?? [1e-3, 1e3]
      const draw = numbers.next().value as number
      // Log-uniform, so that every branch of a minimum gets its turn; a range through zero has no logarithm.
      values[symbol] = low > 0 ? low * (high / low) ** draw : low + (high - low) * draw
    }
    const problem = sampleProblem(formula, compiled, values)
    if (problem !== undefined) return `${problem} at ${JSON.stringify(values)}`
  }
  return undefined
}

function sampleProblem(
  formula: Formula,
  compiled: EvalFunction,
  values: Record<string, number>,
): string | undefined {
  const scope: Record<string, unknown> = {}
  for (const [symbol, input] of Object.entries(formula.inputs)) {
    scope[symbol] = input.unit === '' ? values[symbol] : unit(values[symbol]!, input.unit)
  }
  let evaluated: number
  try {
    const result: unknown = compiled.evaluate(scope)
    evaluated = inUnit(result, formula.result.unit)
  } catch (cause) {
    return `mathjs refuses it: ${cause instanceof Error ? cause.message : String(cause)}`
  }
  const computed = formula.compute(values)
  const scale = Math.max(Math.abs(evaluated), Math.abs(computed), Number.MIN_VALUE)
  // Differences of large terms lose digits: compare against the terms, not only against the result.
  const terms = Math.max(scale, 1e-6 * Math.max(...Object.values(values).map(Math.abs)))
  if (!Number.isFinite(computed)) return `compute gives ${computed}`
  return Math.abs(evaluated - computed) <= 1e-9 * terms
    ? undefined
    : `mathjs gives ${evaluated} and compute ${computed}`
}

function inUnit(result: unknown, unitName: string): number {
  if (unitName === '') {
    if (typeof result === 'number') return result
    // Ratios of equal units come back as a unit without dimensions.
    if (isUnit(result) && result.dimensions.every((power) => power === 0))
      return result.toNumeric('') as number
    throw new Error(`the result has a unit (${String(result)}) where none is declared`)
  }
  if (!isUnit(result)) throw new Error(`the result is a bare number where ${unitName} is declared`)
  return result.toNumber(unitName)
}
