import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import type { AddressInfo, Server, Socket } from 'node:net'
import type { Client } from '../clients/typescript/src/client.ts'
import type { Link, WorkerSettings } from './link.ts'
import type { Owner } from './scope.ts'

/** To Bellhop's own workers, which speak with Redis: what they do is seen from the API. */
export class RedisLink implements Link {
  readonly #queue: string
  readonly #client: Client
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  readonly #ids = new Set<string>()
  #silent = false

  private constructor (queue: string, client: Client, socketPath: string) {
    this.#queue = queue
    this.#client = client
    this.#server = createServer(worker => this.#join(worker, connect(socketPath)))
  }

  static async start (scope: Owner, { queue, client, socketPath }: { queue: string, client: Client, socketPath: string }): Promise<RedisLink> {
    const link = new RedisLink(queue, client, socketPath)
    link.#server.listen(0, '127.0.0.1')
    await once(link.#server, 'listening')
    scope.teardown(async () => {
      link.#server.close()
      link.silent = true
    })
    return link
  }

  /** The settings of a worker of Bellhop's. */
  env ({ queue, lease_seconds, grace_seconds }: WorkerSettings): Record<string, string> {
    return {
      REDIS_URL: `redis://127.0.0.1:${(this.#server.address() as AddressInfo).port}`,
      WORKER_QUEUES: queue,
      WORKER_CONCURRENCY: '1',
      WORKER_PORT: '0',
      LEASE_SECONDS: `${lease_seconds}`,
      SHUTDOWN_GRACE_SECONDS: `${grace_seconds}`
    }
  }

  async ids (): Promise<string[]> {
    for (const { id } of await this.#workers()) this.#ids.add(id)
    return [...this.#ids]
  }

  async beginnings (): Promise<number> {
    return (await this.ids()).length
  }

  async has (job: string): Promise<boolean> {
    const { data } = await this.#client.GET('/jobs/{id}', { params: { path: { id: job } } })
    // One that is leased may still be on its way to its handler, and goes back when the worker ends then.
    return data?.status === 'active' && data.progress !== undefined
  }

  async waits (): Promise<boolean> {
    return (await this.#workers()).some(({ running }) => running === 0)
  }

  get silent (): boolean { return this.#silent }

  /** Connections are broken, and new ones come to nothing. */
  set silent (on: boolean) {
    this.#silent = on
    if (on) for (const socket of this.#sockets) socket.destroy()
  }

  async ownService () {
    return {
      leave: async () => { this.silent = true },
      comeBack: () => { this.silent = false }
    }
  }

  #join (worker: Socket, redis: Socket): void {
    for (const [from, to] of [[worker, redis], [redis, worker]] as const) {
      this.#sockets.add(from)
      from.pipe(to)
      from.on('error', () => {})
      from.on('close', () => {
        this.#sockets.delete(from)
        to.destroy()
      })
    }
    if (this.#silent) worker.destroy()
  }

  async #workers () {
    const { data } = await this.#client.GET('/workers')
    if (!data) throw new Error('The kit could not list the workers.')
    return data.items.filter(({ queues }) => queues.includes(this.#queue))
  }
}
