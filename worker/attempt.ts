import type { FastifyInstance, FastifyBaseLogger } from 'fastify'
import type { Logger } from 'pino'
import { toUuid } from '../src/queue/ids.ts'
import { backoffMs } from '../src/queue/backoff.ts'
import { QueueUnavailableError } from '../src/queue/errors.ts'
import type { Failure, JobRecord } from '../src/queue/job.ts'
import type { Leased, Settlement } from '../src/queue/lease.ts'
import { decodeRecord } from '../src/queue/record.ts'
import { parseToken } from '../src/queue/token.ts'
import type { LeaseFacts } from '../src/queue/token.ts'
import { LeaseLostError, TimedOutError } from './errors.ts'
import { readThrown } from './failure.ts'
import { Job } from './job.ts'
import type { Context } from './job.ts'
import type { Handler } from './registry.ts'

const MAX_RESULT = 1024 * 1024
const MAX_PROGRESS_MESSAGE = 1000

export type SaveProgress = (percent: number, message?: string) => Promise<boolean>

/** One run of one job's handler. Never throws: what came of it is a settlement. */
export class Attempt implements Context {
  readonly leased: Leased
  readonly #app: FastifyInstance
  readonly #record: JobRecord
  readonly #lease: LeaseFacts
  readonly #saveProgress: SaveProgress
  readonly #startedAt = performance.now()
  #duration = 0
  #abort: AbortController | undefined
  #log: FastifyBaseLogger | undefined
  #aborted: Error | undefined

  constructor (app: FastifyInstance, leased: Leased, saveProgress: SaveProgress) {
    this.leased = leased
    this.#app = app
    this.#record = decodeRecord(leased.id, leased.record)
    this.#lease = parseToken(leased.token)
    this.#saveProgress = saveProgress
  }

  // Made when asked for: most handlers use neither, and they cost more than the rest of an attempt.
  get signal (): AbortSignal {
    if (!this.#abort) {
      this.#abort = new AbortController()
      if (this.#aborted) this.#abort.abort(this.#aborted)
    }
    return this.#abort.signal
  }

  get log (): FastifyBaseLogger {
    this.#log ??= this.#app.log.child(this.#labels())
    return this.#log
  }

  async progress (percent: number, message?: string): Promise<void> {
    if (typeof percent !== 'number' || !(percent >= 0 && percent <= 100)) throw new RangeError(`ctx.progress: percent is ${percent}; it must be from 0 to 100`)
    try {
      if (!await this.#saveProgress(percent, message?.slice(0, MAX_PROGRESS_MESSAGE))) this.abort(new LeaseLostError())
    } catch (error) {
      // It only tells people how far the job is: the work goes on without.
      if (!(error instanceof QueueUnavailableError)) throw error
      this.log.debug({ err: error }, 'Redis cannot take the progress now')
    }
  }

  /** Tells the handler to stop. What it does then no longer counts, unless it is the worker that stops. */
  abort (reason: Error): void {
    if (this.#aborted) return
    this.#aborted = reason
    this.#abort?.abort(reason)
  }

  /** Runs the handler, to its end or to the end of its time. */
  async run (): Promise<Settlement> {
    const { task, type, timeout_seconds } = this.#record
    const handler = this.#app.handlerOf(type, task)
    const job = new Job(this.#record, this.#lease)
    let settlement: Settlement
    try {
      const refusal = this.#refusal(job, handler)
      if (refusal) {
        settlement = this.#dead(refusal)
      } else {
        const running = handler!.run(job, this)
        settlement = this.#completed(timeout_seconds ? await this.#inTime(running, timeout_seconds) : await running)
      }
    } catch (error) {
      settlement = this.#failed(error)
    }
    this.#duration = performance.now() - this.#startedAt
    return settlement
  }

  /** Logs what became of the job, once Redis has said whether the settlement counted. */
  report (settlement: Settlement, accepted: boolean): void {
    const log = this.#app.log as Logger
    if (!accepted) {
      log.warn(this.#line(), 'Late: the lease of this job had been lost, so its outcome was refused')
    } else if (settlement.kind === 'complete') {
      if (log.isLevelEnabled('info')) log.info(this.#line(), 'Job completed')
    } else if (settlement.kind === 'retry') {
      log.warn({ ...this.#line(), error: settlement.failure.message, retry_in_ms: settlement.delay_ms }, 'Attempt failed, the job will be retried')
    } else if (settlement.kind === 'dead') {
      log.error({ ...this.#line(), error: settlement.failure.message, reason: settlement.failure.reason }, 'Job failed, it is in the dead letters')
    } else {
      log.info(this.#line(), 'Job handed back unfinished')
    }
  }

  /** Why the job cannot be run here at all. */
  #refusal (job: Job, handler?: Handler): Failure | undefined {
    const { task, type, not_a_job } = this.#record
    if (not_a_job) return { reason: 'not_a_job', message: not_a_job }
    if (!handler) return { reason: 'no_handler', message: `This worker has no handler for the task '${task}'${type === 'task' ? '' : ` of type '${type}'`}.` }
    const problem = handler.check?.(job.input)
    return problem === undefined ? undefined : { reason: 'invalid_input', message: problem }
  }

  async #inTime (running: unknown, seconds: number): Promise<unknown> {
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => {
        const error = new TimedOutError(`timed out after ${seconds} s`)
        reject(error)
        this.abort(error)
      }, seconds * 1000)
    })
    try {
      return await Promise.race([running, late])
    } finally {
      clearTimeout(timer)
    }
  }

  #completed (value: unknown): Settlement {
    const result = JSON.stringify(value) ?? ''
    // A character has at most three bytes: short texts need not be measured.
    if (result.length > MAX_RESULT / 3 && Buffer.byteLength(result) > MAX_RESULT) {
      return this.#dead({ reason: 'failed', message: `The handler's result is larger than ${MAX_RESULT} bytes of JSON.` })
    }
    return { kind: 'complete', id: this.leased.id, token: this.leased.token, result }
  }

  #failed (thrown: unknown): Settlement {
    const { failure, retry, retry_ms } = readThrown(thrown)
    const { attempt } = this.#lease
    if (!retry || attempt >= this.#record.max_attempts) return this.#dead(failure)
    return { kind: 'retry', ...this.#key(), delay_ms: retry_ms ?? backoffMs(this.#record.backoff, attempt), failure }
  }

  #dead (failure: Failure): Settlement {
    return { kind: 'dead', ...this.#key(), failure }
  }

  #key (): { id: string, token: string } {
    return { id: this.leased.id, token: this.leased.token }
  }

  #labels (): object {
    return { job_id: toUuid(this.leased.id), task: this.#record.task, queue: this.#record.queue, attempt: this.#lease.attempt }
  }

  #line (): object {
    return {
      job_id: toUuid(this.leased.id),
      task: this.#record.task,
      queue: this.#record.queue,
      attempt: this.#lease.attempt,
      duration_ms: Math.round(this.#duration * 10) / 10
    }
  }
}
