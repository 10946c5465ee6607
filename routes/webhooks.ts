import type { FastifyInstance } from 'fastify'
import { NewWebhook } from '../src/contract/schemas.ts'
import type { Webhook as View } from '../src/contract/schemas.ts'
import { serve } from '../src/contract/serve.ts'
import { invalid } from '../src/validation-errors.ts'
import { noWebhook } from '../src/problems.ts'
import { newId, toUuid } from '../src/queue/ids.ts'
import { webhookView } from '../src/views.ts'
import { deliverySpec, payloadText } from '../src/webhooks/delivery.ts'
import { webhookEndpoint } from '../src/webhooks/endpoint.ts'
import { newSecret, rotated } from '../src/webhooks/webhook.ts'
import type { Webhook } from '../src/webhooks/webhook.ts'

/** The contract's defaults, which a body does not get by itself. */
const DEFAULTS = { queues: [], events: NewWebhook.properties.events.default as Webhook['events'] }

/** @param now Redis's time, ms */
async function view (app: FastifyInstance, webhook: Webhook, now: number, secret?: string): Promise<View> {
  return webhookView(webhook, await app.webhooks.state(webhookEndpoint(webhook)), now, secret)
}

async function find (app: FastifyInstance, id: string): Promise<Webhook> {
  const webhook = await app.webhooks.get(id.toLowerCase())
  if (!webhook) throw noWebhook(id)
  return webhook
}

async function change (app: FastifyInstance, id: string, how: (webhook: Webhook) => Webhook): Promise<Webhook> {
  const webhook = await app.webhooks.change(id.toLowerCase(), how)
  if (!webhook) throw noWebhook(id)
  return webhook
}

async function checkUrl (app: FastifyInstance, url: string | undefined): Promise<void> {
  const problem = url === undefined ? undefined : await app.egress.problem(url)
  if (problem !== undefined) throw invalid('/url', problem)
}

/** Of a base64 text with bits that no byte has, a receiver may make another key. */
function checkSecret (secret: string | undefined): void {
  if (secret === undefined) return
  const text = secret.slice('whsec_'.length)
  const bytes = Buffer.from(text, 'base64')
  if (bytes.toString('base64') !== text || bytes.length < 24 || bytes.length > 64) throw invalid('/secret', 'must be whsec_ and 24 to 64 bytes in base64, with its padding')
}

export default serve('webhooks', {
  async listWebhooks (request) {
    const { limit, cursor = '' } = request.query
    const webhooks = (await this.webhooks.all()).filter(({ id }) => id > cursor)
    const page = webhooks.slice(0, limit)
    const now = await this.webhooks.now()
    return {
      items: await Promise.all(page.map(webhook => view(this, webhook, now))),
      next_cursor: webhooks.length > page.length ? page.at(-1)!.id : null
    }
  },

  async createWebhook (request, reply) {
    const { secret = newSecret(), ...body } = request.body
    checkSecret(request.body.secret)
    await checkUrl(this, body.url)
    const now = await this.webhooks.now()
    const webhook: Webhook = { id: toUuid(newId()), ...DEFAULTS, ...body, secrets: [{ secret }], created_at: now, updated_at: now }
    await this.webhooks.add(webhook)
    return reply.header('location', `/webhooks/${webhook.id}`).code(201).send(await view(this, webhook, now, secret))
  },

  async getWebhook (request) {
    return await view(this, await find(this, request.params.id), await this.webhooks.now())
  },

  async updateWebhook (request) {
    const { id } = request.params
    const { enabled, description, ...changes } = request.body
    const { url: before } = await find(this, id)
    await checkUrl(this, changes.url)
    const now = await this.webhooks.now()
    const webhook = await change(this, id, webhook => {
      const { disabled, ...rest } = webhook
      const isDisabled = enabled === undefined ? disabled : enabled ? undefined : disabled ?? { at: now, reason: 'requested' as const }
      return { ...rest, ...changes, description: description === undefined ? rest.description : description ?? undefined, ...(isDisabled && { disabled: isDisabled }), updated_at: now }
    })
    // Another place is a new one, also when it has been there before.
    for (const url of webhook.url === before ? [] : [before, webhook.url]) await this.webhooks.forgive(webhookEndpoint({ id: webhook.id, url }))
    if (enabled === true) await this.webhooks.forgive(webhookEndpoint(webhook))
    return await view(this, webhook, now)
  },

  async deleteWebhook (request, reply) {
    const { id } = request.params
    if (!await this.webhooks.remove(id.toLowerCase())) throw noWebhook(id)
    return reply.code(204).send(null)
  },

  async rotateWebhook (request) {
    const { secret = newSecret() } = request.body ?? {}
    checkSecret(secret)
    const now = await this.webhooks.now()
    return await view(this, await change(this, request.params.id, webhook => rotated(webhook, secret, now)), now, secret)
  },

  async testWebhook (request, reply) {
    const { id } = await find(this, request.params.id)
    const payload = payloadText('webhook.test', await this.webhooks.now(), JSON.stringify({ webhook_id: id }))
    const job = await this.queue.submit(deliverySpec('webhook.test', payload, { webhook_id: id, test: 'true' }))
    request.jobId = job.id
    return reply.header('location', `/jobs/${job.id}`).code(202).send({ job_id: job.id })
  }
})
