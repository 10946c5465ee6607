import { createClient } from './client.ts'
import type { ClientOptions } from './client.ts'
import { Crew } from './crew.ts'
import type { Handler, Handlers, Job, TasksOf } from './handler.ts'

export interface WorkerOptions<Tasks = Record<string, { input: any }>> extends Omit<ClientOptions, 'retries'> {
  /** From which queues, 1 to 16: a job of a later one is only taken when the earlier ones have none. Default: `['default']`. */
  queues?: string[]
  /** How many jobs run at the same time at most, 1 to 1,000. Default: 10. */
  concurrency?: number
  handlers: Handlers<Tasks>
  /** Of which job type they are; `*` is any, and `job.type` says which. A job of another one fails with the reason `no_handler`. Default: `task`. */
  type?: string
  /** How long a job is still this worker's when nothing is heard of it, 1 to 3,600. Heartbeats come three times as often. Default: 30. */
  leaseSeconds?: number
  /** How long jobs may go on when the worker stops, before they are handed back. Default: 30. */
  graceSeconds?: number
  /** Signals to the process that stop the worker, where there are any. Default: `['SIGTERM', 'SIGINT']`; the second one ends the process at once. */
  signals?: string[]
  /** Its name, new with every start. Default: `ts-` and a UUID. */
  id?: string
  /** What `GET /workers` shows of it. */
  host?: string
  /** Told of what went wrong, though the worker goes on: a request that is tried again, a handler that threw. Default: it is printed with `console.error`. */
  onError?: (error: Error, job?: Job) => void
}

export interface Worker {
  readonly id: string
  /** How many jobs it runs now. */
  readonly running: number
  /**
   * Works until it is stopped: with `stop`, a signal, or by an operator. Rejects with a RequestError when the server refuses it for good,
   * such as for its key.
   */
  run: () => Promise<void>
  /** Takes no more jobs, lets those that run end within `graceSeconds`, and hands back the others. Resolves when that is done. */
  stop: () => Promise<void>
}

interface Process { pid?: number, once?: (signal: string, listener: () => void) => void, off?: (signal: string, listener: () => void) => void }

function print (error: Error, job?: Job): void {
  console.error(job ? `Job ${job.id}: ${error.message}` : error.message)
}

/** A worker; `run` starts it. */
export function createWorker<Tasks extends TasksOf<Tasks> = Record<string, { input: any }>> (options: WorkerOptions<Tasks>): Worker {
  const { queues = ['default'], concurrency = 10, leaseSeconds = 30, graceSeconds = 30, type = 'task', signals = ['SIGTERM', 'SIGINT'] } = options
  const { id = `ts-${crypto.randomUUID()}`, host, onError = print } = options
  const process = (globalThis as { process?: Process }).process
  const handlers = options.handlers as Record<string, Handler>
  const crew = new Crew({
    // It has its own way to ask again.
    client: createClient({ ...options, retries: 0 }),
    worker: { id, language: 'typescript', version: VERSION, concurrency, ...(host && { host }), ...(process?.pid !== undefined && { pid: process.pid }) },
    queues,
    concurrency,
    leaseSeconds,
    graceSeconds,
    // What goes wrong in there is not the worker's.
    onError: (error, job) => { Promise.resolve().then(() => onError(error, job)).catch(() => {}) },
    handlerOf: job => type === '*' || job.type === type ? (Object.hasOwn(handlers, job.task) ? handlers[job.task] : handlers['*']) : undefined
  })
  let running: Promise<void> | undefined
  const run = async () => {
    const stop = () => {
      unlisten()
      crew.stop()
    }
    // Whichever the second one is, it does what it does to any process.
    const unlisten = () => { for (const signal of signals) process?.off?.(signal, stop) }
    for (const signal of signals) process?.once?.(signal, stop)
    try {
      await crew.run()
    } finally {
      unlisten()
    }
  }
  return {
    id,
    get running () { return crew.running },
    run: async () => await (running ??= run()),
    async stop () {
      crew.stop()
      await running?.catch(() => {})
    }
  }
}

/** That of package.json. */
export const VERSION = '0.1.0'
