import { RequestError } from './errors.ts'
import { wait } from './wait.ts'

export type Fetch = (request: Request) => Promise<Response>

/** Longer than that nobody is made to wait: the answer is handed on. */
const MAX_WAIT_MS = 60_000
/** What may be sent again although it is not known whether it was done. */
const SAFE = new Set(['GET', 'HEAD', 'PUT', 'DELETE'])

/**
 * The requests that are not answered, and those whose answers may not have come to their ends. Node.js 20 forgets the signal of a request that
 * nobody holds, and that of a clone: they could not be aborted.
 */
const UNDER_WAY = new Set<Request>()
const SENT = new WeakMap<Response, Request>()

/** How long an answer asks to be left alone, in ms: `Retry-After` in seconds, the one form that the server uses. */
export function retryAfterMs ({ headers }: Response): number | undefined {
  const seconds = headers.get('retry-after')
  return seconds !== null && /^\d+$/.test(seconds) ? Number(seconds) * 1000 : undefined
}

/**
 * A fetch that asks again, up to `retries` times, after as long as `Retry-After` says: after a 429, which says that nothing was done; and
 * after a 503, which does not, only what does no harm twice.
 */
export function patient (fetch: Fetch, retries: number): Fetch {
  return async request => {
    for (let left = retries; ; left--) {
      // A body can be sent once.
      const sent = left > 0 ? new Request(request.clone(), { signal: request.signal }) : request
      UNDER_WAY.add(sent)
      const response = await fetch(sent).finally(() => UNDER_WAY.delete(sent))
      SENT.set(response, sent)
      const ms = retryAfterMs(response)
      const may = response.status === 429 || (response.status === 503 && (SAFE.has(request.method) || request.headers.has('idempotency-key')))
      if (!may || left === 0 || ms === undefined || ms > MAX_WAIT_MS) return response
      await response.body?.cancel()
      await wait(ms, request.signal)
      request.signal.throwIfAborted()
    }
  }
}

/** What was answered; a RequestError if that is not what was asked for. */
export async function answerOf<T> (call: Promise<{ data?: T, error?: unknown, response: Response }>): Promise<T> {
  let answer
  try {
    answer = await call
  } catch (cause) {
    throw new RequestError(`No answer: ${cause instanceof Error ? cause.message : String(cause)}`, 0, { cause })
  }
  const { data, error, response } = answer
  if (response.ok && data !== undefined) return data
  const detail = (error as { detail?: string } | undefined)?.detail
  throw new RequestError(`${response.status}${detail ? `: ${detail}` : ''}`, response.status, { retryAfterMs: retryAfterMs(response) })
}

/** A server that wants to be left alone for longer is asked again after an hour. */
const MAX_PAUSE_MS = 3_600_000

/** Pauses between requests that fail: as long as the server says, else longer each time, up to about 10 s. */
export class Pauses {
  readonly #most: number
  #failed = 0

  /** @param most the longest pause, ms */
  constructor (most = MAX_PAUSE_MS) {
    this.#most = most
  }

  async after (error: RequestError, signal?: AbortSignal): Promise<void> {
    const ms = Math.min(500 * 2 ** this.#failed++, 10_000) * (0.5 + Math.random() / 2)
    await wait(Math.min(error.retryAfterMs ?? ms, this.#most), signal)
  }
}
