import type { Action } from './control.ts'
import type { JobFilter } from './filter.ts'
import { Finder } from './finder.ts'
import type { Queue } from './queue.ts'

/** Jobs of one call of Redis: it does some ten things to each. */
const TOGETHER = 200

export interface Acted { matched: number, changed: number, unchanged: number, searched: number, next_cursor: string | null }

/**
 * Does an action to the jobs that a filter means, the oldest first: to at most `limit` of them. Rejects as `Finder.find` and
 * `Queue.control` do; some may have been changed then, and it may be done again.
 */
export async function actOn (finder: Finder, queue: Queue, action: Action, filter: JobFilter, { limit, cursor, dry_run = false }: { limit: number, cursor?: string, dry_run?: boolean }): Promise<Acted> {
  const { ids, searched, next_cursor } = await finder.findIds(filter, { order: 'oldest', limit, cursor })
  const acted: Acted = { matched: 0, changed: 0, unchanged: 0, searched, next_cursor }
  for (const [name, some] of ids) {
    acted.matched += some.length
    if (dry_run) continue
    for (let i = 0; i < some.length; i += TOGETHER) {
      for (const result of await queue.control(name, action, some.slice(i, i + TOGETHER))) acted[result === 'changed' ? 'changed' : 'unchanged']++
    }
  }
  return acted
}
