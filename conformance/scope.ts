/** Something that ends, and what is to end with it. A test of tap's is one as well. */
export interface Owner {
  teardown: (end: () => Promise<void>) => void
}

export class Scope implements Owner {
  readonly #ends: (() => Promise<void>)[] = []

  teardown (end: () => Promise<void>): void {
    this.#ends.push(end)
  }

  /** Ends all of it, the last first. */
  async end (): Promise<void> {
    for (const end of this.#ends.splice(0).reverse()) await end()
  }
}
