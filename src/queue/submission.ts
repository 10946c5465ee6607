import { IdempotencyKeyReusedError, QueueFullError } from './errors.ts'
import { journalText } from './journal.ts'
import type { Keys } from './keys.ts'
import type { ScriptArg } from './scripts.ts'

// The call of lua/submit.lua: its arguments, and what it answers.

/** No call has more jobs than this. */
export const MAX_JOBS = 1000
const MAX_CHARS = 4 * 1024 * 1024

/** A job to keep, as lua/submit.lua has it; `due` is '' when it is ready at once. */
export interface Entry { id: string, record: string, due: string }

/** A submit that is not done again when it is sent again. */
export interface Once {
  /** in Redis: see Keys.idempotency */
  key: string
  /** of the request; another request with the same key is refused */
  fingerprint: string
  /** how long the key is remembered */
  ttl_seconds: number
}

/** What was remembered of the first submit with an idempotency key. */
export interface Known { at: number, memo: string }

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
    for (const { id, record, due } of entries) {
      if (due === '') this.#ready[record[0]!]!.push(id, record)
      else this.#later.push(id, record, due)
      this.#ids.push(id)
      this.#chars += record.length
    }
  }

  args (queue: string, extra: ScriptArg[] = ['', '', '', '']): ScriptArg[] {
    const { h, n, l } = this.#ready as Record<'h' | 'n' | 'l', string[]>
    return [queue, h.length / 2, n.length / 2, l.length / 2, ...extra, journalText(this.#ids), ...h, ...n, ...l, ...this.#later]
  }
}

/** What became of a batch: when it was kept, and which of its groups were not, as their queue is full. */
export interface Kept { at: number, full?: Map<Entry[], QueueFullError> }

export type FullReply = ['full', max_length: number, waiting: number, which: number]
export type Reply = number | FullReply | ['known', fingerprint: string, at: string, memo: string]

/** The calls that keep jobs of several queues, or with an idempotency key, in one transaction. */
export function callsOf (keys: Keys, queues: Map<string, Entry[]>, once?: Once, memo = ''): { keys: string[], args: ScriptArg[] }[] {
  const [first, ...others] = [...queues].map(([queue, entries]) => {
    const batch = new Batch()
    batch.add(entries)
    return { queue, entries, batch }
  })
  const remember = once ? [once.ttl_seconds, once.fingerprint, memo] : ['', '', '']
  const counts = others.map(({ entries }) => entries.length).join(' ')
  const room = others.flatMap(({ queue }) => keys.room(queue))
  const start = { keys: [...keys.of(first!.queue), ...(once ? [once.key] : []), ...room], args: first!.batch.args(first!.queue, [...remember, counts]) }
  // An id of the first is at hand whatever its jobs are.
  const after = `=${first!.entries[0]!.id}`
  return [start, ...others.map(({ queue, batch }) => ({ keys: keys.of(queue), args: batch.args(queue, ['', '', '', after]) }))]
}

/** Of the first call; throws when the jobs were refused. */
export function readReply (reply: Reply, queues: string[], once?: Once): number | Known {
  if (typeof reply === 'number') return reply
  if (reply[0] === 'full') throw new QueueFullError(queues[reply[3]]!, reply[1], reply[2])
  const [, fingerprint, at, memo] = reply
  if (fingerprint !== once?.fingerprint) throw new IdempotencyKeyReusedError()
  return { at: Number(at), memo }
}
