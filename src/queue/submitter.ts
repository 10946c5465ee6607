import type { Redis } from 'ioredis'
import { QueueFullError } from './errors.ts'
import type { Keys } from './keys.ts'
import { run } from './scripts.ts'
import { Batch } from './submission.ts'
import type { Entry, FullReply, Kept } from './submission.ts'

const MAX_CALLS = 3
/** So many jobs go at once, without waiting for the end of the turn: Redis works on them while the rest is being submitted. */
const EAGER = 32

/**
 * Keeps jobs of one queue, many with one call: what is submitted in the same turn of the event loop (up to EAGER), or
 * while MAX_CALLS are under way, goes together, in the order of submission.
 */
export class Submitter {
  readonly #redis: Redis
  readonly #keys: string[]
  readonly #queue: string
  readonly #batches: Batch[] = []
  #calls = 0
  #scheduled = false

  constructor (redis: Redis, keys: Keys, queue: string) {
    this.#redis = redis
    this.#keys = keys.of(queue)
    this.#queue = queue
  }

  /** Nothing is waiting and nothing is under way. */
  get idle (): boolean {
    return this.#calls === 0 && this.#batches.length === 0
  }

  /**
   * Keeps all of up to MAX_JOBS jobs or none. Resolves to the time at which Redis did, in ms; rejects with a QueueFullError or a
   * QueueUnavailableError.
   */
  async submit (entries: Entry[]): Promise<number> {
    let batch = this.#batches.at(-1)
    if (!batch?.takes(entries.length)) this.#batches.push(batch = new Batch())
    batch.add(entries)
    if (batch.jobs >= EAGER) this.#sendAll()
    else this.#schedule()
    const { at, full } = await batch.kept
    const error = full?.get(entries)
    if (error) throw error
    return at
  }

  #schedule (): void {
    if (this.#scheduled || this.#batches.length === 0) return
    this.#scheduled = true
    setImmediate(() => {
      this.#scheduled = false
      this.#sendAll()
    })
  }

  #sendAll (): void {
    while (this.#batches.length > 0 && (this.#calls === 0 || (this.#calls < MAX_CALLS && this.#batches[0]!.jobs >= EAGER))) {
      this.#send(this.#batches.shift()!)
    }
  }

  async #send (batch: Batch): Promise<void> {
    this.#calls++
    try {
      batch.resolve(await this.#keep(batch))
    } catch (error) {
      batch.reject(error)
    } finally {
      this.#calls--
      this.#schedule()
    }
  }

  /** What does not fit into a full queue is refused group by group, in the order of submission: each is fewer jobs than before. */
  async #keep (batch: Batch): Promise<Kept> {
    const full = new Map<Entry[], QueueFullError>()
    while (true) {
      const reply = await run(this.#redis, 'submit', this.#keys, batch.args(this.#queue)) as number | FullReply
      if (typeof reply === 'number') return { at: reply, full }
      const [, max_length, waiting] = reply
      const fitting = new Batch()
      for (const group of batch.groups) {
        if (waiting + fitting.jobs + group.length <= max_length) fitting.add(group)
        else full.set(group, new QueueFullError(this.#queue, max_length, waiting))
      }
      if (fitting.jobs === 0) return { at: 0, full }
      batch = fitting
    }
  }
}
