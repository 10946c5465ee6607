import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { checkRedis, checkScripts, checkSetup } from '../src/queue/health.ts'
import type { Check } from '../src/queue/health.ts'

export interface Health {
  status: 'ok' | 'degraded' | 'unavailable'
  checks: Record<string, Check>
}

declare module 'fastify' {
  interface FastifyInstance {
    health: {
      /** Can it do its work now? */
      now (): Promise<Health>
      /** And is its set-up one that loses nothing? */
      ready (): Promise<Health>
      /** Adds a check to both. */
      add (name: string, check: () => Check): void
    }
  }
}

/** What `/health` and `/health/ready` say. */
export default fp(async function health (app: FastifyInstance) {
  const own = new Map<string, () => Check>()
  const ownChecks = () => Object.fromEntries([...own].map(([name, check]) => [name, check()]))

  app.decorate('health', {
    async now () {
      return summarise({ redis: await checkRedis(app.redis), ...ownChecks() })
    },
    async ready () {
      const redis = await checkRedis(app.redis)
      if (redis.status === 'fail') return summarise({ redis, ...ownChecks() })
      const [scripts, { eviction, persistence }] = await Promise.all([checkScripts(app.redis), checkSetup(app.redis)])
      return summarise({ redis, scripts, eviction, persistence, ...ownChecks() })
    },
    add (name, check) {
      own.set(name, check)
    }
  })
}, { name: 'health', fastify: '5.x', dependencies: ['redis'] })

function summarise (checks: Record<string, Check>): Health {
  const all = Object.values(checks).map(check => check.status)
  const status = all.includes('fail') ? 'unavailable' : all.includes('warn') ? 'degraded' : 'ok'
  return { status, checks }
}
