import type { Redis } from 'ioredis'
import type { Keys } from '../queue/keys.ts'
import { Leases } from '../queue/lease.ts'
import { park, unpark } from '../queue/remote.ts'
import type { Poll } from './poll.ts'

/** So many polls at most are served at a time. */
const MAX_WIDTH = 32

export interface LineOptions {
  redis: Redis
  keys: Keys
  queue: string
  /** the name of this process as the engine knows it */
  process: string
  /** Leases jobs of this queue for a poll, and ends it with them. Returns whether there may be more. */
  serve: (poll: Poll) => Promise<boolean>
  /** Something failed; the line goes on when it is next looked at. */
  onFault: (error: unknown) => void
}

/**
 * The polls of this process that wait for jobs of one queue. However many they are, the queue has one note of theirs (lua/lib/wake.lua):
 * when there are jobs this process is called, and leases some for one after the other until there are none, or all are served.
 */
export class Line {
  readonly queue: string
  readonly channel: string
  readonly #options: LineOptions
  readonly #polls = new Set<Poll>()
  #subscribed = false
  #note = ''
  /** We will be called. */
  #parked = false
  #calls = 0
  #running = false
  #timer: NodeJS.Timeout | undefined
  #dueAt = Infinity
  #closed = false

  constructor (options: LineOptions) {
    this.#options = options
    this.queue = options.queue
    this.channel = options.keys.held(options.queue, options.process)
  }

  get length (): number { return this.#polls.size }

  /** A poll that has just found nothing. */
  add (poll: Poll): void {
    this.#polls.add(poll)
    if (!this.#parked) this.#run(false)
  }

  remove (poll: Poll): void {
    this.#polls.delete(poll)
  }

  /** A message of the channel: there are jobs now, or in a while. */
  called (message: string): void {
    const handed = Leases.handed(message)
    if (!('due_in_ms' in handed)) return
    if (handed.due_in_ms > 0) return this.#callIn(handed.due_in_ms)
    this.#calls++
    this.#parked = false
    this.#run(true)
  }

  /** The note may be old, or not be there any more. */
  look (): void {
    this.#parked = false
    this.#run(false)
  }

  async close (): Promise<void> {
    this.#closed = true
    clearTimeout(this.#timer)
    const { redis, keys, process } = this.#options
    if (!this.#subscribed) return
    await redis.unsubscribe(this.channel)
    await unpark(redis, keys, this.queue, process, this.#note)
  }

  #callIn (ms: number): void {
    const at = performance.now() + ms
    // What is later is seen by the regular looks.
    if (ms > 60_000 || at >= this.#dueAt) return
    clearTimeout(this.#timer)
    this.#dueAt = at
    this.#timer = setTimeout(() => {
      this.#dueAt = Infinity
      this.look()
    }, ms)
  }

  #run (there: boolean): void {
    if (this.#running || this.#closed) return
    this.#running = true
    this.#serve(there).catch(this.#options.onFault).finally(() => {
      this.#running = false
    })
  }

  /** Until nobody waits, or we will be called. */
  async #serve (there: boolean): Promise<void> {
    let width = 1
    while (this.#polls.size > 0 && !this.#closed) {
      if (!there) {
        if (await this.#park()) return
        width = 1
      }
      const polls = this.#next(width)
      if (polls.length === 0) return // others serve them; if in vain, they come back
      const more = await Promise.all(polls.map(this.#options.serve))
      there = more.every(Boolean)
      width = Math.min(2 * width, MAX_WIDTH)
    }
  }

  #next (count: number): Poll[] {
    const polls: Poll[] = []
    for (const poll of this.#polls) {
      if (polls.length === count) break
      if (!poll.busy) polls.push(poll)
    }
    return polls
  }

  /** False when there may be jobs now. */
  async #park (): Promise<boolean> {
    const { redis, keys, process } = this.#options
    if (!this.#subscribed) {
      await redis.subscribe(this.channel)
      this.#subscribed = true
    }
    const calls = this.#calls
    const { parked, note, due_in_ms } = await park(redis, keys, this.queue, process, this.#note)
    this.#note = note
    if (due_in_ms !== undefined) this.#callIn(due_in_ms)
    // A call that came meanwhile may have been for this very note.
    this.#parked = parked && calls === this.#calls
    return this.#parked
  }
}
