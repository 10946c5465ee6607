/** Redis cannot do it now: away, too slow, full, loading, or failing over. Nothing is known to have changed; try again. */
export class QueueUnavailableError extends Error {
  override readonly name = 'QueueUnavailableError'
  readonly retryAfterSeconds = 1
}

/** More jobs would wait in the queue than its `max_length`; none of the submit was kept. */
export class QueueFullError extends Error {
  override readonly name = 'QueueFullError'
  readonly retryAfterSeconds = 1

  constructor (queue: string, max_length: number, waiting: number) {
    super(`The queue ${queue} is full: ${waiting} jobs wait in it, and its max_length is ${max_length}`)
  }
}

/** Another job has the unique key; none of the submit was kept. */
export class UniqueKeyTakenError extends Error {
  override readonly name = 'UniqueKeyTakenError'
  /** which of the jobs of the submit, from 0 */
  readonly index: number
  /** the job that has the key; undefined when it is forgotten, and the key is held for a time, or when it is a sibling */
  readonly holder: string | undefined
  /** which job of the same submit was to have the key, from 0 */
  readonly sibling: number | undefined

  constructor (index: number, holder: string | undefined, sibling: number | undefined) {
    super('Another job has this unique key')
    this.index = index
    this.holder = holder
    this.sibling = sibling
  }
}

/** A job is to wait for one that is not there; none of the submit was kept. */
export class NoParentError extends Error {
  override readonly name = 'NoParentError'
  /** which of the jobs of the submit, from 0 */
  readonly index: number
  /** which of its `depends_on`, from 0 */
  readonly parent: number

  constructor (index: number, parent: number) {
    super('There is no such job to wait for')
    this.index = index
    this.parent = parent
  }
}

/** There are as many schedules as there may be; nothing was kept. */
export class TooManySchedulesError extends Error {
  override readonly name = 'TooManySchedulesError'

  constructor (most: number) {
    super(`There are ${most} schedules already: delete another one`)
  }
}

/** The job that a submit is answered with was made before, and is no longer kept. */
export class JobForgottenError extends Error {
  override readonly name = 'JobForgottenError'

  constructor () {
    super('This has been submitted before, and the job is no longer kept')
  }
}

/** The idempotency key belongs to another request; nothing was kept. */
export class IdempotencyKeyReusedError extends Error {
  override readonly name = 'IdempotencyKeyReusedError'

  constructor () {
    super('This Idempotency-Key has been used for another request: another body, or another operation')
  }
}

/** The job cannot be edited as it is; nothing has changed. */
export class NotEditableError extends Error {
  override readonly name = 'NotEditableError'
}

/** A cursor that no page of this list gave. */
export class BadCursorError extends Error {
  override readonly name = 'BadCursorError'
}

/** There are more queues than are searched at once. */
export class TooManyQueuesError extends Error {
  override readonly name = 'TooManyQueuesError'

  constructor (queues: number, most: number) {
    super(`must be given, as there are ${queues} queues and at most ${most} are searched at once`)
  }
}

// Replies of a Redis that is there but cannot serve, https://redis.io/docs/latest/develop/reference/protocol-spec/#simple-errors
const NOT_NOW = /^(OOM|LOADING|BUSY|READONLY|MASTERDOWN|MISCONF|CLUSTERDOWN|TRYAGAIN|NOREPLICAS|UNBLOCKED|MAXCLIENTS|ERR max number of clients)/

const OUR_MISTAKES = [TypeError, RangeError, ReferenceError, SyntaxError]

const MEANINGS: Record<string, string> = {
  OOM: 'Redis is out of memory (maxmemory)',
  LOADING: 'Redis is loading its data',
  BUSY: 'Redis is busy running a script',
  READONLY: 'Redis is a read-only replica',
  MISCONF: 'Redis cannot persist to its disk',
  NOREPLICAS: 'Redis has fewer replicas than it needs to take writes (min-replicas-to-write)',
  UNBLOCKED: 'Redis has become a replica'
}

/** Whether Redis can do nothing now that takes memory, but is there. */
export function isOutOfMemory (error: unknown): boolean {
  return error instanceof QueueUnavailableError && error.cause instanceof Error && error.cause.message.startsWith('OOM')
}

/** What a failed call to Redis means to a caller: a QueueUnavailableError, or the error itself when it is our mistake. */
export function explain (error: unknown): unknown {
  if (!(error instanceof Error)) return error
  if (OUR_MISTAKES.some(type => error instanceof type)) return error
  if (error.name !== 'ReplyError') return new QueueUnavailableError(`Redis is not reachable: ${error.message}`, { cause: error })
  // A transaction that was refused: ioredis puts why each of its commands was beside it.
  const [cause] = (error as { previousErrors?: unknown[] }).previousErrors ?? []
  if (cause !== undefined) return explain(cause)
  if (!NOT_NOW.test(error.message)) return error
  const [code = ''] = error.message.split(' ')
  return new QueueUnavailableError(MEANINGS[code] ?? error.message, { cause: error })
}
