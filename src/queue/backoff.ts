import type { Backoff } from './job.ts'

/**
 * How long to wait before the next attempt, in ms: the fixed delay or delay × 2^(failures - 1), at most max_delay, and a
 * random share of up to `jitter` of it on top, so that jobs which failed together do not return together.
 * @param failures attempts that have failed, 1 or more
 */
export function backoffMs ({ type, delay_seconds, max_delay_seconds, jitter }: Backoff, failures: number, random = Math.random()): number {
  const delay = type === 'fixed' ? delay_seconds : delay_seconds * 2 ** (failures - 1)
  return Math.round(Math.min(delay, max_delay_seconds) * (1 + jitter * random) * 1000)
}
