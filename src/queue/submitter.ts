import type { Redis } from 'ioredis'
import { QueueFullError } from './errors.ts'
import type { Keys } from './keys.ts'
import { run } from './scripts.ts'
import { Batch } from './submission.ts'
import type { Entry, FullReply, Group } from './submission.ts'

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
  submit (entries: Entry[]): Promise<number> {
    const group: Group = { size: entries.length, entries }
    let batch = this.#batches.at(-1)
    if (!batch?.takes(group.size)) this.#batches.push(batch = new Batch())
    batch.add(group)
    if (batch.jobs >= EAGER) this.#sendAll()
    else this.#schedule()
    return this.#outcome(batch, group)
  }

  async #outcome (batch: Batch, group: Group): Promise<number> {
    const at = await batch.kept
    if (group.error) throw group.error
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

  /**
   * What does not fit into a full queue is refused group by group, in the order of submission: each is fewer jobs than before. Returns when
   * the others were kept.
   */
  async #keep (batch: Batch): Promise<number> {
    while (batch.jobs > 0) {
      const call = run(this.#redis, 'submit', this.#keys, batch.args(this.#queue))
      batch.sent()
      const reply = await call as number | FullReply
      if (typeof reply === 'number') return reply
      const [, max_length, waiting] = reply
      const fitting = new Batch()
      for (const group of batch.groups) {
        if (waiting + fitting.jobs + group.size <= max_length) fitting.add(group)
        else group.error = new QueueFullError(this.#queue, max_length, waiting)
      }
      batch = fitting
    }
    return 0
  }
}
