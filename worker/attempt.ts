import { once } from 'node:events'
import type { FastifyInstance, FastifyBaseLogger } from 'fastify'
import { toUuid } from '../src/queue/ids.ts'
import { backoffMs } from '../src/queue/backoff.ts'
import { QueueUnavailableError } from '../src/queue/errors.ts'
import type { Failure, JobRecord } from '../src/queue/job.ts'
import type { Leased, Leases, Settlement } from '../src/queue/lease.ts'
import { decodeRecord } from '../src/queue/record.ts'
import { parseToken } from '../src/queue/token.ts'
import type { LeaseFacts } from '../src/queue/token.ts'
import { traceIdOf, traceOf } from '../src/tracing/trace-context.ts'
import type { TraceContext } from '../src/tracing/trace-context.ts'
import type { Processing } from '../src/tracing/tracing.ts'
import { DELIVERY_TYPE } from '../src/webhooks/delivery.ts'
import { LeaseLostError, TimedOutError } from './errors.ts'
import { readThrown } from './failure.ts'
import type { JobLogs } from './job-log.ts'
import { Job } from './job.ts'
import { JsonText, MAX_RESULT } from './json-text.ts'
import type { Context, Parent } from './job.ts'
import { readParents } from './parents.ts'
import type { Handler } from './registry.ts'
import { OUTCOMES } from './task-metrics.ts'
import type { TaskSeries } from './task-metrics.ts'

const MAX_PROGRESS_MESSAGE = 1000

/**
 * A job that this worker holds: waiting for its turn, running, or with its settlement on the way to Redis. One object for all of
 * that, as each costs something for every job.
 */
export class Attempt implements Context {
  readonly id: string
  readonly token: string
  state: 'waiting' | 'running' | 'settling' = 'waiting'
  /** Somebody else may settle it. */
  isLeftToOthers = false
  /** What came of it. */
  settlement: Settlement | undefined
  readonly #app: FastifyInstance
  readonly #logs: JobLogs
  readonly #leases: Leases
  readonly #text: string
  readonly #lease: LeaseFacts
  #record: JobRecord | undefined
  #series: TaskSeries | undefined
  #span: Processing | undefined
  #startedAt = 0
  #duration = 0
  #ended: ((attempt: Attempt) => void) | undefined
  #timer: NodeJS.Timeout | undefined
  #abort: AbortController | undefined
  #log: FastifyBaseLogger | undefined
  #aborted: Error | undefined

  constructor (app: FastifyInstance, logs: JobLogs, leases: Leases, { id, token, record }: Leased) {
    this.id = id
    this.token = token
    this.#app = app
    this.#logs = logs
    this.#leases = leases
    this.#text = record
    this.#lease = parseToken(token)
  }

