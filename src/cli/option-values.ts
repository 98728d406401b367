import { type Issue, RightsizeError } from '../foundation/errors.ts'
import { type Dimension, parseQuantity } from '../foundation/quantity.ts'

/** Reads the values of options, and collects every problem before it complains. */
export class OptionReader {
  readonly #issues: Issue[] = []

  quantity(input: {
    option: string
    value: string | undefined
    dimension: Dimension
    least?: number
    most?: number
  }): number | undefined {
    if (input.value === undefined) return undefined
    const result = parseQuantity(input.value, input.dimension)
    if (!result.ok) {
      this.#issues.push({ place: input.option, message: result.message, hint: result.hint })
      return undefined
    }
    if (input.least !== undefined && result.value < input.least) {
      this.#issues.push({ place: input.option, message: `${input.value} is below ${input.least}` })
    }
    if (input.most !== undefined && result.value > input.most) {
      this.#issues.push({ place: input.option, message: `${input.value} is above ${input.most}` })
    }
    return result.value
  }

  whole(input: {
    option: string
    value: string | undefined
    least: number
    most?: number
  }): number | undefined {
    if (input.value === undefined) return undefined
    const value = Number(input.value)
    if (!/^\d+$/.test(input.value.trim()) || !Number.isSafeInteger(value)) {
      this.#issues.push({ place: input.option, message: `"${input.value}" is not a whole number` })
      return undefined
    }
    if (value < input.least)
      this.#issues.push({ place: input.option, message: `${value} is below ${input.least}` })
    if (input.most !== undefined && value > input.most)
      this.#issues.push({ place: input.option, message: `${value} is above ${input.most}` })
    return value
  }

  choice<Value extends string>(input: { option: string; value: string; allowed: readonly Value[] }): Value {
    if (!input.allowed.includes(input.value as Value)) {
      this.#issues.push({
        place: input.option,
        message: `unknown "${input.value}"`,
        hint: `one of ${input.allowed.join(', ')}`,
      })
    }
    return input.value as Value
  }

  /** A catalog look-up that throws becomes one more problem of its option. */
  lookup<Row>(option: string, find: () => Row): Row | undefined {
    try {
      return find()
    } catch (error) {
      if (!(error instanceof RightsizeError)) throw error
      const hint = error.hint ?? error.issues[0]?.hint
      this.#issues.push({ place: option, message: error.message, ...(hint === undefined ? {} : { hint }) })
      return undefined
    }
  }

  problem(place: string, message: string, hint?: string): void {
    this.#issues.push({ place, message, ...(hint === undefined ? {} : { hint }) })
  }

  /** @throws RightsizeError with all problems found so far. */
  done(): void {
    if (this.#issues.length === 0) return
    throw new RightsizeError({
      code: 'arguments-invalid',
      message: this.#issues.length === 1 ? 'an option is wrong' : `${this.#issues.length} options are wrong`,
      issues: this.#issues,
    })
  }
}
