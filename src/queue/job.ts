// A job as the engine knows it. Field for field what the contract says of NewJob and Job; times are milliseconds here,
// and payloads are JSON text that the engine hands through unread.

export type Priority = 'high' | 'normal' | 'low'
export type Status = 'blocked' | 'scheduled' | 'queued' | 'active' | 'retrying' | 'completed' | 'failed' | 'cancelled'

export interface Backoff {
  type: 'exponential' | 'fixed'
  delay_seconds: number
  max_delay_seconds: number
  jitter: number
}

/** What a submitter says of a job. All but the task has a default. */
export interface JobSpec {
  task: string
  type?: string
  /** JSON text, kept byte for byte; default `null` */
  input?: string
  queue?: string
  priority?: Priority
  max_attempts?: number
  backoff?: Partial<Backoff>
  timeout_seconds?: number
  /** What its handler logs is kept with it; default false. */
  keep_logs?: boolean
  tags?: string[]
  metadata?: Record<string, string>
  /** Not before this much later than now, by Redis's clock. */
  delay_ms?: number
  /** Not before this time. */
  run_at?: number
  /** Cancelled when it has not started so long after its submit. */
  ttl_ms?: number
  /** Cancelled when it has not started by then. */
  expires_at?: number
  unique?: Unique
  /** 1 to 128 characters, none of them a control character: the groups of a queue take turns */
  group?: string
  /** ids (UUIDs) of jobs that must end first, 1 to 100 */
  depends_on?: string[]
  /** what happens when one of these fails or is cancelled; default: it is cancelled too */
  on_parent_failure?: OnParentFailure
  /** the schedule that makes it */
  schedule?: JobSchedule
  /** where it is posted to be done */
  http?: HttpTarget
  /** where its outcome is told when it ends */
  callback_url?: string
  /** the trace that it continues, as in W3C's headers: src/tracing/trace-context.ts */
  traceparent?: string
  tracestate?: string
}

/** The type of jobs that are posted to a URL to be done. */
export const HTTP_TYPE = 'http'

/** Where jobs of the type `http` are posted to be done. */
export interface HttpTarget { url: string }

/** The schedule that made a job, and of which slot (ms); none when it was run outside the slots. */
export interface JobSchedule { name: string, slot?: number }

export type OnParentFailure = 'cancel' | 'run'

/** Only one job of a queue has a key at a time. */
export interface Unique {
  /** 1 to 256 characters */
  key: string
  /** how long the job has it: until it has ended, has started, or for so many seconds; default `completed` */
  until?: 'completed' | 'started' | number
  /** what happens to a job that wants it then; default `return` */
  on_conflict?: 'return' | 'reject' | 'replace'
}

/** What to change of a job that waits; what is not there stays. */
export interface JobEdit extends Partial<Pick<JobSpec, 'input' | 'priority' | 'max_attempts' | 'backoff' | 'timeout_seconds' | 'keep_logs' | 'tags' | 'metadata'>> {
  /** So much later than now, by Redis's clock. */
  delay_ms?: number
  /** At this time; one that is over means at once. */
  run_at?: number
}

/** No worker has such a job, and it will run. */
const WAITING: ReadonlySet<Status> = new Set(['blocked', 'queued', 'scheduled', 'retrying'])

export function isWaiting ({ status }: { status: Status }): boolean {
  return WAITING.has(status)
}

/** What a submitter said of a job, or who edited it since. */
export interface JobRecord {
  id: string
  created_at: number
  task: string
  type: string
  input: string
  queue: string
  priority: Priority
  max_attempts: number
  backoff: Backoff
  timeout_seconds?: number
  /** What its handler logs is kept with it. */
  keep_logs: boolean
  /** Cancelled when it has not started by then. */
  expires_at?: number
  unique?: Required<Unique>
  group?: string
  depends_on?: string[]
  on_parent_failure?: OnParentFailure
  schedule?: JobSchedule
  /** Where it is posted to be done. */
  http?: HttpTarget
  /** Where its outcome is told when it ends. */
  callback_url?: string
  tags: string[]
  metadata: Record<string, string>
  /** The trace that it continues. */
  traceparent?: string
  tracestate?: string
  /** When it was to start at first, if that was not at once; it may have been changed or promoted since. */
  due_at?: number
  /** Set when a list entry that somebody pushed into Redis is not a job: why. Such a job can only be dead-lettered. */
  not_a_job?: string
}

export type FailureReason = 'failed' | 'timed_out' | 'lost_lease' | 'invalid_input' | 'no_handler' | 'not_a_job'

/** What a worker says of an attempt that failed. */
export interface Failure {
  reason: FailureReason
  /** the kind of error, where the worker names it */
  type?: string
  /** at most 2,000 characters are kept */
  message: string
  /** at most 4,000 characters are kept */
  stack?: string
}

export interface AttemptError extends Failure {
  attempt: number
  at: number
  worker: string
}

/** Why a job was cancelled. */
export interface Cancellation {
  reason: 'requested' | 'expired' | 'replaced' | 'parent_failed'
  /** the job that replaced it, or the parent that failed or was cancelled */
  job_id?: string
}

export interface Progress {
  percent: number
  message?: string
  at: number
}

/** A job and how it is doing. */
export interface Job extends JobRecord {
  status: Status
  /** attempts that count so far, the running one included */
  attempt: number
  /** leases that ran out */
  lost: number
  run_at?: number
  started_at?: number
  completed_at?: number
  worker?: string
  progress?: Progress
  /** JSON text */
  result?: string
  /** why it was cancelled */
  cancellation?: Cancellation
  /** the last failures, oldest first */
  errors: AttemptError[]
}

/** A job as it was read. */
export interface ReadJob extends Job {
  /** changes with anything that is known of the job; 40 hexadecimal digits */
  version: string
}
