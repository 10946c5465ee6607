import { Session } from 'node:inspector'
import t from 'tap'
import { startApi } from '../helper/api.ts'
import { startEngine } from '../helper/engine.ts'
import { startWorker } from '../helper/worker.ts'
import { traceContextOf, traceIdOf } from '../../src/tracing/trace-context.ts'
import { isConfigured } from '../../src/tracing/tracing.ts'

const PARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'

t.test('what is a trace context', async t => {
  t.strictSame(traceContextOf({ traceparent: PARENT, tracestate: 'a=b' }), { traceparent: PARENT, tracestate: 'a=b' })
  t.equal(traceIdOf(PARENT), '0af7651916cd43dd8448eb211c80319c')
  t.strictSame(traceContextOf({ traceparent: `${PARENT.replace(/^00/, '01').replace(/01$/, 'ff')}-more` }), { traceparent: PARENT }, 'of a later version')
  t.strictSame(traceContextOf({ traceparent: PARENT.replace(/^00/, '01').replace(/01$/, '02') }), { traceparent: PARENT.replace(/01$/, '00') })
  t.strictSame(traceContextOf({ traceparent: PARENT, tracestate: `a=${'b'.repeat(511)}` }), { traceparent: PARENT })
  t.strictSame(traceContextOf({ traceparent: PARENT, tracestate: 'a=\n' }), { traceparent: PARENT })
  for (const traceparent of ['', 'x', PARENT.toUpperCase(), PARENT.replace(/^00/, 'ff'), PARENT.slice(0, -1), `${PARENT}-more`, `${PARENT}, ${PARENT}`, PARENT.replace('0af7651916cd43dd8448eb211c80319c', '0'.repeat(32)), PARENT.replace('b7ad6b7169203331', '0'.repeat(16))]) t.equal(traceContextOf({ traceparent }), undefined, traceparent)
  t.equal(traceContextOf({ tracestate: 'a=b' }), undefined)
})

t.test('when traces are configured', async t => {
  t.notOk(isConfigured({}))
  t.ok(isConfigured({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://localhost:4318' }))
  t.ok(isConfigured({ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://localhost:4318' }))
  t.ok(isConfigured({ OTEL_TRACES_EXPORTER: 'console' }))
  t.notOk(isConfigured({ OTEL_TRACES_EXPORTER: 'none', OTEL_EXPORTER_OTLP_ENDPOINT: 'http://localhost:4318' }))
  t.notOk(isConfigured({ OTEL_SDK_DISABLED: 'true', OTEL_EXPORTER_OTLP_ENDPOINT: 'http://localhost:4318' }))
})

t.test('workers in other languages get it, and nothing of OpenTelemetry is loaded', async t => {
  const { server } = await startEngine(t)
  const { post, app } = await startApi(t, server)
  const ours = await startWorker(t, server, async () => {}, { WORKER_QUEUES: 'ours' })
  const submit = async (headers: Record<string, string>) => await post('/submit', '{"task":"x"}', { 'content-type': 'application/json', ...headers })
  const lease = async () => (await (await post('/leases', JSON.stringify({ worker: { id: 'py' }, queues: ['default'], wait_seconds: 0 }))).json() as any).jobs[0]
  await submit({ traceparent: PARENT, tracestate: 'a=b' })
  t.match(await lease(), { traceparent: PARENT, tracestate: 'a=b' })
  await submit({ traceparent: 'nonsense', tracestate: 'a=b' })
  const second = await lease()
  t.equal(second.task, 'x')
  t.notOk('traceparent' in second || 'tracestate' in second)

  t.same([app.tracing, ours.tracing], [undefined, undefined])
  t.notOk(loaded())
  await import('../../src/tracing/open-telemetry.ts')
  t.ok(loaded(), 'or this would not see it')
})

/** Whether OpenTelemetry's SDK is loaded; its API is in any case, by prom-client. */
function loaded (): boolean {
  const session = new Session()
  const urls: string[] = []
  session.connect()
  session.on('Debugger.scriptParsed', ({ params }) => urls.push(params.url))
  session.post('Debugger.enable')
  session.disconnect()
  return urls.some(url => url.includes('/@opentelemetry/sdk-') || url.includes('/@fastify/otel/'))
}
