import Fastify, { LogController } from 'fastify'
import type { FastifyInstance } from 'fastify'
import errors from '../plugins/errors.ts'
import health from '../plugins/health.ts'
import json from '../plugins/json.ts'
import leaseTokens from '../plugins/lease-tokens.ts'
import limits, { serverOptions } from '../plugins/limits.ts'
import metrics from '../plugins/metrics.ts'
import queueSettings from '../plugins/queue-settings.ts'
import queue from '../plugins/queue.ts'
import redis from '../plugins/redis.ts'
import schedules from '../plugins/schedules.ts'
import sweeper from '../plugins/sweeper.ts'
import tracing from '../plugins/tracing.ts'
import webhooks from '../plugins/webhooks.ts'
import type { Config } from './config.ts'
import { loggerOptions } from './log.ts'

declare module 'fastify' {
  interface FastifyInstance {
    config: Config
  }
}

export interface ContainerOptions {
  /** What it is called in traces. */
  service: string
  /** How long Redis may take for one reply before its connection counts as dead, in ms. */
  replyTimeoutMs: number
}

/** What the API and the worker share: settings, logs, errors, limits, Redis, the engine and its upkeep, health, metrics. */
export async function buildContainer (config: Config, { service, replyTimeoutMs }: ContainerOptions): Promise<FastifyInstance> {
  const trustProxy = config.trustProxy.length > 0 && [...config.trustProxy]
  const app = Fastify({ ...serverOptions, trustProxy, logger: loggerOptions(config), logController: new LogController({ disableRequestLogging: true }) })
  app.decorate('config', config)
  try {
    // First, so that it sees all of a request's time.
    await app.register(metrics)
    await app.register(tracing, { service })
    await app.register(errors)
    await app.register(limits)
    await app.register(json)
    await app.register(redis, { redis: config.redis, replyTimeoutMs })
    await app.register(queue, { redisKeyPrefix: config.redisKeyPrefix })
    await app.register(webhooks)
    await app.register(queueSettings)
    await app.register(leaseTokens)
    await app.register(health)
    await app.register(sweeper, {
      interval_ms: config.sweepIntervalMs,
      max_lost: config.maxLost
    })
    await app.register(schedules, { interval_ms: config.sweepIntervalMs })
  } catch (error) {
    await app.close()
    throw error
  }
  return app as unknown as FastifyInstance
}
