import type { JobStatus } from '../contract/schemas.ts'
import { toUuid } from './ids.ts'
import type { Job, Priority } from './job.ts'
import { isForeign } from './record.ts'
import type { Row } from './outcome.ts'

/** Which jobs: those that have all that is given. Times are ms; a window has its beginning in it and its end not. */
export interface JobFilter {
  queue?: string
  /** only in these: what the client may see */
  queues?: readonly string[] | undefined
  /** any of these */
  status?: JobStatus[]
  task?: string
  type?: string
  /** one of its tags */
  tag?: string
  /** the id of the worker that runs it or ran it last */
  worker?: string
  priority?: Priority
  created_after?: number
  created_before?: number
  finished_after?: number
  finished_before?: number
  /** a part of its input (as JSON text), its id, its task or the message of one of its errors, in any case of letters */
  q?: string
}

// What JSON writes otherwise than it is: a text without any of it stands in a record as it is.
// eslint-disable-next-line no-control-regex
const ESCAPED = /["\\\u0000-\u001f\ud800-\udfff]/

/** Tells which jobs a filter means. */
export class Matcher {
  readonly #filter: JobFilter
  readonly #statuses?: Set<JobStatus>
  readonly #text?: string
  /** The text stands in the record, or in what is known of the attempts, of each job that has it. */
  readonly #plain: boolean

  constructor (filter: JobFilter) {
    this.#filter = filter
    this.#statuses = filter.status && new Set(filter.status)
    this.#text = filter.q?.toLowerCase()
    this.#plain = this.#text !== undefined && !ESCAPED.test(this.#text)
  }

  /** False when the job of a row is certainly not meant: to decode it takes longer than to look. */
  mayMatch (id: string, [record, outcome, history]: Row): boolean {
    const text = this.#text
    if (text === undefined || !this.#plain || isForeign(record)) return true
    return [record, outcome, history].some(part => part.toLowerCase().includes(text)) || toUuid(id).includes(text)
  }

  matches (job: Job): boolean {
    const { queue, queues, task, type, tag, worker, priority, created_after, created_before, finished_after, finished_before } = this.#filter
    return (queue === undefined || job.queue === queue) &&
      (queues === undefined || queues.includes(job.queue)) &&
      (this.#statuses === undefined || this.#statuses.has(job.status)) &&
      (task === undefined || job.task === task) &&
      (type === undefined || job.type === type) &&
      (tag === undefined || job.tags.includes(tag)) &&
      (worker === undefined || job.worker === worker) &&
      (priority === undefined || job.priority === priority) &&
      isWithin(job.created_at, created_after, created_before) &&
      isWithin(job.completed_at, finished_after, finished_before) &&
      (this.#text === undefined || hasText(job, this.#text))
  }
}

function isWithin (time: number | undefined, after: number | undefined, before: number | undefined): boolean {
  if (after === undefined && before === undefined) return true
  return time !== undefined && (after === undefined || time >= after) && (before === undefined || time < before)
}

function hasText ({ id, task, input, errors }: Job, text: string): boolean {
  return [id, task, input, ...errors.map(({ message }) => message)].some(part => part.toLowerCase().includes(text))
}
