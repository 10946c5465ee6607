import type { Redis } from 'ioredis'
import { toUuid } from './ids.ts'
import type { Keys } from './keys.ts'
import { ask, run } from './scripts.ts'
import type { Page } from './queue.ts'

/** What a worker says of itself. */
export interface WorkerInfo {
  id: string
  host: string
  pid: number
  queues: string[]
  concurrency: number
  /** ms */
  started_at: number
}

export interface WorkerView extends WorkerInfo {
  /** jobs that it holds now */
  running: number
  /** some of their ids, at most 100 */
  jobs: string[]
  last_seen_at: number
}

const MAX_JOBS_SHOWN = 100
const MAX_SERVING = 1000
const SERVED_MS = 1000

/** The workers that have announced themselves lately. */
export class Workers {
  readonly #redis: Redis
  readonly #keys: Keys
  #served = Promise.resolve(new Set<string>())
  #servedAt = -Infinity

  constructor (redis: Redis, keys: Keys) {
    this.#redis = redis
    this.#keys = keys
  }

  /** Says that a worker lives; it counts as live for `ttl_ms`. */
  async announce (worker: WorkerInfo, ttl_ms: number): Promise<void> {
    await this.#write(worker.id, JSON.stringify({ ...worker, ttl_ms }), ttl_ms)
  }

  /** Says that a worker has ended. */
  async withdraw (id: string): Promise<void> {
    await this.#write(id, '', 0)
  }

  /** The live workers by id; a cursor is the last id of the page before. */
  async list (limit: number, cursor = ''): Promise<Page<WorkerView>> {
    const now = await ask(this.#redis.time())
    const seen = await ask(this.#redis.zrangebyscore(this.#keys.workersSeen, Number(now[0]) * 1000, '+inf', 'WITHSCORES'))
    const live = new Map<string, number>()
    for (let i = 0; i < seen.length; i += 2) live.set(seen[i]!, Number(seen[i + 1]))
    const ids = [...live.keys()].filter(id => id > cursor).sort()
    const page = ids.slice(0, limit)
    const texts = page.length > 0 ? await ask(this.#redis.hmget(this.#keys.workers, ...page)) : []
    const items = await Promise.all(texts.filter(text => text !== null).map(async text => {
      const { ttl_ms, ...worker } = JSON.parse(text) as WorkerInfo & { ttl_ms: number }
      return { ...worker, ...await this.#running(worker), last_seen_at: live.get(worker.id)! - ttl_ms }
    }))
    return { items, next_cursor: ids.length > limit ? page.at(-1)! : null }
  }

  /** The queues that a live worker takes jobs from, of at most 1,000 workers; read at most once a second. */
  async queuesServed (): Promise<Set<string>> {
    if (performance.now() - this.#servedAt > SERVED_MS) {
      this.#servedAt = performance.now()
      this.#served = this.#readServed()
      this.#served.catch(() => { this.#servedAt = -Infinity })
    }
    return await this.#served
  }

  async #readServed (): Promise<Set<string>> {
    const now = await ask(this.#redis.time())
    const live = await ask(this.#redis.zrangebyscore(this.#keys.workersSeen, Number(now[0]) * 1000, '+inf', 'LIMIT', 0, MAX_SERVING))
    const texts = live.length > 0 ? await ask(this.#redis.hmget(this.#keys.workers, ...live)) : []
    return new Set(texts.flatMap(text => text === null ? [] : (JSON.parse(text) as WorkerInfo).queues))
  }

  async #running ({ id, queues }: WorkerInfo): Promise<{ running: number, jobs: string[] }> {
    const held = queues.map(queue => this.#keys.held(queue, id))
    const counts = await Promise.all(held.map(key => ask(this.#redis.hlen(key))))
    const some = await Promise.all(held.map(key => ask(this.#redis.hrandfield(key, MAX_JOBS_SHOWN)))) as string[][]
    return {
      running: counts.reduce((sum, count) => sum + count, 0),
      jobs: some.flat().slice(0, MAX_JOBS_SHOWN).map(toUuid)
    }
  }

  async #write (id: string, text: string, ttl_ms: number): Promise<void> {
    await run(this.#redis, 'workers', [this.#keys.workers, this.#keys.workersSeen], [id, text, ttl_ms])
  }
}
