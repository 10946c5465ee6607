import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { QueueUnavailableError } from '../src/queue/errors.ts'
import { DELIVERIES } from '../src/queue/keys.ts'
import { MAX_DUE, dueQueues, sweep } from '../src/queue/sweeper.ts'
import type { SweepOptions } from '../src/queue/sweeper.ts'

/** Those that wait for the same round wait no longer for it; what is left then is for the next. */
const RELAY_MS = 300

/**
 * Upkeep of all queues: every `interval_ms` each process asks which are due, and sweeps those that it is given (lua/due.lua), so
 * it goes on whatever dies.
 */
export default fp(async function sweeper (app: FastifyInstance, options: Pick<SweepOptions, 'interval_ms' | 'max_lost'>) {
  const stopping = new AbortController()
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> | undefined
  let first = true

  const sweepOne = async (name: string) => {
    if (name === DELIVERIES) await app.relay.run(RELAY_MS, stopping.signal)
    const { recovered, dead } = await sweep(app.redis, app.queue.keys, name, { ...options, ...app.queueSettings.retention(name) }, stopping.signal)
    if (recovered + dead > 0) app.log.warn({ queue: name, recovered, dead }, 'Leases ran out: a worker has died or stalled')
  }
  const sweepDue = async () => {
    let due: string[]
    do {
      const names = first ? await app.queue.names() : []
      due = await dueQueues(app.redis, app.queue.keys, options.interval_ms, names)
      first = false
      await Promise.all(due.map(sweepOne))
    } while (due.length === MAX_DUE && !stopping.signal.aborted)
  }
  const round = async () => {
    try {
      await sweepDue()
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
}, { name: 'sweeper', fastify: '5.x', dependencies: ['queue', 'queue-settings', 'webhooks'] })
