import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { startTracing } from '../src/tracing/tracing.ts'
import type { Tracing } from '../src/tracing/tracing.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** Undefined when traces are not configured. */
    tracing: Tracing | undefined
  }
}

/** Traces, if the variables OTEL_… say where they go. @param service the name of this service in them */
export default fp(async function tracing (app: FastifyInstance, { service }: { service: string }) {
  const tracing = await startTracing(service)
  app.decorate('tracing', tracing)
  if (tracing) app.addHook('onClose', async () => { await tracing.close().catch(error => app.log.debug({ err: error }, 'The last spans could not be exported')) })
}, { name: 'tracing', fastify: '5.x' })
