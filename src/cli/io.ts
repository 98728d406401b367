/** What the process hands to the CLI; tests hand in their own. */
export interface CliIo {
  readonly stdout: { write: (text: string) => unknown; readonly isTTY?: boolean; readonly columns?: number }
  readonly stderr: { write: (text: string) => unknown; readonly isTTY?: boolean }
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
}

export const exitCodes = { done: 0, infeasible: 1, badInput: 2, ourBug: 3 } as const
