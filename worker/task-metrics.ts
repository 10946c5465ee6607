import type { Registry } from 'prom-client'
import { Histogram } from '../src/histogram.ts'
import type { Sample } from '../src/histogram.ts'
import type { Settlement } from '../src/queue/lease.ts'

/** Seconds: from handlers that take no time to jobs that waited for hours. */
const BUCKETS = [0.005, 0.025, 0.1, 0.5, 1, 5, 15, 60, 300, 900, 3600, 14_400]
const OTHER = '_other'
/** How metrics and traces call what became of an attempt. */
export const OUTCOMES = { complete: 'completed', retry: 'retried', dead: 'failed', put_off: 'put_off', release: 'released', stale: 'stale' } as const

type Kind = Settlement['kind'] | 'stale'

/** What this worker knows of one task in one queue. */
export interface TaskSeries {
  waited: Histogram
  ran: Histogram
  /** attempts that ended, by what became of them */
  outcomes: Record<Kind, number>
}

/**
 * How jobs fare by queue and task, counted in this process: in Redis it would cost a call for each job. Tasks come from clients, so only the
 * first of them have labels of their own.
 */
export class TaskMetrics {
  readonly #most: number
  readonly #queues = new Map<string, Map<string, TaskSeries>>()
  readonly #tasks = new Set<string>()
  #lastQueue = ''
  #lastTask = ''
  #last: TaskSeries | undefined

  /** @param most how many tasks, and in how many queues each of them, have labels of their own */
  constructor (most: number) {
    this.#most = most
  }

  of (queue: string, task: string): TaskSeries {
    // Jobs that come together mostly are alike.
    if (!this.#last || task !== this.#lastTask || queue !== this.#lastQueue) {
      this.#lastQueue = queue
      this.#lastTask = task
      this.#last = this.#find(queue, this.#tasks.has(task) || this.#tasks.size < this.#most ? task : OTHER)
    }
    return this.#last
  }

  /** Makes them metrics of the registry. */
  register (registry: Registry): void {
    this.#add(registry, 'histogram', 'bellhop_job_waiting_seconds', 'How long jobs waited for their first start, in seconds since they were submitted, or due.', (name, labels, { waited }) => waited.samples(name, labels))
    this.#add(registry, 'histogram', 'bellhop_job_running_seconds', 'How long attempts took, in seconds.', (name, labels, { ran }) => ran.samples(name, labels))
    this.#add(registry, 'counter', 'bellhop_task_attempts_total', 'Attempts that ended in this worker, by task and by what became of them.', (metricName, labels, { outcomes }) =>
      Object.entries(OUTCOMES).map(([kind, outcome]) => ({ metricName, labels: { ...labels, outcome }, value: outcomes[kind as Kind] })))
  }

  #find (queue: string, task: string): TaskSeries {
    if (task !== OTHER) this.#tasks.add(task)
    let tasks = this.#queues.get(queue)
    if (!tasks) this.#queues.set(queue, tasks = new Map())
    let series = tasks.get(task)
    if (!series) tasks.set(task, series = { waited: new Histogram(BUCKETS), ran: new Histogram(BUCKETS), outcomes: { complete: 0, retry: 0, dead: 0, put_off: 0, release: 0, stale: 0 } })
    return series
  }

  #add (registry: Registry, type: string, name: string, help: string, samplesOf: (name: string, labels: Sample['labels'], series: TaskSeries) => Sample[]): void {
    const values = () => [...this.#queues].flatMap(([queue, tasks]) => [...tasks].flatMap(([task, series]) => samplesOf(name, { queue, task }, series)))
    const metric = { name, help, type, aggregator: 'sum' }
    registry.registerMetric({ ...metric, get: async () => ({ ...metric, values: values() }), reset: () => this.#queues.clear() } as never)
  }
}
