const HORIZON_MS = 20
const WINDOW_MS = 5
const MAX_PREFETCH = 2000

/**
 * How many jobs to hold beyond those that run: what the handlers have lately finished in 20 ms. Handlers that take long
 * prefetch nothing, so that no job waits here while another worker is idle; handlers that take no time get batches.
 */
export class Pace {
  #perMs = 0
  #finished = 0
  #since = performance.now()

  get prefetch (): number {
    return Math.min(MAX_PREFETCH, Math.floor(this.#perMs * HORIZON_MS))
  }

  finished (): void {
    this.#finished++
  }

  /** Takes what was finished since the last window into account; a long window counts for more. */
  measure (): void {
    const now = performance.now()
    const elapsed = now - this.#since
    if (elapsed < WINDOW_MS) return
    const weight = 1 - Math.exp(-elapsed / HORIZON_MS)
    this.#perMs += weight * (this.#finished / elapsed - this.#perMs)
    this.#restart(now)
  }

  /** Jobs waited here for too long. */
  forget (): void {
    this.#perMs = 0
    this.#restart(performance.now())
  }

  #restart (now: number): void {
    this.#since = now
    this.#finished = 0
  }
}
