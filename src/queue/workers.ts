import type { Redis } from 'ioredis'
import { toUuid } from './ids.ts'
import type { Keys } from './keys.ts'
import { isRemote, remoteName, shownName } from './remote.ts'
import { ask, run } from './scripts.ts'
import type { Page } from './queue.ts'

/** What operators want of a worker. */
export type WorkerState = 'run' | 'quiet' | 'stop'

/** What a worker says of itself; only the id and the queues are certain of a remote one. */
export interface WorkerInfo {
  /** as the engine has it: see remote.ts */
  id: string
  language?: string
  version?: string
  host?: string
  pid?: number
  queues: string[]
  concurrency?: number
  /** ms */
  started_at: number
}

export interface WorkerView extends WorkerInfo {
  remote: boolean
  state: WorkerState
  /** jobs that it holds now */
  running: number
  /** some of their ids, at most 100 */
  jobs: string[]
  last_seen_at: number
}

const MAX_JOBS_SHOWN = 100
const MAX_SERVING = 1000
const SERVED_MS = 1000

/** How many of some workers take jobs from each queue. */
export function countServed (workers: Pick<WorkerInfo, 'queues'>[]): Map<string, number> {
  const served = new Map<string, number>()
  for (const { queues } of workers) for (const queue of new Set(queues)) served.set(queue, (served.get(queue) ?? 0) + 1)
  return served
}

/** The workers that have announced themselves lately. */
export class Workers {
  readonly #redis: Redis
  readonly #keys: Keys
  #served = Promise.resolve(new Map<string, number>())
  #servedAt = -Infinity

  constructor (redis: Redis, keys: Keys) {
    this.#redis = redis
    this.#keys = keys
  }

  /** Where messages say what a worker is told, as `orderOf` reads them. */
  get channel (): string {
    return this.#keys.workers
  }

  /** Says that a worker lives; it counts as live for `ttl_ms`. Returns what operators want of it. */
  async announce (worker: WorkerInfo, ttl_ms: number): Promise<WorkerState> {
    return await this.#write(worker.id, JSON.stringify({ ...worker, ttl_ms }), ttl_ms)
  }

  /** What a worker, by its name in the engine, has said of itself; undefined when it does not count as live. */
  async find (name: string): Promise<WorkerInfo | undefined> {
    const text = await ask(this.#redis.hget(this.#keys.workers, name))
    if (text === null) return undefined
    const { ttl_ms, ...worker } = JSON.parse(text) as WorkerInfo & { ttl_ms: number }
    return worker
  }

  /** Tells a live worker, by the id that people see. Returns what it is to do now, or undefined when there is no such worker. */
  async order (id: string, state: Exclude<WorkerState, 'run'>): Promise<WorkerState | undefined> {
    const { workers, workersSeen, workersOrders } = this.#keys
    const told = await run(this.#redis, 'order', [workers, workersSeen, workersOrders], [state, id, remoteName(id)]) as WorkerState | ''
    return told === '' ? undefined : told
  }

  /** Reads a message of the channel: which worker, by its name in the engine, is told what. */
  static orderOf (message: string): { name: string, state: WorkerState } {
    const [name, state] = message.split(' ') as [string, WorkerState]
    return { name, state }
  }

  /** What live workers have been told that are not simply to run, by their names in the engine. */
  async orders (): Promise<{ name: string, state: WorkerState }[]> {
    const orders = await ask(this.#redis.hgetall(this.#keys.workersOrders))
    return Object.entries(orders).map(([name, state]) => ({ name, state: state as WorkerState }))
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
    const names = [...live.keys()].filter(name => shownName(name) > cursor).sort((a, b) => shownName(a) < shownName(b) ? -1 : 1)
    const page = names.slice(0, limit)
    const [texts, orders] = page.length > 0 ? await Promise.all([this.#keys.workers, this.#keys.workersOrders].map(key => ask(this.#redis.hmget(key, ...page)))) as [(string | null)[], (string | null)[]] : [[], []]
    const items = await Promise.all(texts.flatMap((text, i) => text === null ? [] : [this.#view(text, orders[i] as WorkerState | null, live.get(page[i]!)!)]))
    return { items, next_cursor: names.length > limit ? shownName(page.at(-1)!) : null }
  }

  /** The queues that live workers take jobs from, and how many each has, of at most 1,000 workers; read at most once a second. */
  async queuesServed (): Promise<ReadonlyMap<string, number>> {
    if (performance.now() - this.#servedAt > SERVED_MS) {
      this.#servedAt = performance.now()
      this.#served = this.#readServed()
      this.#served.catch(() => { this.#servedAt = -Infinity })
    }
    return await this.#served
  }

  async #readServed (): Promise<Map<string, number>> {
    const now = await ask(this.#redis.time())
    const live = await ask(this.#redis.zrangebyscore(this.#keys.workersSeen, Number(now[0]) * 1000, '+inf', 'LIMIT', 0, MAX_SERVING))
    const texts = live.length > 0 ? await ask(this.#redis.hmget(this.#keys.workers, ...live)) : []
    return countServed(texts.flatMap(text => text === null ? [] : JSON.parse(text) as WorkerInfo))
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

  async #view (text: string, order: WorkerState | null, liveTo: number): Promise<WorkerView> {
    const { ttl_ms, ...worker } = JSON.parse(text) as WorkerInfo & { ttl_ms: number }
    const remote = isRemote(worker.id)
    return { ...worker, ...await this.#running(worker), id: shownName(worker.id), remote, state: order ?? 'run', last_seen_at: liveTo - ttl_ms }
  }

  async #write (id: string, text: string, ttl_ms: number): Promise<WorkerState> {
    const { workers, workersSeen, workersOrders } = this.#keys
    const [, order] = await run(this.#redis, 'workers', [workers, workersSeen, workersOrders], [id, text, ttl_ms]) as [number, WorkerState | '']
    return order === '' ? 'run' : order
  }
}
