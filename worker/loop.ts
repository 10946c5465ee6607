import { randomBytes } from 'node:crypto'
import { hostname } from 'node:os'
import type { FastifyInstance } from 'fastify'
import type { Redis } from 'ioredis'
import { QueueUnavailableError } from '../src/queue/errors.ts'
import { Leases } from '../src/queue/lease.ts'
import { Workers } from '../src/queue/workers.ts'
import type { WorkerInfo, WorkerState } from '../src/queue/workers.ts'
import { ShutdownError } from './errors.ts'
import { Lane } from './lane.ts'
import type { Counts, Slots } from './lane.ts'
import { Pace } from './pace.ts'

/** However good the hand-off, a worker looks for itself this often. */
const LOOK_MS = 2500
/** The second look after a reconnect. */
const AGAIN_MS = 300
/** A job waits no longer than this for its turn here: another worker may be idle. */
const MAX_WAIT_MS = 100
/** What is left to tell Redis at the end has this long. */
const LAST_WORDS_MS = 3000

export interface LoopOptions {
  queues: readonly string[]
  concurrency: number
  lease_ms: number
  /** It is not among the workers that are shown. */
  isHidden?: boolean
}

/** In whose name a loop holds its jobs. */
export interface Holder {
  worker: string
  queues: readonly string[]
  /** what it says of itself, unless it is hidden; and for how long that counts */
  info?: WorkerInfo
  announced_ms: number
}

/** Takes jobs from its queues, runs `concurrency` of them at the same time, and renews the leases of all it holds. */
export class Loop implements Slots {
  readonly info: WorkerInfo
  stopping = false
  /** Resolves when operators want the worker to end. */
  readonly dismissed: Promise<void>
  readonly #app: FastifyInstance
  readonly #redis: Redis
  readonly #options: LoopOptions
  readonly #lanes: Lane[]
  readonly #pace = new Pace()
  #dismiss = () => {}
  #isClosing = false
  #handBack = true
  #ended = false
  #running = 0
  #turn = 0
  #first = 0
  #pumping = false
  #filling = false
  #heart: NodeJS.Timeout | undefined
  #staleTimer: NodeJS.Timeout | undefined
  #lastTurn = performance.now()
  #whenIdle: (() => void) | undefined

