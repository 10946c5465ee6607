import { FastifyOtelInstrumentation } from '@fastify/otel'
import { ROOT_CONTEXT, SpanKind, SpanStatusCode, context, defaultTextMapGetter, defaultTextMapSetter, trace } from '@opentelemetry/api'
import type { Attributes, Context, Span } from '@opentelemetry/api'
import { NodeSDK, core, resources } from '@opentelemetry/sdk-node'
import type { FastifyRequest } from 'fastify'
import { toUuid } from '../queue/ids.ts'
import { DEFAULT_QUEUE } from '../queue/keys.ts'
import type { JobRecord, JobSpec } from '../queue/job.ts'
import type { TraceContext } from './trace-context.ts'
import type { Processing, Sending, Tracing } from './tracing.ts'

// Names are those of https://opentelemetry.io/docs/specs/semconv/messaging/; where the spans go is said by the variables OTEL_….

const SYSTEM = 'bellhop'
const tracer = trace.getTracer(SYSTEM)
/** Jobs carry W3C's headers, and nothing else, whatever OTEL_PROPAGATORS says of requests. */
const w3c = new core.W3CTraceContextPropagator()

export function openTelemetry (service: string): Tracing {
  const { OTEL_SERVICE_NAME, OTEL_RESOURCE_ATTRIBUTES = '', OTEL_NODE_RESOURCE_DETECTORS } = process.env
  const isNamed = OTEL_SERVICE_NAME?.trim() || /(^|,)\s*service\.name\s*=/.test(OTEL_RESOURCE_ATTRIBUTES)
  const sdk = new NodeSDK({
    ...(!isNamed && { serviceName: service }),
    // Without that of the process, which tells its arguments and who runs it.
    ...(!OTEL_NODE_RESOURCE_DETECTORS && { resourceDetectors: [resources.envDetector, resources.hostDetector] }),
    // Metrics are Prometheus's, and logs go to standard output.
    metricReaders: [],
    logRecordProcessors: []
  })
  sdk.start()
  const requests = new FastifyOtelInstrumentation({
    // One span a request: how long each hook takes is nobody's question.
    instrumentHooks: false,
    instrumentHandler: false,
    // The log has what failed, with its stack, under the same trace; refusals, which are errors here, too, have none to tell.
    recordExceptions: false,
    ignorePaths: ({ url }) => url.startsWith('/health') || url === '/metrics',
    requestHook: describe
  })
  return { requests: requests.plugin() as Tracing['requests'], send, process: begin, close: async () => await sdk.shutdown() }
}

function describe (span: Span, request: FastifyRequest): void {
  request.traceId = span.spanContext().traceId
  span.updateName(`${request.method} ${request.routeOptions.url ?? ''}`.trim())
  // Without the query: what clients put there is not ours to tell.
  span.setAttribute('url.path', request.url.split('?', 1)[0]!)
}

/** Of jobs of several queues, it has no destination. */
function send (request: FastifyRequest, specs: JobSpec[]): Sending {
  const queues = new Set(specs.map(({ queue = DEFAULT_QUEUE }) => queue))
  const attributes: Attributes = { ...operation('send'), ...(specs.length > 1 && { 'messaging.batch.message_count': specs.length }) }
  let name = 'send'
  if (queues.size === 1) {
    const [queue] = queues as Set<string>
    name = `send ${queue}`
    attributes['messaging.destination.name'] = queue
  }
  const parent = request.opentelemetry().context ?? ROOT_CONTEXT
  const span = tracer.startSpan(name, { kind: SpanKind.PRODUCER, attributes }, parent)
  return {
    context: carried(trace.setSpan(parent, span)),
    kept (ids) {
      if (ids.length === 1) span.setAttribute('messaging.message.id', ids[0]!)
      span.end()
    },
    failed (error) {
      const { name, message } = error as Error
      span.setAttribute('error.type', name)
      span.setStatus({ code: SpanStatusCode.ERROR, message })
      span.end()
    }
  }
}

/** An attempt continues the trace of the job's submit; without one it begins its own. */
function begin (id: string, { queue, task, type, traceparent, tracestate }: JobRecord, attempt: number): Processing {
  const parent = traceparent === undefined ? ROOT_CONTEXT : w3c.extract(ROOT_CONTEXT, { traceparent, tracestate }, defaultTextMapGetter)
  const span = tracer.startSpan(`process ${queue}`, {
    kind: SpanKind.CONSUMER,
    attributes: { ...operation('process'), 'messaging.destination.name': queue, 'messaging.message.id': toUuid(id), 'bellhop.job.task': task, 'bellhop.job.type': type, 'bellhop.job.attempt': attempt }
  }, parent)
  const within: Context = trace.setSpan(parent, span)
  let endedAt: number | undefined
  return {
    context: carried(within),
    run: work => context.with(within, work),
    ended () { endedAt = Date.now() },
    end (outcome, failure) {
      span.setAttribute('bellhop.attempt.outcome', outcome)
      if (failure) {
        span.setAttribute('error.type', failure.type ?? failure.reason)
        span.setStatus({ code: SpanStatusCode.ERROR, message: failure.message })
      }
      span.end(endedAt)
    }
  }
}

function operation (name: 'send' | 'process'): Attributes {
  return { 'messaging.system': SYSTEM, 'messaging.operation.name': name, 'messaging.operation.type': name }
}

function carried (from: Context): TraceContext {
  const carrier: Partial<TraceContext> = {}
  w3c.inject(from, carrier, defaultTextMapSetter)
  // One of which nothing was valid is empty.
  if (!carrier.tracestate) delete carrier.tracestate
  return carrier as TraceContext
}
