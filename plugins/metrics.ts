import type { FastifyInstance } from 'fastify'
import fastifyMetrics from 'fastify-metrics'
import fp from 'fastify-plugin'
import { Registry } from 'prom-client'
import { RequestHistogram } from '../src/request-histogram.ts'

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
    routeMetrics: { enabled: false }
  })

  const requests = new RequestHistogram()
  requests.register(registry)
  app.addHook('onResponse', (request, reply, done) => {
    requests.observe(request.method, request.routeOptions.url ?? '__unknown__', reply.statusCode, reply.elapsedTime / 1000)
    done()
  })
}, { name: 'metrics', fastify: '5.x' })
