import type { Redis } from 'ioredis'
import type { Keys } from './keys.ts'
import { run } from './scripts.ts'
import type { ScriptArg } from './scripts.ts'

const MAX_JOBS = 1000
const MAX_BYTES = 4 * 1024 * 1024
const MAX_CALLS = 2

interface Pending {
  id: string
  record: string
  /** '' when ready at once, else as lua/submit.lua has it */
  due: string
  resolve: (createdAt: number) => void
  reject: (error: unknown) => void
}

/**
 * Keeps jobs of one queue, many with one call: what is submitted in the same turn of the event loop, or while
 * MAX_CALLS are under way, goes together, in the order of submission.
 */
export class Submitter {
  readonly #redis: Redis
  readonly #keys: string[]
  readonly #queue: string
  #pending: Pending[] = []
  #calls = 0
  #scheduled = false

  constructor (redis: Redis, keys: Keys, queue: string) {
    this.#redis = redis
    this.#keys = keys.of(queue)
    this.#queue = queue
  }

  /** Nothing is waiting and nothing is under way. */
  get idle (): boolean {
    return this.#calls === 0 && this.#pending.length === 0
  }

  /** Resolves to the time at which Redis kept the job, in ms; rejects with a QueueUnavailableError. */
  submit (id: string, record: string, due: string): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#pending.push({ id, record, due, resolve, reject })
      this.#schedule()
    })
  }

  #schedule (): void {
    if (this.#scheduled || this.#calls >= MAX_CALLS || this.#pending.length === 0) return
    this.#scheduled = true
    setImmediate(() => {
      this.#scheduled = false
      this.#send(this.#nextBatch())
    })
  }

  #nextBatch (): Pending[] {
    let jobs = 0
    let bytes = 0
    while (jobs < this.#pending.length && jobs < MAX_JOBS && bytes < MAX_BYTES) bytes += this.#pending[jobs++]!.record.length
    if (jobs < this.#pending.length) return this.#pending.splice(0, jobs)
    const batch = this.#pending
    this.#pending = []
    return batch
  }

  async #send (batch: Pending[]): Promise<void> {
    this.#calls++
    this.#schedule()
    try {
      const createdAt = await run(this.#redis, 'submit', this.#keys, this.#args(batch)) as number
      for (const job of batch) job.resolve(createdAt)
    } catch (error) {
      for (const job of batch) job.reject(error)
    } finally {
      this.#calls--
      this.#schedule()
    }
  }

  #args (batch: Pending[]): ScriptArg[] {
    const ready: ScriptArg[] = []
    const later: ScriptArg[] = []
    for (const { id, record, due } of batch) {
      if (due === '') ready.push(id, record)
      else later.push(id, record, due)
    }
    return [this.#queue, ready.length / 2, ...ready, ...later]
  }
}
