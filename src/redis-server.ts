import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { constants } from 'node:fs'
import { access, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { Redis } from 'ioredis'
import { claim } from './data-lock.ts'

const OLDEST = 7
const STOP_MS = 10_000
const LOG_LINES = 20

export interface RedisServerOptions {
  /** Folder of the data; created when missing. One Redis at a time can have it. */
  dir: string
  /** Keep an append-only file. Default: true. */
  appendonly?: boolean
  /**
   * When the append-only file is synced. Default: always, before anything is answered. With everysec Redis also puts off
   * writing, by up to 2 s, while the last sync is under way: even a kill of the process alone can then lose what was answered.
   */
  appendfsync?: 'always' | 'everysec'
  /** Unix socket to listen on, at most about 100 bytes long. Default: one in a fresh private folder. */
  socket?: string
  /** TCP port on 127.0.0.1. Default: 0, none. */
  port?: number
  /** More arguments for the server, such as `['--maxmemory', '10mb']`. */
  extraArgs?: string[]
  /** Gives up waiting for the server (loading a big file can take minutes) and stops it. */
  signal?: AbortSignal
}

export interface RedisExit {
  code: number | null
  signal: NodeJS.Signals | null
  /** The last lines that it logged. */
  log: string
}

export interface RedisServer {
  readonly socket: string
  readonly pid: number
  /** Resolves, and never rejects, when the process is gone, whoever ended it. */
  readonly exited: Promise<RedisExit>
  /** SIGTERM, and SIGKILL after 10 s; waits for the end and lets go of the folder. Can be called again, and after the process died. */
  stop: () => Promise<void>
}

/**
 * Starts a Redis (or Valkey) as a child of this process and waits until it has loaded its data and answers.
 * It does not get the terminal's Ctrl-C, and it outlives a kill -9 of this process: the next start on the
 * same folder stops it first. Throws when no server of version 7 is installed, when the folder
 * is in use, and, with the server's last log lines, when it does not start.
 */
export async function startRedisServer (options: RedisServerOptions): Promise<RedisServer> {
  const binary = await findServer()
  const dir = resolve(options.dir)
  await mkdir(dir, { recursive: true, mode: 0o700 })
  // not under `dir`: the path of a socket can be about 100 bytes long, and a project's folder may be deeper
  const base = Buffer.byteLength(tmpdir()) > 70 ? '/tmp' : tmpdir()
  const run = await mkdtemp(join(base, 'bellhop-'))
  const removeRun = () => rm(run, { recursive: true, force: true })
  const socket = options.socket ?? join(run, 'redis.sock')
  let release: () => Promise<void>
  try {
    release = await claim(dir, { alive: join(run, 'alive.sock'), redis: socket }, (orphan) => stopOrphan(orphan, dir))
  } catch (err) {
    await removeRun()
    throw err
  }
  const letGo = async () => {
    await release()
    await removeRun()
  }
  try {
    const server = await launch(binary, dir, socket, options)
    return {
      ...server,
      async stop () {
        await server.stop()
        await letGo()
      }
    }
  } catch (err) {
    await letGo()
    throw err
  }
}

async function launch (binary: string, dir: string, socket: string, options: RedisServerOptions): Promise<RedisServer> {
  const { appendonly = true, appendfsync = 'always', port = 0, extraArgs = [], signal } = options
  const child = spawn(binary, [
    '--port', String(port), '--bind', '127.0.0.1', '--unixsocket', socket, '--unixsocketperm', '700',
    '--dir', dir, '--appendonly', appendonly ? 'yes' : 'no', '--appendfsync', appendfsync, '--auto-aof-rewrite-min-size', '256mb',
    '--save', '', '--maxmemory-policy', 'noeviction', '--daemonize', 'no', ...extraArgs
  ], { detached: true, stdio: ['ignore', 'pipe', 'pipe'] })

  let log: string[] = []
  const keep = (chunk: string) => { log = [...log, ...chunk.split('\n').filter(Boolean)].slice(-LOG_LINES) }
  child.stdout.setEncoding('utf8').on('data', keep)
  child.stderr.setEncoding('utf8').on('data', keep)
  await once(child, 'spawn')

  let running = true
  const exited = new Promise<RedisExit>((resolve) => child.once('exit', async (code, signal) => {
    running = false
    // the last lines may come after the end, but a forked rewrite of the file could keep the pipes open for long
    await once(child, 'close', { signal: AbortSignal.timeout(100) }).catch(() => {})
    resolve({ code, signal, log: log.join('\n') })
  }))
  const stop = async () => {
    if (!running) return
    child.kill('SIGTERM')
    // losing nothing: what was acknowledged has been handed to the operating system before
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS)
    await exited
    clearTimeout(timer)
  }

  try {
    signal?.throwIfAborted()
    await Promise.race([
      answers(socket, exited),
      exited.then(({ log }) => { throw new Error(`${binary} did not start:\n${log}`) }),
      ...(signal ? [once(signal, 'abort').then(() => signal.throwIfAborted())] : [])
    ])
  } catch (err) {
    await stop()
    throw err
  }
  return { socket, pid: child.pid as number, exited, stop }
}

