import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'

declare module 'fastify' {
  interface FastifyRequest {
    /** What else the audit is to know of the request. */
    audited: Record<string, unknown> | null
  }
}

/** One line for every request of an operation that needs the scope `admin`, whatever its answer: who, what, outcome. */
export default fp(async function audit (app: FastifyInstance) {
  app.decorateRequest('audited', null)
  app.addHook('onRoute', route => {
    const access = route.config?.access
    if (typeof access !== 'object' || access.scope !== 'admin') return
    const { operationId } = route.config!
    route.onResponse = [route.onResponse ?? [], ((request, reply, done) => {
      const { statusCode } = reply
      request.log.info({
        audit: true,
        client: request.client?.id ?? 'anonymous',
        address: request.ip,
        operation: operationId,
        path: request.url.split('?', 1)[0],
        ...request.audited,
        outcome: statusCode < 400 ? 'done' : statusCode < 500 ? 'refused' : 'failed',
        status_code: statusCode
      }, 'Audit')
      done()
    }) as NonNullable<typeof route.onResponse>].flat() as typeof route.onResponse
  })
}, { name: 'audit', fastify: '5.x', dependencies: ['identify'] })
