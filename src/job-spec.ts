import { NewJobs } from './contract/schemas.ts'
import type { NewJob } from './contract/schemas.ts'
import { itemTexts } from './json-text.ts'
import type { JobSpec, Unique } from './queue/job.ts'
import { invalid } from './validation-errors.ts'

/** As much as one job has when it comes alone, in bytes. */
const MAX_JOB = 1024 * 1024

/**
 * What a validated submit asks of the engine.
 * @param input the text that was sent; undefined if none was
 * @param at where in the request's body the job is, as a JSON Pointer
 */
export function jobSpec (body: NewJob, input: string | undefined, at = ''): JobSpec {
  // A literal, field for field: what a rest pattern makes is slow to make and to read, and this runs for every job.
  return {
    task: body.task,
    type: body.type,
    input,
    queue: body.queue,
    priority: body.priority,
    group: body.group,
    max_attempts: body.max_attempts,
    backoff: body.backoff,
    timeout_seconds: body.timeout_seconds,
    keep_logs: body.keep_logs,
    tags: body.tags,
    metadata: body.metadata,
    unique: body.unique as Unique | undefined,
    depends_on: body.depends_on && parentsOf(body.depends_on, at),
    on_parent_failure: body.on_parent_failure,
    http: body.http,
    callback_url: body.callback_url,
    delay_ms: body.delay_seconds === undefined ? undefined : Math.round(body.delay_seconds * 1000),
    run_at: body.run_at === undefined ? undefined : timeOf('run_at', body.run_at, 'delay_seconds', body.delay_seconds, at),
    ttl_ms: body.ttl_seconds === undefined ? undefined : Math.round(body.ttl_seconds * 1000),
    expires_at: body.expires_at === undefined ? undefined : timeOf('expires_at', body.expires_at, 'ttl_seconds', body.ttl_seconds, at)
  }
}

/** Where in the body of a bulk its jobs are. */
export const BULK_POINTERS: readonly string[] = Array.from({ length: NewJobs.properties.jobs.maxItems! }, (_, index) => `/jobs/${index}`)

/** The same of the jobs of a bulk. `text` is that of their array, as it was sent. */
export function jobSpecs (jobs: NewJob[], text: string): JobSpec[] {
  const { spans, members } = itemTexts(text, 'input')
  return jobs.map((job, i) => {
    const start = spans[2 * i]!
    const end = spans[2 * i + 1]!
    // A character has at most three bytes: short texts need not be measured.
    if (end - start > MAX_JOB / 3 && Buffer.byteLength(text.slice(start, end)) > MAX_JOB) throw invalid(BULK_POINTERS[i]!, `must have at most ${MAX_JOB} bytes`)
    return jobSpec(job, members[i], BULK_POINTERS[i])
  })
}

/** In small letters, as ids are everywhere else; in other letters one might be named twice. */
function parentsOf (depends_on: string[], at: string): string[] {
  const ids = depends_on.map(id => id.toLowerCase())
  if (new Set(ids).size < ids.length) throw invalid(`${at}/depends_on`, 'must not name a job twice')
  return ids
}

/** A time, unless it was also given as so many seconds from now. */
export function timeOf (name: string, text: string, other = '', seconds?: number, at = ''): number {
  if (seconds !== undefined) throw invalid(`${at}/${name}`, `must not be given together with ${other}`)
  const time = Date.parse(text)
  // RFC 3339 has leap seconds, JavaScript has not.
  if (Number.isNaN(time)) throw invalid(`${at}/${name}`, 'must be a time such as 2030-01-31T08:00:00Z')
  // The last moment that a date in an answer can have.
  if (time > Date.UTC(10_000, 0) - 1) throw invalid(`${at}/${name}`, 'must not be after the year 9999 in UTC')
  return time
}
