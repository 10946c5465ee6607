import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { RedisOptions } from 'ioredis'
import { startRedisServer, type RedisServerOptions } from '../../src/redis-server.ts'

/** What is used of tap's `t`. */
interface Scope {
  teardown: (fn: () => Promise<void>) => void
}

export interface TestRedisOptions {
  /** Default: false, which is quicker; true to keep the data over `restart` and `kill`. */
  appendonly?: boolean
  /** Such as `10mb`. Default: no limit. */
  maxmemory?: string
  /** Listen on this port of 127.0.0.1 too. Default: only on the socket. */
  port?: number
  extraArgs?: string[]
}

export interface TestRedis {
  /** Stays the same over `start`. */
  readonly socket: string
  readonly dir: string
  /** For `new Redis(…)`. */
  readonly redisOptions: RedisOptions
  /** For the environment of a process under test. */
  readonly env: { REDIS_URL: string }
  /** Of the process that runs now, or ran last. */
  readonly pid: number
  /** SIGTERM; resolves when it is gone. */
  stop: () => Promise<void>
  /** SIGKILL; resolves when it is gone. */
  kill: () => Promise<void>
  /** Starts it again on the same folder and socket; resolves when it answers. */
  start: () => Promise<void>
  /** SIGSTOP and SIGCONT: it holds its connections and answers nothing. */
  freeze: () => void
  thaw: () => void
}

/** A Redis of its own for a test file or a test, gone (with its data) at the end of `t`. DEBUG commands are allowed. */
export async function startTestRedis (t: Scope, options: TestRedisOptions = {}): Promise<TestRedis> {
  const dir = await mkdtemp(join(tmpdir(), 'bellhop-test-'))
  const socket = join(dir, 'redis.sock')
  const serverOptions: RedisServerOptions = {
    dir,
    socket,
    appendonly: options.appendonly ?? false,
    ...(options.port && { port: options.port }),
    extraArgs: [
      '--enable-debug-command', 'yes',
      ...(options.maxmemory ? ['--maxmemory', options.maxmemory] : []),
      ...(options.extraArgs ?? [])
    ]
  }
  let server = await startRedisServer(serverOptions)
  const signal = (name: NodeJS.Signals) => { process.kill(server.pid, name) }

  t.teardown(async () => {
    // a frozen process takes no SIGTERM
    if (await running(server.exited)) signal('SIGCONT')
    await server.stop()
    await rm(dir, { recursive: true, force: true })
  })

  return {
    socket,
    dir,
    redisOptions: { path: socket },
    env: { REDIS_URL: `unix://${socket}` },
    get pid () { return server.pid },
    stop: () => server.stop(),
    async kill () {
      signal('SIGKILL')
      await server.exited
      await server.stop()
    },
    async start () {
      server = await startRedisServer(serverOptions)
    },
    freeze: () => signal('SIGSTOP'),
    thaw: () => signal('SIGCONT')
  }
}

async function running (exited: Promise<unknown>): Promise<boolean> {
  return await Promise.race([exited.then(() => false), new Promise<boolean>((resolve) => setImmediate(resolve, true))])
}
