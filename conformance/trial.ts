import { setTimeout } from 'node:timers/promises'
import type { Client } from '../clients/typescript/src/client.ts'
import type { Job, Kit } from './kit.ts'
import { Program } from './program.ts'
import type { Link } from './link.ts'
import { HttpLink } from './http-link.ts'
import { Proxy } from './proxy.ts'
import { RedisLink } from './redis-link.ts'
import type { Owner } from './scope.ts'

/** The worker did not do what it should. */
export class CheckError extends Error {
  override readonly name = 'CheckError'
}

export interface TrialOptions {
  kit: Kit
  scope: Owner
  /** What the worker speaks. */
  over: 'http' | 'redis'
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
  readonly link: Link
  readonly client: Client
  readonly #command: string[]

  private constructor ({ kit, scope, command, queue, patience }: TrialOptions, link: Link) {
    this.kit = kit
    this.scope = scope
    this.queue = queue
    this.patience = patience
    this.link = link
    this.client = kit.client
    this.#command = command
  }

  static async prepare (options: TrialOptions): Promise<Trial> {
    const { kit, scope, over, queue } = options
    return new Trial(options, over === 'http'
      ? new HttpLink(await Proxy.start(scope, kit.url), kit)
      : await RedisLink.start(scope, { queue, client: kit.client, socketPath: kit.redis }))
  }

  /** The link to a worker that speaks HTTP; undefined for one that does not. */
  get http (): HttpLink | undefined {
    return this.link instanceof HttpLink ? this.link : undefined
  }

  /** Starts the worker, and waits until it asks for jobs. */
  async start ({ lease = 10, grace = 10 }: { lease?: number, grace?: number } = {}): Promise<Program> {
    const before = await this.link.beginnings()
    const program = new Program(this.scope, this.#command, this.link.env({ queue: this.queue, lease_seconds: lease, grace_seconds: grace }))
    await this.until('it asks for jobs', async () => {
      this.expect(program.exit === undefined, `it ended (${program.exit}) before it asked for jobs:\n${program.output}`)
      return await this.link.beginnings() > before
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
    await this.until('it takes the job', () => this.link.has(id))
  }

  async exits (program: Program, seconds = this.patience): Promise<void> {
    await this.until('the worker ends', () => program.exit !== undefined, seconds)
    this.expect(program.exit === 0, `it exits with 0, not with ${program.exit}`)
  }

  async order (what: 'quiet' | 'stop'): Promise<void> {
    const [id] = await this.link.ids()
    const { error } = await this.client.POST(`/workers/{id}/${what}`, { params: { path: { id: id! } } })
    if (error) throw new Error(`The kit could not give an order: ${JSON.stringify(error)}`)
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
