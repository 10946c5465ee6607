import type { Redis } from 'ioredis'
import { QueueUnavailableError } from '../queue/errors.ts'
import { decodeEntry, ENDS } from '../queue/event.ts'
import { toUuid } from '../queue/ids.ts'
import type { Job } from '../queue/job.ts'
import { DELIVERIES } from '../queue/keys.ts'
import type { Keys } from '../queue/keys.ts'
import { decodeRow } from '../queue/outcome.ts'
import type { Queue } from '../queue/queue.ts'
import { ask, run } from '../queue/scripts.ts'
import { traceOf } from '../tracing/trace-context.ts'
import type { TraceContext } from '../tracing/trace-context.ts'
import { deliveryEntry, jobData, payloadText } from './delivery.ts'
import type { DeliveryTo } from './delivery.ts'
import type { WebhookStore } from './store.ts'
import { wants } from './webhook.ts'
import type { Webhook } from './webhook.ts'

// Makes deliveries of what scripts have left in the outbox (lua/lib/outbox.lua).

/** Entries read at a time. */
const ENTRIES = 50
/** Of one call of Redis: at most so many deliveries, and so many bytes of them, or one. */
const MAX_DELIVERIES = 500
const MAX_BYTES = 1024 * 1024
/** Jobs read at a time, at most; fewer at first, as of large ones no more may fit. */
const TOGETHER = 20
const ID = 22

type Delivery = [id: string, record: string]
type RawEntry = [id: string, fields: string[]]

/** Something that happened to one job, and who is to be told of it, webhooks by their ids. */
interface Told { type: string, payload: string, to: DeliveryTo[], callback_url?: string | undefined, /** the job's */ trace?: TraceContext | undefined }

/** How far it has come in an entry: so many of its events have been told, and the next one to the webhooks up to this one. */
interface Place { nth: number, after?: string | undefined }

/** What one call of Redis is to do. */
interface Step { deliveries: Delivery[], bytes: number, /** entries */ done: string[], place: Place }

export class Relay {
  readonly #redis: Redis
  readonly #keys: Keys
  readonly #queue: Queue
  readonly #store: WebhookStore
  readonly #onSkipped: (error: unknown, entry: string) => void

  /** @param onSkipped told of entries, or events of one, that cannot be read, and so are told to nobody */
  constructor (redis: Redis, keys: Keys, queue: Queue, store: WebhookStore, onSkipped: (error: unknown, entry: string) => void = () => {}) {
    this.#redis = redis
    this.#keys = keys
    this.#queue = queue
    this.#store = store
    this.#onSkipped = onSkipped
  }

  /**
   * Goes on until nothing is left, or for `for_ms`; then whoever sweeps next goes on. Any number may do it at the same time: each event
   * is delivered by one. Returns how many deliveries it has made. Rejects with a QueueUnavailableError.
   */
  async run (for_ms = 500, signal?: AbortSignal): Promise<number> {
    const until = performance.now() + for_ms
    let made = 0
    while (!signal?.aborted && performance.now() < until) {
      const step = await this.#step()
      if (step === undefined) break
      made += step
    }
    return made
  }