/** Resolves when the server has loaded its data; gives up when it has exited. */
async function answers (path: string, exited: Promise<unknown>): Promise<void> {
  const client = new Redis({ path, retryStrategy: () => 20, maxRetriesPerRequest: null, maxLoadingRetryTime: 200 })
  client.on('error', () => {}) // refused until it listens
  // once only: disconnecting what is disconnected keeps this process up for 2 s
  await Promise.race([client.ping(), exited])
  client.disconnect()
}

/** Stops the Redis of a start that was killed. Asked for over its socket, as its pid may belong to another process by now. */
async function stopOrphan (path: string, dir: string): Promise<void> {
  const client = new Redis({ path, lazyConnect: true, retryStrategy: null, enableReadyCheck: false, commandTimeout: STOP_MS })
  client.on('error', () => {})
  if (!await client.connect().then(() => true, () => false)) return
  const refusal = await client.shutdown('NOSAVE').catch((err: Error) => err.message)
  if (client.status === 'end') return // no answer: the connection was closed by the end of the process
  client.disconnect()
  throw new Error(`The Redis of an earlier start still has ${dir} open and does not stop (${refusal}): end the process that listens on ${path}`)
}

/** The command of a Redis or Valkey that is new enough; throws, and says how to install one, when there is none. */
export async function findServer (): Promise<string> {
  const old: string[] = []
  for (const name of ['redis-server', 'valkey-server']) {
    const version = await versionOf(name)
    if (version === undefined) continue
    if (Number.parseInt(version) >= OLDEST) return name
    old.push(`${name} ${version}`)
  }
  const why = old.length > 0 ? `${old.join(' and ')} on PATH is too old` : 'neither redis-server nor valkey-server is on PATH'
  throw new Error(`Redis (or Valkey) ${OLDEST} or newer is needed, and ${why}. To install it: ${await howToInstall()}. To use one that runs elsewhere: set REDIS_URL.`)
}

async function versionOf (name: string): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)(name, ['--version'])
    return /v=(\d+\.\d+\.\d+)/.exec(stdout)?.[1]
  } catch (err) {
    if ((err as NodeJS.ErrnoException).code === 'ENOENT') return
    throw err
  }
}

async function howToInstall (): Promise<string> {
  const commands = { 'apt-get': 'sudo apt-get install redis-server', dnf: 'sudo dnf install valkey', apk: 'sudo apk add redis', brew: 'brew install redis' }
  for (const [manager, command] of Object.entries(commands)) {
    for (const folder of (process.env.PATH ?? '').split(delimiter)) {
      if (await access(join(folder, manager), constants.X_OK).then(() => true, () => false)) return command
    }
  }
  return 'see https://redis.io/docs/latest/operate/oss_and_stack/install/'
}
