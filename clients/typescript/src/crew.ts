import { Attempt } from './attempt.ts'
import type { Outcome } from './attempt.ts'
import type { Client } from './client.ts'
import type { components } from './contract.ts'
import { CancelledError, LeaseLostError, RequestError, ShutdownError } from './errors.ts'
import type { Handler, Job, LeasedJob } from './handler.ts'
import { JobLog } from './log.ts'
import { Pauses, answerOf } from './retry.ts'
import { wait, within } from './wait.ts'

type Schemas = components['schemas']

const POLL_SECONDS = 20
/** Beyond what the server may take. */
const SLACK_MS = 10_000
const MAX_BEAT = 1000
const MAX_SETTLE = { count: 1000, size: 4 * 1024 * 1024 }
/** A slow server has at least so long for a heartbeat. */
const MIN_BEAT_MS = 1000
/** Progress is told so soon. */
const TELL_MS = 500

export interface CrewOptions {
  client: Client
  worker: Schemas['RemoteWorker']
  queues: string[]
  concurrency: number
  leaseSeconds: number
  graceSeconds: number
  handlerOf: (job: LeasedJob) => Handler | undefined
  onError: (error: Error, job?: Job) => void
}

/** What a worker does: it takes jobs while it has hands free, says that it lives, and says what became of them. */
export class Crew {
  readonly #options: CrewOptions
  /** Those whose leases it holds, by lease token: that run, or whose outcome has not arrived yet. */
  readonly #held = new Map<string, Attempt>()
  #running = 0
  #outcomes: Outcome[] = []
  #state: Schemas['WorkerState'] = 'run'
  readonly #stopping = new AbortController()
  /** Nothing more is said. */
  readonly #over = new AbortController()
  #started = false
  #polling = false
  #fault: RequestError | undefined
  #wake = () => {}
  #beat = new AbortController()

  constructor (options: CrewOptions) {
    this.#options = options
  }

  get running (): number { return this.#running }

  async run (): Promise<void> {
    const beating = this.#heartbeats()
    this.#started = true
    try {
      while (this.#state !== 'stop' || this.#polling || this.#running > 0 || this.#outcomes.length > 0) await this.#turn()
    } finally {
      this.#over.abort()
      await beating
    }
    if (this.#fault) throw this.#fault
  }

  stop (): void {
    if (this.#stopping.signal.aborted) return
    this.#state = 'stop'
    this.#stopping.abort()
    this.#wake()
    if (this.#started) this.#end()
  }

  async #end (): Promise<void> {
    const { signal } = this.#over
    await wait(this.#options.graceSeconds * 1000, signal)
    for (const attempt of this.#held.values()) attempt.interrupt(new ShutdownError('The worker stops'))
    // A server that is away is not waited for without an end.
    await wait(SLACK_MS, signal)
    this.#over.abort()
  }

  /** One thing at a time: outcomes first, together with a request for more; a long poll beside it when there is nothing to tell. */
  async #turn (): Promise<void> {
    const free = this.#state === 'run' && !this.#polling ? this.#options.concurrency - this.#running : 0
    if (this.#outcomes.length > 0) {
      await this.#settle(this.#takeOutcomes(), free)
    } else if (free > 0) {
      this.#polling = true
      this.#poll(free).finally(() => {
        this.#polling = false
        this.#wake()
      })
    } else {
      await new Promise<void>(resolve => { this.#wake = resolve })
    }
  }

  #takeOutcomes (): Outcome[] {
    let size = 0
    const end = this.#outcomes.findIndex((outcome, i) => i === MAX_SETTLE.count || (i > 0 && (size += outcome.size) > MAX_SETTLE.size))
    return this.#outcomes.splice(0, end < 0 ? this.#outcomes.length : end)
  }

  async #poll (max: number): Promise<void> {
    const { client, worker, queues, leaseSeconds } = this.#options
    const { signal } = this.#stopping
    const body = { worker, queues, max, wait_seconds: POLL_SECONDS, lease_seconds: leaseSeconds }
    const poll = async (signal: AbortSignal) => await answerOf(client.POST('/leases', { body, signal }))
    const answer = await this.#asking(async () => await within(POLL_SECONDS * 1000 + SLACK_MS, signal, poll), signal)
    if (answer) this.#obey(answer)
  }

  /** Says what became of jobs, until that is heard; `max` more are asked for the first time. */
  async #settle (outcomes: Outcome[], max: number): Promise<void> {
    const { client, worker, queues, leaseSeconds } = this.#options
    let lease = max > 0 ? { queues, max, lease_seconds: leaseSeconds } : undefined
    try {
      const answer = await this.#asking(async () => {
        // What is no longer ours need not be told.
        const settlements = outcomes.map(({ settlement }) => settlement).filter(({ lease_token }) => this.#held.has(lease_token))
        if (settlements.length === 0) return undefined
        const body = { worker, settlements, ...(lease && { lease }) }
        lease = undefined
        return await within(SLACK_MS, undefined, async signal => await answerOf(client.POST('/leases/settle', { body, signal })))
      }, this.#over.signal, [400, 413])
      for (const { settlement } of outcomes) this.#held.delete(settlement.lease_token)
      if (answer) this.#obey(answer)
    } catch (error) {
      await this.#settleApart(outcomes, error as RequestError)
    }
  }

  /** One of them is not as it must be: the others shall not suffer for it. */
  async #settleApart (outcomes: Outcome[], error: RequestError): Promise<void> {
    if (outcomes.length > 1) {
      for (const outcome of outcomes) await this.#settle([outcome], 0)
      return
    }
    const { settlement: { job_id, lease_token }, isSubstitute } = outcomes[0]!
    this.#options.onError(error, this.#held.get(lease_token)?.job)
    const message = `The server refused its outcome: ${error.message}`.slice(0, 2000)
    if (isSubstitute) this.#held.delete(lease_token)
    else await this.#settle([{ settlement: { job_id, lease_token, outcome: 'failed', error: { message }, retry: false }, size: 0, isSubstitute: true }], 0)
  }

  #obey ({ jobs, worker_state }: { jobs: LeasedJob[], worker_state: Schemas['WorkerState'] }): void {
    this.#ordered(worker_state)
    for (const job of jobs) this.#start(job)
  }

