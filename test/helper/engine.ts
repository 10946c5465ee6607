import { setTimeout } from 'node:timers/promises'
import { Redis } from 'ioredis'
import type { Test } from 'tap'
import type { JobSpec } from '../../src/queue/job.ts'
import { Keys } from '../../src/queue/keys.ts'
import { Leases } from '../../src/queue/lease.ts'
import type { Handed, Keep, Settlement, TurnResult } from '../../src/queue/lease.ts'
import { Queue } from '../../src/queue/queue.ts'
import type { KeptJob } from '../../src/queue/queue.ts'
import { loadScripts } from '../../src/queue/scripts.ts'
import { sweep } from '../../src/queue/sweeper.ts'
import type { SweepOptions, Swept } from '../../src/queue/sweeper.ts'
import { startTestRedis } from './redis.ts'
import type { TestRedis, TestRedisOptions } from './redis.ts'

/** Long enough for no lease to run out and no delay to pass by itself in a test. */
export const HOUR_MS = 3_600_000

const LEASE = { lease_ms: HOUR_MS, keep_completed: 100_000, keep_dead: 100_000 }
const SWEEP: SweepOptions = { interval_ms: 0, max_lost: 3, completed_ms: HOUR_MS, dead_ms: HOUR_MS, keep_completed: 100_000, keep_dead: 100_000 }

/** The engine on a Redis of its own, empty at the start of each test of the file. */
export interface Engine {
  server: TestRedis
  redis: Redis
  keys: Keys
  queue: Queue
  /** One worker's leases of the default queue; they last an hour. */
  worker: (name?: string, options?: Partial<Keep> & { lease_ms?: number, queue?: string }) => Leases
  sweep: (options?: Partial<SweepOptions> & { queue?: string }) => Promise<Swept>
  /** The key `job_queue…` of the default queue. */
  key: (suffix?: string) => string
  connect: () => Promise<Redis>
}

export async function startEngine (t: Test, options: TestRedisOptions = {}): Promise<Engine> {
  const server = await startTestRedis(t, options)
  const connect = async () => {
    // As the service connects: what fails, fails at once.
    const client = new Redis({ ...server.redisOptions, lazyConnect: true, enableOfflineQueue: false, autoResendUnfulfilledCommands: false, maxRetriesPerRequest: 0, retryStrategy: () => 20 })
    client.on('error', () => {})
    await client.connect()
    t.teardown(async () => { client.disconnect() })
    return client
  }
  const redis = await connect()
  await loadScripts(redis)
  t.beforeEach(async () => { await redis.flushall() })
  const keys = new Keys()
  return {
    server,
    redis,
    keys,
    queue: new Queue(redis, keys),
    worker: (name = 'w1', { queue = 'default', ...rest } = {}) => {
      const { lease_ms, ...keep } = { ...LEASE, ...rest }
      return new Leases(redis, keys, queue, name, lease_ms, () => keep)
    },
    sweep: ({ queue = 'default', ...rest } = {}) => sweep(redis, keys, queue, { ...SWEEP, ...rest }),
    key: (suffix = '') => keys.base('default') + suffix,
    connect
  }
}

/** Submits `count` jobs that are alike, in this order. */
export async function submitMany ({ queue }: Engine, count: number, spec: Partial<JobSpec> = {}): Promise<KeptJob[]> {
  const jobs: KeptJob[] = []
  while (jobs.length < count) {
    const specs = Array.from({ length: Math.min(1000, count - jobs.length) }, () => ({ task: 'x', ...spec }))
    jobs.push(...await queue.submitAll(specs))
  }
  return jobs
}

export interface IdleWorker {
  leases: Leases
  /** the note it left */
  parked: string
  /** What it has been sent since the last call. Redis answers the PING after all that it published before. */
  handed: () => Promise<Handed[]>
  /** It goes away without a word. */
  unsubscribe: () => Promise<unknown>
}

/** A worker that listens and is parked with room for `max` jobs. */
export async function idleWorker ({ connect, worker }: Engine, name: string, max = 10, options: Parameters<Engine['worker']>[1] = {}): Promise<IdleWorker> {
  const subscriber = await connect()
  const leases = worker(name, options)
  const messages: Handed[] = []
  subscriber.on('message', (_channel, message) => messages.push(Leases.handed(message)))
  await subscriber.subscribe(leases.channel)
  const { parked } = await leases.turn({ max, park: true })
  return {
    leases,
    parked,
    async handed () {
      await subscriber.ping()
      return messages.splice(0)
    },
    unsubscribe: () => subscriber.unsubscribe()
  }
}

/** Makes a worker's leases run out now: the state that a crash leaves some time later. */
export async function expire ({ redis, key, keys }: Engine, worker = 'w1'): Promise<void> {
  await redis.zadd(key(':active'), 'XX', '1', worker)
  await redis.zadd(keys.sweeps, '1', 'default')
}

/** Makes all jobs due that are scheduled, or wait for their next attempt, in the order of their due times. */
export async function makeDue ({ redis, key }: Engine, where: ':scheduled' | ':retrying'): Promise<void> {
  const members = await redis.zrange(key(where), '0', '-1')
  if (members.length > 0) await redis.zadd(key(where), 'XX', ...members.flatMap((member, i) => [`${i + 1}`, member]))
}

export function completed ({ leased }: TurnResult, result = '"done"'): Settlement[] {
  return leased.map(({ id, token }) => ({ kind: 'complete', id, token, result }))
}

export function dead ({ leased }: TurnResult, message = 'no'): Settlement[] {
  return leased.map(({ id, token }) => ({ kind: 'dead', id, token, failure: { reason: 'failed', message } }))
}

export function retried ({ leased }: TurnResult, delay_ms = HOUR_MS, message = 'no'): Settlement[] {
  return leased.map(({ id, token }) => ({ kind: 'retry', id, token, delay_ms, failure: { reason: 'failed', message } }))
}

export function released ({ leased }: TurnResult): Settlement[] {
  return leased.map(({ id, token }) => ({ kind: 'release', id, token }))
}

/** Everything in Redis, key by key: to see that nothing has changed. */
export async function dump (redis: Redis): Promise<Record<string, unknown>> {
  const all: Record<string, unknown> = {}
  for (const key of (await redis.keys('*')).sort()) {
    const type = await redis.type(key)
    if (type === 'hash') all[key] = await redis.hgetall(key)
    else if (type === 'list') all[key] = await redis.lrange(key, 0, -1)
    else if (type === 'zset') all[key] = await redis.zrange(key, '0', '-1', 'WITHSCORES')
    else if (type === 'set') all[key] = (await redis.smembers(key)).sort()
    else if (type === 'stream') all[key] = await redis.xrange(key, '-', '+')
    else all[key] = await redis.get(key)
  }
  return all
}

/** Asks until the answer is not undefined or false; throws after 20 s. */
export async function until<T> (ask: () => T | Promise<T>): Promise<Exclude<Awaited<T>, undefined | false>> {
  // With a pause: what asks all the time takes from what is waited for the processor.
  for (const end = Date.now() + 20_000; Date.now() < end; await setTimeout(5)) {
    const answer = await ask()
    if (answer !== undefined && answer !== false) return answer as Exclude<Awaited<T>, undefined | false>
  }
  throw new Error('waited 20 s in vain')
}
