import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { MessageChannel } from 'node:worker_threads'
import type { FastifyInstance } from 'fastify'
import { Piscina } from 'piscina'
import type { Loop } from '../loop.ts'
import type { Charge } from './charge.ts'

export interface KeeperOptions {
  lease_ms: number
  /** 0: it keeps nothing */
  max_blocked_ms: number
}

/**
 * Keeps the leases of a worker whose main thread is busy with a handler that lets nothing else run: another thread, with a connection of
 * its own, renews them. It cannot know whether a handler computes or hangs, so it does that for a bounded time; when the process dies, it
 * dies too.
 */
export class LeaseKeeper {
  readonly #app: FastifyInstance
  readonly #options: KeeperOptions
  readonly #loops: Loop[]
  #thread: Piscina | undefined
  #closing = false
  #timer: NodeJS.Timeout | undefined

  constructor (app: FastifyInstance, loops: Loop[], options: KeeperOptions) {
    this.#app = app
    this.#loops = loops
    this.#options = options
  }

  /** Resolves when it is at work. */
  async start (): Promise<void> {
    const { lease_ms, max_blocked_ms } = this.#options
    if (max_blocked_ms === 0) return
    const { redis, redisKeyPrefix } = this.#app.config
    // A lease was renewed by the main thread at most a third of it before it fell silent.
    const beat_ms = Math.min(1000, lease_ms / 12)
    const { port1, port2 } = new MessageChannel()
    const charge: Charge = {
      redis,
      redisKeyPrefix,
      lease_ms,
      holders: this.#loops.map(loop => loop.holder),
      beats: new SharedArrayBuffer(4),
      beat_ms,
      ready: port2,
      busy_ms: lease_ms / 4,
      hung_ms: max_blocked_ms
    }
    // Run from the sources or compiled, the sibling ends like this file.
    this.#thread = new Piscina({ filename: fileURLToPath(import.meta.url.replace(/keeper(\.\w+)$/, 'renew$1')), maxThreads: 1, atomics: 'disabled', recordTiming: false })
    const end = this.#thread.run(charge, { transferList: [port2] })
    await Promise.race([once(port1, 'message'), end])
    port1.close()
    end.catch(error => { if (!this.#closing) this.#app.log.error({ err: error }, 'The thread that renews leases has ended') })
    this.#beat(new Int32Array(charge.beats), beat_ms)
  }

  async close (): Promise<void> {
    this.#closing = true
    clearInterval(this.#timer)
    await this.#thread?.destroy()
  }

  #beat (counter: Int32Array, beat_ms: number): void {
    let last = performance.now()
    this.#timer = setInterval(() => {
      Atomics.add(counter, 0, 1)
      const now = performance.now()
      const blocked_ms = Math.round(now - last)
      last = now
      if (blocked_ms > this.#options.lease_ms / 2) this.#app.log.warn({ blocked_ms }, 'A handler has kept the main thread from all else')
    }, beat_ms)
  }
}
