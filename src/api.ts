import type { FastifyInstance } from 'fastify'
import audit from '../plugins/audit.ts'
import authorize from '../plugins/authorize.ts'
import browsers from '../plugins/browsers.ts'
import docs from '../plugins/docs.ts'
import events from '../plugins/events.ts'
import identify from '../plugins/identify.ts'
import jobMetrics from '../plugins/job-metrics.ts'
import pressure from '../plugins/pressure.ts'
import rateLimit from '../plugins/rate-limit.ts'
import requestLog from '../plugins/request-log.ts'
import scheduleMetrics from '../plugins/schedule-metrics.ts'
import leases from '../plugins/leases.ts'
import followed from '../routes/events.ts'
import health from '../routes/health.ts'
import jobs from '../routes/jobs.ts'
import leased from '../routes/leases.ts'
import metrics from '../routes/metrics.ts'
import queues from '../routes/queues.ts'
import schedules from '../routes/schedules.ts'
import submit from '../routes/submit.ts'
import webhooks from '../routes/webhooks.ts'
import workers from '../routes/workers.ts'
import type { Config } from './config.ts'
import { buildContainer } from './container.ts'
import { allServed } from './contract/serve.ts'

/** Long enough for any call of a healthy Redis, short enough to answer 503 within a second. */
const REPLY_TIMEOUT_MS = 800

/** The HTTP API from the shared container. */
export async function buildApi (config: Config): Promise<FastifyInstance> {
  const app = await buildContainer(config, { service: 'bellhop-api', replyTimeoutMs: REPLY_TIMEOUT_MS })
  try {
    if (app.tracing) await app.register(app.tracing.requests)
    await app.register(requestLog)
    // In the order in which a request meets them.
    for (const guard of [browsers, pressure, identify, rateLimit, authorize, audit]) await app.register(guard)
    await app.register(jobMetrics)
    await app.register(scheduleMetrics)
    await app.register(docs)
    await app.register(events, { replyTimeoutMs: REPLY_TIMEOUT_MS })
    await app.register(leases)
    for (const routes of [submit, jobs, followed, leased, queues, schedules, webhooks, workers, health, metrics]) await app.register(routes)
    await app.register(allServed)
    await app.ready()
  } catch (error) {
    await app.close()
    throw error
  }
  return app
}
