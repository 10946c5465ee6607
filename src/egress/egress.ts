import { lookup as resolve } from 'node:dns'
import type { LookupAddress, LookupAllOptions } from 'node:dns'
import { isIP } from 'node:net'
import type { LookupFunction } from 'node:net'
import { Agent, buildConnector, request } from 'undici'
import type { Dispatcher } from 'undici'
import { isAllowedAddress } from './address.ts'
import type { Cidr } from './address.ts'
import { hostProblem, urlProblem } from './url.ts'

/** Of an answer's body so much is taken in, for so long, to keep the connection for the next call; nothing is made of it. */
const TAKEN_IN_BYTES = 64 * 1024
const TAKEN_IN_MS = 2000

export type Resolve = (host: string, options: LookupAllOptions, done: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void) => void

export interface EgressOptions {
  /** beside all public addresses */
  allowed?: readonly Cidr[]
  /** until the head of the answer; default 15,000 */
  timeout_ms?: number
  /** Told of names that lead to an address that may not be called: who named them is not told which. */
  onForbidden?: (host: string, address: string) => void
  /** of the system by default */
  resolve?: Resolve
}

/** What an answer's maker may take. */
export interface AskOptions {
  signal?: AbortSignal
  /** for the whole answer; default: as long as for its head */
  timeout_ms?: number
  /** So much of the body is read, and one byte more of a larger one. */
  max_bytes: number
}

/** The head of an answer. */
export interface Answer {
  status: number
  headers: Dispatcher.ResponseData['headers']
  duration_ms: number
}

/** It would lead to an address that may not be called. No connection was made. */
export class ForbiddenAddressError extends Error {
  override name = 'ForbiddenAddressError'
}

/**
 * Calls URLs that clients have given, and nothing that is not meant for them: only public addresses, which are looked at again for each
 * connection, on the address to which it is made. A redirect is an answer like any other, and no proxy of the environment is used.
 */
export class Egress {
  readonly #allowed: readonly Cidr[]
  readonly #timeout_ms: number
  readonly #onForbidden: NonNullable<EgressOptions['onForbidden']>
  readonly #resolve: Resolve
  readonly #agent: Agent

  constructor ({ allowed = [], timeout_ms = 15_000, onForbidden = () => {}, resolve: resolveBy = resolve }: EgressOptions = {}) {
    this.#allowed = allowed
    this.#timeout_ms = timeout_ms
    this.#onForbidden = onForbidden
    this.#resolve = resolveBy
    const connect = buildConnector({ timeout: timeout_ms, lookup: this.#lookup })
    this.#agent = new Agent({
      // For an address there is no lookup.
      connect: (options, done) => {
        const problem = hostProblem(options.hostname, allowed)
        if (problem === undefined) connect(options, done)
        else done(new ForbiddenAddressError(`The URL ${problem}`), null)
      },
      headersTimeout: timeout_ms,
      bodyTimeout: timeout_ms,
      maxHeaderSize: 16 * 1024,
      // To one host as many connections as there are calls, which their makers bound: none waits for another's, as that would count as its own time.
      pipelining: 1,
      keepAliveTimeout: 4000,
      keepAliveMaxTimeout: 30_000
    })
  }

