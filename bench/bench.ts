import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { startRedisServer } from '../src/redis-server.ts'
import type { Contender } from './contenders/contender.ts'
import { Child } from './processes.ts'

/** One measurement: the time it took, and the CPU of the process and of Redis, all by job; `value` is what the call returned. */
export interface Sample { rate: number, node_us: number, redis_us: number, commands: number, value: unknown }

const MODULES: Record<string, string> = { engine: 'engine.ts', bullmq: 'bullmq.js', 'bee-queue': 'bee-queue.js', list: 'list.ts', stream: 'stream.ts' }

/** A Redis of its own and the processes that use it. */
export class Bench {
  readonly redis: Redis
  readonly socket: string
  readonly #stop: () => Promise<void>
  readonly #children = new Map<string, Started>()

  private constructor (socket: string, stop: () => Promise<void>) {
    this.socket = socket
    this.#stop = stop
    this.redis = new Redis({ path: socket })
  }

  static async start ({ appendonly = false } = {}): Promise<Bench> {
    const dir = await mkdtemp(join(tmpdir(), 'bellhop-bench-'))
    const server = await startRedisServer({ dir, appendonly, appendfsync: 'everysec', extraArgs: appendonly ? [] : ['--save', ''] })
    return new Bench(server.socket, async () => {
      await server.stop()
      await rm(dir, { recursive: true, force: true })
    })
  }

  /** For processes of the service. */
  get env (): NodeJS.ProcessEnv {
    return { REDIS_URL: `unix://${this.socket}`, LOG_FORMAT: 'json', LOG_LEVEL: 'info' }
  }

  /** A process, made when first asked for, with what it said when it was ready. */
  async child (name: string, make: () => Child): Promise<Started> {
    let started = this.#children.get(name)
    if (!started) {
      const child = make()
      started = { child, ready: await child.message(message => message.ready) }
      this.#children.set(name, started)
    }
    return started
  }

  /** `engine`, say; `engine-worker` is a second process of it, `engine@1000` one whose payload has so many bytes. */
  async contender (name: string): Promise<Child> {
    const [module = '', PAYLOAD_BYTES = '100'] = name.replace('-worker', '').split('@')
    return (await this.child(name, () => new Child('contender.ts', [MODULES[module]!, this.socket], { PAYLOAD_BYTES }))).child
  }

  /** Has a contender do one thing to so many jobs. */
  async run (name: string, call: keyof Contender, jobs: number): Promise<Sample> {
    const child = await this.contender(name)
    const before = await this.#redisUsage()
    child.send({ call, args: [jobs] })
    const { ms, cpu_us, value, error } = await child.message<Answer>(message => message.answer === call)
    if (error) throw new Error(`${name} ${call}: ${error}`)
    const after = await this.#redisUsage()
    return { rate: jobs / ms * 1000, node_us: cpu_us / jobs, redis_us: (after.cpu_us - before.cpu_us) / jobs, commands: (after.commands - before.commands) / jobs, value }
  }

  /** Ends a process; the next call for it starts another. */
  async drop (name: string): Promise<void> {
    await this.#children.get(name)?.child.stop()
    this.#children.delete(name)
  }

  async usedMemory (): Promise<number> {
    return Number(/^used_memory:(\d+)/m.exec(await this.redis.info('memory'))![1])
  }

  /** The longest script since `watchScripts`, in ms; 1 when all took less. */
  async longestScript (): Promise<number> {
    if (!/^cmdstat_fcall:/m.test(await this.redis.info('commandstats'))) throw new Error('Redis has run no function')
    const log = await this.redis.slowlog('GET', 1000) as [number, number, number, string[]][]
    return Math.max(1000, ...log.filter(([, , , [command]]) => /^(eval|fcall)/i.test(command!)).map(([, , us]) => us)) / 1000
  }

  async watchScripts (): Promise<void> {
    await this.watchCommands(1000)
  }

  /** Has the Redis note each command that takes so many µs or more, and forget what it has noted. */
  async watchCommands (us: number): Promise<void> {
    await this.redis.config('SET', 'slowlog-log-slower-than', us)
    await this.redis.config('SET', 'slowlog-max-len', 100_000)
    await this.redis.slowlog('RESET')
  }

  /** How long those of the noted commands took that begin so, in µs: their median. */
  async medianOf (start: RegExp): Promise<number> {
    const log = await this.redis.slowlog('GET', 100_000) as [number, number, number, string[]][]
    const times = log.filter(([, , , words]) => start.test(words.join(' '))).map(([, , us]) => us).sort((a, b) => a - b)
    if (times.length === 0) throw new Error(`Redis has noted no command like ${start}`)
    return times[Math.floor(times.length / 2)]!
  }

  /** Makes all scheduled jobs of the default queue due since the same instant. */
  async dueNow (): Promise<void> {
    for (let from = 0; ; from += 1000) {
      const members = await this.redis.zrange('job_queue:scheduled', `${from}`, `${from + 999}`)
      if (members.length === 0) return
      await this.redis.zadd('job_queue:scheduled', ...members.flatMap(member => ['1', member]))
    }
  }

  /** Ends its processes and its Redis. */
  async close (): Promise<void> {
    for (const name of [...this.#children.keys()]) await this.drop(name)
    this.redis.disconnect()
    await this.#stop()
  }

  async #redisUsage (): Promise<{ cpu_us: number, commands: number }> {
    const [cpu, stats] = [await this.redis.info('cpu'), await this.redis.info('commandstats')]
    const seconds = (name: string) => Number(new RegExp(`^${name}:([\\d.]+)`, 'm').exec(cpu)![1])
    let commands = 0
    for (const [, calls] of stats.matchAll(/^cmdstat_(?!info)[^:]+:calls=(\d+)/gm)) commands += Number(calls)
    return { cpu_us: (seconds('used_cpu_user') + seconds('used_cpu_sys')) * 1e6, commands }
  }
}

interface Started { child: Child, ready: { address: string } }
interface Answer { ms: number, cpu_us: number, value: unknown, error?: string }
