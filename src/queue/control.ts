import type { Redis } from 'ioredis'
import { fromUuid } from './ids.ts'
import type { Keys } from './keys.ts'
import { run } from './scripts.ts'

export type Action = 'cancel' | 'retry' | 'promote' | 'delete'

/** What an action came to for one job: `unchanged` when it was so already, `conflict` when its status does not allow it. */
export type ActionResult = 'changed' | 'unchanged' | 'conflict' | 'unknown'

const RESULTS: Record<number, ActionResult> = { 1: 'changed', 0: 'unchanged', '-1': 'conflict', '-2': 'unknown' }

/**
 * Cancels, retries, promotes or deletes up to 1,000 jobs of one queue; what each means says lua/control.lua. The results are in the order
 * of the ids, which are UUIDs; one that is named again is `unchanged` then. Where the jobs are large it takes several calls. Rejects with a
 * QueueUnavailableError; then it is unknown what was done, and it may be done again.
 */
export async function control (redis: Redis, keys: Keys, queue: string, action: Action, uuids: string[]): Promise<ActionResult[]> {
  const ids = [...new Set(uuids)]
  const results = new Map<string, ActionResult>()
  while (results.size < ids.length) {
    const from = results.size
    const some = await run(redis, 'control', keys.of(queue), [queue, action, ...ids.slice(from).map(fromUuid)]) as number[]
    for (const [i, result] of some.entries()) results.set(ids[from + i]!, RESULTS[result]!)
  }
  const named = new Set<string>()
  return uuids.map(uuid => {
    const result = results.get(uuid)!
    if (result === 'unknown' || !named.has(uuid)) {
      named.add(uuid)
      return result
    }
    return 'unchanged'
  })
}
