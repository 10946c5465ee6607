import cors from '@fastify/cors'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import helmet from 'helmet'
import { isIpHost, nameOf } from '../src/addresses.ts'
import type { Config } from '../src/config.ts'
import { Problem } from '../src/problems.ts'

/** Those that change nothing. Their answers are not shown to other sites' pages by the browsers themselves. */
const SAFE = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * What browsers are told: that answers are data and no pages, and which other sites may ask. The docs have a policy of their own.
 * And what browsers may not do here for the pages of others: a request that a page of another site sent, or one with a name of
 * theirs, is refused, as a browser reaches what listens on loopback too.
 */
export default fp(async function browsers (app: FastifyInstance) {
  const headers = helmetHeaders()
  app.addHook('onRequest', (_request, reply, done) => {
    reply.headers(headers)
    done()
  })

  const { corsOrigins } = app.config
  if (corsOrigins.length > 0) {
    await app.register(cors, {
      origin: [...corsOrigins],
      methods: ['GET', 'HEAD', 'PUT', 'POST', 'PATCH', 'DELETE'],
      allowedHeaders: ['Authorization', 'Content-Type', 'Idempotency-Key', 'If-Match', 'If-None-Match', 'Last-Event-ID', 'Prefer', 'Traceparent', 'Tracestate', 'X-Request-Id'],
      exposedHeaders: ['ETag', 'Idempotency-Replayed', 'Location', 'Preference-Applied', 'Retry-After', 'WWW-Authenticate', 'X-Request-Id'],
      maxAge: 600,
      strictPreflight: false
    })
  }

  // After CORS, so that a page that may ask can read why it was refused.
  const isOurs = ownHosts(app.config)
  app.addHook('onRequest', (request, _reply, done) => {
    if (request.is404) return done()
    if (isOfOtherSite(request, corsOrigins)) return done(new Problem('forbidden', 'A page of another site sent this: CORS_ORIGINS names those that may'))
    if (request.routeOptions.config.access !== 'open' && !isOurs(request.headers.host)) {
      return done(new Problem('forbidden', 'Without API keys only an IP address, localhost, HOST and the names in ALLOWED_HOSTS are answered as the Host of a request'))
    }
    done()
  })
}, { name: 'browsers', fastify: '5.x', dependencies: ['errors'] })

/**
 * Without a body a page may send a POST anywhere, and its browser asks nobody first. But it says whose page it is: where it is
 * not sure of the connection (HTTP to other hosts than this one) by `Origin` alone.
 */
function isOfOtherSite ({ method, host, headers: { origin, 'sec-fetch-site': site } }: FastifyRequest, allowed: readonly string[]): boolean {
  if (SAFE.has(method) || site === 'same-origin' || site === 'none') return false
  if (allowed.includes('*') || (origin !== undefined && allowed.includes(origin))) return false
  return site !== undefined || (origin !== undefined && origin.replace(/^https?:\/\//, '') !== host.toLowerCase())
}

/**
 * A site whose name comes to mean this host's address (DNS rebinding) is to the browser where its page came from, so the page could
 * read the answers. It cannot have a name of ours, nor a key.
 */
function ownHosts ({ authenticates, allowedHosts, host }: Config): (header: string | undefined) => boolean {
  if (authenticates || allowedHosts.includes('*')) return () => true
  const names = new Set(['localhost', host.toLowerCase(), ...allowedHosts.map(name => name.toLowerCase())])
  // Every browser sends the header; HTTP/1.0 need not.
  return header => header === undefined || names.has(nameOf(header)) || isIpHost(nameOf(header))
}

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
