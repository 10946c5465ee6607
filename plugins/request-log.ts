import type { FastifyInstance, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'

declare module 'fastify' {
  interface FastifyRequest {
    /** The job that the request is about, for the log. */
    jobId?: string
  }
}

/** One line a request: what was asked, what was answered, how long it took. Probes and scrapes only at debug level. */
export default fp(async function requestLog (app: FastifyInstance) {
  app.decorateRequest('jobId')
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
}, { name: 'request-log', fastify: '5.x', dependencies: ['identify'] })

// Without the query: what clients put there is not ours to log.
function pathOf ({ url }: FastifyRequest): { path: string, quiet: boolean } {
  const end = url.indexOf('?')
  const path = end === -1 ? url : url.slice(0, end)
  return { path, quiet: path.startsWith('/health') || path === '/metrics' }
}
