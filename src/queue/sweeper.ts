import type { Redis } from 'ioredis'
import type { Keys } from './keys.ts'
import { run } from './scripts.ts'

export interface SweepOptions {
  /** At most one process sweeps a queue in this time; 0 always sweeps. */
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

/** Upkeep of one queue in bounded steps, until there is nothing left to do or `signal` aborts; see lua/sweep.lua. */
export async function sweep (redis: Redis, keys: Keys, queue: string, options: SweepOptions, signal?: AbortSignal): Promise<Swept> {
  const { interval_ms, max_lost, completed_ms, dead_ms, keep_completed, keep_dead } = options
  const total: Swept = { promoted: 0, recovered: 0, dead: 0, forgotten: 0 }
  let wait = interval_ms
  while (!signal?.aborted) {
    const reply = await run(redis, 'sweep', keys.of(queue), [queue, wait, max_lost, completed_ms, dead_ms, keep_completed, keep_dead])
    const [promoted, recovered, dead, forgotten, more] = reply as [number, number, number, number, number]
    total.promoted += promoted
    total.recovered += recovered
    total.dead += dead
    total.forgotten += forgotten
    if (more === 0) break
    wait = 0
  }
  return total
}
