import type { Kit } from './kit.ts'
import type { Link, WorkerSettings } from './link.ts'
import type { Exchange, Proxy } from './proxy.ts'
import type { Owner } from './scope.ts'

/** What a worker has said of a lease. */
export interface Told { job_id: string, lease_token: string, outcome: string, exchange: Exchange }

/** To workers that speak HTTP: all that is said can be seen. */
export class HttpLink implements Link {
  silent = false
  readonly proxy: Proxy
  readonly #kit: Kit

  constructor (proxy: Proxy, kit: Kit) {
    this.proxy = proxy
    this.#kit = kit
    proxy.isMuted = ({ path }) => this.silent && path.endsWith('heartbeat')
  }

  env ({ queue, lease_seconds, grace_seconds }: WorkerSettings): Record<string, string> {
    return {
      BELLHOP_URL: this.proxy.url,
      BELLHOP_API_KEY: this.#kit.key,
      BELLHOP_QUEUE: queue,
      BELLHOP_LEASE_SECONDS: `${lease_seconds}`,
      BELLHOP_GRACE_SECONDS: `${grace_seconds}`
    }
  }

  async ids (): Promise<string[]> {
    return [...new Set(this.proxy.exchanges.flatMap(({ body }): string[] => body?.worker?.id ?? []))]
  }

  async beginnings (): Promise<number> {
    return this.asks.length
  }

  async has (job: string): Promise<boolean> {
    return this.asks.some(({ answer }) => answer?.jobs?.some(({ id }: { id: string }) => id === job))
  }

  async waits (): Promise<boolean> {
    return this.asks.at(-1)?.answeredAt === 0
  }

  async ownService (scope: Owner) {
    const api = await this.#kit.startApi(scope)
    this.proxy.target = api.url
    return {
      leave: async () => {
        await api.kill()
        this.proxy.target = undefined
      },
      comeBack: () => { this.proxy.target = this.#kit.url }
    }
  }

  /** Requests for jobs. */
  get asks (): Exchange[] {
    return this.proxy.exchanges.filter(({ path, body }) => path === '/leases' || (path === '/leases/settle' && body?.lease))
  }

  /** What the worker has said of its jobs, in order. */
  get told (): Told[] {
    return this.proxy.exchanges.flatMap((exchange): Told[] => {
      const { path, body } = exchange
      if (path === '/leases/settle') return body.settlements.map((settlement: any) => ({ ...settlement, exchange }))
      const [, job_id, action] = /^\/jobs\/([^/]+)\/(complete|fail|release)$/.exec(path) ?? []
      return job_id ? [{ job_id, lease_token: body.lease_token, outcome: action!, exchange }] : []
    })
  }
}
