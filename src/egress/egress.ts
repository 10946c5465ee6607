import { lookup as resolve } from 'node:dns'
import type { LookupAddress, LookupAllOptions } from 'node:dns'
import { isIP } from 'node:net'
import type { LookupFunction } from 'node:net'
import { Agent, buildConnector, request } from 'undici'
import type { Dispatcher } from 'undici'
import { isAllowedAddress } from './address.ts'
import type { Cidr } from './address.ts'
import { hostProblem, urlProblem } from './url.ts'

export type Resolve = (host: string, options: LookupAllOptions, done: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void) => void

export interface EgressOptions {
  /** beside all public addresses */
  allowed?: readonly Cidr[]
  /** for the whole exchange; default 15,000 */
  timeout_ms?: number
  /** of an answer that are read; default 64 KiB */
  max_bytes?: number
  /** of the system by default */
  resolve?: Resolve
}

export interface Answer {
  status: number
  headers: Dispatcher.ResponseData['headers']
  /** the first `max_bytes` of it */
  body: Buffer
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
  readonly #max_bytes: number
  readonly #resolve: Resolve
  readonly #agent: Agent

  constructor ({ allowed = [], timeout_ms = 15_000, max_bytes = 64 * 1024, resolve: resolveBy = resolve }: EgressOptions = {}) {
    this.#allowed = allowed
    this.#timeout_ms = timeout_ms
    this.#max_bytes = max_bytes
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
      // Of one host: a slow one must not take all that there is.
      connections: 16,
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
    return forbidden && `must not lead to ${forbidden.address}, which is not a public address`
  }

  /** The same without asking a resolver. */
  urlProblem (text: string): string | undefined {
    return urlProblem(text, this.#allowed)
  }

  /** Rejects with a ForbiddenAddressError, or with what kept it from an answer: no address, no connection, no answer in time. */
  async post (url: string, headers: Record<string, string>, body: string, signal?: AbortSignal): Promise<Answer> {
    const problem = urlProblem(url, this.#allowed)
    if (problem !== undefined) throw new ForbiddenAddressError(`The URL ${problem}`)
    const startedAt = performance.now()
    const abort = AbortSignal.timeout(this.#timeout_ms)
    try {
      const answer = await request(url, { method: 'POST', headers, body, dispatcher: this.#agent, signal: signal ? AbortSignal.any([abort, signal]) : abort })
      const read = await this.#read(answer.body)
      return { status: answer.statusCode, headers: answer.headers, body: read, duration_ms: Math.round(performance.now() - startedAt) }
    } catch (error) {
      if (abort.aborted) throw new Error(`no answer within ${this.#timeout_ms} ms`, { cause: error })
      throw error
    }
  }

  async close (): Promise<void> {
    await this.#agent.destroy()
  }

  async #read (stream: Dispatcher.ResponseData['body']): Promise<Buffer> {
    const chunks: Buffer[] = []
    let left = this.#max_bytes
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      chunks.push(chunk.subarray(0, left))
      left -= chunk.length
      if (left <= 0) break // which ends the connection
    }
    return Buffer.concat(chunks)
  }

  // All addresses of a name must be allowed: which one is used in the end is not for the name's owner to play with.
  readonly #lookup: LookupFunction = (host, options, done) => {
    this.#resolve(host, { ...options, all: true }, (error, addresses) => {
      if (error) return done(error, '', 0)
      const forbidden = addresses.find(({ address }) => !isAllowedAddress(address, this.#allowed))
      if (forbidden || addresses.length === 0) {
        const what = forbidden ? `leads to ${forbidden.address}, which is not a public address` : 'has no address'
        return done(new ForbiddenAddressError(`The URL's host ${host} ${what}`) as NodeJS.ErrnoException, '', 0)
      }
      if (options.all) return done(null, addresses)
      done(null, addresses[0]!.address, addresses[0]!.family)
    })
  }
}
