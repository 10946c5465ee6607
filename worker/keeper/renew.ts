import { Redis } from 'ioredis'
import { Keys } from '../../src/queue/keys.ts'
import { Leases } from '../../src/queue/lease.ts'
import { Workers } from '../../src/queue/workers.ts'
import type { Charge } from './charge.ts'

// Runs in a thread of its own.

/** Renews the leases of a worker while its main thread is busy. Goes on until the thread is ended. */
export default async function keep (charge: Charge): Promise<void> {
  const { beats, beat_ms, busy_ms, hung_ms, lease_ms, ready } = charge
  const counter = new Int32Array(beats)
  let seen = Atomics.load(counter, 0)
  let seenAt = performance.now()
  let renewedAt = -Infinity
  /** Only while it is needed. */
  let redis: Redis | undefined
  const hangUp = () => {
    redis?.disconnect()
    redis = undefined
  }

  setInterval(() => {
    const now = performance.now()
    const beat = Atomics.load(counter, 0)
    if (beat !== seen) {
      seen = beat
      seenAt = now
      hangUp()
    } else if (now - seenAt >= busy_ms && now - seenAt < hung_ms && now - renewedAt >= lease_ms / 4) {
      renewedAt = now
      redis ??= connection(charge)
      renew(redis, charge).catch(() => {
        // Again at the next look, with another connection.
        hangUp()
        renewedAt = -Infinity
      })
    }
  }, beat_ms)
  ready.postMessage('ready')
  await new Promise(() => {})
}

function connection ({ redis, lease_ms }: Charge): Redis {
  const client = new Redis({ ...redis, connectionName: 'bellhop-keeper', connectTimeout: lease_ms, commandTimeout: lease_ms, retryStrategy: null, maxRetriesPerRequest: 0 })
  client.on('error', () => {}) // what waits for it is told
  return client
}

/** What was taken back meanwhile stays so: a heartbeat renews what is held, and gives nothing back. */
async function renew (redis: Redis, { redisKeyPrefix, lease_ms, holders }: Charge): Promise<void> {
  const keys = new Keys(redisKeyPrefix)
  const workers = new Workers(redis, keys)
  await Promise.all(holders.flatMap(({ worker, queues, info, announced_ms }) => [
    ...queues.map(queue => new Leases(redis, keys, queue, worker, lease_ms, () => ({ keep_completed: 0, keep_dead: 0 })).heartbeat()),
    ...(info ? [workers.announce(info, announced_ms)] : [])
  ]))
}
