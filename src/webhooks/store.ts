import type { Redis } from 'ioredis'
import { QueueUnavailableError } from '../queue/errors.ts'
import type { Keys } from '../queue/keys.ts'
import { ask, redisTime, run } from '../queue/scripts.ts'
import { webhookEndpoint } from './endpoint.ts'
import type { Endpoint } from './endpoint.ts'
import type { EndpointState, Webhook } from './webhook.ts'

/** So many webhooks may be registered. */
export const MAX_WEBHOOKS = 100
const MAX_TRIES = 10
const MAX_WHY = 500

export class TooManyWebhooksError extends Error {
  override readonly name = 'TooManyWebhooksError'

  constructor () {
    super(`There are ${MAX_WEBHOOKS} webhooks already: delete another one first`)
  }
}

/** The webhooks, and how the endpoints are doing to which deliveries go. All reject with a QueueUnavailableError. */
export class WebhookStore {
  readonly #redis: Redis
  readonly #keys: Keys

  constructor (redis: Redis, keys: Keys) {
    this.#redis = redis
    this.#keys = keys
  }

  /** By id, and so the oldest first. */
  async all (): Promise<Webhook[]> {
    const webhooks = (await ask(this.#redis.hvals(this.#keys.webhooks))).map(text => JSON.parse(text) as Webhook)
    return webhooks.sort((a, b) => a.id < b.id ? -1 : 1)
  }

  async get (id: string): Promise<Webhook | undefined> {
    const text = await ask(this.#redis.hget(this.#keys.webhooks, id))
    return text === null ? undefined : JSON.parse(text)
  }

  /** Rejects with a TooManyWebhooksError, too. */
  async add (webhook: Webhook): Promise<void> {
    if (await this.#set(webhook.id, '', JSON.stringify(webhook)) === -1) throw new TooManyWebhooksError()
  }

  /**
   * Changes one, as it is at that moment, and returns it; undefined when there is none. `change` may be called more than once; when it
   * returns nothing, the webhook is deleted.
   */
  async change (id: string, change: (webhook: Webhook) => Webhook | undefined): Promise<Webhook | undefined> {
    for (let tries = 0; tries < MAX_TRIES; tries++) {
      const before = await ask(this.#redis.hget(this.#keys.webhooks, id))
      if (before === null) return undefined
      const webhook = change(JSON.parse(before))
      if (await this.#set(id, before, webhook ? JSON.stringify(webhook) : '') === 1) return webhook ?? JSON.parse(before)
    }
    throw new QueueUnavailableError(`The webhook ${id} is being changed by too many others`)
  }

  async remove (id: string): Promise<boolean> {
    const removed = await this.change(id, () => undefined)
    if (removed) await this.forgive(webhookEndpoint(removed))
    return removed !== undefined
  }

  /** Redis's clock, ms. */
  async now (): Promise<number> {
    return await redisTime(this.#redis)
  }

  async state ({ id }: Endpoint): Promise<EndpointState> {
    const { failures = 0, last_error, ...times } = await ask(this.#redis.hgetall(this.#keys.endpoint(id))) as Record<string, string>
    const numbers = Object.entries(times).filter(([, text]) => text !== '').map(([name, text]) => [name, Number(text)])
    return { failures: Number(failures), last_error, ...Object.fromEntries(numbers) }
  }

  /** Whether a delivery to an endpoint may be tried: in `wait_ms`, 0 when now. `now` is Redis's time, ms, `failing_since` too, 0 when it is well. */
  async begin (endpoint: Endpoint): Promise<{ now: number, wait_ms: number, failing_since: number }> {
    const [now, wait_ms, failing_since] = await this.#endpoint(endpoint, 'begin') as [number, number, number]
    return { now, wait_ms, failing_since }
  }

  async succeeded (endpoint: Endpoint, status: number): Promise<void> {
    await this.#endpoint(endpoint, 'ok', status, endpoint.ok_s)
  }

  /**
   * Returns whether it has failed for so long, and so often, that it is to be given up.
   * @param began the `now` of `begin`
   * @param wait_ms it asked to be left alone for so long
   */
  async failed (endpoint: Endpoint, began: number, status: number | undefined, why: string, wait_ms: number, give_up_ms: number): Promise<boolean> {
    return await this.#endpoint(endpoint, 'failed', status ?? '', why.slice(0, MAX_WHY), wait_ms, endpoint.failed_s, give_up_ms, began) === 1
  }

  /** Nothing is known against an endpoint any more. */
  async forgive ({ id }: Endpoint): Promise<void> {
    await ask(this.#redis.del(this.#keys.endpoint(id)))
  }

  async #endpoint ({ id }: Endpoint, ...args: (string | number)[]): Promise<unknown> {
    return await run(this.#redis, 'endpoint', [this.#keys.endpoint(id)], args)
  }

  async #set (id: string, before: string, after: string): Promise<number> {
    return await run(this.#redis, 'webhook', [this.#keys.webhooks, this.#keys.wanted], [id, before, after, MAX_WEBHOOKS]) as number
  }
}
