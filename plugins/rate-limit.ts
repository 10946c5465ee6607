import { isIPv6 } from 'node:net'
import fastifyRateLimit from '@fastify/rate-limit'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { Problem } from '../src/problems.ts'

/**
 * At most RATE_LIMIT_MAX requests in a window, of each key, and of each address without one, over all processes. It is counted in Redis,
 * one call a request; when Redis is away nobody is refused for it.
 */
export default fp(async function rateLimit (app: FastifyInstance) {
  const { rateLimitMax: max, rateLimitWindowSeconds: seconds } = app.config
  if (max === 0) return
  await app.register(fastifyRateLimit, {
    global: false,
    max,
    timeWindow: seconds * 1000,
    redis: app.redis,
    nameSpace: app.queue.keys.rateLimit(''),
    skipOnError: true,
    keyGenerator: clientOf
  })
  const count = app.createRateLimit()
  app.addHook('onRequest', async request => {
    if (request.routeOptions.config.access === 'open') return
    const counted = await count(request)
    if (counted.isAllowed || !counted.isExceeded) return
    throw new Problem('too-many-requests', `More than ${max} requests in ${seconds} s: try again later`, { headers: { 'retry-after': String(Math.max(1, counted.ttlInSeconds)) } })
  })
}, { name: 'rate-limit', fastify: '5.x', dependencies: ['identify', 'redis', 'queue'] })

function clientOf ({ client, ip }: FastifyRequest): string {
  return client ? `key:${client.id}` : `address:${networkOf(ip)}`
}

/** Of IPv6 the first 64 bits: who has one such address has them all. */
export function networkOf (ip: string): string {
  const address = ip.split('%', 1)[0]!
  if (!isIPv6(address)) return address
  const [, mapped] = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address) ?? []
  if (mapped) return mapped
  const [head, tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::') as [string, string?]
  const groups = head === '' ? [] : head.split(':')
  if (tail !== undefined) {
    const last = tail === '' ? [] : tail.split(':')
    groups.push(...Array(8 - groups.length - last.length).fill('0'), ...last)
  }
  return `${groups.slice(0, 4).join(':')}::/64`
}
