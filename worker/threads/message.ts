import type { MessagePort } from 'node:worker_threads'
import type { TraceContext } from '../../src/tracing/trace-context.ts'
import type { Job, Parent } from '../job.ts'

// What is said between a handler in a thread and the worker's main thread. All of it can be cloned.

/** What a handler in a thread gets of a job: the same fields, as values. */
export type ThreadJob = Pick<Job, 'id' | 'task' | 'type' | 'queue' | 'priority' | 'tags' | 'metadata' | 'created_at' | 'depends_on' | 'schedule' | 'timeout_seconds' | 'attempt' | 'max_attempts' | 'lost' | 'inputText'>

export const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const
export type Level = typeof LEVELS[number]

/** What a thread is to do. */
export interface Work {
  /** URL of the module whose default export is the handler */
  module: string
  job: ThreadJob
  parents: Parent[]
  trace: TraceContext | undefined
  port: MessagePort
}

/** What it says meanwhile, and at the end. */
export type Said =
  | { log: Level, args: unknown[] }
  | { percent: number, message?: string }
  | { /** JSON text; undefined: nothing */ result: string | undefined }
  | { thrown: Thrown }

/** An error with what counts of it: as a clone it would lose that. */
export interface Thrown { name?: string, message: string, stack?: string, retry?: boolean, counts?: boolean, retryAfterSeconds?: number }