  /** How many calls of Redis there have been whose events nobody was told of, as too many were waiting. */
  async lost (): Promise<number> {
    return Number(await ask(this.#redis.get(this.#keys.lostEvents)) ?? 0)
  }

  /** How many entries wait. */
  async waiting (): Promise<number> {
    return await ask(this.#redis.xlen(this.#keys.outbox))
  }

  /** Undefined when there is nothing to do. */
  async #step (): Promise<number | undefined> {
    const [seen, entries] = await Promise.all([
      ask(this.#redis.get(this.#keys.outboxAt)),
      ask(this.#redis.xrange(this.#keys.outbox, '-', '+', 'COUNT', ENTRIES)) as Promise<RawEntry[]>
    ])
    if (entries.length === 0) return undefined
    const webhooks = await this.#store.all()
    const step: Step = { deliveries: [], bytes: 0, done: [], place: readPlace(seen ?? '0') }
    for (const entry of entries) if (!await this.#take(entry, webhooks, step)) break
    const { deliveries, done, place } = step
    const args = [DELIVERIES, entries[0]![0], seen ?? '0', done.length, ...done, writePlace(place), ...deliveries.flat()]
    const counted = await run(this.#redis, 'relay', this.#keys.of(DELIVERIES), args)
    return counted === 1 ? deliveries.length : 0
  }

  /** Takes what an entry tells, from its place on, as long as there is room. Returns whether it has taken all. */
  async #take (entry: RawEntry, webhooks: Webhook[], step: Step): Promise<boolean> {
    try {
      for await (const { type, payload, to, callback_url, trace } of this.#read(entry, step.place.nth, webhooks)) {
        for (const each of to) {
          const { webhook_id } = each as { webhook_id?: string }
          // Others may have been registered or deleted since: it goes on by the id, not by the number.
          if (step.place.after !== undefined && webhook_id! <= step.place.after) continue
          const delivery = deliveryEntry(type, payload, each, callback_url, trace)
          const bytes = Buffer.byteLength(delivery[1])
          if (step.deliveries.length > 0 && (step.deliveries.length === MAX_DELIVERIES || step.bytes + bytes > MAX_BYTES)) return false
          step.deliveries.push(delivery)
          step.bytes += bytes
          step.place.after = webhook_id
        }
        step.place = { nth: step.place.nth + 1 }
      }
    } catch (error) {
      this.#skip(error, entry[0])
    }
    step.done.push(entry[0])
    step.place = { nth: 0 }
    return true
  }

  /** What cannot be read never will be: it must not keep all that comes behind it. Throws what Redis may do otherwise the next time. */
  #skip (error: unknown, entry: string): void {
    if (error instanceof QueueUnavailableError || (error as Error).name === 'ReplyError') throw error
    this.#onSkipped(error, entry)
  }

  /** The events of an entry, from one on. */
  async * #read (entry: RawEntry, from: number, webhooks: Webhook[]): AsyncGenerator<Told> {
    const [id, fields] = entry
    if (fields[0]!.startsWith('callback ')) {
      if (from === 0) yield callback(id, fields)
      return
    }
    let nth = 0
    let together = 1
    for (const { kind, queue, ids } of decodeEntry(entry).changes) {
      const concerned = webhooks.filter(webhook => wants(webhook, kind, queue))
      const count = ids.length / ID
      if (!Number.isInteger(count)) throw new Error('These are no ids of jobs')
      for (let i = Math.max(0, from - nth); i < count;) {
        const some = Array.from({ length: Math.min(together, count - i) }, (_, k) => toUuid(ids.slice((i + k) * ID, (i + k + 1) * ID)))
        if (concerned.length === 0) yield * some.map(() => NOBODY)
        else yield * await Promise.all(some.map(uuid => this.#tell(uuid, kind, queue, id, concerned)))
        i += some.length
        together = Math.min(TOGETHER, 2 * together)
      }
      nth += count
    }
  }

  async #tell (uuid: string, kind: string, queue: string, entry: string, webhooks: Webhook[]): Promise<Told> {
    let job: Job | undefined
    try {
      job = await this.#queue.get(uuid)
    } catch (error) {
      this.#skip(error, entry)
      return NOBODY
    }
    const type = `job.${kind}`
    // Of a job that has been deleted since this is all that is known.
    const data = job ? jobData(job) : JSON.stringify({ id: uuid, queue, ...(ENDS.has(kind) && { status: kind }) })
    return { type, payload: payloadText(type, timeOf(entry), data), to: webhooks.map(webhook => ({ webhook_id: webhook.id, job_id: uuid })), trace: job && traceOf(job) }
  }
}

const NOBODY: Told = { type: '', payload: '', to: [] }

const ENDED: Record<string, string> = { c: 'completed', f: 'failed', x: 'cancelled' }

function callback (id: string, fields: string[]): Told {
  const [change, job, , record, , outcome, , left_out] = fields as [string, string, string, string, string, string, string, string]
  const uuid = toUuid(job)
  const ended = decodeRow(uuid, [`${record}\n`, outcome, '', '', '', ''])
  if (ended?.callback_url === undefined) throw new Error('It is not of a job that has a callback')
  const type = `job.${ENDED[change.at(-1)!]!}`
  const payload = payloadText(type, timeOf(id), jobData(ended, Number(left_out)))
  return { type, payload, to: [{ callback: 'true', job_id: uuid, queue: ended.queue }], callback_url: ended.callback_url, trace: traceOf(ended) }
}

/** `<nth>` or `<nth> <id of a webhook>`. */
function readPlace (text: string): Place {
  const [nth, after] = text.split(' ') as [string, string | undefined]
  return { nth: Number(nth), after }
}

function writePlace ({ nth, after }: Place): string {
  return after === undefined ? `${nth}` : `${nth} ${after}`
}

/** When an entry was written, ms. */
function timeOf (id: string): number {
  return Number(id.split('-', 1)[0])
}
