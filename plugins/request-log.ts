import type { FastifyInstance, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { traceContextOf, traceIdOf } from '../src/tracing/trace-context.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** The job that the request is about, for the log. */
    jobId?: string
    /** The id of the trace that it is part of, if it is of one. */
    traceId?: string
  }
}

/** One line a request: what was asked, what was answered, how long it took. Probes and scrapes only at debug level. Register it before what refuses requests: their lines have a trace, too. */
export default fp(async function requestLog (app: FastifyInstance) {
  app.decorateRequest('jobId')
  app.decorateRequest('traceId')
  app.addHook('onRequest', (request, reply, done) => {
    if (request.headers.traceparent !== undefined && request.traceId === undefined) {
      const context = traceContextOf(request.headers)
      if (context) request.traceId = traceIdOf(context.traceparent)
    }
    if (request.traceId !== undefined) request.log = reply.log = request.log.child({ trace_id: request.traceId })
    done()
  })
  app.addHook('onResponse', (request, reply, done) => {
    const { path, quiet } = pathOf(request)
    request.log[quiet ? 'debug' : 'info']({
      method: request.method,
      path,
      status_code: reply.statusCode,
      duration_ms: Math.round(reply.elapsedTime * 10) / 10,
      job_id: request.jobId,
      client: request.client?.id
    }, 'Request')
    done()
  })
}, { name: 'request-log', fastify: '5.x', dependencies: ['limits'] })

// Without the query: what clients put there is not ours to log.
function pathOf ({ url }: FastifyRequest): { path: string, quiet: boolean } {
  const end = url.indexOf('?')
  const path = end === -1 ? url : url.slice(0, end)
  return { path, quiet: path.startsWith('/health') || path === '/metrics' }
}
