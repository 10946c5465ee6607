import { setTimeout } from 'node:timers/promises'
import type { Fleet } from './fleet.ts'

/** What can happen to a fleet's Redis; each puts it right again. @param random whole numbers from 0 to below `n` */
export function redisFaults ({ server, redis }: Fleet, random: (n: number) => number): Record<'killRedis' | 'freezeRedis' | 'cutOff', () => Promise<void>> {
  return {
    async killRedis () {
      await server.kill()
      await setTimeout(random(1500))
      await server.start()
    },
    async freezeRedis () {
      server.freeze()
      await setTimeout(random(3000))
      server.thaw()
    },
    /** Nobody's connection is left. */
    async cutOff () {
      await redis.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes')
      await redis.call('CLIENT', 'KILL', 'TYPE', 'pubsub')
    }
  }
}
