import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { Histogram } from 'prom-client'
import { QueueUnavailableError } from '../src/queue/errors.ts'
import { Firing } from '../src/queue/firing.ts'
import type { Due, Fired } from '../src/queue/firing.ts'
import { Schedules } from '../src/queue/schedules.ts'

/** So many are fired at the same time. To compute the slots that one has missed may take some milliseconds, during which nothing else goes on. */
const TOGETHER = 10

declare module 'fastify' {
  interface FastifyInstance {
    /** What makes jobs by itself. */
    schedules: Schedules
    /** Fires what is due, and looks when the next slot is: for who has changed a schedule. */
    lookForSlots (): void
  }
}

/**
 * Fires schedules. Every process knows when the next slot is, asks at that time which schedules are due, and fires those that it is
 * given (lua/slots.lua); it also looks once in `interval_ms`, for what others have changed, or have been given before they died.
 */
export default fp(async function schedules (app: FastifyInstance, { interval_ms }: { interval_ms: number }) {
  const store = new Schedules(app.redis, app.queue.keys)
  const firing = new Firing(app.redis, app.queue.keys, store, (spec, input) => app.queueSettings.settle(spec, input).length === 0)
  app.decorate('schedules', store)

  const lag = new Histogram({
    name: 'schedule_lag_seconds',
    help: 'How long after its slot a schedule made its job.',
    buckets: [0.01, 0.05, 0.1, 0.5, 1, 5, 30, 60, 3600],
    registers: [app.metricsRegistry]
  })
  const tell = ({ late_ms, job, reason, skipped, slot, name }: Fired) => {
    const line = { schedule: name, slot: new Date(slot).toISOString(), job_id: job, late_ms }
    if (job) lag.observe(late_ms / 1000)
    if (job) app.log.info(line, 'A schedule has made a job')
    if (skipped > 0 && reason === 'overlap') app.log.info({ ...line, reason }, 'A slot was skipped, as the job before it has not ended')
    else if (skipped > 0) app.log.warn({ ...line, skipped, reason: reason ?? 'missed' }, 'Slots of a schedule were skipped')
  }
  const fire = async (due: Due) => {
    try {
      (await firing.fire(due)).forEach(tell)
    } catch (error) {
      if (error instanceof QueueUnavailableError) throw error
      app.log.error({ err: error, schedule: due.name }, 'A schedule cannot be fired; trying again')
    }
  }

  const stopping = new AbortController()
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> | undefined
  let again = false

  /** Returns in how many ms to look again. */
  const fireDue = async (): Promise<number> => {
    while (!stopping.signal.aborted) {
      const { given, next_ms = interval_ms } = await firing.due()
      if (given.length === 0) return Math.min(next_ms, interval_ms)
      for (let i = 0; i < given.length; i += TOGETHER) await Promise.all(given.slice(i, i + TOGETHER).map(fire))
    }
    return interval_ms
  }
  const round = async () => {
    let wait_ms = interval_ms
    try {
      wait_ms = await fireDue()
    } catch (error) {
      const level = error instanceof QueueUnavailableError ? 'debug' : 'error'
      app.log[level]({ err: error }, 'Schedules cannot be looked for; trying again')
    }
    running = undefined
    if (!stopping.signal.aborted) timer = setTimeout(look, again ? 0 : wait_ms)
    again = false
  }
  const look = () => {
    again = running !== undefined
    if (again || stopping.signal.aborted) return
    clearTimeout(timer)
    running = round()
  }

  app.decorate('lookForSlots', look)
  app.addHook('onReady', async () => look())
  app.addHook('onClose', async () => {
    stopping.abort()
    clearTimeout(timer)
    await running
  })
}, { name: 'schedules', fastify: '5.x', dependencies: ['queue', 'queue-settings', 'metrics'] })
