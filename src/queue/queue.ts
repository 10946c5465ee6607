import type { Redis } from 'ioredis'
import { census } from './census.ts'
import type { Census } from './census.ts'
import { control } from './control.ts'
import type { Action, ActionResult } from './control.ts'
import { create, isConditional } from './create.ts'
import type { Once } from './create.ts'
import { editJob } from './edit.ts'
import { BadCursorError, JobForgottenError } from './errors.ts'
import { fromUuid, newId, newIds, toUuid } from './ids.ts'
import type { Job, JobEdit, JobSpec, ReadJob, Status } from './job.ts'
import { DEFAULTS } from './fields.ts'
import { DEFAULT_QUEUE, Keys } from './keys.ts'
import { readLines } from './logs.ts'
import type { LogPage, LogQuery } from './logs.ts'
import { decodeRow } from './outcome.ts'
import type { Row } from './outcome.ts'
import { purge } from './purge.ts'
import type { Purgeable, Purged } from './purge.ts'
import { redrive } from './redrive.ts'
import type { Redriven } from './redrive.ts'
import { encodeRecord, newRecord, queueOf } from './record.ts'
import { decodeVersion, readRow } from './read.ts'
import { readPace } from './scale.ts'
import type { Pace } from './scale.ts'
import { ask, run } from './scripts.ts'
import { decodeStats } from './stats.ts'
import type { QueueStats } from './stats.ts'
import { Submitter } from './submitter.ts'
import type { Entry } from './submission.ts'

const MAX_SUBMITTERS = 1000
/** How often to submit again when the job that had the unique key was forgotten meanwhile. */
const MAX_TRIES = 10
/** How many children of a job are looked at for one of them; if there are more it counts as being among them. */
const MAX_LOOKED = 10_000

export interface Page<T> { items: T[], next_cursor: string | null }

/** A job of several that were submitted; or another that has its unique key, whatever its status is. */
export interface KeptJob { id: string, status?: Status, existing?: true }

export interface LimitsReached {
  /** as many of its jobs run as may */
  concurrency: boolean
  /** as many have started as may; the next may at this time, ms */
  rate_limit?: number
  /** the same of the group */
  group_concurrency: boolean
  group_rate_limit?: number
}

/** What clients do with jobs: submit them, read them, redrive them. Ids are UUIDs here. */
export class Queue {
  readonly keys: Keys
  readonly #redis: Redis
  readonly #submitters = new Map<string, Submitter>()

  constructor (redis: Redis, keys: Keys) {
    this.#redis = redis
    this.keys = keys
  }

