import type { FastifyInstance } from 'fastify'
import { QueueUnavailableError } from '../src/queue/errors.ts'
import { toUuid } from '../src/queue/ids.ts'
import type { Leased, Leases, Settlement, TurnResult } from '../src/queue/lease.ts'
import { Attempt } from './attempt.ts'
import { CancelledError, LeaseLostError } from './errors.ts'
import { JobLogs } from './job-log.ts'
import { KeptLog } from './kept-log.ts'

const MAX_CALLS = 2
/** Large enough to cost little a job, small enough that Redis works on one call while the answer of another is being worked through. */
const MAX_BATCH = 250
const MAX_BATCH_CHARS = 4 * 1024 * 1024
const RETRY_MS = 500

/** Settlements by kind; `stale` ones came too late and did not count. */
export type Counts = Record<Settlement['kind'] | 'stale', number>

/** What the lane needs of the worker around it. */
export interface Slots {
  /** Something can be done: let the lanes have their turns soon. */
  pump (): void
  /** There are jobs to start. */
  fill (): void
  /** A job has begun. */
  started (): void
  /** A job has ended. */
  finished (): void
  /** Redis has answered. */
  turned (): void
  readonly stopping: boolean
}

/**
 * One worker's traffic with one queue: what it holds, what it has to settle, and the turns in which it does both with one
 * call. While jobs flow two calls are under way; when there are none the worker is parked and is handed them.
 */
export class Lane {
  readonly leases: Leases
  readonly counts: Counts = { complete: 0, retry: 0, dead: 0, put_off: 0, release: 0, stale: 0 }
  readonly #slots: Slots
  readonly #app: FastifyInstance
  readonly #kept: KeptLog
  readonly #logs: JobLogs
  readonly #held = new Map<string, Attempt>()
  #waiting: Attempt[] = []
  #outbox: Attempt[] = []
  #parked = ''
  /** The nonce of the last note by which we were handed jobs. */
  #takenUp = ''
  /** Whether to ask for jobs without having something to settle: there may be some that nobody will hand over. */
  #look = true
  #calls = 0
  #requested = 0
  #settling = 0
  /** The last turn got as many jobs as it asked for: there are more. */
  #flowing = false
  #retryTimer: NodeJS.Timeout | undefined
  #dueTimer: NodeJS.Timeout | undefined
  /** by our clock */
  #dueAt = Infinity
  #strays = new Map<string, string>()
  /** Jobs that were cancelled before the answer that leases them to us was read: id to token. */
  #cancelledEarly = new Map<string, string>()
  #oldestWaitsSince = 0
  /** By our clock: when the last heartbeat that was answered was sent. */
  #renewedAt = -Infinity
  /** Our clock less Redis's, at the least. */
  #ahead = 0

  constructor (app: FastifyInstance, leases: Leases, slots: Slots) {
    this.#app = app
    this.#kept = new KeptLog(app.log, leases)
    this.#logs = new JobLogs(app.log, this.#kept)
    this.leases = leases
    this.#slots = slots
  }

