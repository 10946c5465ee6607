import type { components } from './contract.ts'

type Schemas = components['schemas']
export type LeasedJob = Schemas['LeasedJob']
export type Settlement = Schemas['Settlement']

/** A job as its handler sees it. `id` is the same in every attempt: the idempotency key of what the handler calls. */
export type Job<Input = any> = Omit<LeasedJob, 'input' | 'lease_token' | 'lease_expires_at'> & { input: Input }

/** The types of one task. */
export interface JobSchema { input?: unknown, result?: unknown }

/** What a set of tasks must be: `interface Tasks { resize: { input: { url: string }, result: string[] } }`. */
export type TasksOf<T> = { [Task in keyof T]: JobSchema }

export interface Context {
  /** Aborted when the job is cancelled, its time is up, its lease is lost or the worker stops; `reason` says which. Hand it on to what you call. */
  signal: AbortSignal
  /** Says how far the job is, 0 to 100 per cent. It never fails the job; when there is much to say the last word counts. */
  progress: (percent: number, message?: string) => void
  /** Keeps a line with a job that has `keep_logs`. It never fails the job. */
  log: (message: string, more?: { level?: Schemas['LogLevel'], fields?: Schemas['NewLogLine']['fields'] }) => void
}

/** Does the work of a task. What it returns, as JSON of at most 1 MiB, is the job's result; when it throws, the attempt has failed. */
export type Handler<Input = any, Result = unknown> = (job: Job<Input>, ctx: Context) => Result | Promise<Result>

type InputOf<T> = T extends { input: infer Input } ? Input : any
type ResultOf<T> = T extends { result: infer Result } ? Result : unknown

/** A handler for each task; `*` is for those that have none. */
export type Handlers<T> = { [Task in keyof T]: Handler<InputOf<T[Task]>, ResultOf<T[Task]>> } & { '*'?: Handler }
