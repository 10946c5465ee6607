import type { FastifyInstance } from 'fastify'
import type { Config } from '../src/config.ts'
import { enter } from '../src/entry.ts'
import { buildWorker } from './worker.ts'

await enter({
  name: 'worker',
  build: buildWorker,
  listen,
  until: app => app.loop.dismissed,
  closeWithinMs: ({ shutdownGraceSeconds }) => shutdownGraceSeconds * 1000 + 10_000,
  // Whichever job it was, its lease has to end by itself: handed back, it would crash the next worker for ever.
  onCrash: app => {
    app.loop.keepRunning()
    app.deliveries?.keepRunning()
  }
})

/** Several workers may share a host: only the first gets WORKER_PORT. */
async function listen (app: FastifyInstance, { host, workerPort }: Config): Promise<string> {
  try {
    return await app.listen({ host, port: workerPort })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error
    const address = await app.listen({ host, port: 0 })
    app.log.info(`WORKER_PORT ${workerPort} is taken; /health and /metrics are at ${address}`)
    return address
  }
}
