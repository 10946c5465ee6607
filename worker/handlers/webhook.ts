import { createHash } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { Webhook as Signer } from 'standardwebhooks'
import { ForbiddenAddressError } from '../../src/egress/egress.ts'
import type { Answer } from '../../src/egress/egress.ts'
import { DELIVERIES } from '../../src/queue/keys.ts'
import { DELAYS_S, DELIVERY_TYPE, GIVE_UP_MS } from '../../src/webhooks/delivery.ts'
import { activeSecrets } from '../../src/webhooks/webhook.ts'
import type { Webhook } from '../../src/webhooks/webhook.ts'
import { DoNotRetryError, RetryAfterError } from '../errors.ts'
import type { Context, Job } from '../job.ts'

/** The longest that an endpoint may ask to be left alone with one answer (`Retry-After`). */
const MAX_RETRY_AFTER_MS = 3_600_000
const JITTER = 0.2

export interface Delivered { status: number, duration_ms: number }

/** Where a delivery goes. */
interface Target { url: string, secrets: string[], endpoint: string, webhook?: Webhook }

/** Makes deliveries: posts the input of a job, signed as Standard Webhooks has it. */
export default async function webhook (app: FastifyInstance, { callbackSecrets, disableAfterMs }: { callbackSecrets: readonly string[], disableAfterMs: number }) {
  app.handle('*', { type: DELIVERY_TYPE }, deliver)

  async function deliver (job: Job, ctx: Context): Promise<Delivered | { skipped: string }> {
    if (job.queue !== DELIVERIES) throw new DoNotRetryError(`Only jobs of the queue ${DELIVERIES} are deliveries.`)
    const target = await targetOf(job)
    if (!target) return { skipped: 'The webhook has been deleted.' }
    const { webhook, endpoint } = target
    const isTest = job.metadata.test === 'true'
    if (webhook?.disabled && !isTest) throw new DoNotRetryError(`The webhook is disabled: ${webhook.disabled.reason}.`)
    const wait = isTest ? 0 : await app.webhooks.begin(endpoint)
    if (wait > 0) throw new RetryAfterError(spread(wait) / 1000, 'Not tried: the endpoint fails, or has asked to be left alone, and is tried more slowly.')

    let answer: Answer
    try {
      answer = await app.egress.post(target.url, headers(job, target.secrets), job.inputText, ctx.signal)
    } catch (error) {
      if (ctx.signal.aborted) throw error
      const message = messageOf(error)
      if (!(error instanceof ForbiddenAddressError)) throw await failed(job, ctx, target, undefined, message)
      await failed(job, ctx, target, undefined, message)
      throw new DoNotRetryError(message)
    }
    const { status, duration_ms } = answer
    if (status >= 200 && status < 300) {
      await app.webhooks.succeeded(endpoint, status)
      return { status, duration_ms }
    }
    const message = `The endpoint answered ${status} after ${duration_ms} ms.`
    const error = await failed(job, ctx, target, answer, message)
    if (status !== 410) throw error
    if (webhook) await disable(ctx, webhook, 'gone')
    throw new DoNotRetryError(message)
  }

  async function targetOf (job: Job): Promise<Target | undefined> {
    const { webhook_id } = job.metadata
    if (webhook_id === undefined) {
      const url = job.callback_url!
      return { url, secrets: [...callbackSecrets], endpoint: createHash('sha256').update(new URL(url).origin).digest('base64url') }
    }
    const webhook = await app.webhooks.get(webhook_id)
    return webhook && { url: webhook.url, secrets: activeSecrets(webhook), endpoint: webhook.id, webhook }
  }

  /** Notes a failure. Returns what the handler is to throw. */
  async function failed (job: Job, ctx: Context, { endpoint, webhook }: Target, answer: Answer | undefined, message: string): Promise<Error> {
    const wait = answer ? retryAfterMs(answer) : 0
    const isGivenUp = await app.webhooks.failed(endpoint, answer?.status, message, wait, disableAfterMs)
    if (webhook && isGivenUp && !webhook.disabled) await disable(ctx, webhook, 'failing')
    if (job.metadata.test === 'true') return new DoNotRetryError(message)
    const age = await app.webhooks.now() - Date.parse(job.created_at)
    if (job.attempt > DELAYS_S.length && age >= GIVE_UP_MS) return new DoNotRetryError(message)
    const delay = DELAYS_S[Math.min(job.attempt, DELAYS_S.length) - 1]! * 1000
    return new RetryAfterError(Math.max(wait, spread(delay)) / 1000, message)
  }

  async function disable (ctx: Context, webhook: Webhook, reason: 'gone' | 'failing'): Promise<void> {
    const at = await app.webhooks.now()
    await app.webhooks.change(webhook.id, now => now.disabled ? now : { ...now, disabled: { at, reason }, updated_at: at })
    ctx.log.warn({ webhook_id: webhook.id, reason }, 'A webhook is disabled')
  }
}

/** The same id in every attempt, so that the receiver can tell what it has seen. */
function headers (job: Job, secrets: string[]): Record<string, string> {
  const now = new Date()
  const signatures = secrets.map(secret => new Signer(secret).sign(job.id, now, job.inputText))
  return {
    'content-type': 'application/json',
    'user-agent': 'Bellhop',
    'webhook-id': job.id,
    'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
    ...(signatures.length > 0 && { 'webhook-signature': signatures.join(' ') })
  }
}

/** Of 429 and 503: seconds, or a date. */
export function retryAfterMs ({ status, headers }: Pick<Answer, 'status' | 'headers'>, now = Date.now()): number {
  const text = headers['retry-after']
  if (![429, 503].includes(status) || typeof text !== 'string') return 0
  const ms = /^\d{1,10}$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now
  return ms > 0 ? Math.min(MAX_RETRY_AFTER_MS, ms) : 0
}

function spread (ms: number): number {
  return ms * (1 + Math.random() * JITTER)
}

function messageOf (error: unknown): string {
  const { message, code, cause } = error as NodeJS.ErrnoException
  return message || code || messageOf(cause ?? { message: 'no connection' })
}
