import { randomBytes } from 'node:crypto'
import type { Redis } from 'ioredis'
import { QueueUnavailableError, explain } from '../queue/errors.ts'
import type { Keys } from '../queue/keys.ts'
import { Leases } from '../queue/lease.ts'
import type { Keep, Leased, Settlement, TurnResult } from '../queue/lease.ts'
import { decodeRecord, isForeign } from '../queue/record.ts'
import { Line } from './line.ts'
import { Poll } from './poll.ts'
import type { LeasedBatch, Want } from './poll.ts'

/** Notes are good for 6 s: lua/lib/wake.lua. */
const LOOK_MS = 2500
/** Characters of records: when the first queues have given so much, the others are not asked. */
const ENOUGH = 512 * 1024
/** What one call to the engine settles at most. */
const MAX_CALL = 500
const MAX_CALL_CHARS = 1024 * 1024
/** A job that has not completed takes Redis as long as so many that have. */
const OTHER_WEIGHT = 5

export interface DeskOptions {
  redis: Redis
  keys: Keys
  keepOf: (queue: string) => Keep
  onFault: (error: unknown) => void
}

/** A settlement, and the lease that it is of. */
export interface Settling { queue: string, worker: string, settlement: Settlement }

/** Where remote workers get jobs and bring what became of them. */
export class Desk {
  readonly #options: DeskOptions
  readonly #process = `api_${randomBytes(6).toString('hex')}`
  readonly #lines = new Map<string, Line>()
  readonly #byChannel = new Map<string, Line>()
  readonly #polls = new Set<Poll>()
  readonly #aside = new Set<Promise<void>>()
  #timer: NodeJS.Timeout | undefined
  #closed = false