  constructor (app: FastifyInstance, options: LoopOptions) {
    this.#app = app
    this.#redis = app.redis
    this.#options = options
    this.dismissed = new Promise(resolve => { this.#dismiss = resolve })
    const id = `w_${randomBytes(6).toString('hex')}`
    this.info = { id, host: hostname(), pid: process.pid, queues: [...options.queues], concurrency: options.concurrency, started_at: Date.now() }
    this.#lanes = options.queues.map(queue => new Lane(app, new Leases(app.redis, app.queue.keys, queue, id, options.lease_ms, () => app.queueSettings.retention(queue)), this))
  }

  get running (): number { return this.#running }

  /** It counts as live for as long as its leases do, and at least for three beats. */
  get holder (): Holder {
    const { queues, lease_ms, isHidden } = this.#options
    return { worker: this.info.id, queues, info: isHidden ? undefined : this.info, announced_ms: Math.max(lease_ms, 3 * LOOK_MS) }
  }

  /** How long ago Redis last answered, in ms: the sign of life of the loop. */
  get silentMs (): number { return performance.now() - this.#lastTurn }

  async start (): Promise<void> {
    const lanes = new Map(this.#lanes.map(lane => [lane.leases.channel, lane]))
    this.#redis.on('message', (channel: string, message: string) => {
      if (channel === this.#app.workers.channel) return this.#hear(message)
      const lane = lanes.get(channel)
      const handed = Leases.handed(message)
      if ('leased' in handed) lane?.handed(handed.leased)
      else if ('cancelled' in handed) lane?.cancelled(handed.cancelled, handed.token)
      else lane?.lookIn(handed.due_in_ms)
    })
    await this.#redis.subscribe(...lanes.keys(), ...this.#options.isHidden ? [] : [this.#app.workers.channel])
    // What happened while the connection was down is not known: look, and compare twice (lane.ts says why).
    this.#redis.on('ready', () => this.#beat(AGAIN_MS))
    await this.#announce()
    this.#beat()
  }

  /** Leases no more; what runs goes on. */
  quiet (): void {
    if (this.stopping) return
    this.stopping = true
    for (const lane of this.#lanes) lane.releaseWaiting()
    this.pump()
  }

  /** Leases no more, waits for running jobs, hands back those that are not done in time. */
  async stop (graceMs: number): Promise<void> {
    if (this.#isClosing) return
    this.#isClosing = true
    this.quiet()
    const done = await within(graceMs, this.#idle())
    if (!done && this.#handBack) {
      this.#app.log.warn({ running: this.#running }, 'The grace is over: handing back the jobs that still run')
      for (const lane of this.#lanes) lane.releaseRunning(new ShutdownError('the worker stops'))
    }
    if (!await within(LAST_WORDS_MS, this.#drained())) this.#app.log.warn('Redis did not take the last settlements: those jobs run again when their leases end')
    this.#ended = true
    clearTimeout(this.#heart)
    clearTimeout(this.#staleTimer)
    for (const lane of this.#lanes) lane.close()
    if (!this.#options.isHidden) await within(LAST_WORDS_MS, this.#app.workers.withdraw(this.info.id).catch(() => {}))
  }

  /** Jobs that do not finish before the worker stops are not handed back: they count as lost when their leases end. */
  keepRunning (): void {
    this.#handBack = false
  }

  /** What became of the attempts of this process, by queue. */
  get counts (): Map<string, Counts> {
    return new Map(this.#lanes.map(lane => [lane.leases.queue, lane.counts]))
  }

  /** Gives every lane its turn, each time another one first, so that a full queue does not keep the others from theirs. */
  pump (): void {
    if (this.#pumping) return
    this.#pumping = true
    setImmediate(() => {
      this.#pumping = false
      this.#pace.measure()
      const lanes = this.#lanes.map((_, i) => this.#lanes[(this.#first + i) % this.#lanes.length]!)
      this.#first++
      lanes.forEach((lane, i) => {
        const others = lanes.slice(i + 1).filter(other => other.hungry).length
        lane.turn(Math.ceil(this.#room() / (1 + others)))
      })
    })
  }

  turned (): void {
    this.#lastTurn = performance.now()
  }

  /** Starts jobs in the free slots, from one queue after the other. */
  fill (): void {
    if (this.#filling) return // a job that ended as soon as it began: the loop below goes on
    this.#filling = true
    while (this.#running < this.#options.concurrency && this.#startNext());
    this.#filling = false
    this.#watchWaiting()
  }

  started (): void {
    this.#running++
  }

  finished (): void {
    this.#running--
    this.#pace.finished()
    this.fill()
    if (this.#running === 0) this.#whenIdle?.()
  }

  /** How many more jobs to hold now. */
  #room (): number {
    if (this.stopping) return 0
    const load = this.#lanes.reduce((sum, lane) => sum + lane.load, 0)
    return Math.max(0, this.#options.concurrency + this.#pace.prefetch - load)
  }

  #startNext (): boolean {
    for (let i = 0; i < this.#lanes.length; i++) {
      if (this.#lanes[this.#turn++ % this.#lanes.length]!.startNext()) return true
    }
    return false
  }

  // Also hands back what came too much, when several queues filled the same free slots.
  #watchWaiting (): void {
    if (this.#staleTimer || this.#lanes.every(lane => lane.waiting === 0)) return
    this.#staleTimer = setTimeout(() => {
      this.#staleTimer = undefined
      for (const lane of this.#lanes) {
        if (lane.waiting === 0 || performance.now() - lane.waitsSince < MAX_WAIT_MS) continue
        lane.releaseWaiting()
        this.#pace.forget()
      }
      this.#watchWaiting()
    }, MAX_WAIT_MS)
  }

  #beat (next_ms = Math.min(this.#options.lease_ms / 3, LOOK_MS)): void {
    clearTimeout(this.#heart)
    if (this.#ended) return
    this.#heart = setTimeout(() => this.#beat(), next_ms)
    const beats = this.#lanes.map(lane => {
      lane.look()
      return lane.heartbeat()
    })
    Promise.all([this.#announce(), ...beats]).catch(error => {
      const level = error instanceof QueueUnavailableError ? 'debug' : 'error'
      this.#app.log[level]({ err: error }, 'A heartbeat failed')
    })
  }

  async #announce (): Promise<void> {
    const { info, announced_ms } = this.holder
    if (info) this.#obey(await this.#app.workers.announce(info, announced_ms))
  }

  #hear (message: string): void {
    const { name, state } = Workers.orderOf(message)
    if (name === this.info.id) this.#obey(state)
  }

  /** Does what operators want; should we not hear of it, the next announcement tells. */
  #obey (state: WorkerState): void {
    if (state === 'run' || (this.stopping && state === 'quiet')) return
    if (!this.stopping) this.#app.log.info(`Told to ${state === 'stop' ? 'stop' : 'be quiet'}: taking no more jobs`)
    this.quiet()
    if (state === 'stop') this.#dismiss()
  }

  async #idle (): Promise<void> {
    if (this.#running > 0) await new Promise<void>(resolve => { this.#whenIdle = resolve })
  }

  async #drained (): Promise<void> {
    while (!this.#ended && !this.#lanes.every(lane => lane.drained)) await new Promise(resolve => setTimeout(resolve, 10))
  }
}

/** Whether `promise` resolved within `ms`. */
async function within (ms: number, promise: Promise<void>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<false>(resolve => { timer = setTimeout(resolve, ms, false) })
  try {
    return await Promise.race([promise.then(() => true), late])
  } finally {
    clearTimeout(timer)
  }
}
