import { randomUUID } from 'node:crypto'
import type { IncomingMessage, Server } from 'node:http'
import type { FastifyInstance, FastifyHttpOptions } from 'fastify'
import fp from 'fastify-plugin'
import { Problem } from '../src/problems.ts'
import { clientErrorHandler, frameworkErrors } from './errors.ts'

/** More headers than this are refused; Node itself would silently drop what is over its own limit. */
export const MAX_HEADERS = 100

/**
 * What one connection and one request may cost, for `fastify(serverOptions)`. Times in
 * milliseconds. A request must have arrived within 30 s, its headers within 10 s; how long
 * its answer takes is not limited here.
 */
export const serverOptions = {
  // Handlers are plugins, and their modules may take long to load.
  pluginTimeout: 60_000,
  bodyLimit: 1024 * 1024,
  requestTimeout: 30_000,
  // Nothing either way for this long ends the connection: longer than any answer may wait.
  connectionTimeout: 120_000,
  // Above the 60 s of common load balancers, so that it is they who close an idle connection.
  keepAliveTimeout: 72_000,
  maxRequestsPerSocket: 0,
  routerOptions: { maxParamLength: 256 },
  http: {
    maxHeaderSize: 16 * 1024,
    headersTimeout: 10_000,
    // How often the two timeouts above are looked at.
    connectionsCheckingInterval: 2_000
  },
  return503OnClosing: false, // the plugin below does it, in the form of all other errors
  genReqId: requestId,
  frameworkErrors,
  clientErrorHandler
} satisfies FastifyHttpOptions<Server>

/** A caller's `x-request-id` is kept if it cannot do harm in a log, so that traces can be joined. */
function requestId ({ headers }: Pick<IncomingMessage, 'headers'>): string {
  const given = headers['x-request-id']
  return typeof given === 'string' && /^[\w.-]{1,64}$/.test(given) ? given : randomUUID()
}

/** The limits that are no server option: the number of headers, and no new work while closing. And every request has an id. */
export default fp(async function limits (app: FastifyInstance) {
  let isClosing = false
  app.addHook('preClose', async () => { isClosing = true })

  app.addHook('onRequest', (request, reply, done) => {
    // Before anybody refuses it: whoever asked is told under which id it is logged.
    reply.header('x-request-id', request.id)
    if (isClosing) return done(new Problem('unavailable', 'The server is shutting down: try again'))
    if (request.raw.rawHeaders.length > MAX_HEADERS * 2) {
      return done(new Problem('headers-too-large', `The request has more than ${MAX_HEADERS} headers`))
    }
    done()
  })
}, { name: 'limits', fastify: '5.x', dependencies: ['errors'] })
