import { resolve } from 'node:path'
import t from 'tap'
import { startCollector } from '../helper/collector.ts'
import type { ReceivedSpan } from '../helper/collector.ts'
import { until } from '../helper/engine.ts'
import { startFleet } from '../helper/fleet.ts'
import { startReceiver } from '../helper/receiver.ts'

const [SERVER, PRODUCER, CONSUMER] = [2, 4, 5]
const TRACE = '0af7651916cd43dd8448eb211c80319c'
const PARENT = 'b7ad6b7169203331'
const traceparent = `00-${TRACE}-${PARENT}-01`
const HANDLERS = resolve('test/fixture/traced.mjs')
const settings = { HANDLERS, ALLOWED_PRIVATE_NETWORKS: '127.0.0.0/8', LOG_REDACT: 'secret_of' }

const fleet = await startFleet(t)
const receiver = await startReceiver(t)

const submit = async (address: string, headers: Record<string, string>, body: object = { task: 'flaky', callback_url: receiver.url() }) =>
  await fetch(`${address}/jobs`, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) })

t.test('one trace spans submit, retry, completion and callback', async t => {
  t.teardown(fleet.clear)
  const { env, spans } = await startCollector(t)
  const [api, worker] = await Promise.all([fleet.api({ ...settings, ...env }), fleet.worker({ ...settings, ...env })])
  const { id } = await (await submit(api.address, { traceparent, tracestate: 'a=b' })).json() as { id: string }

  const named = (name: string): ReceivedSpan[] => spans.filter(span => span.name === name)
  const [delivery] = await until(() => named('process bellhop.webhooks').length > 0 && named('process bellhop.webhooks'))
  await until(() => named('process default').length === 2 && named('send default').length === 1)
  const [request] = named('POST /jobs')
  const [send] = named('send default')
  const [first, second] = named('process default')
  t.ok(spans.filter(({ name }) => name !== 'GET').every(({ traceId }) => traceId === TRACE), 'all of one trace')
  t.match(request, { service: 'bellhop-api', kind: SERVER, parentSpanId: PARENT, attributes: { 'http.route': '/jobs', 'url.path': '/jobs', 'http.response.status_code': 201 } })
  const messaging = { 'messaging.system': 'bellhop', 'messaging.destination.name': 'default', 'messaging.message.id': id }
  t.match(send, { service: 'bellhop-api', kind: PRODUCER, parentSpanId: request!.spanId, attributes: { ...messaging, 'messaging.operation.type': 'send' } })
  const attempt = { service: 'bellhop-worker', kind: CONSUMER, parentSpanId: send!.spanId, attributes: { ...messaging, 'messaging.operation.type': 'process', 'bellhop.job.task': 'flaky' } }
  t.match(first, { ...attempt, status: { code: 2, message: 'not yet' }, attributes: { 'bellhop.job.attempt': 1, 'bellhop.attempt.outcome': 'retried', 'error.type': 'failed' } })
  t.match(second, { ...attempt, status: { code: 0 }, attributes: { 'bellhop.job.attempt': 2, 'bellhop.attempt.outcome': 'completed' } })
  t.match(delivery, { service: 'bellhop-worker', kind: CONSUMER, parentSpanId: send!.spanId, attributes: { 'messaging.destination.name': 'bellhop.webhooks' } })

  const { headers, body } = await receiver.nth(0)
  t.match(headers, { traceparent: `00-${TRACE}-${delivery!.spanId}-01`, tracestate: 'a=b' }, 'who is called back continues the delivery')
  t.strictSame(body.data.result, { traceparent: `00-${TRACE}-${second!.spanId}-01`, tracestate: 'a=b' }, 'what the handler can send along')

  const lines = [...api.logs, ...worker.logs].filter(({ msg }) => ['Request', 'Job completed', 'Attempt failed, the job will be retried', 'working on it'].includes(msg))
  t.ok(lines.length >= 5)
  for (const line of lines) t.match(line, { trace_id: TRACE }, line.msg)
  t.match(lines.find(({ msg }) => msg === 'working on it'), { secret_of: '[Redacted]', open: 1 })
})

