import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { Counter } from 'prom-client'

const COUNTERS = [
  { name: 'schedules_fired_total', help: 'Slots of schedules that made a job.', total: 'fired' },
  { name: 'schedules_skipped_total', help: 'Slots of schedules that made none.', total: 'skipped' }
] as const

/** What Redis counts of schedules: as job-metrics.ts has it of jobs. There are at most 1,000. */
export default fp(async function scheduleMetrics (app: FastifyInstance) {
  type Totals = Awaited<ReturnType<typeof app.schedules.totals>>
  let latest: Promise<Totals> | undefined
  // Both collectors of a scrape run in the same turn and share one reading.
  const readOnce = () => {
    latest ??= app.schedules.totals().finally(() => { latest = undefined })
    return latest
  }
  for (const { total, ...named } of COUNTERS) {
    const counter = new Counter({
      ...named,
      labelNames: ['schedule'],
      registers: [app.metricsRegistry],
      async collect () {
        try {
          const all = await readOnce()
          counter.reset()
          for (const [schedule, totals] of all) counter.inc({ schedule }, totals[total])
        } catch (error) {
          app.log.debug({ err: error }, 'Redis cannot be asked for metrics of schedules')
        }
      }
    })
  }
}, { name: 'schedule-metrics', fastify: '5.x', dependencies: ['schedules', 'metrics'] })
