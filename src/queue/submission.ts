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
    const [high, normal, low] = [new Ready(), new Ready(), new Ready()]
    const ready: Record<Priority, Ready> = { high, normal, low }
    const later: string[] = []
    const ids: string[] = []
    for (const { entries } of this.groups) {
      for (const { id, record, priority, due, group } of entries) {
        if (due === '') ready[priority].add(id, record, group)
        else later.push(id, record, due)
        ids.push(id)
      }
    }
    const start: ScriptArg[] = [queue, high.jobs.length / 2, normal.jobs.length / 2, low.jobs.length / 2, journalText(ids), high.groups.length, normal.groups.length, low.groups.length]
    return start.concat(high.jobs, normal.jobs, low.jobs, high.grouped, high.groups, normal.grouped, normal.groups, low.grouped, low.groups, later)
  }

  /** Its call is under way. A single group, which is kept or refused as it is, is then of no use. */
  sent (): void {
    if (this.groups.length === 1) this.groups[0]!.entries = []
  }
}

/** The jobs of a priority that are ready at once: ids and records of those without a group, then of those with one, and their groups. */
class Ready {
  readonly jobs: string[] = []
  readonly grouped: string[] = []
  readonly groups: string[] = []

  add (id: string, record: string, group: string | undefined): void {
    if (group === undefined) {
      this.jobs.push(id, record)
    } else {
      this.grouped.push(id, record)
      this.groups.push(group)
    }
  }
}

export type FullReply = ['full', max_length: number, waiting: number, queue: string]
