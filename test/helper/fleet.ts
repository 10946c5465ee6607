import { resolve } from 'node:path'
import { Redis } from 'ioredis'
import { Keys } from '../../src/queue/keys.ts'
import { Queue } from '../../src/queue/queue.ts'
import { startTestRedis } from './redis.ts'
import type { TestRedis, TestRedisOptions } from './redis.ts'
import { startProcess } from './service.ts'
import type { Service } from './service.ts'

interface Scope { teardown: (fn: () => Promise<void>) => void }

/** A Redis that keeps its data, and the service's processes around it, with short leases. */
export interface Fleet {
  server: TestRedis
  /** Comes back by itself, and waits for Redis while it is away. */
  redis: Redis
  queue: Queue
  worker: (env?: NodeJS.ProcessEnv) => Promise<Service>
  api: (env?: NodeJS.ProcessEnv) => Promise<Service>
  /** Ends all processes but Redis, and empties that. */
  clear: () => Promise<void>
  /** Starts of handlers: id, pid, attempt, lost. */
  starts: () => Promise<{ id: string, pid: number, attempt: number, lost: number }[]>
}

export async function startFleet (t: Scope, options: TestRedisOptions = {}): Promise<Fleet> {
  const server = await startTestRedis(t, { appendonly: true, ...options })
  const redis = new Redis({ ...server.redisOptions, maxRetriesPerRequest: null, retryStrategy: () => 20 })
  redis.on('error', () => {})
  t.teardown(async () => { redis.disconnect() })
  const HANDLERS = resolve('test/fixture/handlers.mjs')
  const processes: Service[] = []
  const start = async (entry: string, env: NodeJS.ProcessEnv) => {
    const service = await startProcess(t, entry, env)
    processes.push(service)
    return service
  }
  const settings = { ...server.env, LEASE_SECONDS: '1', SWEEP_INTERVAL_MS: '100', SHUTDOWN_GRACE_SECONDS: '1', LOG_LEVEL: 'info', MAX_EVENT_LOOP_DELAY_MS: '0' }
  return {
    server,
    redis,
    queue: new Queue(redis, new Keys()),
    worker: env => start('worker/main.ts', { ...settings, HANDLERS, WORKER_PORT: '0', ...env }),
    api: env => start('src/server.ts', { ...settings, PORT: '0', ...env }),
    async clear () {
      for (const service of processes.splice(0)) {
        service.signal('SIGKILL')
        await service.exited
      }
      await redis.flushall()
    },
    async starts () {
      return (await redis.lrange('test:starts', 0, -1)).map(line => {
        const [id, pid, attempt, lost] = line.split(' ')
        return { id: id!, pid: Number(pid), attempt: Number(attempt), lost: Number(lost) }
      })
    }
  }
}
