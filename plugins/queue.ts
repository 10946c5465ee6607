import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { checkSetup } from '../src/queue/health.ts'
import { Finder } from '../src/queue/finder.ts'
import { Keys } from '../src/queue/keys.ts'
import { Queue } from '../src/queue/queue.ts'
import { dropOtherScripts, loadScripts } from '../src/queue/scripts.ts'
import { Workers } from '../src/queue/workers.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** Jobs: submit, read, redrive. */
    queue: Queue
    /** Looks for jobs. */
    finder: Finder
    /** The live workers. */
    workers: Workers
  }
}

/** The engine on this container's Redis. A Redis that is too old stops the start, one that could lose jobs is named. */
export default fp(async function queue (app: FastifyInstance, { redisKeyPrefix }: { redisKeyPrefix: string }) {
  const { version, ...others } = await checkSetup(app.redis)
  if (version.status === 'fail') throw new Error(version.message)
  for (const { status, message } of Object.values(others)) {
    if (status === 'fail') app.log.error(message)
    else if (message) app.log.warn(message)
  }

  await loadScripts(app.redis)
  await dropOtherScripts(app.redis)
  // A Redis that was replaced may not have them; calls load what they miss, this only spares them that.
  app.redis.on('ready', () => { loadScripts(app.redis).catch(error => app.log.debug({ err: error }, 'loading scripts')) })

  const keys = new Keys(redisKeyPrefix)
  app.decorate('queue', new Queue(app.redis, keys))
  app.decorate('finder', new Finder(app.redis, keys, app.queue))
  app.decorate('workers', new Workers(app.redis, keys))
}, { name: 'queue', fastify: '5.x', dependencies: ['redis'] })
