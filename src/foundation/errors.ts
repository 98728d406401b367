/** Stable names of what can go wrong on the user's side. */
export type ErrorCode =
  | 'scenario-invalid'
  | 'catalog-invalid'
  | 'arguments-invalid'
  | 'file-unreadable'
  | 'model-file-invalid'
  | 'unknown-model'
  | 'unknown-accelerator'
  | 'unknown-server'
  | 'unknown-id'
  | 'plan-invalid'
  | 'runs-invalid'
  | 'quotes-invalid'
  | 'formula-invalid'
  | 'output-exists'
  | 'cancelled'

/** One problem: where it is (file:line, path, option), what is wrong, and what would be right. */
export interface Issue {
  /** `scenario.yaml:12`, `demand.users`, `--tp`: whatever helps a person to find it. */
  readonly place: string
  readonly message: string
  readonly hint?: string
}

/**
 * The one error class for wrong input. It carries every problem found, not the first.
 * Anything else that is thrown is our own bug.
 */
export class RightsizeError extends Error {
  readonly code: ErrorCode
  readonly issues: readonly Issue[]
  readonly hint: string | undefined

  constructor(input: {
    code: ErrorCode
    message: string
    issues?: readonly Issue[]
    hint?: string
    cause?: unknown
  }) {
    super(input.message, input.cause === undefined ? undefined : { cause: input.cause })
    this.name = 'RightsizeError'
    this.code = input.code
    this.issues = input.issues ?? []
    this.hint = input.hint
  }

  toJSON(): { code: ErrorCode; message: string; issues: readonly Issue[]; hint?: string } {
    return {
      code: this.code,
      message: this.message,
      issues: this.issues,
      ...(this.hint === undefined ? {} : { hint: this.hint }),
    }
  }
}
