import type { RemoteWorker } from '../contract/schemas.ts'
import { QueueUnavailableError } from '../queue/errors.ts'
import { remoteName } from '../queue/remote.ts'
import { Workers } from '../queue/workers.ts'
import type { WorkerInfo, WorkerState } from '../queue/workers.ts'

/** A worker is announced as often as that, however many calls it makes. */
const ANNOUNCE_MS = 2000
const MAX_KNOWN = 10_000
/** A worker counts as live for so long at least after a call. */
const LIVE_MS = 30_000

interface Known {
  info: WorkerInfo
  state: WorkerState
  announcedAt: number
  liveTo: number
}

/** How a call shows that its worker lives. */
export interface Sign {
  worker: RemoteWorker
  /** those that it asked for, if it did */
  queues?: string[]
  /** for how long it counts as live; at least, and by default, 30 s */
  live_ms?: number
}

/** The remote workers that this process has lately heard of, and what operators want of them. */
export class Crew {
  readonly #workers: Workers
  readonly #known = new Map<string, Known>()

  constructor (workers: Workers) {
    this.#workers = workers
  }

  /** Notes that a worker lives. Returns what is wanted of it, which is known at once but for workers that are new here. */
  async see (sign: Sign): Promise<WorkerState> {
    const name = remoteName(sign.worker.id)
    const now = performance.now()
    const known = this.#known.get(name)
    if (!known || known.liveTo < now) return await this.#meet(name, sign)
    if (now - known.announcedAt >= ANNOUNCE_MS) this.#announce(known, sign).catch(ignoreAway)
    return known.state
  }

  /** A worker has been told something, here or elsewhere. */
  told (name: string, state: WorkerState): void {
    const known = this.#known.get(name)
    if (known) hear(known, state)
  }

  /** As far as it is known here. */
  stateOf (name: string): WorkerState {
    return this.#known.get(name)?.state ?? 'run'
  }

  async #meet (name: string, sign: Sign): Promise<WorkerState> {
    const info = await this.#workers.find(name) ?? { id: name, queues: [], started_at: Date.now() }
    const known: Known = { info, state: 'run', announcedAt: 0, liveTo: 0 }
    this.#known.delete(name)
    if (this.#known.size >= MAX_KNOWN) this.#known.delete(this.#known.keys().next().value!)
    this.#known.set(name, known)
    await this.#announce(known, sign)
    return known.state
  }

  async #announce (known: Known, { worker, queues, live_ms = LIVE_MS }: Sign): Promise<void> {
    const now = performance.now()
    known.info = { ...known.info, ...worker, id: known.info.id, queues: queues ?? known.info.queues }
    known.announcedAt = now
    const ttl_ms = Math.max(LIVE_MS, live_ms)
    hear(known, await this.#workers.announce(known.info, ttl_ms))
    known.liveTo = now + ttl_ms
  }
}

const ORDERS: WorkerState[] = ['run', 'quiet', 'stop']

/** Nothing is taken back: what says less than is known already was only under way for longer. */
function hear (known: Known, state: WorkerState): void {
  if (ORDERS.indexOf(state) > ORDERS.indexOf(known.state)) known.state = state
}

/** The next call announces it. */
function ignoreAway (error: unknown): void {
  if (!(error instanceof QueueUnavailableError)) throw error
}
