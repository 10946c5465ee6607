import { setTimeout } from 'node:timers/promises'
import type { Redis } from 'ioredis'
import { decodeEntry, select } from '../../../src/queue/event.ts'
import type { JobEvent } from '../../../src/queue/event.ts'

const COUNT = 200
const PAUSE_MS = 50

export type Happened = Pick<JobEvent, 'kind' | 'worker' | 'at'>

/** All that ever happened to the jobs, read from the stream of events as it grows: of what the service itself keeps only the end is left. */
export class History {
  readonly #redis: Redis
  readonly #key: string
  readonly #events = new Map<string, Happened[]>()
  #position = '0-0'
  #read = 0
  #closed = false
  readonly #running: Promise<void>

  constructor (redis: Redis, key: string) {
    this.#redis = redis
    this.#key = key
    this.#running = this.#follow()
  }

  of (id: string): Happened[] {
    return this.#events.get(id) ?? []
  }

  /** Reads what there still is. Returns how many entries were missed, because they were gone before they were read. */
  async end (): Promise<number> {
    this.#closed = true
    await this.#running
    while (await this.#more() > 0);
    const info = await this.#redis.xinfo('STREAM', this.#key) as unknown[]
    return Number(info[info.indexOf('entries-added') + 1]) - this.#read
  }

  async #follow (): Promise<void> {
    while (!this.#closed) if (await this.#more() < COUNT) await setTimeout(PAUSE_MS)
  }

  async #more (): Promise<number> {
    // While Redis is away the call fails, or waits until it is back.
    const answer = await this.#redis.xread('COUNT', COUNT, 'STREAMS', this.#key, this.#position).catch(() => null)
    const entries = answer?.[0]?.[1] ?? []
    for (const entry of entries) {
      this.#position = entry[0]
      this.#read++
      for (const { job_id, kind, worker, at } of select(decodeEntry(entry), {})) {
        if (kind === 'progress') continue
        const events = this.#events.get(job_id)
        if (events) events.push({ kind, worker, at })
        else this.#events.set(job_id, [{ kind, worker, at }])
      }
    }
    return entries.length
  }
}
