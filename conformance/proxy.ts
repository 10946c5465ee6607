import { once } from 'node:events'
import { Agent, createServer, request } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Owner } from './scope.ts'

/** A request of the worker, and its answer. Times are of `performance.now()`. */
export interface Exchange {
  path: string
  body: any
  at: number
  /** 0 as long as there is no answer, or it did not reach the worker. */
  status: number
  answer: any
  answeredAt: number
}

/** What is done with a request instead of passing it on: an answer, nothing at all (`drop`), or it is done, but its answer is lost (`lose`). */
export type Fault = { status: number, retryAfter?: number } | 'drop' | 'lose'

/** Stands between a worker and the API: sees all that is said, and makes trouble. */
export class Proxy {
  /** The API; undefined while it is away. */
  target: string | undefined
  /** Asked for each request. */
  fault: (exchange: Exchange) => Fault | undefined = () => undefined
  /** Whether a request is dropped, whatever else: see `HttpLink`. */
  isMuted: (exchange: Exchange) => boolean = () => false
  readonly exchanges: Exchange[] = []
  readonly url: string
  readonly #agent: Agent

  private constructor (url: string, target: string, agent: Agent) {
    this.url = url
    this.target = target
    this.#agent = agent
  }

  static async start (scope: Owner, target: string): Promise<Proxy> {
    const server = createServer((request, response) => {
      // The worker may go away at any time.
      proxy.#serve(request, response).catch(() => response.destroy())
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const agent = new Agent({ keepAlive: true })
    const proxy = new Proxy(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, target, agent)
    scope.teardown(async () => {
      server.close()
      server.closeAllConnections()
      agent.destroy()
    })
    return proxy
  }

  async #serve (incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await textOf(incoming)
    const exchange: Exchange = { path: incoming.url!, body: parsed(body), at: performance.now(), status: 0, answer: undefined, answeredAt: 0 }
    this.exchanges.push(exchange)
    const fault = this.target === undefined || this.isMuted(exchange) ? 'drop' : this.fault(exchange)
    if (fault === 'drop') {
      response.destroy()
      return
    }
    if (typeof fault === 'object') {
      const { status, retryAfter } = fault
      const problem = { type: `urn:bellhop:problem:${status === 429 ? 'too-many-requests' : 'unavailable'}`, title: 'Not now', status, detail: 'Try again later' }
      answer(exchange, status, JSON.stringify(problem))
      response.writeHead(status, { 'content-type': 'application/problem+json', ...(retryAfter !== undefined && { 'retry-after': `${retryAfter}` }) } as Record<string, string>).end(JSON.stringify(problem))
      return
    }
    const passed = request(this.target + incoming.url!, { method: incoming.method, headers: incoming.headers, agent: this.#agent })
    // What the worker no longer waits for is given up there, too.
    response.once('close', () => { if (!response.writableFinished) passed.destroy() })
    passed.end(body)
    const [returned] = await once(passed, 'response') as [IncomingMessage]
    const text = await textOf(returned)
    if (fault === 'lose') {
      response.destroy()
      return
    }
    answer(exchange, returned.statusCode!, text)
    response.writeHead(returned.statusCode!, returned.headers).end(text)
  }
}

function answer (exchange: Exchange, status: number, text: string): void {
  Object.assign(exchange, { status, answer: parsed(text), answeredAt: performance.now() })
}

async function textOf (message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of message) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

function parsed (text: string): any {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
