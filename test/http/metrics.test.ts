import { Gauge, register } from 'prom-client'
import { test, type Test } from 'tap'
import metrics from '../../plugins/metrics.ts'
import { buildApp } from './helper.ts'

async function buildMetrics (t: Test) {
  const app = await buildApp(t)
  await app.register(metrics)
  app.get('/items/:id', async () => ({}))
  return app
}

test('requests are counted by their route, and unknown ones together', async t => {
  const app = await buildMetrics(t)
  for (const url of ['/items/1', '/items/2', '/items/3', '/nope/1', '/nope/2']) await app.inject(url)
  await app.inject({ method: 'POST', url: '/items/1' })
  const text = await app.metricsRegistry.metrics()
  const counts = text.split('\n').filter(line => line.startsWith('http_request_duration_seconds_count'))
  t.same(counts.sort(), [
    'http_request_duration_seconds_count{method="GET",route="/items/:id",status_code="200"} 3',
    'http_request_duration_seconds_count{method="GET",route="__unknown__",status_code="404"} 2',
    'http_request_duration_seconds_count{method="POST",route="__unknown__",status_code="405"} 1'
  ])
  t.match(text, /^process_cpu_seconds_total /m)
  t.match(text, /^nodejs_eventloop_lag_seconds /m)
  t.notMatch(text, /summary/)
})

test('two apps in one process have nothing in common', async t => {
  const [one, two] = [await buildMetrics(t), await buildMetrics(t)]
  const gauge = new Gauge({ name: 'only_one', help: 'x', registers: [one.metricsRegistry] })
  gauge.set(1)
  await one.inject('/items/1')
  t.match(await one.metricsRegistry.metrics(), /only_one 1/)
  const other = await two.metricsRegistry.metrics()
  t.notMatch(other, /only_one|route=/)
  t.same(await register.getMetricsAsJSON(), [], 'the global registry is not used')
})
