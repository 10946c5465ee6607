import type { Redis } from 'ioredis'
import type { Status } from './job.ts'
import type { Keys } from './keys.ts'
import { run } from './scripts.ts'

export type Purgeable = Exclude<Status, 'active'>

const MAX_STEPS = 100

/** How many jobs were deleted that were in each status, and whether there may be more. */
export interface Purged { purged: Record<Purgeable, number>, more: boolean }

/** Deletes the jobs of a queue in these statuses for good, in steps of 1,000 or 32 MiB, at most 100 of them; see lua/purge.lua. */
export async function purge (redis: Redis, keys: Keys, queue: string, statuses: Purgeable[]): Promise<Purged> {
  const purged: Record<Purgeable, number> = { blocked: 0, queued: 0, scheduled: 0, retrying: 0, completed: 0, failed: 0, cancelled: 0 }
  const left = [...statuses]
  for (let step = 0; step < MAX_STEPS && left.length > 0; step++) {
    const [deleted, more] = await run(redis, 'purge', keys.of(queue), [queue, left[0]!]) as [number, number]
    purged[left[0]!] += deleted
    if (more === 0) left.shift()
  }
  return { purged, more: left.length > 0 }
}
