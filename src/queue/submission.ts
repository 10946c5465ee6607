import type { QueueFullError } from './errors.ts'
import { journalText } from './journal.ts'
import type { ScriptArg } from './scripts.ts'

// The call of lua/submit.lua: its arguments, and what it answers.

/** No call has more jobs than this. */
export const MAX_JOBS = 1000
const MAX_CHARS = 4 * 1024 * 1024

/** A job to keep, as lua/submit.lua has it; `due` is '' when it is ready at once. */
export interface Entry { id: string, record: string, due: string, group?: string }

/** The jobs of one call. All who submitted them wait for the same promise. */
export class Batch {
  readonly kept: Promise<Kept>
  resolve!: (kept: Kept) => void
  reject!: (error: unknown) => void
  jobs = 0
  /** What was submitted together, in order. */
  readonly groups: Entry[][] = []
  #chars = 0
  readonly #ready: Record<string, string[]> = { h: [], n: [], l: [] }
  readonly #grouped: Record<string, { jobs: string[], groups: string[] }> = { h: { jobs: [], groups: [] }, n: { jobs: [], groups: [] }, l: { jobs: [], groups: [] } }
  readonly #later: string[] = []
  readonly #ids: string[] = []

  constructor () {
    this.kept = new Promise((resolve, reject) => {
      this.resolve = resolve
      this.reject = reject
    })
  }

  takes (jobs: number): boolean {
    return this.jobs + jobs <= MAX_JOBS && this.#chars < MAX_CHARS
  }

  add (entries: Entry[]): void {
    this.groups.push(entries)
    this.jobs += entries.length
    for (const { id, record, due, group } of entries) {
      if (due !== '') {
        this.#later.push(id, record, due)
      } else if (group === undefined) {
        this.#ready[record[0]!]!.push(id, record)
      } else {
        this.#grouped[record[0]!]!.jobs.push(id, record)
        this.#grouped[record[0]!]!.groups.push(group)
      }
      this.#ids.push(id)
      this.#chars += record.length
    }
  }

  args (queue: string): ScriptArg[] {
    const { h, n, l } = this.#ready as Record<'h' | 'n' | 'l', string[]>
    const grouped = Object.values(this.#grouped).map(({ groups }) => groups.length)
    const start: ScriptArg[] = [queue, h.length / 2, n.length / 2, l.length / 2, journalText(this.#ids), ...grouped]
    return start.concat(h, n, l, ...Object.values(this.#grouped).flatMap(({ jobs, groups }) => [jobs, groups]), this.#later)
  }
}

/** What became of a batch: when it was kept, and which of its groups were not, as their queue is full. */
export interface Kept { at: number, full?: Map<Entry[], QueueFullError> }

export type FullReply = ['full', max_length: number, waiting: number, queue: string]
