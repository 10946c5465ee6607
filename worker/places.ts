/** The least by which one is put off after another, and the most that anyone is. */
const MIN_MS = 2
const MAX_MS = 60_000

/** It is quick that takes less. */
const QUICK_MS = 1000

interface Holders {
  /** since when each has its place, the longest first */
  since: Set<{ at: number }>
  /** how long the last one had its place; Infinity when none has given one back yet */
  took_ms: number
  /** until when others have been put off */
  promised: number
}

/** Bounds how many have a place at the same time under one name. */
export class Places {
  readonly #slow: number
  readonly #quick: number
  readonly #holders = new Map<string, Holders>()

  /** @param slow how many there may be of one name @param quick the same while it is quick */
  constructor (slow: number, quick = slow) {
    this.#slow = slow
    this.#quick = quick
  }

  /**
   * How many of all places those of one name may take: a third, and two thirds while it is quick, as a third is then kept for the others
   * all the same; one at least. So one that is slow, or that has just become slow, does not keep the others waiting.
   */
  static shared (all: number): Places {
    const slow = Math.max(1, Math.floor(all / 3))
    return new Places(slow, Math.max(1, all - slow))
  }

  /**
   * Takes a place, and returns with what to give it back; or, when there is none, in how many ms to ask again. Those who ask meanwhile are
   * given one time after another, by how long a place is held as it seems now: they come when there may be one, not all of them again and
   * again.
   */
  take (name: string, now = performance.now()): (() => void) | number {
    const holders = this.#holders.get(name) ?? { since: new Set(), took_ms: Infinity, promised: 0 }
    const { since } = holders
    const [longest] = since
    const held_ms = longest ? now - longest.at : 0
    const most = Math.max(holders.took_ms, held_ms) < QUICK_MS ? this.#quick : this.#slow
    if (since.size >= most) {
      const each = Math.max(Number.isFinite(holders.took_ms) ? holders.took_ms : 0, held_ms)
      holders.promised = Math.min(now + MAX_MS, Math.max(now, holders.promised) + Math.max(MIN_MS, each / most))
      return holders.promised - now
    }
    const mine = { at: now }
    since.add(mine)
    this.#holders.set(name, holders)
    return () => {
      holders.took_ms = performance.now() - now
      since.delete(mine)
      if (since.size === 0) this.#holders.delete(name)
    }
  }
}
