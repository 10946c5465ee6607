import { getHeapStatistics } from 'node:v8'
import underPressure from '@fastify/under-pressure'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { Problem } from '../src/problems.ts'

/** Long enough that one slow thing is no pressure. */
const SAMPLE_MS = 5000

/**
 * 503 while the process has more to do than it can: better than to answer everybody too late, or to die. Probes are answered, and those who watch it, then more than ever.
 * @param sampleMs how often it is looked, and over what time the delay is averaged
 */
export default fp(async function pressure (app: FastifyInstance, { sampleMs = SAMPLE_MS }: { sampleMs?: number }) {
  const { maxEventLoopDelayMs, maxHeapPercent } = app.config
  // What is measured while it starts, and everything is loaded, says nothing of the requests: the first sample after that is whole.
  let measuredFrom = Infinity
  app.addHook('onReady', async () => { measuredFrom = performance.now() + 2 * sampleMs })
  await app.register(underPressure, {
    sampleInterval: sampleMs,
    maxEventLoopDelay: maxEventLoopDelayMs,
    maxHeapUsedBytes: Math.floor(getHeapStatistics().heap_size_limit * maxHeapPercent / 100),
    pressureHandler: async (request, _reply, _type, value) => {
      // Infinite is what it takes a time for in which nothing was measured: one long task, which is over.
      if (request.routeOptions.config.access === 'open' || request.routeOptions.url === '/metrics' || value === Infinity || performance.now() < measuredFrom) return
      throw new Problem('unavailable', 'The server has more to do than it can: try again shortly')
    }
  })
}, { name: 'pressure', fastify: '5.x', dependencies: ['errors'] })