  /**
   * Keeps a job, or answers with the one that has its unique key; when this resolves it is in Redis. Rejects with a QueueFullError, a
   * UniqueKeyTakenError or a NoParentError, and with a QueueUnavailableError when Redis cannot take it; then it is unknown whether the
   * job was kept.
   */
  async submit (spec: JobSpec): Promise<Job> {
    if (isConditional(spec)) return (await this.create(spec)).job
    const entry = entryOf(spec)
    return keptJob(entry.id, await this.#submitter(spec.queue ?? DEFAULT_QUEUE).submit([entry]), spec)
  }

  /** Keeps all of up to 1,000 jobs, or none, with one call; otherwise as `submit`. */
  async submitAll (specs: JobSpec[]): Promise<KeptJob[]> {
    const queue = specs[0]!.queue
    if (specs.some(spec => spec.queue !== queue || isConditional(spec))) return (await this.createAll(specs)).jobs
    const { ids, uuids } = newIds(specs.length)
    const entries = specs.map((spec, i) => entryOf(spec, ids[i]))
    // Not awaited here: all this would be alive until Redis has answered, and what is alive the garbage collector copies.
    return keptJobs(uuids, timesOf(specs), this.#submitter(queue ?? DEFAULT_QUEUE).submit(entries))
  }

  /**
   * As `submit`, and says whether the job is another that has the unique key; with a call of its own. With an idempotency key it is done
   * once: whoever sends the same again gets the same job. Rejects with a JobForgottenError when the job to answer with is no longer kept.
   */
  async create (spec: JobSpec, once?: Once): Promise<{ job: Job, replayed: boolean, existing: boolean }> {
    for (let tries = 1; ; tries++) {
      const { at, jobs, rest, replayed } = await create(this.#redis, this.keys, [spec], [entryOf(spec)], once, settledFields(spec))
      const { id, state, parent } = jobs[0]!
      const known = { replayed, existing: state === 'existing' }
      if (state !== 'existing' && (state !== 'cancelled' || parent !== undefined)) {
        const job = keptJob(id, at, { ...spec, ...readSettled(rest) })
        if (state === 'blocked') job.status = state
        if (state === 'cancelled') Object.assign(job, { status: state, run_at: undefined, completed_at: at, cancellation: { reason: 'parent_failed', job_id: toUuid(parent!) } })
        return { job, ...known }
      }
      const job = await this.get(toUuid(id))
      if (job) return { job, ...known }
      // The job that had the key has ended and been forgotten meanwhile: the key is free again.
      if (once || tries === MAX_TRIES) throw new JobForgottenError()
    }
  }

  /** The same for `submitAll`. */
  async createAll (specs: JobSpec[], once?: Once): Promise<{ jobs: KeptJob[], replayed: boolean }> {
    const { jobs, replayed } = await create(this.#redis, this.keys, specs, specs.map(spec => entryOf(spec)), once)
    return { jobs: jobs.map(({ id, state }) => state === 'existing' ? { id: toUuid(id), existing: true } : { id: toUuid(id), status: state }), replayed }
  }

  /** Whether something has been submitted with this key. */
  async isKnown ({ key }: Once): Promise<boolean> {
    return await ask(this.#redis.exists(key)) === 1
  }

  /** Pauses a queue: no job of it is started until `resume`; what runs goes on. */
  async pause (queue: string): Promise<void> {
    await run(this.#redis, 'pause', this.keys.of(queue), [queue, 1])
  }

  /** Deletes jobs that do not run, for good. At most 100,000 a call, fewer when they are large. */
  async purge (queue: string, statuses: Purgeable[]): Promise<Purged> {
    return await purge(this.#redis, this.keys, queue, statuses)
  }

  async isPaused (queue: string): Promise<boolean> {
    return await ask(this.#redis.hget(this.keys.ownSettings(queue), 'paused')) === '1'
  }

  /** Which limits keep jobs of a queue, or of a group of it, from starting now. */
  async limitsReached (queue: string, group = ''): Promise<LimitsReached> {
    const [full, next, groupFull, groupNext] = await run(this.#redis, 'limits', this.keys.of(queue), [queue, group]) as [number, number, number, number]
    return { concurrency: full === 1, rate_limit: next || undefined, group_concurrency: groupFull === 1, group_rate_limit: groupNext || undefined }
  }

  /** Lets a paused queue go on. */
  async resume (queue: string): Promise<void> {
    await run(this.#redis, 'pause', this.keys.of(queue), [queue, 0])
  }

  /** One job, with its version; undefined when there is none or it has been forgotten. */
  async get (uuid: string): Promise<ReadJob | undefined> {
    return decodeVersion(uuid, await readRow(this.#redis, this.keys, uuid))
  }

  /**
   * Changes a job that waits, in one step, and returns it as it then is; undefined when there is none. `change` is given the job as
   * it is, and again when somebody else has changed it meanwhile; what it throws changes nothing. Rejects with a NotEditableError when
   * the job does not wait, and with a QueueUnavailableError; then it is unknown whether it has been changed.
   */
  async edit (uuid: string, change: (job: ReadJob) => JobEdit): Promise<ReadJob | undefined> {
    return await editJob(this.#redis, this.keys, uuid, change)
  }

  /** The lines that are kept of a job; undefined when there is no such job. */
  async logs (uuid: string, query: LogQuery): Promise<LogPage | undefined> {
    return await readLines(this.#redis, this.keys, uuid, query)
  }

  /** Dead-lettered jobs, newest first. A page ends early when its jobs reach 4 MiB. */
  async deadLetters (queue: string, limit: number, cursor?: string): Promise<Page<Job>> {
    const from = cursor === undefined ? [] : readCursor(cursor)
    const [rows, last] = await run(this.#redis, 'dlq', this.keys.of(queue), [queue, limit, ...from]) as DeadLetterReply
    const items = rows.flatMap(([id, row]) => decodeRow(toUuid(id), row) ?? [])
    return { items, next_cursor: last && last.join('.') }
  }

  /**
   * Queues dead-lettered jobs again: these, or the oldest `limit`. At most 1,000 a call. Where their failures are large it takes several
   * steps; when it rejects, some may have been queued, and it may be done again.
   */
  async redrive (queue: string, { ids, limit = 1000 }: { ids?: string[], limit?: number } = {}): Promise<Redriven> {
    return await redrive(this.#redis, this.keys, queue, limit, ids)
  }

  /** Cancels, retries, promotes or deletes up to 1,000 jobs of one queue; the results are in the order of the ids. */
  async control (queue: string, action: Action, ids: string[]): Promise<ActionResult[]> {
    return await control(this.#redis, this.keys, queue, action, ids)
  }

  /** Those of its parents that a blocked job still waits for. */
  async awaited ({ id, queue, depends_on = [] }: Pick<Job, 'id' | 'queue' | 'depends_on'>): Promise<string[]> {
    const calls = this.#redis.pipeline()
    for (const parent of depends_on) {
      const children = this.keys.children(fromUuid(parent))
      calls.lpos(children, fromUuid(id) + queue, 'MAXLEN', MAX_LOOKED)
      calls.llen(children)
    }
    const replies = (await ask(calls.exec()))!.map(([, reply]) => reply)
    return depends_on.filter((_, i) => replies[2 * i] !== null || (replies[2 * i + 1] as number) > MAX_LOOKED)
  }

  /** The queue that a job is in; undefined when there is none or it has been forgotten. */
  async queueOf (uuid: string): Promise<string | undefined> {
    const record = await ask(this.#redis.hget(this.keys.jobs, fromUuid(uuid)))
    return record === null ? undefined : queueOf(record)
  }

  /** The same of many; those that there are. */
  async queuesOf (uuids: string[]): Promise<Map<string, string>> {
    const queues = new Map<string, string>()
    // A record can be large, and only its head is wanted.
    for (let i = 0; i < uuids.length; i += 20) {
      const some = uuids.slice(i, i + 20)
      const records = await ask(this.#redis.hmget(this.keys.jobs, ...some.map(fromUuid)))
      for (const [j, record] of records.entries()) if (record !== null) queues.set(some[j]!, queueOf(record))
    }
    return queues
  }

  /** A queue in numbers; undefined when nothing is left of it, or nothing has ever been in it. The default queue is always there. */
  async stats (queue: string): Promise<QueueStats | undefined> {
    const stats = await this.numbers(queue)
    const known = queue === DEFAULT_QUEUE || stats.totals.submitted > 0 || await ask(this.#redis.sismember(this.keys.queues, queue))
    return known ? stats : undefined
  }

  /** The same of a queue that need not be there. */
  async numbers (queue: string): Promise<QueueStats> {
    return decodeStats(queue, await run(this.#redis, 'stats', this.keys.of(queue), [queue]))
  }

  /** Some queues in numbers, and the live workers. */
  async census (queues: string[]): Promise<Census> {
    return await census(this.#redis, this.keys, queues)
  }

  /** A queue in numbers, which need not be there, and how quickly jobs come and go. */
  async pace (queue: string): Promise<Pace> {
    return await readPace(this.#redis, this.keys, queue)
  }

  /** The names of all queues, sorted. */
  async names (): Promise<string[]> {
    const names = new Set(await ask(this.#redis.smembers(this.keys.queues)))
    return [...names.add(DEFAULT_QUEUE)].sort()
  }

  #submitter (queue: string): Submitter {
    let submitter = this.#submitters.get(queue)
    if (!submitter) {
      if (this.#submitters.size >= MAX_SUBMITTERS) this.#dropIdleSubmitters()
      submitter = new Submitter(this.#redis, this.keys, queue)
      this.#submitters.set(queue, submitter)
    }
    return submitter
  }

  // Queue names come from clients: what is kept for each must not pile up.
  #dropIdleSubmitters (): void {
    for (const [queue, submitter] of this.#submitters) if (submitter.idle) this.#submitters.delete(queue)
  }
}

/** @param id in Redis's short form; default a new one */
export function entryOf (spec: JobSpec, id = newId()): Entry {
  return { id, record: encodeRecord(spec), priority: spec.priority ?? DEFAULTS.priority, due: dueOf(spec), group: spec.group }
}

/** What a job may have by the settings of its queue, which may have changed when the same is submitted again. */
function settledFields ({ max_attempts, backoff, timeout_seconds, keep_logs }: JobSpec): string {
  return JSON.stringify([max_attempts, backoff, timeout_seconds, keep_logs])
}

function readSettled (text: string): Pick<JobSpec, 'max_attempts' | 'backoff' | 'timeout_seconds' | 'keep_logs'> {
  const [max_attempts, backoff, timeout_seconds, keep_logs] = JSON.parse(text).map((field: unknown) => field ?? undefined)
  return { max_attempts, backoff, timeout_seconds, keep_logs }
}

/** As lua/lib/keep.lua has it. */
function dueOf ({ delay_ms, run_at, ttl_ms, expires_at }: JobSpec): string {
  const due = delay_ms !== undefined ? `+${delay_ms}` : run_at?.toString() ?? ''
  if (ttl_ms !== undefined) return `${due}!+${ttl_ms}`
  return expires_at === undefined ? due : `${due}!${expires_at}`
}

type Times = Pick<JobSpec, 'delay_ms' | 'run_at'>

/** When each is to start; undefined when all are at once. */
function timesOf (specs: JobSpec[]): Times[] | undefined {
  if (specs.every(({ delay_ms, run_at }) => delay_ms === undefined && run_at === undefined)) return undefined
  return specs.map(({ delay_ms, run_at }) => ({ delay_ms, run_at }))
}

/** When a job is due that has been kept then; undefined when it is ready at once. */
function later (createdAt: number, { delay_ms, run_at }: Times): number | undefined {
  const due = delay_ms === undefined ? run_at : createdAt + delay_ms
  return due !== undefined && due > createdAt ? due : undefined
}

async function keptJobs (uuids: () => string[], times: Times[] | undefined, kept: Promise<number>): Promise<KeptJob[]> {
  const createdAt = await kept
  return uuids().map((id, i) => ({ id, status: times && later(createdAt, times[i]!) !== undefined ? 'scheduled' : 'queued' }))
}

function keptJob (id: string, createdAt: number, spec: JobSpec): Job {
  const run_at = later(createdAt, spec)
  const start = { status: run_at === undefined ? 'queued' as const : 'scheduled' as const, attempt: 0, lost: 0, errors: [], run_at }
  return Object.assign(newRecord(toUuid(id), createdAt, spec), start)
}

type DeadLetterReply = [rows: [id: string, row: Row][], last: [time: string, id: string] | null]

function readCursor (cursor: string): string[] {
  const match = /^(\d{1,15})\.([\w-]{22})$/.exec(cursor)
  if (!match) throw new BadCursorError('must be the next_cursor of a page of this list')
  return match.slice(1)
}
