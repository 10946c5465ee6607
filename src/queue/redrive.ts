import type { Redis } from 'ioredis'
import { fromUuid, toUuid } from './ids.ts'
import type { Keys } from './keys.ts'
import { run } from './scripts.ts'

export interface Redriven { redriven: number, remaining: number, not_found: string[] }

/** Queues dead-lettered jobs again, these or the oldest `limit`, in as many calls as their size takes; see lua/redrive.lua. */
export async function redrive (redis: Redis, keys: Keys, queue: string, limit: number, uuids?: string[]): Promise<Redriven> {
  const left = uuids?.length ? [...new Set(uuids)].map(fromUuid) : undefined
  const total: Redriven = { redriven: 0, remaining: 0, not_found: [] }
  for (;;) {
    const [redriven, remaining, missing] = await run(redis, 'redrive', keys.of(queue), [queue, limit - total.redriven, ...left ?? []]) as [number, number, string[]]
    total.redriven += redriven
    total.remaining = remaining
    total.not_found.push(...missing.map(toUuid))
    left?.splice(0, redriven + missing.length)
    if (left ? left.length === 0 : redriven === 0 || remaining === 0 || total.redriven >= limit) return total
  }
}
