import type { Redis } from 'ioredis'
import type { Keys } from './keys.ts'
import { run } from './scripts.ts'
import { decodeStats } from './stats.ts'
import type { QueueStats } from './stats.ts'

/** Less than this says nothing of a rate. */
const MIN_SPAN_MS = 1000

export interface Pace extends QueueStats {
  /** jobs that were submitted a second, lately; null when that is not known yet */
  arrival_rate: number | null
  /** attempts that ended a second; null likewise */
  service_rate: number | null
}

/** A queue in numbers, and how quickly jobs come and go: since it was asked for before, up to a minute and a half ago. Rejects with a QueueUnavailableError. */
export async function readPace (redis: Redis, keys: Keys, queue: string): Promise<Pace> {
  const [stats, span_ms, came, went] = await run(redis, 'scale', keys.of(queue), [queue]) as [unknown, number, number, number]
  const rate = (count: number) => span_ms < MIN_SPAN_MS ? null : count * 1000 / span_ms
  return { ...decodeStats(queue, stats), arrival_rate: rate(came), service_rate: rate(went) }
}

export interface Sizing {
  /** jobs that one worker runs at the same time */
  concurrency: number
  /** in how many seconds the backlog shall be worked off */
  drain_seconds: number
  /** jobs of the queue that may run at the same time; default any number */
  limit?: number | undefined
  /** how many of its jobs may start in what time; default any number */
  rate_limit?: { limit: number, period_seconds: number, burst?: number | null } | null
}

/**
 * How many workers a queue needs: so many that they run, at the same time, what Little's law says: jobs that are to be started a second, which
 * are those that come and those of the backlog spread over `drain_seconds`, and no more than the rate limit allows, times how long one takes,
 * which is active / service_rate. Where that is not known it is one place for each job. Never more than there are jobs for that may start in
 * `drain_seconds`, nor than the limit lets run; at least one while there are jobs; none when there are none.
 */
export function suggestWorkers ({ queued, active, paused, arrival_rate, service_rate }: Pick<Pace, 'queued' | 'active' | 'paused' | 'arrival_rate' | 'service_rate'>, { concurrency, drain_seconds, limit = Infinity, rate_limit }: Sizing): number {
  const backlog = paused ? 0 : queued
  if (backlog + active === 0) return 0
  const rate = rate_limit ? rate_limit.limit / rate_limit.period_seconds : Infinity // starts a second
  const jobs = Math.min(backlog, rate * drain_seconds + (rate_limit?.burst ?? 0)) + active
  const seconds_each = service_rate && active > 0 ? active / service_rate : undefined
  const places = seconds_each === undefined ? jobs : seconds_each * Math.min(rate, (paused ? 0 : arrival_rate ?? 0) + backlog / drain_seconds)
  return Math.max(1, Math.ceil(Math.min(places, jobs, Math.max(limit, active)) / concurrency))
}
