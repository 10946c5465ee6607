import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { Counter, Gauge } from 'prom-client'
import { Egress } from '../src/egress/egress.ts'
import { Relay } from '../src/webhooks/relay.ts'
import { WebhookStore } from '../src/webhooks/store.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** The webhooks that are registered. */
    webhooks: WebhookStore
    /** Makes deliveries of what has happened; the sweeper does, whenever there is something. */
    relay: Relay
    /** Calls what clients have named. */
    egress: Egress
  }
}

/** Calling out: callbacks and webhooks. */
export default fp(async function webhooks (app: FastifyInstance) {
  const skipped = new Counter({
    name: 'outbox_skipped_total',
    help: 'Entries, or events of one, that this process was to tell callbacks or webhooks of and could not read.',
    registers: [app.metricsRegistry]
  })
  const store = new WebhookStore(app.redis, app.queue.keys)
  const relay = new Relay(app.redis, app.queue.keys, app.queue, store, (err, entry) => {
    skipped.inc()
    app.log.error({ err, entry }, 'What was to be told to callbacks or webhooks cannot be read: it is skipped')
  })
  const egress = new Egress({
    allowed: app.config.allowedPrivateNetworks,
    onForbidden: (host, address) => app.log.warn({ host, address }, 'A URL leads to an address that is not public')
  })
  app.decorate('webhooks', store)
  app.decorate('relay', relay)
  app.decorate('egress', egress)
  app.addHook('onClose', async () => await egress.close())

  const read = async (collect: () => Promise<void>): Promise<void> => {
    await collect().catch(error => app.log.debug({ err: error }, 'Redis cannot be asked for metrics'))
  }
  const lost = new Counter({
    name: 'outbox_lost_total',
    help: 'Calls of Redis whose events no webhook was told of, as too many were waiting.',
    registers: [app.metricsRegistry],
    async collect () {
      await read(async () => {
        const count = await relay.lost()
        lost.reset()
        lost.inc(count)
      })
    }
  })
  const waiting = new Gauge({
    name: 'outbox_entries',
    help: 'What waits to become deliveries of callbacks and webhooks.',
    registers: [app.metricsRegistry],
    async collect () {
      await read(async () => waiting.set(await relay.waiting()))
    }
  })
}, { name: 'webhooks', fastify: '5.x', dependencies: ['queue', 'metrics'] })
