import type { QueueFullError } from './errors.ts'
import type { Priority } from './job.ts'
import { journalText } from './journal.ts'
import type { ScriptArg } from './scripts.ts'

// The call of lua/submit.lua: its arguments, and what it answers.

/** No call has more jobs than this. */
export const MAX_JOBS = 1000
const MAX_CHARS = 4 * 1024 * 1024

/** A job to keep, as lua/submit.lua has it; `due` is '' when it is ready at once. */
export interface Entry { id: string, record: string, priority: Priority, due: string, group?: string }

/** What was submitted together: all of it is kept or nothing, and then there is an error. */
export interface Group { readonly size: number, entries: Entry[], error?: QueueFullError }

/** The jobs of one call. All who submitted them wait for the same promise. */
export class Batch {
  /** when they were kept, ms */
  readonly kept: Promise<number>
  resolve!: (at: number) => void
  reject!: (error: unknown) => void
  jobs = 0
  /** in the order of submission */
  readonly groups: Group[] = []
  #chars = 0

  constructor () {
    this.kept = new Promise((resolve, reject) => {
      this.resolve = resolve
      this.reject = reject
    })
  }

  takes (jobs: number): boolean {
    return this.jobs + jobs <= MAX_JOBS && this.#chars < MAX_CHARS
  }

  add (group: Group): void {
    this.groups.push(group)
    this.jobs += group.size
    for (const { record } of group.entries) this.#chars += record.length
  }

  args (queue: string): ScriptArg[] {
    const ready: Record<Priority, string[]> = { high: [], normal: [], low: [] }
    const later: string[] = []
    const ids: string[] = []
    for (const { entries } of this.groups) {
      for (const { id, record, priority, due, group } of entries) {
        if (due === '' && group === undefined) ready[priority].push(id, record)
        else later.push(id, record, due)
        ids.push(id)
      }
    }
    const { high, normal, low } = ready
    const start: ScriptArg[] = [queue, high.length / 2, normal.length / 2, low.length / 2, journalText(ids)]
    return start.concat(high, normal, low, later)
  }

  /** Its call is under way. A single group, which is kept or refused as it is, is then of no use. */
  sent (): void {
    if (this.groups.length === 1) this.groups[0]!.entries = []
  }
}

export type FullReply = ['full', max_length: number, waiting: number, queue: string]
