import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { Counter, Gauge } from 'prom-client'
import type { QueueStats } from '../src/queue/stats.ts'

const MAX_QUEUES = 1000
const STATUSES = ['blocked', 'queued', 'scheduled', 'retrying', 'active', 'completed', 'failed', 'cancelled'] as const
const TOTALS = {
  submitted: 'Jobs that were submitted.',
  completed: 'Jobs that completed.',
  failed: 'Jobs that were dead-lettered.',
  cancelled: 'Jobs that were cancelled.',
  retried: 'Attempts that failed and were followed by another.',
  lost: 'Leases that ran out.'
} as const

/**
 * What Redis counts of jobs, by queue: true over all processes and restarts, so sum nothing over API processes. Without Redis the
 * values of the last scrape stay. Of more than 1,000 queues the first by name are shown.
 */
export default fp(async function jobMetrics (app: FastifyInstance) {
  let latest: Promise<QueueStats[]> | undefined
  const read = async (): Promise<QueueStats[]> => {
    const names = (await app.queue.names()).slice(0, MAX_QUEUES)
    return (await Promise.all(names.map(name => app.queue.stats(name)))).filter(stats => stats !== undefined)
  }
  // All collectors of one scrape run in the same turn and share one reading.
  const readOnce = () => {
    latest ??= read().finally(() => { latest = undefined })
    return latest
  }
  const registers = [app.metricsRegistry]

  for (const total of Object.keys(TOTALS) as (keyof typeof TOTALS)[]) {
    const counter = new Counter({
      name: `jobs_${total}_total`,
      help: TOTALS[total],
      labelNames: ['queue'],
      registers,
      async collect () {
        await ifThere(async () => {
          const all = await readOnce()
          counter.reset()
          for (const { name, totals } of all) counter.inc({ queue: name }, totals[total])
        })
      }
    })
  }

  const depth = new Gauge({
    name: 'queue_depth',
    help: 'Jobs in a queue by status.',
    labelNames: ['queue', 'status'],
    registers,
    async collect () {
      await ifThere(async () => {
        const all = await readOnce()
        depth.reset()
        for (const stats of all) for (const status of STATUSES) depth.set({ queue: stats.name, status }, stats[status])
      })
    }
  })

  async function ifThere (collect: () => Promise<void>): Promise<void> {
    await collect().catch(error => app.log.debug({ err: error }, 'Redis cannot be asked for metrics'))
  }
}, { name: 'job-metrics', fastify: '5.x', dependencies: ['queue', 'metrics'] })
