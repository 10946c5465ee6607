import type { Redis } from 'ioredis'
import type { Keys } from './keys.ts'
import { run } from './scripts.ts'
import { decodeStats } from './stats.ts'
import type { QueueStats } from './stats.ts'
import type { WorkerInfo } from './workers.ts'

/** So many queues are counted with one call. */
const TOGETHER = 100

export interface Census {
  /** those that were asked for, in their order */
  queues: QueueStats[]
  /** live workers, at most 1,000 */
  workers: Pick<WorkerInfo, 'id' | 'queues'>[]
}

/** Counts some queues, each 100 of them at one moment, with one call of Redis; and the live workers. Rejects with a QueueUnavailableError. */
export async function census (redis: Redis, keys: Keys, names: string[]): Promise<Census> {
  const queues: QueueStats[] = []
  let workers: Census['workers'] = []
  // One after the other: Redis serves others in between.
  for (let i = 0; i < names.length; i += TOGETHER) {
    const some = names.slice(i, i + TOGETHER)
    const [replies, texts] = await run(redis, 'census', [...keys.of(some[0]!), keys.workers, keys.workersSeen], some) as [unknown[], string[]]
    queues.push(...replies.map((reply, nth) => decodeStats(some[nth]!, reply)))
    workers = texts.map(text => JSON.parse(text))
  }
  return { queues, workers }
}
