import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { QueueUnavailableError } from '../src/queue/errors.ts'
import { sweep } from '../src/queue/sweeper.ts'
import type { SweepOptions } from '../src/queue/sweeper.ts'

export interface SweeperPluginOptions extends SweepOptions {
  /** Queues to look after besides those that Redis knows. */
  queues?: readonly string[]
}

/**
 * Upkeep of all queues, every `interval_ms`: each process tries, and in each interval one succeeds (lua/sweep.lua), so it
 * goes on whatever dies.
 */
export default fp(async function sweeper (app: FastifyInstance, { queues = [], ...options }: SweeperPluginOptions) {
  const stopping = new AbortController()
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> | undefined

  const sweepAll = async () => {
    for (const name of new Set([...await app.queue.names(), ...queues])) {
      const { recovered, dead } = await sweep(app.redis, app.queue.keys, name, options, stopping.signal)
      if (recovered + dead > 0) app.log.warn({ queue: name, recovered, dead }, 'Leases ran out: a worker has died or stalled')
    }
  }
  const round = async () => {
    try {
      await sweepAll()
    } catch (error) {
      const level = error instanceof QueueUnavailableError ? 'debug' : 'error'
      app.log[level]({ err: error }, 'The sweep failed; the next one goes on')
    }
    if (!stopping.signal.aborted) timer = setTimeout(start, options.interval_ms)
  }
  const start = () => { running = round() }

  app.addHook('onReady', async () => start())
  app.addHook('onClose', async () => {
    stopping.abort()
    clearTimeout(timer)
    await running
  })
}, { name: 'sweeper', fastify: '5.x', dependencies: ['queue'] })
