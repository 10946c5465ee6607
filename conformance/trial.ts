import { setTimeout } from 'node:timers/promises'
import type { Client } from '../clients/typescript/src/client.ts'
import type { Job, Kit } from './kit.ts'
import { Program } from './program.ts'
import { Proxy } from './proxy.ts'
import type { Exchange } from './proxy.ts'
import type { Owner } from './scope.ts'

/** The worker did not do what it should. */
export class CheckError extends Error {
  override readonly name = 'CheckError'
}

/** What a worker has said of a lease. */
export interface Told { job_id: string, lease_token: string, outcome: string, exchange: Exchange }

export interface TrialOptions {
  kit: Kit
  scope: Owner
  command: string[]
  queue: string
  /** How long the worker may take to do what is expected, in seconds. */
  patience: number
}

const ENDED = ['completed', 'failed', 'cancelled']

/** One check: a queue, a worker and what is between them and the API. */
export class Trial {
  readonly kit: Kit
  readonly scope: Owner
  readonly queue: string
  readonly patience: number
  readonly proxy: Proxy
  client: Client
  readonly #command: string[]

  private constructor ({ kit, scope, command, queue, patience }: TrialOptions, proxy: Proxy) {
    this.kit = kit
    this.scope = scope
    this.queue = queue
    this.patience = patience
    this.proxy = proxy
    this.client = kit.clientOf(kit.url)
    this.#command = command
  }

  static async prepare (options: TrialOptions): Promise<Trial> {
    return new Trial(options, await Proxy.start(options.scope, options.kit.url))
  }

  /** Starts the worker, and waits until it asks for jobs. */
  async start ({ lease = 10, grace = 10 }: { lease?: number, grace?: number } = {}): Promise<Program> {
    const asked = this.asks.length
    const program = new Program(this.scope, this.#command, {
      BELLHOP_URL: this.proxy.url,
      BELLHOP_KEY: this.kit.key,
      BELLHOP_QUEUE: this.queue,
      BELLHOP_LEASE_SECONDS: `${lease}`,
      BELLHOP_GRACE_SECONDS: `${grace}`
    })
    await this.until('it asks for jobs', () => {
      this.expect(program.exit === undefined, `it ended (${program.exit}) before it asked for jobs:\n${program.output}`)
      return this.asks.length > asked
    }, Math.max(this.patience, 15))
    return program
  }

  async submit (task: string, input: unknown = null, more: { max_attempts?: number, priority?: 'high' | 'normal' | 'low', timeout_seconds?: number } = {}): Promise<string> {
    const body = { queue: this.queue, task, input, max_attempts: 1, backoff: { delay_seconds: 0 }, ...more }
    const { data, error } = await this.client.POST('/jobs', { body })
    if (!data) throw new Error(`The kit could not submit a job: ${JSON.stringify(error)}`)
    return data.id
  }

  async job (id: string): Promise<Job> {
    const { data, error } = await this.client.GET('/jobs/{id}', { params: { path: { id } } })
    if (!data) throw new Error(`The kit could not read a job: ${JSON.stringify(error)}`)
    return data
  }

  /** The job when it has ended. */
  async ended (id: string, seconds = this.patience): Promise<Job> {
    const { task } = await this.job(id)
    return await this.until(`the job ${task} has ended`, async () => {
      const job = await this.job(id)
      return ENDED.includes(job.status) && job
    }, seconds)
  }

  /** Submits a job and waits for its end. */
  async run (...[task, input, more]: Parameters<Trial['submit']>): Promise<Job> {
    return await this.ended(await this.submit(task, input, more))
  }

  /** The worker has been given the job. */
  async given (id: string): Promise<void> {
    await this.until('it takes the job', () => this.asks.some(({ answer }) => answer?.jobs?.some((job: Job) => job.id === id)))
  }

  async exits (program: Program, seconds = this.patience): Promise<void> {
    await this.until('the worker ends', () => program.exit !== undefined, seconds)
    this.expect(program.exit === 0, `it exits with 0, not with ${program.exit}`)
  }

  async order (what: 'quiet' | 'stop'): Promise<void> {
    const { error } = await this.client.POST(`/workers/{id}/${what}`, { params: { path: { id: this.asks[0]!.body.worker.id } } })
    if (error) throw new Error(`The kit could not give an order: ${JSON.stringify(error)}`)
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

  expect (right: boolean, what: string): void {
    if (!right) throw new CheckError(`Expected: ${what}`)
  }

  same (found: unknown, wanted: unknown, what: string): void {
    this.expect(canonical(found) === canonical(wanted), `${what} ${shown(wanted)}, not ${shown(found)}`)
  }

  /** Waits for something to be so. */
  async until<T> (what: string, ask: () => T | Promise<T>, seconds = this.patience): Promise<Exclude<Awaited<T>, undefined | false>> {
    for (const end = performance.now() + seconds * 1000; performance.now() < end; await setTimeout(20)) {
      const found = await ask()
      if (found !== undefined && found !== false) return found as Exclude<Awaited<T>, undefined | false>
    }
    throw new CheckError(`Expected within ${seconds} s: ${what}`)
  }

  /** Looks on for a while, for what must not happen. */
  async watch (seconds: number): Promise<void> {
    await setTimeout(seconds * 1000)
  }
}

/** JSON with keys in one order. */
function canonical (value: unknown): string {
  return JSON.stringify(value, (_, item) => item && typeof item === 'object' && !Array.isArray(item)
    ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => a < b ? -1 : 1))
    : item) ?? 'undefined'
}

function shown (value: unknown): string {
  const text = JSON.stringify(value) ?? 'undefined'
  return text.length > 200 ? `${text.slice(0, 200)}… (${text.length} characters)` : text
}
