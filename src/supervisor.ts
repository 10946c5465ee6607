import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Config } from './config.ts'
import { whereIs } from './redis-options.ts'
import { startRedisServer, type RedisServer } from './redis-server.ts'

/** What a child may take beyond the grace before it is killed. */
const MARGIN_MS = 15_000
/** A signal this soon after the first is the same Ctrl-C: npm hands on what the terminal has already sent. */
const ECHO_MS = 300

export interface SuperviseOptions {
  /** Modules to run as child processes. Each sends `{ ready: true, address? }` when it serves, and ends when it is disconnected. */
  api: string
  worker: string
  config: Config
  print: (line: string) => void
}

/**
 * Runs the API, a worker and, when no Redis is given, a Redis, until Ctrl-C or SIGTERM, or until one of them ends by itself.
 * Then the children drain for the grace, and Redis stops last. A second Ctrl-C kills the children, but not Redis.
 * Resolves to the exit code: 0 when asked to stop, 130 when asked twice, 1 when something ended by itself or did not start.
 */
export async function supervise ({ api, worker, config, print }: SuperviseOptions): Promise<number> {
  const asked = new AbortController()
  const untilAsked = once(asked.signal, 'abort').then(() => undefined)
  const children: ChildProcess[] = []
  let askedAt = 0
  let forced = false
  const onSignal = () => {
    if (!asked.signal.aborted) {
      askedAt = Date.now()
      print(`Stopping: running jobs have ${config.shutdownGraceSeconds} s to finish. Ctrl-C once more ends them at once; they run again at the next start.`)
      asked.abort()
    } else if (Date.now() - askedAt > ECHO_MS) {
      forced = true
      for (const child of children) child.kill('SIGKILL')
    }
  }
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  for (const signal of signals) process.on(signal, onSignal)
  // that the terminal was closed must not keep anything from being stopped in order
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})

  let redis: RedisServer | undefined
  let failure: string | undefined
  let graceMs = config.shutdownGraceSeconds * 1000
  try {
    if (!config.redisGiven) {
      redis = await startRedisServer({ dir: config.dataDir, signal: asked.signal })
      redis.exited.then(() => { graceMs = 0 }) // what a job still does could not be recorded
    }
    const env = { ...process.env, LOG_FORMAT: config.logFormat, ...(redis && { REDIS_URL: urlOf(redis) }) }
    const [apiProcess, workerProcess] = [run(api, env), run(worker, env)]
    children.push(apiProcess, workerProcess)
    Promise.all([ready(apiProcess), ready(workerProcess)]).then(([address]) => {
      if (!asked.signal.aborted) print(welcome(address, config, redis))
    })
    failure = await Promise.race([
      untilAsked,
      ended(apiProcess).then((how) => `The API ended by itself (${how}): stopping everything.`),
      ended(workerProcess).then((how) => {
        if (how !== 'code 0') return `The worker ended by itself (${how}): stopping everything.`
        // somebody told it to, with POST /workers/{id}/stop
        if (!asked.signal.aborted) print('The worker has been stopped; the API goes on. Start everything again for another one.')
        return untilAsked
      }),
      ...(redis ? [redis.exited.then((exit) => `Redis ended by itself (${said(exit.code, exit.signal)}): stopping everything. Its last words:\n${exit.log}`)] : [])
    ])
  } catch (err) {
    // giving up on a Redis that was still loading is what was asked for
    if (!asked.signal.aborted) failure = (err as Error).message
  }

  if (failure) print(failure)
  await Promise.all(children.map((child) => stop(child, graceMs + MARGIN_MS)))
  await redis?.stop()
  for (const signal of signals) process.off(signal, onSignal)
  if (failure) return 1
  return forced ? 130 : 0
}

/**
 * In a process group of its own, so that the terminal's Ctrl-C reaches only the supervisor, which stops things in order.
 * Its output is handed on, not inherited: a terminal that is closed would break the drain of who writes to it.
 */
function run (module: string, env: NodeJS.ProcessEnv): ChildProcess {
  const child = fork(module, { env, detached: true, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] })
  child.stdout?.on('data', (chunk) => process.stdout.write(chunk))
  child.stderr?.on('data', (chunk) => process.stderr.write(chunk))
  return child
}

/** Resolves to the child's address when it says that it is ready. */
function ready (child: ChildProcess): Promise<string | undefined> {
  return new Promise((resolve) => child.on('message', (message: { ready?: boolean, address?: string }) => {
    if (message?.ready) resolve(message.address)
  }))
}

async function ended (child: ChildProcess): Promise<string> {
  const [code, signal] = await once(child, 'exit')
  return said(code, signal)
}

async function stop (child: ChildProcess, patienceMs: number): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exit = once(child, 'exit')
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), patienceMs)
  await exit
  clearTimeout(timer)
}

const said = (code: number | null, signal: string | null) => signal ?? `code ${code}`

const urlOf = (redis: RedisServer) => pathToFileURL(redis.socket).href.replace('file:', 'unix:')

function welcome (address: string | undefined, config: Config, redis: RedisServer | undefined): string {
  const shown = address?.replace('//127.0.0.1:', '//localhost:')
  return [
    'Bellhop is ready. Ctrl-C stops it; the jobs are kept.',
    `  API    ${shown}`,
    `  Docs   ${shown}/docs`,
    redis ? `  Data   ${resolve(config.dataDir)}` : `  Redis  ${whereIs(config.redis)}`
  ].join('\n')
}
