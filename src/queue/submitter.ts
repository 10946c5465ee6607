import type { Redis } from 'ioredis'
import type { Keys } from './keys.ts'
import { run, runTogether } from './scripts.ts'
import type { ScriptArg } from './scripts.ts'

/** No call has more jobs than this. */
export const MAX_JOBS = 1000
const MAX_CHARS = 4 * 1024 * 1024
const MAX_CALLS = 3
/** So many jobs go at once, without waiting for the end of the turn: Redis works on them while the rest is being submitted. */
const EAGER = 32

/** A job to keep, as lua/submit.lua has it; `due` is '' when it is ready at once. */
export interface Entry { id: string, record: string, due: string }

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
   * Keeps all of up to MAX_JOBS jobs or none. Resolves to the time at which Redis did, in ms; rejects with a
   * QueueUnavailableError.
   */
  submit (entries: Entry[]): Promise<number> {
    let batch = this.#batches.at(-1)
    if (!batch?.takes(entries.length)) this.#batches.push(batch = new Batch())
    for (const entry of entries) batch.add(entry)
    if (batch.jobs >= EAGER) this.#sendAll()
    else this.#schedule()
    return batch.kept
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
      batch.resolve(await run(this.#redis, 'submit', this.#keys, batch.args(this.#queue)) as number)
    } catch (error) {
      batch.reject(error)
    } finally {
      this.#calls--
      this.#schedule()
    }
  }
}

/** Keeps jobs of several queues, all or none, as `Submitter.submit` does for one. */
export async function submitTogether (redis: Redis, keys: Keys, queues: Map<string, Entry[]>): Promise<number> {
  const calls = [...queues].map(([queue, entries]) => {
    const batch = new Batch()
    for (const entry of entries) batch.add(entry)
    return { keys: keys.of(queue), args: batch.args(queue) }
  })
  const [keptAt] = await runTogether(redis, 'submit', calls)
  return keptAt as number
}

/** The jobs of one call. All who submitted them wait for the same promise. */
class Batch {
  readonly kept: Promise<number>
  resolve!: (createdAt: number) => void
  reject!: (error: unknown) => void
  jobs = 0
  #chars = 0
  readonly #ready: Record<string, string[]> = { h: [], n: [], l: [] }
  readonly #later: string[] = []

  constructor () {
    this.kept = new Promise((resolve, reject) => {
      this.resolve = resolve
      this.reject = reject
    })
  }

  takes (jobs: number): boolean {
    return this.jobs + jobs <= MAX_JOBS && this.#chars < MAX_CHARS
  }

  add ({ id, record, due }: Entry): void {
    if (due === '') this.#ready[record[0]!]!.push(id, record)
    else this.#later.push(id, record, due)
    this.jobs++
    this.#chars += record.length
  }

  args (queue: string): ScriptArg[] {
    const { h, n, l } = this.#ready as Record<'h' | 'n' | 'l', string[]>
    return [queue, h.length / 2, n.length / 2, l.length / 2, ...h, ...n, ...l, ...this.#later]
  }
}
