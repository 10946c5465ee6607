import { QueueUnavailableError } from './errors.ts'
import { ENDS } from './event.ts'
import type { Events } from './events.ts'
import { fromUuid } from './ids.ts'
import type { ReadJob } from './job.ts'
import type { Queue } from './queue.ts'

/** Redis could not be asked: once more, so much later. */
const AGAIN_MS = 500

/** Waits for jobs to end. However many wait, one subscription tells them. */
export class Waiting {
  readonly #queue: Queue
  readonly #events: Events
  readonly #reads = new Map<string, Promise<ReadJob | undefined>>()
  readonly #waiting = new Set<() => void>()
  #closed = false

  constructor (queue: Queue, events: Events) {
    this.#queue = queue
    this.#events = events
  }

  /** All who wait have been sent away. */
  get closed (): boolean {
    return this.#closed
  }

  /**
   * The job when it has ended, or as it is after `ms`, when `gone` aborts or this closes; undefined when there is none, or none any
   * more. Rejects with a QueueUnavailableError when Redis can then not be asked; that it is away before only makes it wait.
   */
  async read (uuid: string, ms: number, gone: AbortSignal): Promise<ReadJob | undefined> {
    const bell = new Bell()
    const ring = () => bell.ring()
    gone.addEventListener('abort', ring)
    this.#waiting.add(ring)
    const deadline = performance.now() + ms
    const timer = setTimeout(ring, ms)
    let unfollow: (() => void) | undefined
    let job: ReadJob | undefined
    try {
      // First, so that nothing that happens after the job has been read is missed.
      unfollow = await this.#events.follow({ job: fromUuid(uuid) }, {
        events: events => { if (events.some(({ kind }) => ENDS.has(kind))) ring() },
        gap: ring
      })
      while (true) {
        const isLast = gone.aborted || this.#closed || performance.now() >= deadline - 1
        if (!(gone.aborted && job)) job = await this.#look(uuid, job, isLast, ring)
        if (isLast || !job || ENDS.has(job.status)) return job
        await bell.rung()
      }
    } finally {
      unfollow?.()
      clearTimeout(timer)
      gone.removeEventListener('abort', ring)
      this.#waiting.delete(ring)
    }
  }

  close (): void {
    this.#closed = true
    for (const ring of this.#waiting) ring()
  }

  async #look (uuid: string, known: ReadJob | undefined, isLast: boolean, ring: () => void): Promise<ReadJob | undefined> {
    try {
      return await this.#get(uuid)
    } catch (error) {
      if (isLast || !known || !(error instanceof QueueUnavailableError)) throw error
      setTimeout(ring, AGAIN_MS)
      return known
    }
  }

  /** Those who are told in the same turn of the event loop, and ask for the same job, share the answer. */
  #get (uuid: string): Promise<ReadJob | undefined> {
    let read = this.#reads.get(uuid)
    if (!read) {
      read = this.#queue.get(uuid)
      this.#reads.set(uuid, read)
      setImmediate(() => this.#reads.delete(uuid))
    }
    return read
  }
}

/** Rings are not lost: one before it is listened for counts as well. */
class Bell {
  #rings = false
  #listener: (() => void) | undefined

  ring (): void {
    this.#rings = true
    this.#listener?.()
  }

  async rung (): Promise<void> {
    if (!this.#rings) await new Promise<void>(resolve => { this.#listener = resolve })
    this.#rings = false
    this.#listener = undefined
  }
}