  /** When it was leased, ms by Redis's clock. */
  get leasedAt (): number { return this.#lease.leased_at }

  // Made when asked for: most handlers use neither, and they cost more than the rest of an attempt.
  get signal (): AbortSignal {
    if (!this.#abort) {
      this.#abort = new AbortController()
      if (this.#aborted) this.#abort.abort(this.#aborted)
    }
    return this.#abort.signal
  }

  get log (): FastifyBaseLogger {
    this.#log ??= this.#logs.ofJob(this.#record!, this.#lease.attempt, this, this.#traceId)
    return this.#log
  }

  get trace (): TraceContext | undefined {
    return this.#span?.context ?? traceOf(this.#record!)
  }

  async progress (percent: number, message?: string): Promise<void> {
    if (typeof percent !== 'number' || !(percent >= 0 && percent <= 100)) throw new RangeError(`ctx.progress: percent is ${percent}; it must be from 0 to 100`)
    try {
      if (!await this.#leases.progress(this.id, this.token, percent, message?.slice(0, MAX_PROGRESS_MESSAGE))) this.abort(new LeaseLostError())
    } catch (error) {
      // It only tells people how far the job is: the work goes on without.
      if (!(error instanceof QueueUnavailableError)) throw error
      this.log.debug({ err: error }, 'Redis cannot take the progress now')
    }
  }

  leaseToken (): string {
    const { queue, worker, lease_ms } = this.#leases
    return this.#app.leaseTokens.seal({ token: this.token, queue, worker, lease_ms }, this.id, this.#record!)
  }

  async leaveToOthers (): Promise<never> {
    const { signal } = this
    this.isLeftToOthers = true
    if (!signal.aborted) await once(signal, 'abort')
    throw signal.reason
  }

  async parents (): Promise<Parent[]> {
    return await readParents(this.#app.queue, this.#record!.depends_on ?? [])
  }

  /** Tells the handler to stop. What it does then no longer counts, unless it is the worker that stops. */
  abort (reason: Error): void {
    if (this.#aborted) return
    this.#aborted = reason
    this.#abort?.abort(reason)
  }

  /** Runs the handler, to its end or to the end of its time, and calls `ended` once; by then there is a settlement. Never throws. */
  run (ended: (attempt: Attempt) => void): void {
    this.state = 'running'
    this.#startedAt = performance.now()
    this.#ended = ended
    try {
      const record = this.#record = decodeRecord(this.id, this.#text)
      const series = this.#series = this.#app.taskMetrics.of(record.queue, record.task)
      this.#span = this.#app.tracing?.process(this.id, record, this.#lease.attempt)
      const waited = waitedMs(record, this.#lease)
      if (waited !== undefined) series.waited.observe(waited / 1000)
      const handler = this.#app.handlerOf(record.type, record.task)
      const job = new Job(record, this.#lease)
      const refusal = this.#refusal(record, job, handler)
      if (refusal) return this.#end(this.#dead(refusal))
      const running = this.#span ? this.#span.run(() => handler!.run(job, this)) : handler!.run(job, this)
      // What is no promise needs no turn of its own.
      if (!isThenable(running)) return this.#complete(running)
      if (record.timeout_seconds) this.#limit(record.timeout_seconds)
      running.then(value => this.#complete(value), error => this.#fail(error))
    } catch (error) {
      this.#fail(error)
    }
  }

  /** Hands the job back, whatever its handler still does. */
  release (): void {
    this.settlement = { kind: 'release', id: this.id, token: this.token }
  }

  /** It has ended when it was no longer ours: somebody else has said what becomes of the job. */
  dropped (): void {
    if (this.#series) this.#series.outcomes.stale++
    this.#span?.end(OUTCOMES.stale)
  }

  /** Logs what became of the job, once Redis has said whether the settlement counted. */
  report (accepted: boolean): void {
    if (!this.#record) return // it never ran
    const log = this.#logs.for(this.#record, this.#lease.attempt)
    const settlement = this.settlement!
    const outcome = accepted ? settlement.kind : 'stale'
    this.#series!.outcomes[outcome]++
    this.#span?.end(OUTCOMES[outcome], 'failure' in settlement ? settlement.failure : undefined)
    if (!accepted) {
      log.warn(this.#line, 'Late: the lease of this job had been lost, so its outcome was refused')
    } else if (settlement.kind === 'complete') {
      if (log.isLevelEnabled('info')) log.info(this.#line, 'Job completed')
    } else if (settlement.kind === 'retry') {
      log.warn({ ...this.#line, error: settlement.failure.message, retry_in_ms: settlement.delay_ms }, 'Attempt failed, the job will be retried')
    } else if (settlement.kind === 'dead') {
      log.error({ ...this.#line, error: settlement.failure.message, reason: settlement.failure.reason }, 'Job failed, it is in the dead letters')
    } else if (settlement.kind === 'put_off') {
      log.debug({ ...this.#line, starts_in_ms: settlement.delay_ms }, 'Job put off')
    } else {
      log.info(this.#line, 'Job handed back unfinished')
    }
  }

  /** Why the job cannot be run here at all. */
  #refusal ({ task, type, not_a_job }: JobRecord, job: Job, handler?: Handler): Failure | undefined {
    if (not_a_job) return { reason: 'not_a_job', message: not_a_job }
    if (!handler) return { reason: 'no_handler', message: `This worker has no handler for the task '${task}'${type === 'task' ? '' : ` of type '${type}'`}.` }
    const problem = handler.check?.(job.input)
    return problem === undefined ? undefined : { reason: 'invalid_input', message: problem }
  }

  #limit (seconds: number): void {
    this.#timer = setTimeout(() => {
      const error = new TimedOutError(`timed out after ${seconds} s`)
      this.#fail(error)
      this.abort(error)
    }, seconds * 1000)
  }

  #complete (value: unknown): void {
    let result: string
    try {
      result = value instanceof JsonText ? value.text : JSON.stringify(value) ?? ''
    } catch (error) {
      return this.#fail(error)
    }
    // A character has at most three bytes: short texts need not be measured.
    if (result.length > MAX_RESULT / 3 && Buffer.byteLength(result) > MAX_RESULT) {
      return this.#end(this.#dead({ reason: 'failed', message: `The handler's result is larger than ${MAX_RESULT} bytes of JSON.` }))
    }
    this.#end({ kind: 'complete', id: this.id, token: this.token, result })
  }

  #fail (thrown: unknown): void {
    const { failure, retry, retry_ms, counts } = readThrown(thrown)
    const { attempt } = this.#lease
    if (!counts && retry_ms !== undefined) return this.#end({ kind: 'put_off', id: this.id, token: this.token, delay_ms: retry_ms })
    // Without a record it cannot even be read.
    if (!retry || !this.#record || attempt >= this.#record.max_attempts) return this.#end(this.#dead(failure))
    this.#end({ kind: 'retry', id: this.id, token: this.token, delay_ms: retry_ms ?? backoffMs(this.#record.backoff, attempt), failure })
  }

  #dead (failure: Failure): Settlement {
    return { kind: 'dead', id: this.id, token: this.token, failure }
  }

  /** The first end counts: a handler may come to its own after its time was up. */
  #end (settlement: Settlement): void {
    const ended = this.#ended
    if (!ended) return
    this.#ended = undefined
    clearTimeout(this.#timer)
    this.#duration = performance.now() - this.#startedAt
    this.#span?.ended()
    this.#series?.ran.observe(this.#duration / 1000)
    if (this.state === 'running') this.settlement = settlement
    ended(this)
  }

  get #traceId (): string | undefined {
    const traceparent = this.#span?.context.traceparent ?? this.#record!.traceparent
    return traceparent && traceIdOf(traceparent)
  }

  get #line (): object {
    return { job_id: toUuid(this.id), duration_ms: Math.round(this.#duration * 10) / 10, trace_id: this.#traceId }
  }
}

/** How long a job has waited for its first start, by Redis's clock; undefined when that is not its first, or it had to wait for other jobs. */
function waitedMs ({ created_at, due_at = created_at, depends_on, type }: JobRecord, { attempt, has_history, leased_at }: LeaseFacts): number | undefined {
  // Deliveries start again and again until there is a place for them.
  if (attempt > 1 || has_history || depends_on || type === DELIVERY_TYPE) return undefined
  return Math.max(0, leased_at - Math.max(created_at, due_at))
}

function isThenable (value: unknown): value is PromiseLike<unknown> {
  return typeof (value as PromiseLike<unknown> | null | undefined)?.then === 'function'
}
