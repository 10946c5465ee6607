import type { FastifyInstance } from 'fastify'
import { QueueUnavailableError } from '../src/queue/errors.ts'
import type { Endpoint } from '../src/webhooks/endpoint.ts'
import type { WebhookStore } from '../src/webhooks/store.ts'
import { PutOffError } from './errors.ts'

const JITTER = 0.2
/** While Redis is away. */
const AGAIN_MS = 1000

/**
 * How the places are doing that are posted to, for the handlers that post. That Redis is away for a moment is nobody's failed attempt, and
 * changes nothing of what an endpoint has answered: posted again, it would do its work twice.
 */
export class Endpoints {
  readonly #app: FastifyInstance

  constructor (app: FastifyInstance) {
    this.#app = app
  }

  /** As WebhookStore has it, as the next two; throws a PutOffError when that is not known now. */
  async begin (endpoint: Endpoint): ReturnType<WebhookStore['begin']> {
    try {
      return await this.#app.webhooks.begin(endpoint)
    } catch (error) {
      if (!(error instanceof QueueUnavailableError)) throw error
      throw new PutOffError(spread(AGAIN_MS))
    }
  }

  async succeeded (...args: Parameters<WebhookStore['succeeded']>): Promise<void> {
    await this.#note(this.#app.webhooks.succeeded(...args))
  }

  /** Returns whether the endpoint is to be given up, as far as that is known. */
  async failed (...args: Parameters<WebhookStore['failed']>): Promise<boolean> {
    return await this.#note(this.#app.webhooks.failed(...args)) ?? false
  }

  async #note<T> (noting: Promise<T>): Promise<T | undefined> {
    try {
      return await noting
    } catch (error) {
      if (!(error instanceof QueueUnavailableError)) throw error
      this.#app.log.debug({ err: error }, 'Redis cannot take now how an endpoint is doing')
    }
  }
}

/** So many ms, or a little more, so that not all come again at once; in s, as errors have it. */
export function spread (ms: number): number {
  return ms * (1 + Math.random() * JITTER) / 1000
}
