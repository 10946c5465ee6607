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

/** A collector that is there takes the last spans in less; one that is not must not keep a process that is to stop. */
const CLOSE_WITHIN_MS = 2000

/** Traces, if the variables OTEL_… say where they go. @param service the name of this service in them */
export default fp(async function tracing (app: FastifyInstance, { service }: { service: string }) {
  const tracing = await startTracing(service)
  app.decorate('tracing', tracing)
  if (tracing) app.addHook('onClose', async () => await closed(app, tracing))
}, { name: 'tracing', fastify: '5.x' })

async function closed (app: FastifyInstance, tracing: Tracing): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`The collector has not taken them in ${CLOSE_WITHIN_MS} ms`)), CLOSE_WITHIN_MS)
  })
  await Promise.race([tracing.close(), late]).catch(error => app.log.warn({ reason: (error as Error).message }, 'The last spans could not be exported'))
  clearTimeout(timer)
}
