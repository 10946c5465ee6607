import { retryAfterMs } from '../../src/egress/retry-after.ts'
import { DoNotRetryError, RetryAfterError } from '../errors.ts'

/** Of all with 4xx another attempt may end otherwise. */
const PASSING = [408, 409, 425, 429]
const MAX_WAIT_MS = 3_600_000
const MAX_MESSAGE = 500

/** What the openai package throws, as far as it is looked at. */
interface ApiError extends Error {
  /** absent when there was no answer, or the error came in the midst of it */
  status?: number
  headers?: Headers
  code?: string | null
  type?: string
  /** what the provider says, if it is the provider that says so */
  error?: unknown
}

/** What is to become of a job whose question had no answer. Its message has nothing of the credentials. @param apiKey what no message may have */
export function failureOf (thrown: unknown, apiKey: string | undefined): Error {
  const error = thrown as ApiError
  const { status, code } = error
  const said = (message: string) => (apiKey ? message.replaceAll(apiKey, '…') : message).slice(0, MAX_MESSAGE)
  if (error instanceof DoNotRetryError) return error
  if (code === 'content_filter') return new DoNotRetryError('The provider\'s content filter refuses the input.')
  if (code === 'insufficient_quota') return new DoNotRetryError('The account at the AI provider has no quota left.')
  // What the provider says of a key may have it.
  if (status === 401 || status === 403) return new DoNotRetryError(`The AI provider refuses the credentials (${status}): see AI_API_KEY.`)
  if (status === undefined) return new Error(`no answer from the AI provider: ${said(reasonOf(error))}`)
  const message = `The AI provider answered ${said(error.message)}`
  if (status < 500 && !PASSING.includes(status)) return new DoNotRetryError(message)
  const wait = waitMs(status, error.headers)
  return wait > 0 ? new RetryAfterError(wait / 1000, message) : new Error(message)
}

function waitMs (status: number, headers: Headers | undefined): number {
  const ms = Number(headers?.get('retry-after-ms'))
  if (ms > 0) return Math.min(ms, MAX_WAIT_MS)
  return retryAfterMs({ status, headers: { 'retry-after': headers?.get('retry-after') ?? undefined } })
}

/**
 * In the midst of an answer what the provider says; of a connection that failed, or a request that could not be made, only what that is
 * called: its message may have the address, and the headers.
 */
function reasonOf (thrown: unknown): string {
  const { name, message, code, cause, error } = thrown as ApiError & { cause?: unknown }
  if (cause instanceof Error) return reasonOf(cause)
  return code ?? (error ? message : name)
}
