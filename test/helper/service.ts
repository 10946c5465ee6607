import { fork } from 'node:child_process'
import { once } from 'node:events'
import { execArgv, moduleFile } from './module.ts'

export interface LogLine { level: number, msg: string, [field: string]: unknown }

/** One of the service's processes. */
export interface Service {
  address: string
  pid: number
  /** What it has logged so far, line by line. */
  logs: LogLine[]
  /** All that it has written, to standard error as well. */
  output: () => string
  signal: (name: NodeJS.Signals) => void
  /** Resolves when it has ended, with its exit code or the signal that ended it. */
  exited: Promise<number | string>
}

/** Starts an entry (`src/server.ts`, `worker/main.ts`) as a process of its own; resolves when it is ready. Killed at the end of `t`. */
export async function startProcess (t: { teardown: (fn: () => Promise<void>) => void }, entry: string, env: NodeJS.ProcessEnv): Promise<Service> {
  // Nothing of the tests' own environment but what a program needs.
  const child = fork(moduleFile(entry), { execArgv, env: { PATH: process.env.PATH, LOG_FORMAT: 'json', ...env }, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] })
  const exited = once(child, 'exit').then(([code, signal]) => signal ?? code)
  t.teardown(async () => {
    child.kill('SIGKILL')
    await exited
  })

  let output = ''
  let rest = ''
  const logs: LogLine[] = []
  child.stdout!.setEncoding('utf8').on('data', (chunk: string) => {
    output += chunk
    const lines = (rest + chunk).split('\n')
    rest = lines.pop()!
    logs.push(...lines.map(line => JSON.parse(line)))
  })
  child.stderr!.setEncoding('utf8').on('data', (chunk: string) => { output += chunk })

  const ready = once(child, 'message') as Promise<[{ address: string }]>
  const [{ address }] = await Promise.race([ready, exited.then(code => { throw new Error(`${entry} ended (${code}):\n${output}`) })])
  return { address, pid: child.pid!, logs, output: () => output, signal: name => { child.kill(name) }, exited }
}
