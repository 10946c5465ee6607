/** What is to be ended when something is over. */
export class Scope {
  readonly #ends: (() => Promise<void>)[] = []

  teardown (end: () => Promise<void>): void {
    this.#ends.push(end)
  }

  /** Ends all of it, the last first. */
  async end (): Promise<void> {
    for (const end of this.#ends.splice(0).reverse()) await end()
  }
}
