import type { FastifyBaseLogger } from 'fastify'
import { toUuid } from '../src/queue/ids.ts'
import type { HttpTarget, Priority, Status } from '../src/queue/job.ts'
import type { JobRecord } from '../src/queue/job.ts'
import type { LeaseFacts } from '../src/queue/token.ts'
import type { TraceContext } from '../src/tracing/trace-context.ts'

/** What a handler gets of a job. */
export class Job<Input = unknown> {
  readonly #record: JobRecord
  readonly #lease: LeaseFacts
  #input: Input | undefined

  constructor (record: JobRecord, lease: LeaseFacts) {
    this.#record = record
    this.#lease = lease
  }

  /** A UUID; the same in every attempt, so it serves as an idempotency key. */
  get id (): string { return toUuid(this.#record.id) }
  get task (): string { return this.#record.task }
  get type (): string { return this.#record.type }
  get queue (): string { return this.#record.queue }
  get priority (): Priority { return this.#record.priority }
  get tags (): string[] { return this.#record.tags }
  /** How long an attempt may take, s; undefined: any time. */
  get timeout_seconds (): number | undefined { return this.#record.timeout_seconds }
  /** Where it is posted to be done, if it says so itself; only of the type `http`. */
  get http (): HttpTarget | undefined { return this.#record.http }
  /** Where the outcome is posted when the job ends; of a delivery, where it goes. */
  get callback_url (): string | undefined { return this.#record.callback_url }
  /** The ids of the jobs that had to end first; `ctx.parents()` reads what they returned. */
  get depends_on (): string[] { return this.#record.depends_on ?? [] }
  /** The schedule that made it, and of which slot (RFC 3339); that is absent when it was run outside the slots. */
  get schedule (): { name: string, slot?: string } | undefined {
    const { schedule } = this.#record
    return schedule && { name: schedule.name, ...(schedule.slot !== undefined && { slot: new Date(schedule.slot).toISOString() }) }
  }

  get metadata (): Record<string, string> { return this.#record.metadata }
  get created_at (): string { return new Date(this.#record.created_at).toISOString() }
  /** 1 for the first */
  get attempt (): number { return this.#lease.attempt }
  get max_attempts (): number { return this.#record.max_attempts }
  /** How often a worker lost this job before, by dying. */
  get lost (): number { return this.#lease.lost }
  /** As JSON.parse reads it; null when there was none. */
  get input (): Input {
    if (this.#input === undefined) this.#input = JSON.parse(this.#record.input) as Input
    return this.#input
  }

  /** The input's JSON text, byte for byte as it was submitted: for numbers that JavaScript cannot hold. */
  get inputText (): string { return this.#record.input }
}

/** A job that had to end first. */
export interface Parent {
  id: string
  /** undefined when it is no longer kept */
  status: Status | undefined
  /** what it returned; undefined when it has not completed, or returned nothing */
  result: unknown
  /** the message of its last failure, unless it has completed */
  error: string | undefined
}

/** What a handler may use while it works on a job. */
export interface Context {
  /** Aborted when the job's time is up, its lease was lost, or the worker stops; the reason says which. */
  readonly signal: AbortSignal
  /** Logs with the job's id, task, queue and attempt. */
  readonly log: FastifyBaseLogger
  /**
   * The trace of this attempt, or that of its submit where attempts are not traced, as the headers `traceparent` and `tracestate` of the
   * requests that the handler makes; undefined when there is none.
   */
  readonly trace: TraceContext | undefined
  /** Says how far the job is, 0 to 100, with a message of at most 1,000 characters. Shown by GET /jobs/{id} while it runs. */
  progress (percent: number, message?: string): Promise<void>
  /** Names this attempt in the worker protocol: who has it can settle the job. */
  leaseToken (): string
  /**
   * Leaves it to who has the lease token to say what becomes of the job. Meanwhile the lease is kept. Rejects when the lease is no longer
   * held, as that has been said, or the attempt ends otherwise.
   */
  leaveToOthers (): Promise<never>
  /** What became of the jobs in `depends_on`, in that order. A parent's result is kept until all its children have ended. */
  parents (): Promise<Parent[]>
}
