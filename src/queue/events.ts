import { setTimeout as sleep } from 'node:timers/promises'
import type { Redis } from 'ioredis'
import { QueueUnavailableError, explain } from './errors.ts'
import { decodeEntry, isBefore, jobsOf, placeOf, select } from './event.ts'
import type { Entry, EventFilter, JobEvent } from './event.ts'
import { ask } from './scripts.ts'

/** How long a read waits for something to happen. Its connection counts as dead somewhat later: see `connect`. */
export const BLOCK_MS = 2000
/** Entries read at a time: an entry has up to a few thousand jobs. */
const COUNT = 32
const RETRY_MS = 100
const FAULT_MS = 500
/** How long Redis may take to say where the stream ends. */
const START_MS = 800
/** It goes on reading for so long after the last follower has gone: the next is often near. */
const LINGER_MS = 5000
const START = '0-0'

export interface Listener {
  /** What happened in one script call, in order. Those with the same filter get the same array. */
  events: (events: JobEvent[]) => void
  /** Something may have happened that it was not told: it has to look for itself. */
  gap: () => void
}

export interface EventsOptions {
  /** for the history */
  redis: Redis
  /** Makes a connection that only this uses, not connected yet; it must give up a reply after BLOCK_MS and what a reply may take. */
  connect: () => Redis
  key: string
  /** Told of what is not only a Redis that is away; it goes on trying. */
  onFault: (error: unknown) => void
}

interface Group { filter: EventFilter, listeners: Set<Listener> }

/**
 * Tells those who follow what happens to jobs. However many they are, it reads the stream once, on a connection of its own that
 * is made for the first and given up some time after the last. When that breaks, it goes on where it was.
 */
export class Events {
  readonly #options: EventsOptions
  readonly #groups = new Map<string, Group>()
  readonly #byJob = new Map<string, Set<Listener>>()
  /** The last entry that has been read; undefined while it is not known where to begin. */
  #position: string | undefined
  #running: Promise<void> | undefined
  #connection: Redis | undefined
  #lastFollowed = 0
  #closed = false
  readonly #starting: { resolve: () => void, reject: (error: unknown) => void }[] = []

  constructor (options: EventsOptions) {
    this.#options = options
  }