  /** Jobs held or asked for, without those that are done. */
  get load (): number { return this.#held.size - this.#settling + this.#requested }

  get waiting (): number { return this.#waiting.length }
  get waitsSince (): number { return this.#oldestWaitsSince }
  get drained (): boolean { return this.#outbox.length === 0 && this.#calls === 0 && this.#parked === '' }

  /** Starts the next job, if there is one whose lease cannot have run out: after a pause the heartbeat says what is still ours. */
  startNext (): boolean {
    const first = this.#waiting[0]
    if (!first || performance.now() >= this.#leasedTo(first)) return false
    this.#waiting.shift()
    this.#slots.started()
    first.run(this.#ended)
    return true
  }

  readonly #ended = (attempt: Attempt): void => {
    this.#settle(attempt)
    this.#slots.finished()
  }

  /** Hands back all jobs that have not started, or the last `count` of them. */
  releaseWaiting (count = this.#waiting.length): void {
    for (const attempt of this.#waiting.splice(this.#waiting.length - count, count)) this.#release(attempt)
  }

  /** Tells the handlers of running jobs to stop, and hands the jobs back. */
  releaseRunning (reason: Error): void {
    for (const attempt of this.#held.values()) {
      if (attempt.state !== 'running') continue
      attempt.abort(reason)
      this.#release(attempt)
    }
  }

  #release (attempt: Attempt): void {
    attempt.release()
    this.#settle(attempt)
  }

  /** A job has come to its end here; when it is no longer ours there is nothing to be said about it. */
  #settle (attempt: Attempt): void {
    if (attempt.state === 'settling') return
    if (this.#held.get(attempt.id) !== attempt) return attempt.dropped()
    attempt.state = 'settling'
    this.#settling++
    this.#outbox.push(attempt)
    this.#slots.pump()
  }

  /** Look for jobs soon: time has passed, the connection is new, or a scheduled job is due. */
  look (): void {
    this.#look = true
    this.#slots.pump()
  }

  /** Not later than one that is to come already: scheduled jobs and limits each have their time. */
  lookIn (ms: number): void {
    const at = performance.now() + ms
    // Beyond this the regular looks see it in time.
    if (ms >= 60_000 || at >= this.#dueAt) return
    clearTimeout(this.#dueTimer)
    this.#dueAt = at
    this.#dueTimer = setTimeout(() => {
      this.#dueAt = Infinity
      this.look()
    }, ms)
  }

  /** Jobs that were leased to us while we were parked. */
  handed (leased: Leased[]): void {
    // By the nonce of the note. The answer of the call that left it may be read later than what came of it.
    this.#takenUp = leased[0]!.token.split('.')[4]!
    if (this.#takenUp === nonceOf(this.#parked)) {
      this.#parked = ''
      this.#look = true
    }
    this.#take(leased)
    this.#slots.pump()
  }

  /** A job that we hold was cancelled. Should we not hear of it, the next heartbeat finds that it is no longer ours. */
  cancelled (id: string, token: string): void {
    const attempt = this.#held.get(id)
    if (attempt?.token !== token) {
      if (this.#calls > 0) this.#cancelledEarly.set(id, token)
    } else if (attempt.state !== 'settling') {
      this.#drop(attempt, new CancelledError())
    }
  }

  /** It is no longer ours: what its handler still does does not count. */
  #drop (attempt: Attempt, reason: Error): void {
    this.#held.delete(attempt.id)
    if (attempt.state === 'waiting') this.#waiting.splice(this.#waiting.indexOf(attempt), 1)
    attempt.abort(reason)
  }

  /** Renews the leases; tells attempts whose lease was lost, and hands back what Redis says is ours but never arrived. */
  async heartbeat (): Promise<void> {
    const sentAt = performance.now()
    const { now, held: truth } = await this.leases.heartbeat()
    this.#slots.turned()
    for (const attempt of this.#held.values()) {
      const { id, token, state } = attempt
      if (truth.get(id) === token || state === 'settling' || attempt.leasedAt >= now) continue
      this.#drop(attempt, new LeaseLostError())
      if (attempt.isLeftToOthers) this.#app.log.info({ job_id: toUuid(id) }, 'Job settled by whom it was left to')
      else this.#app.log.warn({ job_id: toUuid(id) }, 'The lease of a job was lost')
    }
    this.#renewedAt = sentAt
    this.#returnStrays(truth)
    this.#slots.fill()
  }

  close (): void {
    clearTimeout(this.#retryTimer)
    clearTimeout(this.#dueTimer)
    this.#kept.close()
  }

  /** Wants jobs, and can ask for them. */
  get hungry (): boolean {
    return this.#look && !this.#retryTimer && !this.#busy
  }

  /** Settles what there is and asks for up to `room` jobs, if there is a reason to. */
  turn (room: number): void {
    if (this.#busy || this.#retryTimer) return
    const batch = this.#nextBatch()
    const withdraw = this.#slots.stopping && this.#parked !== ''
    if (batch.length === 0 && !withdraw && !(this.#look && room > 0)) return
    this.#call(batch, Math.min(MAX_BATCH, room))
    if (this.#flowing) this.#slots.pump()
  }

  get #busy (): boolean {
    return this.#calls >= (this.#flowing ? MAX_CALLS : 1)
  }

  async #call (batch: Attempt[], max: number): Promise<void> {
    const parked = this.#parked
    const park = max > 0 && !this.#flowing
    this.#parked = ''
    if (park) this.#look = false
    this.#calls++
    this.#requested += max
    // Who sees that a job has ended sees all that it has logged; afterwards its token would be stale.
    if (this.#kept.has(batch)) await this.#kept.flush()
    const sentAt = performance.now()
    let result: TurnResult | undefined
    try {
      result = await this.leases.turn({ settlements: batch.map(({ settlement }) => settlement!), max, park, parked })
    } catch (error) {
      this.#failed(batch, error)
    } finally {
      this.#calls--
      this.#requested -= max
    }
    if (!result) return
    this.#ahead = sentAt - result.now
    this.#turned(batch, max, result)
  }

  #turned (batch: Attempt[], max: number, { settled, leased, due_in_ms, parked }: TurnResult): void {
    this.#slots.turned()
    this.#kept.forget(batch)
    for (let i = 0; i < batch.length; i++) {
      const attempt = batch[i]!
      // It may have been leased to us again since.
      if (this.#held.get(attempt.id) === attempt) this.#held.delete(attempt.id)
      this.#settling--
      this.counts[settled[i] ? attempt.settlement!.kind : 'stale']++
      attempt.report(settled[i]!)
    }
    const note = nonceOf(parked) === this.#takenUp ? '' : parked
    this.#parked ||= note
    if (max > 0) {
      this.#flowing = leased.length === max
      this.#look ||= note === ''
    }
    if (due_in_ms !== undefined) this.lookIn(due_in_ms)
    this.#take(leased)
    if (this.#calls === 0) this.#cancelledEarly.clear()
    this.#slots.pump()
  }

  #failed (batch: Attempt[], error: unknown): void {
    this.#outbox.unshift(...batch)
    this.#flowing = false
    this.#look = true
    if (error instanceof QueueUnavailableError) this.#app.log.debug({ err: error }, 'Redis cannot serve the worker now; trying again')
    else this.#app.log.error({ err: error }, 'A turn of the worker failed; trying again')
    this.#retryTimer ??= setTimeout(() => {
      this.#retryTimer = undefined
      this.#slots.pump()
    }, RETRY_MS)
  }

  #take (leased: Leased[]): void {
    if (leased.length === 0) return
    for (const job of leased) {
      const known = this.#held.get(job.id)
      if (known?.token === job.token || this.#cancelledEarly.get(job.id) === job.token) continue
      known?.abort(new LeaseLostError())
      const attempt = new Attempt(this.#app, this.#logs, this.leases, job)
      this.#held.set(job.id, attempt)
      this.#waiting.push(attempt)
    }
    this.#oldestWaitsSince = performance.now()
    if (this.#slots.stopping) this.releaseWaiting()
    else this.#slots.fill()
  }

  /** The earliest time, by our clock, at which the lease of a job can end. */
  #leasedTo ({ leasedAt }: Attempt): number {
    return Math.max(this.#renewedAt, leasedAt + this.#ahead) + this.leases.lease_ms
  }

  #nextBatch (): Attempt[] {
    let count = 0
    let chars = 0
    while (count < this.#outbox.length && count < MAX_BATCH && chars < MAX_BATCH_CHARS) {
      const settlement = this.#outbox[count++]!.settlement!
      if (settlement.kind === 'complete') chars += settlement.result.length
    }
    return this.#outbox.splice(0, count)
  }

  // A lease whose answer was lost with its connection. It may only seem so while an answer is under way: what is strange
  // twice in a row is.
  #returnStrays (truth: Map<string, string>): void {
    const strays = new Map([...truth].filter(([id]) => !this.#held.has(id)))
    for (const [id, token] of strays) {
      if (this.#strays.get(id) !== token) continue
      strays.delete(id)
      const attempt = new Attempt(this.#app, this.#logs, this.leases, { id, token, record: '' })
      this.#held.set(id, attempt)
      this.#release(attempt)
    }
    this.#strays = strays
  }
}

/** Of a parked worker's note; undefined when there is none. */
function nonceOf (note: string): string | undefined {
  return note.split(' ')[1]
}
