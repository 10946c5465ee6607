import { randomBytes } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { LeaseTokens } from '../src/leases/token.ts'
import { run } from '../src/queue/scripts.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** By which the worker protocol names leases. */
    leaseTokens: LeaseTokens
  }
}

/** Makes and reads lease tokens, with a secret that all processes share: who comes first makes it. */
export default fp(async function leaseTokens (app: FastifyInstance) {
  const { redis, queue: { keys } } = app
  const readSecret = async () => await run(redis, 'secret', [keys.leaseSecret], [randomBytes(32).toString('base64url')]) as string
  let secret = await readSecret()
  app.decorate('leaseTokens', new LeaseTokens(() => secret))
  // A Redis that was replaced has another one, or none.
  redis.on('ready', () => {
    readSecret().then(read => { secret = read }, error => app.log.debug({ err: error }, 'Redis cannot tell the secret of leases now'))
  })
}, { name: 'lease-tokens', fastify: '5.x', dependencies: ['queue'] })
