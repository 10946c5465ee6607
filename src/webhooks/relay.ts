import type { Redis } from 'ioredis'
import { decodeEntry, ENDS } from '../queue/event.ts'
import { toUuid } from '../queue/ids.ts'
import { DELIVERIES } from '../queue/keys.ts'
import type { Keys } from '../queue/keys.ts'
import { decodeRow } from '../queue/outcome.ts'
import type { Queue } from '../queue/queue.ts'
import { ask, run } from '../queue/scripts.ts'
import { deliveryEntry, jobData, payloadText } from './delivery.ts'
import type { WebhookStore } from './store.ts'
import { wants } from './webhook.ts'
import type { Webhook } from './webhook.ts'

// Makes deliveries of what scripts have left in the outbox (lua/lib/outbox.lua).

/** Entries read at a time. */
const ENTRIES = 50
/** Of one call of Redis. Below a thousand with those of one event more, of which there are a hundred at most. */
const MAX_DELIVERIES = 500
const MAX_CHARS = 1024 * 1024
/** Jobs read at a time. */
const TOGETHER = 20
const ID = 22

type Delivery = [id: string, record: string]
type RawEntry = [id: string, fields: string[]]

/** Something that happened to one job, and what is to be told of it. */
interface Told { deliveries: Delivery[], chars: number }

export class Relay {
  readonly #redis: Redis
  readonly #keys: Keys
  readonly #queue: Queue
  readonly #store: WebhookStore

  constructor (redis: Redis, keys: Keys, queue: Queue, store: WebhookStore) {
    this.#redis = redis
    this.#keys = keys
    this.#queue = queue
    this.#store = store
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
    const deliveries: Delivery[] = []
    const done: string[] = []
    let chars = 0
    let at = Number(seen ?? 0)
    const isFull = (more: Told) => deliveries.length > 0 && (deliveries.length + more.deliveries.length > MAX_DELIVERIES || chars + more.chars > MAX_CHARS)
    /** Takes the events of an entry, from one on, as long as there is room. Returns whether it has taken all. */
    const take = async (entry: RawEntry): Promise<boolean> => {
      for await (const told of this.#read(entry, at, webhooks)) {
        if (isFull(told)) return false
        deliveries.push(...told.deliveries)
        chars += told.chars
        at++
      }
      done.push(entry[0])
      at = 0
      return true
    }
    for (const entry of entries) if (!await take(entry)) break
    const args = [DELIVERIES, entries[0]![0], seen ?? '0', done.length, ...done, at, ...deliveries.flat()]
    const counted = await run(this.#redis, 'relay', this.#keys.of(DELIVERIES), args)
    return counted === 1 ? deliveries.length : 0
  }

  /** The events of an entry, from one on. */
  async * #read (entry: RawEntry, from: number, webhooks: Webhook[]): AsyncGenerator<Told> {
    const [id, fields] = entry
    if (fields[0]!.startsWith('callback ')) {
      if (from === 0) yield callback(id, fields)
      return
    }
    let nth = 0
    for (const { kind, queue, ids } of decodeEntry(entry).changes) {
      const concerned = webhooks.filter(webhook => wants(webhook, kind, queue))
      const count = ids.length / ID
      for (let i = Math.max(0, from - nth); i < count; i += TOGETHER) {
        const some = Array.from({ length: Math.min(TOGETHER, count - i) }, (_, k) => toUuid(ids.slice((i + k) * ID, (i + k + 1) * ID)))
        if (concerned.length === 0) yield * some.map(() => ({ deliveries: [], chars: 0 }))
        else yield * await Promise.all(some.map(uuid => this.#tell(uuid, kind, queue, timeOf(id), concerned)))
      }
      nth += count
    }
  }

  async #tell (uuid: string, kind: string, queue: string, at: number, webhooks: Webhook[]): Promise<Told> {
    const job = await this.#queue.get(uuid)
    const type = `job.${kind}`
    // Of a job that has been deleted since this is all that is known.
    const data = job ? jobData(job) : JSON.stringify({ id: uuid, queue, ...(ENDS.has(kind) && { status: kind }) })
    const payload = payloadText(type, at, data)
    return told(webhooks.map(webhook => deliveryEntry(type, payload, { webhook_id: webhook.id, job_id: uuid })))
  }
}

const ENDED: Record<string, string> = { c: 'completed', f: 'failed', x: 'cancelled' }

function callback (id: string, fields: string[]): Told {
  const [change, job, , record, , outcome, , left_out] = fields as [string, string, string, string, string, string, string, string]
  const uuid = toUuid(job)
  const ended = decodeRow(uuid, [`${record}\n`, outcome, '', '', '', ''])!
  const type = `job.${ENDED[change.at(-1)!]!}`
  const payload = payloadText(type, timeOf(id), jobData(ended, Number(left_out)))
  return told([deliveryEntry(type, payload, { callback: 'true', job_id: uuid, queue: ended.queue }, ended.callback_url)])
}

function told (deliveries: Delivery[]): Told {
  return { deliveries, chars: deliveries.reduce((sum, [, record]) => sum + record.length, 0) }
}

/** When an entry was written, ms. */
function timeOf (id: string): number {
  return Number(id.split('-', 1)[0])
}
