import type { FastifyInstance } from 'fastify'
import fastifyMetrics from 'fastify-metrics'
import fp from 'fastify-plugin'
import { Registry } from 'prom-client'

declare module 'fastify' {
  interface FastifyInstance {
    /** This app's metrics: register your own with `registers: [app.metricsRegistry]`. */
    metricsRegistry: Registry
  }
}

/**
 * Metrics of the process and of HTTP, in a registry of this app alone, so that two apps in
 * one process do not meet. Requests are labelled with their route's pattern, and those that
 * found no route with `__unknown__`: a client cannot make labels.
 */
export default fp(async function metrics (app: FastifyInstance) {
  const registry = new Registry()
  app.decorate('metricsRegistry', registry)

  await app.register(fastifyMetrics.default, {
    endpoint: null,
    defaultMetrics: { enabled: true, register: registry },
    routeMetrics: {
      // The summary's quantiles cost more than the rest together and cannot be added up over processes.
      enabled: { histogram: true, summary: false },
      registeredRoutesOnly: false,
      overrides: {
        histogram: { registers: [registry] },
        summary: { registers: [] }
      }
    }
  })
}, { name: 'metrics', fastify: '5.x' })
