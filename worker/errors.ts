// What a handler throws to say more than "it failed". The properties are what counts: any error that has them will do.

/** The attempt failed and another would too: the job goes to the dead letters at once. */
export class DoNotRetryError extends Error {
  override name = 'DoNotRetryError'
  readonly retry = false
}

/** The attempt failed; the next one, if any is left, shall start after this time instead of the backoff's. */
export class RetryAfterError extends Error {
  override name = 'RetryAfterError'
  readonly retryAfterSeconds: number

  /** @param retryAfterSeconds 0 or more */
  constructor (retryAfterSeconds: number, message = `retry after ${retryAfterSeconds} s`, options?: ErrorOptions) {
    super(message, options)
    this.retryAfterSeconds = retryAfterSeconds
  }
}

/** The handler does not do the work now: the job shall start again after this time, and this was no attempt. */
export class PutOffError extends Error {
  override name = 'PutOffError'
  readonly counts = false
  readonly retryAfterSeconds: number

  /** @param retryAfterSeconds 0 or more */
  constructor (retryAfterSeconds: number, message = `put off for ${retryAfterSeconds} s`) {
    super(message)
    this.retryAfterSeconds = retryAfterSeconds
  }
}

/** Why `ctx.signal` was aborted: `signal.reason` is one of these. */
export class TimedOutError extends Error {
  override name = 'TimedOutError'
}

export class CancelledError extends Error {
  override name = 'CancelledError'

  constructor (message = 'the job was cancelled') {
    super(message)
  }
}

export class LeaseLostError extends Error {
  override name = 'LeaseLostError'

  constructor (message = 'the lease was lost: another worker may run the job now') {
    super(message)
  }
}

export class ShutdownError extends Error {
  override name = 'ShutdownError'
}
