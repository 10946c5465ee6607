/** What one that holds a place is taken to need until one has been given back, and the least and the most that somebody is put off. */
const FIRST_MS = 1000
const MIN_MS = 50
const MAX_MS = 60_000

interface Holders {
  count: number
  /** how long the last one held its place */
  took_ms: number
  /** until when others have been put off */
  promised: number
}

/** So many deliveries of one kind are made at a time, so that those that take long do not take all the places there are. */
export class Places {
  readonly #most: number
  readonly #holders = new Map<string, Holders>()

  constructor (most: number) {
    this.#most = most
  }

  /**
   * Takes a place, and returns with what to give it back; or, when there is none, in how many ms to ask again. Those who ask meanwhile are
   * given one time after another, so that they come when there is a place, and not all of them again and again.
   */
  take (name: string, now = performance.now()): (() => void) | number {
    const holders = this.#holders.get(name) ?? { count: 0, took_ms: FIRST_MS, promised: 0 }
    if (holders.count >= this.#most) {
      holders.promised = Math.min(now + MAX_MS, Math.max(now, holders.promised) + Math.max(MIN_MS, holders.took_ms / this.#most))
      return holders.promised - now
    }
    holders.count++
    this.#holders.set(name, holders)
    return () => {
      holders.took_ms = performance.now() - now
      if (--holders.count === 0) this.#holders.delete(name)
    }
  }
}