  /** What is wrong with a URL, as `urlProblem` says, or what its name means now. A name that cannot be resolved now is none. */
  async problem (text: string): Promise<string | undefined> {
    const problem = urlProblem(text, this.#allowed)
    if (problem !== undefined) return problem
    const host = new URL(text).hostname
    if (isIP(host.replace(/^\[|\]$/g, ''))) return undefined
    const addresses = await new Promise<LookupAddress[]>(resolve => {
      const timer = setTimeout(resolve, 2000, [])
      this.#resolve(host, { all: true }, (error, addresses) => {
        clearTimeout(timer)
        resolve(error ? [] : addresses)
      })
    })
    const forbidden = addresses.find(({ address }) => !isAllowedAddress(address, this.#allowed))
    if (!forbidden) return undefined
    this.#onForbidden(host, forbidden.address)
    return `must not lead to ${host}, whose address is not public`
  }

  /** The same without asking a resolver. */
  urlProblem (text: string): string | undefined {
    return urlProblem(text, this.#allowed)
  }

  /**
   * Resolves as soon as the head of the answer is there. Rejects with a ForbiddenAddressError, or with what kept it from an answer: no
   * address, no connection, no answer in time. No message has an address that was not in the URL; its cause may.
   */
  async post (url: string, headers: Record<string, string>, body: string, signal?: AbortSignal): Promise<Answer> {
    return await this.#call(url, headers, body, this.#timeout_ms, signal, async answer => {
      answer.body.dump({ limit: TAKEN_IN_BYTES, signal: AbortSignal.timeout(TAKEN_IN_MS) }).catch(() => {})
      return {}
    })
  }

  /** The same, with what the answer says. */
  async ask (url: string, headers: Record<string, string>, body: string, { signal, timeout_ms = this.#timeout_ms, max_bytes }: AskOptions): Promise<Answer & { body: Buffer }> {
    return await this.#call(url, headers, body, timeout_ms, signal, async answer => ({ body: await read(answer.body, max_bytes) }))
  }

  async #call<T> (url: string, headers: Record<string, string>, body: string, timeout_ms: number, signal: AbortSignal | undefined, take: (answer: Dispatcher.ResponseData) => Promise<T>): Promise<Answer & T> {
    const problem = urlProblem(url, this.#allowed)
    if (problem !== undefined) throw new ForbiddenAddressError(`The URL ${problem}`)
    const startedAt = performance.now()
    const abort = AbortSignal.timeout(timeout_ms)
    try {
      const answer = await request(url, { method: 'POST', headers, body, dispatcher: this.#agent, headersTimeout: timeout_ms, bodyTimeout: timeout_ms, signal: signal ? AbortSignal.any([abort, signal]) : abort })
      const taken = await take(answer)
      return { status: answer.statusCode, headers: answer.headers, duration_ms: Math.round(performance.now() - startedAt), ...taken }
    } catch (error) {
      if (error instanceof ForbiddenAddressError || signal?.aborted) throw error
      const why = abort.aborted ? `within ${timeout_ms} ms` : `from ${new URL(url).host}: ${codeOf(error)}`
      throw new Error(`no answer ${why}`, { cause: error })
    }
  }

  async close (): Promise<void> {
    await this.#agent.destroy()
  }

  // All addresses of a name must be allowed: which one is used in the end is not for the name's owner to play with.
  readonly #lookup: LookupFunction = (host, options, done) => {
    this.#resolve(host, { ...options, all: true }, (error, addresses) => {
      if (error) return done(error, '', 0)
      const forbidden = addresses.find(({ address }) => !isAllowedAddress(address, this.#allowed))
      if (forbidden || addresses.length === 0) {
        if (forbidden) this.#onForbidden(host, forbidden.address)
        const what = forbidden ? 'leads to an address that is not public' : 'has no address'
        return done(new ForbiddenAddressError(`The URL's host ${host} ${what}`) as NodeJS.ErrnoException, '', 0)
      }
      if (options.all) return done(null, addresses)
      done(null, addresses[0]!.address, addresses[0]!.family)
    })
  }
}

async function read (stream: AsyncIterable<Buffer>, max_bytes: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let left = max_bytes + 1
  for await (const chunk of stream) {
    chunks.push(chunk.subarray(0, left))
    left -= chunk.length
    if (left <= 0) break // which ends the connection
  }
  return Buffer.concat(chunks)
}

/** What an error is called; its message may have addresses. */
function codeOf (error: unknown): string {
  const { code, cause, errors, name } = error as Error & { code?: string, cause?: unknown, errors?: unknown[] }
  const inner = cause ?? errors?.[0]
  return code ?? (inner instanceof Error ? codeOf(inner) : name)
}
