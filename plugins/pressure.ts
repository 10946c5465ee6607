import { getHeapStatistics } from 'node:v8'
import underPressure from '@fastify/under-pressure'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { Problem } from '../src/problems.ts'

/** 503 while the process has more to do than it can: better than to answer everybody too late, or to die. Probes are answered. */
export default fp(async function pressure (app: FastifyInstance) {
  const { maxEventLoopDelayMs, maxHeapPercent } = app.config
  await app.register(underPressure, {
    maxEventLoopDelay: maxEventLoopDelayMs,
    maxHeapUsedBytes: Math.floor(getHeapStatistics().heap_size_limit * maxHeapPercent / 100),
    pressureHandler: async request => {
      if (request.routeOptions.config.access !== 'open') throw new Problem('unavailable', 'The server has more to do than it can: try again shortly')
    }
  })
}, { name: 'pressure', fastify: '5.x', dependencies: ['errors'] })
