import { createClient } from '../../clients/typescript/src/index.ts'
import type { Client, components } from '../../clients/typescript/src/index.ts'
import { CommandError, EXIT } from './exit.ts'

export type Schemas = components['schemas']

/** What openapi-fetch resolves to. */
interface Answered<T> { data?: T, error?: unknown, response: Response }

export interface Answer<T> {
  value: T
  /** The body as it was sent: the value loses digits of large numbers. */
  text: string
}

export interface ApiOptions {
  url: string
  apiKey?: string
  /** How long an answer may take, in seconds, beside what it was asked to wait for. */
  timeoutSeconds: number
  /** Aborted when the user wants to leave. */
  signal: AbortSignal
}

const WHERE = '--url or BELLHOP_URL says where it is.'

/** The API, whose refusals are CommandErrors. */
export class Api {
  readonly url: string
  readonly signal: AbortSignal
  readonly #timeoutSeconds: number
  readonly #client: Client
  readonly #texts = new WeakMap<Response, string>()

  constructor ({ url, apiKey, timeoutSeconds, signal }: ApiOptions) {
    this.url = url
    this.signal = signal
    this.#timeoutSeconds = timeoutSeconds
    this.#client = createClient({ url, ...(apiKey !== undefined && { apiKey }), fetch: request => this.#fetch(request) })
  }

  async ask<T> (call: (client: Client) => Promise<Answered<T>>): Promise<Answer<T>> {
    const answer = await this.#outcome(call)
    return { value: answer.data as T, text: this.#texts.get(answer.response)! }
  }

  /** Opens a stream of events. */
  async open (call: (client: Client) => Promise<Answered<ReadableStream | null>>): Promise<ReadableStream<Uint8Array>> {
    const { data } = await this.#outcome(call)
    return data!
  }

  async #outcome<T> (call: (client: Client) => Promise<Answered<T>>): Promise<Answered<T>> {
    let answer
    try {
      answer = await call(this.#client)
    } catch (error) {
      this.signal.throwIfAborted()
      throw this.#unreachable(error)
    }
    if (!answer.response.ok) throw this.#refusal(answer.response, answer.error)
    return answer
  }

  async #fetch (request: Request): Promise<Response> {
    const isStream = request.headers.get('accept') === 'text/event-stream'
    const waits = Number(/^wait=(\d+)$/.exec(request.headers.get('prefer') ?? '')?.[1] ?? 0)
    // Of a stream only the head must come in time.
    const late = new AbortController()
    const timer = setTimeout(() => late.abort(new DOMException('late', 'TimeoutError')), (this.#timeoutSeconds + waits) * 1000)
    try {
      const response = await fetch(request, { signal: AbortSignal.any([this.signal, request.signal, late.signal]) })
      if (isStream && response.ok) return response
      const text = await response.text()
      const whole = new Response(text === '' ? null : text, { status: response.status, headers: response.headers })
      this.#texts.set(whole, text)
      return whole
    } finally {
      clearTimeout(timer)
    }
  }

  #unreachable (error: unknown): CommandError {
    if (error instanceof SyntaxError) return this.#stranger()
    if (error instanceof DOMException && error.name === 'TimeoutError') return new CommandError(`${this.url} has not answered within ${this.#timeoutSeconds} s (--timeout).`, EXIT.unreachable)
    return new CommandError(`Cannot reach ${this.url}: ${reasonOf(error)}. Does Bellhop run there? ${WHERE}`, EXIT.unreachable, { cause: error })
  }

  #refusal (response: Response, error: unknown): CommandError {
    const { status } = response
    const exitCode = status === 400 ? EXIT.usage : [502, 503, 504].includes(status) ? EXIT.unreachable : EXIT.failed
    if (!isProblem(error)) return exitCode === EXIT.unreachable ? new CommandError(`${this.url} answers ${status}: Bellhop cannot be reached behind it.`, exitCode) : this.#stranger()
    const lines = [`${status} ${error.title}: ${error.detail}`]
    for (const { path, message } of error.errors ?? []) lines.push(`  ${path || '/'} ${message}`)
    if (HINTS[status]) lines.push(HINTS[status])
    return new CommandError(lines.join('\n'), exitCode)
  }

  #stranger (): CommandError {
    return new CommandError(`${this.url} answers, but not as Bellhop does. ${WHERE}`, EXIT.unreachable)
  }
}

/** What lies under `fetch failed`. */
function reasonOf (error: unknown): string {
  const { message, cause, errors, code } = error as Error & { errors?: unknown[], code?: string }
  if (cause) return reasonOf(cause)
  if (errors?.[0]) return reasonOf(errors[0])
  return message || code || 'no connection'
}

/** For those who cannot know from the problem what to do. */
const HINTS: Record<number, string> = {
  401: 'Give a key with --api-key or BELLHOP_API_KEY.',
  403: 'Another key (--api-key, BELLHOP_API_KEY) may be allowed to.'
}

function isProblem (error: unknown): error is Schemas['Problem'] {
  return typeof error === 'object' && error !== null && 'title' in error && 'detail' in error
}
