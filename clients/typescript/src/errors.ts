import type { components } from './contract.ts'

/** Thrown by a handler that knows what is to come of its job. Other errors do as well, if they have these properties. */
export class HandlerError extends Error {
  override readonly name = 'HandlerError'
  /** `false`: another attempt would fail, too. Default: true. */
  readonly retry?: boolean
  /** How long to wait before the next attempt, instead of the job's backoff. */
  readonly retryAfterSeconds?: number
  /** Default: `failed`. */
  readonly reason?: components['schemas']['WorkerError']['reason']

  constructor (message: string, { retry, retryAfterSeconds, reason, cause }: Partial<Pick<HandlerError, 'retry' | 'retryAfterSeconds' | 'reason' | 'cause'>> = {}) {
    super(message, { cause })
    if (retry !== undefined) this.retry = retry
    if (retryAfterSeconds !== undefined) this.retryAfterSeconds = retryAfterSeconds
    if (reason !== undefined) this.reason = reason
  }
}

/** Why `ctx.signal` is aborted: somebody has cancelled the job. */
export class CancelledError extends Error { override readonly name = 'CancelledError' }

/** Why `ctx.signal` is aborted: the job is no longer this worker's, and may run elsewhere. */
export class LeaseLostError extends Error { override readonly name = 'LeaseLostError' }

/** Why `ctx.signal` is aborted: the job has taken longer than its `timeout_seconds`. */
export class TimedOutError extends Error { override readonly name = 'TimedOutError' }

/** Why `ctx.signal` is aborted: the worker stops, and hands the job back. */
export class ShutdownError extends Error { override readonly name = 'ShutdownError' }

/** A request that was refused, or not answered at all. */
export class RequestError extends Error {
  override readonly name = 'RequestError'
  /** The HTTP status; 0 when there was no answer. */
  readonly status: number
  /** How long the server wants to be left alone, if it said so. */
  readonly retryAfterMs: number | undefined

  constructor (message: string, status: number, { retryAfterMs, cause }: { retryAfterMs?: number | undefined, cause?: unknown } = {}) {
    super(message, { cause })
    this.status = status
    this.retryAfterMs = retryAfterMs
  }

  /** Asking again would be refused again. */
  get final (): boolean { return this.status >= 400 && this.status < 500 && this.status !== 408 && this.status !== 429 }
}
