import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { Counter, Gauge } from 'prom-client'
import { OtherQueues } from '../src/other-queues.ts'
import type { Totals } from '../src/other-queues.ts'
import type { Census } from '../src/queue/census.ts'
import { isReserved } from '../src/queue/keys.ts'
import type { QueueStats } from '../src/queue/stats.ts'
import { countServed } from '../src/queue/workers.ts'

const MAX_QUEUES = 1000
const STATUSES = ['blocked', 'queued', 'scheduled', 'retrying', 'active', 'completed', 'failed', 'cancelled'] as const
const OTHER = '_other'

const COUNTERS: { name: string, help: string, value: (totals: Totals) => number }[] = [
  { name: 'jobs_submitted_total', help: 'Jobs that were submitted.', value: totals => totals.submitted },
  { name: 'jobs_completed_total', help: 'Jobs that completed.', value: totals => totals.completed },
  { name: 'jobs_failed_total', help: 'Jobs that failed for good: they were dead-lettered.', value: totals => totals.failed },
  { name: 'bellhop_jobs_submitted_total', help: 'Jobs that were submitted.', value: totals => totals.submitted },
  { name: 'bellhop_jobs_completed_total', help: 'Jobs that completed.', value: totals => totals.completed },
  { name: 'bellhop_jobs_failed_total', help: 'Attempts that failed: those that were followed by another, and the last one of each dead letter.', value: totals => totals.retried + totals.failed },
  { name: 'bellhop_jobs_retried_total', help: 'Attempts that failed and were followed by another.', value: totals => totals.retried },
  { name: 'bellhop_jobs_dead_total', help: 'Jobs that were dead-lettered.', value: totals => totals.failed },
  { name: 'bellhop_jobs_lost_leases_total', help: 'Leases that ran out.', value: totals => totals.lost },
  { name: 'bellhop_jobs_cancelled_total', help: 'Jobs that were cancelled.', value: totals => totals.cancelled }
]

interface Reading {
  /** those that have labels of their own */
  shown: QueueStats[]
  others: QueueStats[]
  workers: Census['workers']
  /** of all queues, also those that are not read */
  count: number
}

/**
 * What Redis counts of jobs, by queue: true over all processes and restarts, so sum nothing over API processes. Without Redis the
 * values of the last scrape stay. Of more than 1,000 queues the first by name are read.
 */
export default fp(async function jobMetrics (app: FastifyInstance) {
  const otherTotals = new OtherQueues()
  let latest: Promise<Reading> | undefined
  const read = async (): Promise<Reading> => {
    const names = await app.queue.names()
    const { queues, workers } = await app.queue.census(names.slice(0, MAX_QUEUES))
    const [shown, others] = [queues.slice(0, app.config.metricsQueues), queues.slice(app.config.metricsQueues)]
    otherTotals.see(shown, others, names)
    return { shown, others, workers, count: names.length }
  }
  // All collectors of one scrape run in the same turn and share one reading.
  const readOnce = () => {
    latest ??= read().finally(() => { latest = undefined })
    return latest
  }
  const registers = [app.metricsRegistry]

  for (const { name, help, value } of COUNTERS) {
    const counter = new Counter({
      name,
      help,
      labelNames: ['queue'],
      registers,
      collect: ifThere(({ shown, others }) => {
        counter.reset()
        for (const { name, totals } of shown) counter.inc({ queue: name }, value(totals))
        if (others.length > 0) counter.inc({ queue: OTHER }, value(otherTotals.totals))
      })
    })
  }

  const depth = new Gauge({
    name: 'bellhop_queue_depth',
    help: 'Jobs in a queue by status.',
    labelNames: ['queue', 'status'],
    registers,
    collect: ifThere(({ shown, others }) => {
      depth.reset()
      for (const stats of shown) for (const status of STATUSES) depth.set({ queue: stats.name, status }, stats[status])
      for (const stats of others) for (const status of STATUSES) depth.inc({ queue: OTHER, status }, stats[status])
    })
  })
  const oldest = new Gauge({
    name: 'bellhop_queue_oldest_seconds',
    help: 'How long ago the oldest job was created of those at the heads of a queue; 0 when none waits.',
    labelNames: ['queue'],
    registers,
    collect: ifThere(({ shown, others }) => {
      oldest.reset()
      for (const { name, oldest_waiting_ms } of shown) oldest.set({ queue: name }, (oldest_waiting_ms ?? 0) / 1000)
      if (others.length > 0) oldest.set({ queue: OTHER }, Math.max(...others.map(({ oldest_waiting_ms }) => oldest_waiting_ms ?? 0)) / 1000)
    })
  })
  const paused = new Gauge({
    name: 'bellhop_queue_paused',
    help: 'Whether a queue is paused: 1 or 0.',
    labelNames: ['queue'],
    registers,
    collect: ifThere(({ shown }) => {
      paused.reset()
      for (const { name, paused: isPaused } of shown) paused.set({ queue: name }, isPaused ? 1 : 0)
    })
  })
  const serving = new Gauge({
    name: 'bellhop_queue_workers',
    help: 'Live workers that take jobs from a queue.',
    labelNames: ['queue'],
    registers,
    collect: ifThere(({ shown, workers }) => {
      serving.reset()
      const served = countServed(workers)
      // Who makes deliveries does not say so.
      for (const { name } of shown) if (!isReserved(name)) serving.set({ queue: name }, served.get(name) ?? 0)
    })
  })
  const workers = new Gauge({
    name: 'bellhop_workers',
    help: 'Live workers, at most 1,000.',
    registers,
    collect: ifThere(({ workers: live }) => workers.set(live.length))
  })
  const queues = new Gauge({
    name: 'bellhop_queues',
    help: 'Queues.',
    registers,
    collect: ifThere(({ count }) => queues.set(count))
  })

  function ifThere (collect: (reading: Reading) => void): () => Promise<void> {
    return async () => {
      await readOnce().then(collect, error => app.log.debug({ err: error }, 'Redis cannot be asked for metrics'))
    }
  }
}, { name: 'job-metrics', fastify: '5.x', dependencies: ['queue', 'metrics'] })
