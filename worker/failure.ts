import { inspect } from 'node:util'
import type { Failure } from '../src/queue/job.ts'
import { TimedOutError } from './errors.ts'

/** What a handler said by throwing. */
export interface Thrown {
  failure: Failure
  /** false: another attempt would fail too */
  retry: boolean
  /** wait this long instead of the backoff */
  retry_ms?: number
  /** false: it was no attempt */
  counts: boolean
}

/** Reads what a handler threw: an Error mostly, but it can be anything, also something that throws when it is looked at. */
export function readThrown (thrown: unknown): Thrown {
  try {
    const { message, stack, retry, counts, retryAfterSeconds } = Object(thrown) as Record<string, unknown>
    return {
      failure: {
        reason: thrown instanceof TimedOutError ? 'timed_out' : 'failed',
        message: typeof message === 'string' ? message : textOf(thrown),
        ...(typeof stack === 'string' && { stack })
      },
      retry: retry !== false,
      counts: counts !== false,
      ...(typeof retryAfterSeconds === 'number' && retryAfterSeconds >= 0 && { retry_ms: retryAfterSeconds * 1000 })
    }
  } catch {
    return { failure: { reason: 'failed', message: 'The handler threw something that cannot be read.' }, retry: true, counts: true }
  }
}

function textOf (thrown: unknown): string {
  return typeof thrown === 'string' ? thrown : inspect(thrown, { depth: 1 })
}
