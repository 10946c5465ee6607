import type { FastifyInstance, FastifyPluginAsync } from 'fastify'
import authorize from '../plugins/authorize.ts'
import browsers from '../plugins/browsers.ts'
import identify from '../plugins/identify.ts'
import type { Config } from '../src/config.ts'
import { buildContainer } from '../src/container.ts'
import { DELIVERIES } from '../src/queue/keys.ts'
import { operations } from '../src/contract/operations.ts'
import ai from './handlers/ai.ts'
import http from './handlers/http.ts'
import placeholder from './handlers/placeholder.ts'
import webhook from './handlers/webhook.ts'
import { LeaseKeeper } from './keeper/keeper.ts'
import { loadHandlers } from './load.ts'
import { Loop } from './loop.ts'
import workerMetrics from './metrics.ts'
import registry from './registry.ts'
import declaredSchedules from './schedules.ts'
import threads from './threads/pool.ts'

/** With the time between two looks this is how long a dead connection can go unnoticed: less than 5 s. */
const REPLY_TIMEOUT_MS = 2000
/** Redis has not been heard of for this long: the worker is no longer at work. */
const SILENT_MS = 15_000

declare module 'fastify' {
  interface FastifyInstance {
    /** Runs the jobs of this worker's queues. */
    loop: Loop
    /** Makes deliveries, in places of their own, so that no slow endpoint keeps a job waiting. */
    deliveries: Loop | undefined
  }
}

/**
 * A worker from the shared container. It starts to lease when it is ready, and stops when it is closed.
 * @param handlers a plugin that registers them; default: what the settings name
 */
export async function buildWorker (config: Config, handlers: FastifyPluginAsync = configured(config)): Promise<FastifyInstance> {
  const app = await buildContainer(config, { service: 'bellhop-worker', replyTimeoutMs: REPLY_TIMEOUT_MS })
  try {
    await app.register(threads, { threads: config.workerThreads, memoryMb: config.threadMemoryMb })
    await app.register(registry)
    await app.register(declaredSchedules)
    if (config.webhookConcurrency > 0) await app.register(webhook, { callbackSecrets: config.callbackSecrets, disableAfterMs: config.webhookDisableSeconds * 1000, concurrency: config.webhookConcurrency })
    await app.register(http, { secrets: config.callbackSecrets, hostConcurrency: config.httpHostConcurrency })
    await app.register(ai, { settings: config.ai })
    await app.register(handlers)

    const lease_ms = config.leaseSeconds * 1000
    const loop = new Loop(app, { queues: config.workerQueues, concurrency: config.workerConcurrency, lease_ms })
    const deliveries = config.webhookConcurrency > 0 ? new Loop(app, { queues: [DELIVERIES], concurrency: config.webhookConcurrency, lease_ms, isHidden: true }) : undefined
    app.decorate('loop', loop)
    app.decorate('deliveries', deliveries)
    app.health.add('worker', () => loop.silentMs < SILENT_MS
      ? { status: 'ok' }
      : { status: 'fail', message: `Redis last answered the worker ${Math.round(loop.silentMs / 1000)} s ago.` })
    await app.register(workerMetrics)
    await app.register(browsers)
    await app.register(identify)
    await app.register(authorize)
    serveProbes(app)
    const keeper = new LeaseKeeper(app, deliveries ? [loop, deliveries] : [loop], { lease_ms, max_blocked_ms: config.maxBlockedSeconds * 1000 })
    app.addHook('onReady', async () => {
      await keeper.start()
      await Promise.all([loop.start(), deliveries?.start()])
    })
    app.addHook('preClose', async () => {
      const grace_ms = config.shutdownGraceSeconds * 1000
      await Promise.all([loop.stop(grace_ms), deliveries?.stop(grace_ms)])
    })
    app.addHook('onClose', async () => await keeper.close())
    await app.ready()
  } catch (error) {
    await app.close()
    throw error
  }
  return app
}

function configured ({ handlers, placeholderMs }: Config): FastifyPluginAsync {
  if (handlers.length === 0) return async app => { await app.register(placeholder, { placeholderMs }) }
  return async app => { await loadHandlers(app, handlers) }
}

/** The worker's own port: for those who watch it, not for clients. */
function serveProbes (app: FastifyInstance): void {
  const { getHealth, getMetrics } = operations
  app.get('/health', { config: getHealth.config }, async (_request, reply) => {
    const health = await app.health.now()
    return reply.code(health.status === 'unavailable' ? 503 : 200).send(health)
  })
  app.get('/metrics', { config: getMetrics.config }, async (_request, reply) => reply.type(app.metricsRegistry.contentType).send(await app.metricsRegistry.metrics()))
}