  /**
   * When this resolves, nothing that happens from then on is missed, whatever becomes of the connection. Rejects with a
   * QueueUnavailableError. Returns what ends it.
   */
  async follow (filter: EventFilter, listener: Listener): Promise<() => void> {
    const unfollow = this.#add(filter, listener)
    this.#running ??= this.#run()
    try {
      if (this.#position === undefined) await this.#positioned()
    } catch (error) {
      unfollow()
      throw error
    }
    return unfollow
  }

  /** The last entry that followers have been told of, or soon will be. */
  get position (): string {
    return this.#position ?? START
  }

  /** How many follow. */
  get followers (): number {
    const sets = [...[...this.#groups.values()].map(({ listeners }) => listeners), ...this.#byJob.values()]
    return sets.reduce((sum, { size }) => sum + size, 0)
  }

  /**
   * What has happened since the event with this id, up to an entry, as far as it is kept: an array an entry. `undefined` says that
   * something is missing here. Rejects with a QueueUnavailableError.
   */
  async * history (eventId: string, upTo: string, filter: EventFilter): AsyncGenerator<JobEvent[] | undefined> {
    const { redis, key } = this.#options
    let { entry: last, seen } = placeOf(eventId)
    while (true) {
      // With the last one again: that it is still there says that nothing between it and the next is missing.
      const entries = await ask(redis.xrange(key, last, upTo, 'COUNT', COUNT + 1))
      if (entries[0]?.[0] !== last) yield undefined
      for (const entry of entries) yield select(decodeEntry(entry), filter, entry[0] === last ? seen : 0)
      if (entries.length <= COUNT) return
      last = entries.at(-1)![0]
      seen = Infinity
    }
  }

  async close (): Promise<void> {
    this.#closed = true
    this.#connection?.disconnect()
    await this.#running
  }

  #add (filter: EventFilter, listener: Listener): () => void {
    const { job } = filter
    if (job !== undefined) {
      const listeners = this.#byJob.get(job) ?? new Set()
      this.#byJob.set(job, listeners.add(listener))
      return () => {
        listeners.delete(listener)
        if (listeners.size === 0 && this.#byJob.get(job) === listeners) this.#byJob.delete(job)
      }
    }
    const name = JSON.stringify([filter.queue, filter.kinds, filter.queues])
    const group = this.#groups.get(name) ?? { filter, listeners: new Set() }
    this.#groups.set(name, group)
    group.listeners.add(listener)
    return () => {
      group.listeners.delete(listener)
      if (group.listeners.size === 0 && this.#groups.get(name) === group) this.#groups.delete(name)
    }
  }

  async #positioned (): Promise<void> {
    let timer: NodeJS.Timeout | undefined
    try {
      await new Promise<void>((resolve, reject) => {
        this.#starting.push({ resolve, reject })
        timer = setTimeout(() => reject(new QueueUnavailableError('Redis does not say where its events end')), START_MS)
      })
    } finally {
      clearTimeout(timer)
    }
  }

  get #wanted (): boolean {
    if (this.#groups.size + this.#byJob.size > 0) this.#lastFollowed = performance.now()
    return !this.#closed && performance.now() - this.#lastFollowed < LINGER_MS
  }

  async #run (): Promise<void> {
    const redis = this.#connection = this.#options.connect()
    redis.on('error', () => {}) // said by whatever fails for it
    let broken = false
    redis.connect().catch(() => {})
    while (this.#wanted) {
      try {
        if (this.#position === undefined) await this.#start(redis)
        else if (broken) await this.#resume(redis)
        broken = false
        await this.#read(redis)
      } catch (error) {
        broken = true
        await sleep(this.#isAway(error) ? RETRY_MS : FAULT_MS)
      }
    }
    redis.disconnect()
    this.#position = undefined
    this.#running = undefined
  }

  async #start (redis: Redis): Promise<void> {
    this.#position = await this.#end(redis)
    for (const { resolve } of this.#starting.splice(0)) resolve()
  }

  /** Whether Redis is only away; anything else is a fault, and nobody can be promised anything. */
  #isAway (error: unknown): boolean {
    const meaning = explain(error)
    if (meaning instanceof QueueUnavailableError) return true
    for (const { reject } of this.#starting.splice(0)) reject(meaning)
    this.#options.onFault(meaning)
    return false
  }

  async #read (redis: Redis): Promise<void> {
    const from = this.#position!
    const reply = await redis.xread('COUNT', COUNT, 'BLOCK', BLOCK_MS, 'STREAMS', this.#options.key, from)
    const entries = reply?.[0]?.[1] ?? []
    // Of fewer it is certain that they are all: the last thousand are kept.
    if (entries.length === COUNT && await this.#isTrimmed(redis, from)) this.#tellGap()
    for (const entry of entries) {
      this.#position = entry[0]
      if (this.#groups.size + this.#byJob.size > 0) this.#tell(decodeEntry(entry))
    }
  }

  /** After a break: what was there may be gone, with Redis's data or because too much has happened since. */
  async #resume (redis: Redis): Promise<void> {
    const end = await this.#end(redis)
    const isLost = isBefore(end, this.#position!)
    const isTrimmed = await this.#isTrimmed(redis, this.#position!)
    if (isLost) this.#position = end
    if (isLost || isTrimmed) this.#tellGap()
  }

  async #end (redis: Redis): Promise<string> {
    const [last] = await redis.xrevrange(this.#options.key, '+', '-', 'COUNT', 1)
    return last?.[0] ?? START
  }

  async #isTrimmed (redis: Redis, position: string): Promise<boolean> {
    if (position === START) return false
    const [first] = await redis.xrange(this.#options.key, '-', '+', 'COUNT', 1)
    return first === undefined || isBefore(position, first[0])
  }

  #tell (entry: Entry): void {
    for (const { filter, listeners } of this.#groups.values()) {
      const events = select(entry, filter)
      if (events.length > 0) for (const listener of listeners) listener.events(events)
    }
    if (this.#byJob.size === 0) return
    for (const job of new Set(jobsOf(entry))) {
      const listeners = this.#byJob.get(job)
      if (!listeners) continue
      const events = select(entry, { job })
      for (const listener of listeners) listener.events(events)
    }
  }

  #tellGap (): void {
    for (const { listeners } of this.#groups.values()) for (const listener of listeners) listener.gap()
    for (const listeners of this.#byJob.values()) for (const listener of listeners) listener.gap()
  }
}