  /** An order cannot be taken back. */
  #ordered (state: Schemas['WorkerState']): void {
    if (state === 'stop') this.stop()
    if (state === 'quiet' && this.#state === 'run') this.#state = state
  }

  async #start (job: LeasedJob): Promise<void> {
    const { client, handlerOf, onError } = this.#options
    const attempt = new Attempt(job)
    const log = new JobLog(client, job, this.#over.signal)
    this.#held.set(job.lease_token, attempt)
    this.#running++
    if (this.#stopping.signal.aborted) attempt.interrupt(new ShutdownError('The worker stops'))
    const outcome = await attempt.run(handlerOf(job), {
      progress: (percent, message) => {
        // The server would refuse the heartbeat for it, and so all leases that it renews.
        if (!Number.isFinite(percent)) return
        attempt.progress = { percent: Math.min(Math.max(percent, 0), 100), ...(typeof message === 'string' && { message: message.slice(0, 1000) }) }
        this.#beat.abort()
      },
      log: (message, { level = 'info', fields = {} } = {}) => log.add({ message, level, fields })
    }, error => onError(error, job))
    await log.sent()
    this.#running--
    if (outcome && this.#held.has(job.lease_token)) this.#outcomes.push(outcome)
    this.#wake()
  }

  /** Until all is done: also without jobs, unless a poll says that it lives. */
  async #heartbeats (): Promise<void> {
    const interval = this.#interval
    const { signal } = this.#over
    for (let pauses = new Pauses(); !signal.aborted;) {
      await this.#untilBeat(interval)
      const attempts = [...this.#held.values()]
      if (signal.aborted || (attempts.length === 0 && this.#polling)) continue
      try {
        for (let i = 0; i === 0 || i < attempts.length; i += MAX_BEAT) await this.#renew(attempts.slice(i, i + MAX_BEAT))
        pauses = new Pauses()
      } catch (error) {
        if (signal.aborted) return
        this.#options.onError(error as Error)
        await pauses.after(error as RequestError, signal)
      }
    }
  }

  get #interval (): number { return this.#options.leaseSeconds * 1000 / 3 }

  async #renew (attempts: Attempt[]): Promise<void> {
    const { client, worker } = this.#options
    const told = attempts.map(({ progress }) => progress)
    const leases = attempts.map(({ lease }, i) => ({ ...lease, ...(told[i] && { progress: told[i] }) }))
    // One that hangs must leave time for another before the leases end.
    const answer = await within(Math.min(SLACK_MS, Math.max(MIN_BEAT_MS, this.#interval)), this.#over.signal, async signal =>
      await answerOf(client.POST('/leases/heartbeat', { body: { worker, leases }, signal })))
    attempts.forEach((attempt, i) => {
      if (attempt.progress === told[i]) attempt.progress = undefined
      this.#heard(attempt, answer.leases[i]!.state)
    })
    this.#ordered(answer.worker_state)
    this.#wake()
  }

  /** Until the next heartbeat is due, or a little while after there is something to tell. */
  async #untilBeat (ms: number): Promise<void> {
    this.#beat = new AbortController()
    await wait(ms, AbortSignal.any([this.#beat.signal, this.#over.signal]))
    if (this.#beat.signal.aborted) await wait(Math.min(TELL_MS, ms), this.#over.signal)
  }

  #heard (attempt: Attempt, state: Schemas['LeaseState']['state']): void {
    if (state === 'held' || !this.#held.delete(attempt.job.lease_token)) return
    attempt.interrupt(state === 'cancel' ? new CancelledError('The job was cancelled') : new LeaseLostError('The lease of the job was lost'))
  }

  /**
   * Asks until there is an answer, or nobody wants one any more (undefined). What is refused for good stops the worker, but for the
   * statuses in `mine`: these are thrown.
   */
  async #asking<T> (ask: () => Promise<T>, ended: AbortSignal, mine: number[] = []): Promise<T | undefined> {
    for (const pauses = new Pauses(); !ended.aborted;) {
      try {
        return await ask()
      } catch (cause) {
        const error = cause as RequestError
        if (ended.aborted) return undefined
        if (mine.includes(error.status)) throw error
        if (error.final) {
          this.#fault ??= error
          this.stop()
          return undefined
        }
        this.#options.onError(error)
        await pauses.after(error, ended)
      }
    }
    return undefined
  }
}
