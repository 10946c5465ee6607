import type { Redis } from 'ioredis'
import type { Keys } from './keys.ts'
import { run } from './scripts.ts'

export const MAX_DUE = 100
const MAX_NAMES = 1000

export interface SweepOptions {
  /** A queue is not swept more often than this. */
  interval_ms: number
  /** leases of a job that may run out before it is dead-lettered */
  max_lost: number
  /** how long completed jobs are kept */
  completed_ms: number
  /** how long dead-lettered jobs are kept */
  dead_ms: number
  /** completed jobs kept, the newest */
  keep_completed: number
  /** dead-lettered jobs kept, the newest */
  keep_dead: number
}

export interface Swept { promoted: number, recovered: number, dead: number, forgotten: number }

/**
 * The queues that are due for a sweep, at most MAX_DUE, each for whoever asks first: all processes ask, one gets it; see lua/due.lua.
 * @param names queues to be swept soon unless it is known when they want to be: what an older version kept has no note of it
 */
export async function dueQueues (redis: Redis, keys: Keys, interval_ms: number, names: string[] = []): Promise<string[]> {
  for (let i = 0; i < names.length; i += MAX_NAMES) await run(redis, 'due', [keys.sweeps], [interval_ms, 0, ...names.slice(i, i + MAX_NAMES)])
  return await run(redis, 'due', [keys.sweeps], [interval_ms, MAX_DUE]) as string[]
}

/** Upkeep of one queue in bounded steps, until there is nothing left to do or `signal` aborts; see lua/sweep.lua. */
export async function sweep (redis: Redis, keys: Keys, queue: string, options: SweepOptions, signal?: AbortSignal): Promise<Swept> {
  const { interval_ms, max_lost, completed_ms, dead_ms, keep_completed, keep_dead } = options
  const total: Swept = { promoted: 0, recovered: 0, dead: 0, forgotten: 0 }
  while (!signal?.aborted) {
    const reply = await run(redis, 'sweep', keys.of(queue), [queue, interval_ms, max_lost, completed_ms, dead_ms, keep_completed, keep_dead])
    const [promoted, recovered, dead, forgotten, more] = reply as [number, number, number, number, number]
    total.promoted += promoted
    total.recovered += recovered
    total.dead += dead
    total.forgotten += forgotten
    if (more === 0) break
  }
  return total
}
