import type { Registry } from 'prom-client'
import { Histogram } from './histogram.ts'

/** In seconds, those that prom-client has by default. */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
const NAME = 'http_request_duration_seconds'
const HELP = 'How long requests took, in seconds, by method, route and status code.'

interface Series {
  labels: { method: string, route: string, status_code: number }
  histogram: Histogram
}

/** The histogram of HTTP requests, by the names that fastify-metrics gives it. */
export class RequestHistogram {
  readonly #series = new Map<string, Series>()

  /** @param seconds how long the request took */
  observe (method: string, route: string, status_code: number, seconds: number): void {
    const key = `${method} ${status_code} ${route}`
    let series = this.#series.get(key)
    if (!series) this.#series.set(key, series = { labels: { method, route, status_code }, histogram: new Histogram(BUCKETS) })
    series.histogram.observe(seconds)
  }

  /** Makes it one of the registry's metrics. */
  register (registry: Registry): void {
    const metric = { name: NAME, help: HELP, type: 'histogram', aggregator: 'sum' }
    const values = () => [...this.#series.values()].flatMap(({ labels, histogram }) => histogram.samples(NAME, labels))
    registry.registerMetric({ ...metric, get: async () => ({ ...metric, values: values() }), reset: () => this.#series.clear() } as never)
  }
}
