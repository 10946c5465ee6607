import cors from '@fastify/cors'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import helmet from 'helmet'

/** What browsers are told: that answers are data and no pages, and which other sites may ask. The docs have a policy of their own. */
export default fp(async function browsers (app: FastifyInstance) {
  const headers = helmetHeaders()
  app.addHook('onRequest', (_request, reply, done) => {
    reply.headers(headers)
    done()
  })

  const { corsOrigins } = app.config
  if (corsOrigins.length === 0) return
  await app.register(cors, {
    origin: [...corsOrigins],
    methods: ['GET', 'HEAD', 'PUT', 'POST', 'PATCH', 'DELETE'],
    allowedHeaders: ['Authorization', 'Content-Type', 'Idempotency-Key', 'If-Match', 'If-None-Match', 'Last-Event-ID', 'Prefer'],
    exposedHeaders: ['ETag', 'Idempotency-Replayed', 'Location', 'Preference-Applied', 'Retry-After', 'WWW-Authenticate'],
    maxAge: 600,
    strictPreflight: false
  })
}, { name: 'browsers', fastify: '5.x' })

/** They are the same for every answer, and helmet makes them anew for each, which takes as long as half of a submit: it is asked once. */
function helmetHeaders (): Record<string, string> {
  const headers: Record<string, string> = {}
  const response = { setHeader (name: string, value: string) { headers[name.toLowerCase()] = value }, removeHeader () {} }
  helmet({
    contentSecurityPolicy: { useDefaults: false, directives: { 'default-src': ["'none'"], 'frame-ancestors': ["'none'"] } },
    // TLS, if there is any, is the proxy's, and so is what it promises for its name.
    strictTransportSecurity: false,
    // These are about pages.
    crossOriginOpenerPolicy: false,
    originAgentCluster: false,
    xDnsPrefetchControl: false,
    xDownloadOptions: false,
    xFrameOptions: false,
    xPermittedCrossDomainPolicies: false,
    xXssProtection: false
  })({} as never, response as never, () => {})
  return headers
}
