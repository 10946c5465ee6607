import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { Counter, Gauge } from 'prom-client'
import { TaskMetrics } from './task-metrics.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** How jobs fare, by queue and task. */
    taskMetrics: TaskMetrics
  }
}

const OUTCOMES = { complete: 'completed', retry: 'retried', dead: 'failed', put_off: 'put_off', release: 'released', stale: 'stale' } as const

/** What this worker has done since it started; the totals of all workers are the API's. */
export default fp(async function workerMetrics (app: FastifyInstance) {
  const registers = [app.metricsRegistry]
  const taskMetrics = new TaskMetrics(app.config.metricsTasks)
  taskMetrics.register(app.metricsRegistry)
  app.decorate('taskMetrics', taskMetrics)
  const attempts = new Counter({
    name: 'worker_attempts_total',
    help: 'Attempts that ended in this worker, by what became of them.',
    labelNames: ['queue', 'outcome'],
    registers,
    collect () {
      attempts.reset()
      for (const [queue, counts] of [...app.loop.counts, ...app.deliveries?.counts ?? []]) {
        for (const [kind, outcome] of Object.entries(OUTCOMES)) attempts.inc({ queue, outcome }, counts[kind as keyof typeof OUTCOMES])
      }
    }
  })
  const running = new Gauge({
    name: 'worker_jobs_running',
    help: 'Jobs that this worker runs now.',
    registers,
    collect () { running.set(app.loop.running + (app.deliveries?.running ?? 0)) }
  })
}, { name: 'worker-metrics', fastify: '5.x', dependencies: ['metrics', 'registry'] })
