import type { Redis } from 'ioredis'
import { assemble } from '../../src/queue/library.ts'
import { ScriptCall } from '../../src/queue/script-call.ts'
import { loadScripts } from '../../src/queue/scripts.ts'

const TIME = "redis.call('TIME')"
const LIBRARY = assemble('clock', text => text.replaceAll(TIME, "redis.call('HMGET', 'test:clock', 'seconds', 'micros')"))

/** A clock that stands until it is set, in the place of Redis's: in the scripts, which run as they are otherwise, and for `redis.time()`. */
export class Clock {
  readonly #redis: Redis
  #now = 0

  constructor (redis: Redis) {
    this.#redis = redis
  }

  get now (): number { return this.#now }

  async set (now: number): Promise<void> {
    this.#now = now
    await this.#redis.hset('test:clock', { seconds: Math.floor(now / 1000), micros: (now % 1000) * 1000 })
  }

  /** A connection that has this clock. */
  on (redis: Redis): Redis {
    const loaded = loadScripts(redis, LIBRARY)
    const replaced: Record<string, unknown> = {
      sendCommand: async ({ script, parameters }: ScriptCall) => {
        await loaded
        return await redis.sendCommand(new ScriptCall(script, ['fcall', LIBRARY.functionOf(script)], parameters))
      },
      time: async () => await redis.hmget('test:clock', 'seconds', 'micros')
    }
    return new Proxy(redis, {
      get: (target, name) => {
        const value = replaced[name as string] ?? Reflect.get(target, name)
        return typeof value === 'function' ? value.bind(target) : value
      }
    })
  }
}
