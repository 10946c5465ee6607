/** What the process ends with, by what happened. docs/cli.md has them for users. */
export const EXIT = { done: 0, failed: 1, usage: 2, unreachable: 3, interrupted: 130 } as const

/** An end with a message for the user, and no stack. */
export class CommandError extends Error {
  readonly exitCode: number

  constructor (message: string, exitCode: number = EXIT.failed, options?: ErrorOptions) {
    super(message, options)
    this.exitCode = exitCode
  }
}