t.test('what is submitted without a trace begins its own, which ends with the job', async t => {
  t.teardown(fleet.clear)
  const { env, spans } = await startCollector(t)
  const [api, worker] = await Promise.all([fleet.api({ ...settings, ...env, OTEL_SERVICE_NAME: 'mine' }), fleet.worker({ ...settings, ...env })])
  await fetch(`${api.address}/jobs/bulk`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ jobs: [{ task: 'flaky' }, { task: 'flaky', queue: 'other' }] }) })
  await fetch(`${api.address}/health`)
  await fetch(`${api.address}/metrics`)
  const [send] = await until(() => spans.filter(({ name }) => name === 'send').length > 0 && spans.filter(({ name }) => name === 'send'))
  t.match(send, { service: 'mine', attributes: { 'messaging.batch.message_count': 2 } })
  await until(() => spans.filter(({ name }) => name === 'process default').length === 2)
  t.equal(new Set(spans.map(({ traceId }) => traceId)).size, 1)
  t.notMatch(spans.map(({ name }) => name), /health|metrics/)
  // What a process has not exported yet it does at its end.
  for (const service of [api, worker]) service.signal('SIGTERM')
  t.same(await Promise.all([api.exited, worker.exited]), [0, 0])
})

t.test('jobs carry W3C\'s headers, whatever requests have; and nobody waits for a collector that does not answer', async t => {
  t.teardown(fleet.clear)
  const collector = await startCollector(t, { hangs: true })
  const hours = '7200000'
  const env = { ...collector.env, OTEL_PROPAGATORS: 'b3', OTEL_EXPORTER_OTLP_TIMEOUT: hours, OTEL_BSP_EXPORT_TIMEOUT: hours }
  const [api, worker] = await Promise.all([fleet.api({ ...settings, ...env }), fleet.worker({ ...settings, ...env })])
  const before = receiver.received.length
  await submit(api.address, { b3: `${TRACE}-${PARENT}-1`, baggage: 'who=ada' })
  const { headers, body } = await receiver.nth(before)
  t.match(headers.traceparent, new RegExp(`^00-${TRACE}-`))
  t.notOk('b3' in headers || 'baggage' in headers)
  t.match(body.data.result.traceparent, new RegExp(`^00-${TRACE}-`))
  t.strictSame(Object.keys(body.data.result), ['traceparent'])
  for (const service of [api, worker]) service.signal('SIGTERM')
  t.same(await Promise.all([api.exited, worker.exited]), [0, 0])
  for (const { logs } of [api, worker]) t.ok(logs.some(({ msg }) => msg === 'The last spans could not be exported'))
})

t.test('without OpenTelemetry the trace of a submit goes on all the same', async t => {
  t.teardown(fleet.clear)
  const [api, worker] = await Promise.all([fleet.api(settings), fleet.worker(settings)])
  const before = receiver.received.length
  const answer = await submit(api.address, { traceparent, 'x-request-id': 'abc' })
  t.equal(answer.headers.get('x-request-id'), 'abc')
  t.match((await receiver.nth(before)), { headers: { traceparent }, body: { data: { result: { traceparent } } } })
  t.match(api.logs.find(({ msg }) => msg === 'Request'), { trace_id: TRACE, reqId: 'abc' })
  t.match(worker.logs.find(({ msg }) => msg === 'Job completed'), { trace_id: TRACE })

  const refused = await submit(api.address, { traceparent, 'x-request-id': 'refused', 'sec-fetch-site': 'cross-site' })
  t.strictSame([refused.status, refused.headers.get('x-request-id')], [403, 'refused'])
  t.match(await until(() => api.logs.find(({ reqId }) => reqId === 'refused')), { msg: 'Request', status_code: 403, trace_id: TRACE })
  const unreadable = await fetch(`${api.address}/jobs/%zz`, { headers: { 'x-request-id': 'unreadable' } })
  t.strictSame([unreadable.status, unreadable.headers.get('x-request-id')], [400, 'unreadable'])

  const without = await submit(api.address, {})
  t.match(without.headers.get('x-request-id'), /^[0-9a-f-]{36}$/)
  const { headers } = await receiver.nth(before + 1)
  t.equal(headers.traceparent, undefined)
  t.notOk('trace_id' in worker.logs.findLast(({ msg }) => msg === 'Job completed')!)
})
