import { createHash } from 'node:crypto'

// Every key in Redis is spelt here and nowhere else.

/** A queue's name: also the only form in which a name becomes part of a key, so that no name can collide with another key. */
export const QUEUE_NAME = /^[a-z0-9][a-z0-9._-]{0,63}$/

/** The queue of the deliveries of callbacks and webhooks, as in lua/lib/outbox.lua. Names that begin like it are not for clients. */
export const DELIVERIES = 'bellhop.webhooks'
export const RESERVED = 'bellhop.'

/** Whether a queue is one of the service's own. */
export function isReserved (queue: string | undefined): boolean {
  return queue !== undefined && queue.startsWith(RESERVED)
}

/** The queue that `POST /submit` and older producers (`RPUSH job_queue`) use. */
export const DEFAULT_QUEUE = 'default'

export class Keys {
  readonly workers: string
  readonly workersSeen: string
  readonly workersOrders: string
  readonly leaseSecret: string
  readonly jobs: string
  readonly outcomes: string
  readonly queues: string
  readonly sweeps: string
  readonly settings: string
  readonly settingsVersions: string
  readonly events: string
  readonly schedules: string
  readonly schedulesDue: string
  readonly logs: string
  readonly outbox: string
  readonly outboxAt: string
  readonly lostEvents: string
  readonly webhooks: string
  readonly wanted: string
  readonly #prefix: string

  /** @param prefix put before every key, e.g. `staging:`; default none */
  constructor (prefix = '') {
    this.#prefix = prefix
    this.jobs = `${prefix}jobs`
    this.outcomes = `${prefix}outcomes`
    this.workers = `${prefix}workers`
    this.workersSeen = `${prefix}workers:seen`
    this.workersOrders = `${prefix}workers:orders`
    this.leaseSecret = `${prefix}leases:secret`
    this.queues = `${prefix}queues`
    this.sweeps = `${prefix}sweeps`
    this.settings = `${prefix}settings`
    this.settingsVersions = `${prefix}settings:versions`
    this.events = `${prefix}events`
    this.schedules = `${prefix}schedules`
    this.schedulesDue = `${prefix}schedules:due`
    this.logs = `${prefix}logs`
    this.outbox = `${prefix}outbox`
    this.outboxAt = `${prefix}outbox:at`
    this.lostEvents = `${prefix}outbox:lost`
    this.webhooks = `${prefix}webhooks`
    this.wanted = `${prefix}webhooks:wanted`
  }

  /** The KEYS of a script that works in one queue: its list, of which lua/lib/keys.lua derives all others. */
  of (queue: string): string[] {
    return [this.base(queue)]
  }

  /** The list of the queue's jobs with normal priority; the queue's other keys begin with it. */
  base (queue: string): string {
    return this.#prefix + (queue === DEFAULT_QUEUE ? 'job_queue' : `queue:${queue}`)
  }

  /** What has been made with an idempotency key of a client; both may be any text. */
  idempotency (client: string, key: string): string {
    return `${this.#prefix}idempotency:${createHash('sha256').update(`${client}\0${key}`).digest('base64url')}`
  }

  /** What one schedule is, and what it has done. */
  schedule (name: string): string {
    return `${this.#prefix}schedule:${name}`
  }

  /** How many requests a client has made in this window. */
  rateLimit (client: string): string {
    return `${this.#prefix}rate-limit:${client}`
  }

  /** The list of the jobs that a job blocks. */
  children (parent: string): string {
    return `${this.#prefix}children:${parent}`
  }

  /** Those that scripts derive: the queue's, and those of all queues. See lua/lib/keys.lua. */
  derived (queue: string): string[] {
    const base = this.base(queue)
    const own = ['high', 'low', 'scheduled', 'retrying', 'active', 'active:~<worker>:until', 'idle', 'completed', 'dlq', 'stats', 'pace', 'cancelled', 'ties', 'completed:left', 'settings', 'expiring', 'journal', 'journal:swept', 'blocked', 'unique:<hash>', 'limits', 'turns:<priority>', 'heads:<priority>', 'behind:<priority>', 'group:<priority>:<group>', 'asleep', 'running', 'running:counting', 'rates', 'overrides']
    const shared = ['attempts', 'progress', 'parents', 'children:<id>', 'settling']
    return [base, ...own.map(name => `${base}:${name}`), this.jobs, this.outcomes, this.queues, this.sweeps, this.events, ...shared.map(name => this.#prefix + name), this.logs, this.log('<id>'), this.outbox, this.outboxAt, this.lostEvents, this.wanted]
  }

  /** How an endpoint is doing: of a webhook, its id, and of callbacks a hash of where they go. */
  endpoint (id: string): string {
    return `${this.webhooks}:endpoint:${id}`
  }

  /** What scripts need to know of a queue's settings: see lua/lib/settings.lua. */
  ownSettings (queue: string): string {
    return `${this.base(queue)}:settings`
  }

  /** The sorted set of the workers that hold jobs of a queue. */
  active (queue: string): string {
    return `${this.base(queue)}:active`
  }

  /** The hash of the completed jobs that were retried or deleted. */
  left (queue: string): string {
    return `${this.base(queue)}:completed:left`
  }

  /** The list of the lines that are kept of a job. */
  log (id: string): string {
    return `${this.logs}:${id}`
  }

  /** The hash of what a worker holds of a queue, and the channel on which it is handed jobs. */
  held (queue: string, worker: string): string {
    return `${this.base(queue)}:active:${worker}`
  }
}
