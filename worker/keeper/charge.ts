import type { MessagePort } from 'node:worker_threads'
import type { RedisOptions } from 'ioredis'
import type { Holder } from '../loop.ts'

// What the main thread tells the thread that renews leases in its place.

/** What is held, by whom, and when that thread is to step in. */
export interface Charge {
  redis: RedisOptions
  redisKeyPrefix: string
  lease_ms: number
  holders: Holder[]
  /** One number, which the main thread counts up each `beat_ms` while it is well. */
  beats: SharedArrayBuffer
  beat_ms: number
  /** Told when it is at work. */
  ready: MessagePort
  /** A main thread that has been silent for so long is busy: leases are renewed. */
  busy_ms: number
  /** One that has been silent for so long hangs: they are not renewed any more. */
  hung_ms: number
}
