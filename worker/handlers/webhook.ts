import type { FastifyInstance } from 'fastify'
import { ForbiddenAddressError } from '../../src/egress/egress.ts'
import type { Answer } from '../../src/egress/egress.ts'
import { retryAfterMs } from '../../src/egress/retry-after.ts'
import { DELIVERIES } from '../../src/queue/keys.ts'
import { DELAYS_S, DELIVERY_TYPE, GIVE_UP_MS } from '../../src/webhooks/delivery.ts'
import { callbackEndpoint, webhookEndpoint } from '../../src/webhooks/endpoint.ts'
import type { Endpoint } from '../../src/webhooks/endpoint.ts'
import { signedHeaders } from '../../src/webhooks/signed.ts'
import { activeSecrets } from '../../src/webhooks/webhook.ts'
import type { Webhook } from '../../src/webhooks/webhook.ts'
import { Endpoints, spread } from '../endpoints.ts'
import { DoNotRetryError, PutOffError, RetryAfterError } from '../errors.ts'
import type { Context, Job } from '../job.ts'
import { Places } from '../places.ts'

export interface Delivered { status: number, duration_ms: number }

export interface DeliveryOptions {
  callbackSecrets: readonly string[]
  /** A webhook that has failed for so long is disabled. */
  disableAfterMs: number
  /** How many are made at a time. */
  concurrency: number
}

/** Where a delivery goes. */
interface Target {
  url: string
  endpoint: Endpoint
  /** whose places it takes */
  holder: string
  webhook?: Webhook
}

/** Makes deliveries: posts the input of a job, signed as Standard Webhooks has it. */
export default async function webhook (app: FastifyInstance, { callbackSecrets, disableAfterMs, concurrency }: DeliveryOptions) {
  const places = Places.shared(concurrency)
  const endpoints = new Endpoints(app)
  app.handle('*', { type: DELIVERY_TYPE }, deliver)

  async function deliver (job: Job, ctx: Context): Promise<Delivered | { skipped: string }> {
    if (job.queue !== DELIVERIES) throw new DoNotRetryError(`Only jobs of the queue ${DELIVERIES} are deliveries.`)
    const target = await targetOf(job)
    if (!target) return { skipped: 'The webhook has been deleted.' }
    if (target.webhook?.disabled && !isTest(job)) throw new DoNotRetryError(`The webhook is disabled: ${target.webhook.disabled.reason}.`)
    const leave = places.take(target.holder)
    if (typeof leave === 'number') throw new PutOffError(spread(leave))
    try {
      return await tryIt(job, ctx, target)
    } finally {
      leave()
    }
  }

  async function targetOf (job: Job): Promise<Target | undefined> {
    const { webhook_id, queue = '' } = job.metadata
    if (webhook_id === undefined) {
      const url = job.callback_url!
      return { url, endpoint: callbackEndpoint(queue, url), holder: `${queue} ${new URL(url).origin}` }
    }
    const webhook = await app.webhooks.get(webhook_id)
    return webhook && { url: webhook.url, endpoint: webhookEndpoint(webhook), holder: webhook.id, webhook }
  }

  async function tryIt (job: Job, ctx: Context, { url, endpoint, webhook }: Target): Promise<Delivered> {
    const { now, wait_ms, failing_since } = await endpoints.begin(endpoint)
    if (wait_ms > 0 && !isTest(job)) {
      if (failing_since <= now - GIVE_UP_MS && isOld(job, now)) throw new DoNotRetryError('Not tried any more: the endpoint has failed for a day.')
      throw new PutOffError(spread(wait_ms))
    }
    const { answer, message, isHopeless } = await post(job, ctx, url, webhook ? activeSecrets(webhook, now) : callbackSecrets)
    if (answer && answer.status >= 200 && answer.status < 300) {
      const { status, duration_ms } = answer
      await endpoints.succeeded(endpoint, status)
      return { status, duration_ms }
    }
    const wait = answer ? retryAfterMs(answer) : 0
    const isGivenUp = await endpoints.failed(endpoint, now, answer?.status, message, wait, disableAfterMs)
    if (webhook && answer?.status === 410) await disable(ctx, webhook, 'gone')
    else if (webhook && isGivenUp) await disable(ctx, webhook, 'failing')
    if (isHopeless || isTest(job) || (job.attempt > DELAYS_S.length && isOld(job, now))) throw new DoNotRetryError(message)
    const delay = DELAYS_S[Math.min(job.attempt, DELAYS_S.length) - 1]! * 1000
    throw new RetryAfterError(Math.max(wait / 1000, spread(delay)), message)
  }

  async function post (job: Job, { signal, trace }: Context, url: string, secrets: readonly string[]): Promise<{ answer?: Answer, message: string, isHopeless: boolean }> {
    try {
      const answer = await app.egress.post(url, { ...signedHeaders(job.id, job.inputText, secrets), ...trace }, job.inputText, signal)
      return { answer, message: `The endpoint answered ${answer.status} after ${answer.duration_ms} ms.`, isHopeless: answer.status === 410 }
    } catch (error) {
      if (signal.aborted) throw error
      // Not with the job's own log, which its readers may see: it has addresses.
      app.log.debug({ job_id: job.id, err: error }, 'A delivery had no answer')
      return { message: (error as Error).message, isHopeless: error instanceof ForbiddenAddressError }
    }
  }

  /** Unless it is already, or meanwhile goes elsewhere. */
  async function disable (ctx: Context, { id, url }: Webhook, reason: 'gone' | 'failing'): Promise<void> {
    const at = await app.webhooks.now()
    let isDisabled = false
    await app.webhooks.change(id, webhook => {
      isDisabled = !webhook.disabled && webhook.url === url
      return isDisabled ? { ...webhook, disabled: { at, reason }, updated_at: at } : webhook
    })
    if (isDisabled) ctx.log.warn({ webhook_id: id, reason }, 'A webhook is disabled')
  }
}

function isTest (job: Job): boolean {
  return job.metadata.test === 'true'
}

function isOld (job: Job, now: number): boolean {
  return Date.parse(job.created_at) <= now - GIVE_UP_MS
}