  constructor (options: DeskOptions) {
    this.#options = options
    const { redis } = options
    redis.on('message', (channel: string, message: string) => this.#byChannel.get(channel)?.called(message))
    // What happened while the connection was down is not known.
    redis.on('ready', () => { for (const line of this.#lines.values()) line.look() })
  }

  /** How many polls wait. */
  get waiting (): number { return this.#polls.size }

  /** All polls have been sent away, and no more wait. */
  get closed (): boolean { return this.#closed }

  /**
   * Leases jobs, if there are any now: from the first queue that has some, and the next ones while there is room. With settlements, these
   * come first, in the same round trip. Rejects with a QueueUnavailableError; it is then not known what was settled.
   * @returns flags, one for each settlement in their order: false when its lease was stale
   */
  async turn (settlings: Settling[], want?: Want): Promise<{ settled: boolean[], batches: LeasedBatch[] }> {
    const settled: boolean[] = []
    const calls = callsOf(settlings)
    const batches: LeasedBatch[] = []
    let last: Call | undefined
    if (want) {
      const isSame = ({ queue, worker }: Call) => queue === want.queues[0] && worker === want.worker
      last = calls.findLast(isSame)
      if (!last) calls.push(last = { queue: want.queues[0]!, worker: want.worker, settlements: [], places: [], weight: 0, chars: 0 })
    }
    const results = await Promise.allSettled(calls.map(async call => {
      const { settlements, places } = call
      const isLast = call === last
      const result = await this.#leases(call.queue, call.worker, isLast ? want!.lease_ms : 0).turn({ settlements, max: isLast ? want!.max : 0 })
      result.settled.forEach((ok, i) => { settled[places[i]!] = ok })
      if (isLast) batches.push(...this.#batchOf(want!, call.queue, result))
    }))
    const failed = results.find(result => result.status === 'rejected')
    if (failed) {
      this.release(batches)
      throw failed.reason
    }
    if (want && want.queues.length > 1) await this.#more(want, batches)
    return { settled, batches }
  }

  /**
   * Waits until there are jobs for a worker that has just found none: with none after `ms`, when `gone` aborts or this closes. Rejects with
   * a QueueUnavailableError when Redis is away at the end.
   */
  async wait (want: Want, ms: number, gone: AbortSignal): Promise<LeasedBatch[]> {
    if (this.#closed || gone.aborted) return []
    const poll = new Poll(want)
    const leave = () => poll.end()
    const timer = setTimeout(() => {
      if (this.#options.redis.status === 'ready') poll.end()
      else poll.fail(new QueueUnavailableError('Redis is not reachable'))
    }, ms)
    gone.addEventListener('abort', leave)
    this.#polls.add(poll)
    const lines = want.queues.map(queue => this.#line(queue))
    for (const line of lines) line.add(poll)
    try {
      return await poll.ended
    } finally {
      clearTimeout(timer)
      gone.removeEventListener('abort', leave)
      this.#polls.delete(poll)
      for (const line of lines) line.remove(poll)
    }
  }

  /** Waits for nothing but the end of the time; or until `gone` aborts or this closes. */
  async pause (ms: number, gone: AbortSignal): Promise<LeasedBatch[]> {
    return await this.wait({ worker: '', queues: [], max: 0, lease_ms: 0 }, ms, gone)
  }

  /** Sends the polls of a worker away without jobs; by its name in the engine. */
  dismiss (worker: string): void {
    for (const poll of this.#polls) if (poll.want.worker === worker) poll.end()
  }

  /** Hands jobs back that never reached who they were leased for. Those that are settled meanwhile stay so. */
  release (batches: LeasedBatch[]): void {
    const settlings = batches.flatMap(({ queue, worker, leased }) => leased.map(({ id, token }): Settling => ({ queue, worker, settlement: { kind: 'release', id, token } })))
    this.#settleAside(settlings)
  }

  /** Sends everybody away. */
  dismissAll (): void {
    this.#closed = true
    clearInterval(this.#timer)
    for (const poll of this.#polls) poll.end()
  }

  /** All that is to be said to Redis has been said. */
  async close (): Promise<void> {
    this.dismissAll()
    await Promise.all(this.#aside)
    await Promise.all([...this.#lines.values()].map(line => line.close().catch(() => {})))
  }

  /** Settles what nobody waits for. If Redis cannot be told these leases end by themselves. */
  #settleAside (settlings: Settling[]): void {
    if (settlings.length === 0) return
    const done = this.turn(settlings).then(() => {}, error => this.#options.onFault(error)).finally(() => this.#aside.delete(done))
    this.#aside.add(done)
  }

  #leases (queue: string, worker: string, lease_ms: number): Leases {
    const { redis, keys, keepOf } = this.#options
    return new Leases(redis, keys, queue, worker, lease_ms, () => keepOf(queue))
  }

  /** What the other queues have. */
  async #more (want: Want, batches: LeasedBatch[]): Promise<void> {
    let [room, chars] = [want.max, 0]
    const count = (batch: LeasedBatch) => {
      room -= batch.leased.length
      chars += batch.leased.reduce((sum, { record }) => sum + record.length, 0)
    }
    batches.forEach(count)
    try {
      for (const queue of want.queues.slice(1)) {
        if (room === 0 || chars >= ENOUGH) return
        for (const batch of await this.#lease(want, queue, room)) {
          batches.push(batch)
          count(batch)
        }
      }
    } catch (error) {
      // Who has some gets these.
      if (batches.length === 0) throw error
      this.#options.onFault(error)
    }
  }

  /** Returns one batch, or none. */
  async #lease (want: Want, queue: string, max: number): Promise<LeasedBatch[]> {
    return this.#batchOf(want, queue, await this.#leases(queue, want.worker, want.lease_ms).turn({ max }))
  }

  /** What was leased of a queue, without list entries that are no jobs (record.ts): these are dead-lettered, as our own workers do. */
  #batchOf ({ worker, lease_ms }: Want, queue: string, { leased, now }: TurnResult): LeasedBatch[] {
    const jobs: Leased[] = []
    const refused: Settling[] = []
    for (const each of leased) {
      const { id, token, record } = each
      const why = isForeign(record) ? decodeRecord(id, record).not_a_job : undefined
      if (why === undefined) jobs.push(each)
      else refused.push({ queue, worker, settlement: { kind: 'dead', id, token, failure: { reason: 'not_a_job', message: why } } })
    }
    this.#settleAside(refused)
    return jobs.length > 0 ? [{ queue, worker, lease_ms, leased: jobs, expires_at: now + lease_ms }] : []
  }

  #line (queue: string): Line {
    let line = this.#lines.get(queue)
    if (!line) {
      const { redis, keys, onFault } = this.#options
      line = new Line({ redis, keys, queue, process: this.#process, serve: poll => this.#serve(queue, poll), onFault: error => onFault(explain(error)) })
      this.#lines.set(queue, line)
      this.#byChannel.set(line.channel, line)
      this.#timer ??= setInterval(() => this.#look(), LOOK_MS)
    }
    return line
  }

  /** Whether there may be more jobs. */
  async #serve (queue: string, poll: Poll): Promise<boolean> {
    if (poll.over) return true
    poll.busy = true
    const batches = await this.#lease(poll.want, queue, poll.want.max).finally(() => { poll.busy = false })
    if (batches.length === 0) {
      // Its other lines may have passed it over meanwhile.
      for (const other of poll.want.queues) if (other !== queue && !poll.over) this.#lines.get(other)?.add(poll)
      return false
    }
    for (const each of poll.want.queues) this.#lines.get(each)?.remove(poll)
    // It may have been sent away meanwhile, or its client have gone.
    if (poll.over) this.release(batches)
    else poll.end(batches)
    return true
  }

  /** Lines in which somebody waits leave their notes anew, others close. */
  #look (): void {
    for (const [queue, line] of this.#lines) {
      if (line.length > 0) {
        line.look()
      } else {
        this.#lines.delete(queue)
        this.#byChannel.delete(line.channel)
        line.close().catch(error => this.#options.onFault(explain(error)))
      }
    }
    if (this.#lines.size > 0) return
    clearInterval(this.#timer)
    this.#timer = undefined
  }
}

interface Call { queue: string, worker: string, settlements: Settlement[], places: number[], weight: number, chars: number }

/** The calls to the engine that settle all of it; `places` says where each was. */
function callsOf (settlings: Settling[]): Call[] {
  const calls: Call[] = []
  const open = new Map<string, Call>()
  settlings.forEach(({ queue, worker, settlement }, place) => {
    const key = `${queue} ${worker}`
    let call = open.get(key)
    if (!call || call.weight >= MAX_CALL || call.chars >= MAX_CALL_CHARS) {
      open.set(key, call = { queue, worker, settlements: [], places: [], weight: 0, chars: 0 })
      calls.push(call)
    }
    call.settlements.push(settlement)
    call.places.push(place)
    call.weight += settlement.kind === 'complete' ? 1 : OTHER_WEIGHT
    call.chars += charsOf(settlement)
  })
  return calls
}

function charsOf (settlement: Settlement): number {
  if (settlement.kind === 'complete') return settlement.result.length
  return 'failure' in settlement ? settlement.failure.message.length + (settlement.failure.stack?.length ?? 0) : 0
}
