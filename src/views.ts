import type { JobEvent } from './queue/event.ts'
import type { AttemptError, Job } from './queue/job.ts'
import type { LogPage } from './queue/logs.ts'
import type { Pace } from './queue/scale.ts'
import type { Schedule } from './queue/schedules.ts'
import type { QueueStats } from './queue/stats.ts'
import type { WorkerView } from './queue/workers.ts'
import type { EndpointState, Webhook } from './webhooks/webhook.ts'
import { rawJson } from './raw-json.ts'
import type * as contract from './contract/schemas.ts'

// What the engine knows, in the contract's form: times as RFC 3339, payloads as the JSON text that they are.

/** @param waiting_for why it does not run yet, where that is asked for */
export function jobView (job: Job, waiting_for?: contract.WaitingFor[]): contract.Job {
  const errors = job.errors.map(errorView)
  return {
    id: job.id,
    status: job.status,
    task: job.task,
    type: job.type,
    queue: job.queue,
    priority: job.priority,
    group: job.group,
    input: rawJson(job.input),
    attempt: job.attempt,
    max_attempts: job.max_attempts,
    backoff: job.backoff,
    timeout_seconds: job.timeout_seconds,
    keep_logs: job.keep_logs ? true : undefined,
    waiting_for,
    unique: job.unique,
    depends_on: job.depends_on,
    on_parent_failure: job.on_parent_failure,
    schedule: job.schedule && { name: job.schedule.name, slot: job.schedule.slot === undefined ? undefined : time(job.schedule.slot) },
    http: job.http,
    callback_url: job.callback_url,
    expires_at: job.expires_at === undefined ? undefined : time(job.expires_at),
    tags: job.tags,
    metadata: job.metadata,
    lost: job.lost,
    created_at: time(job.created_at),
    run_at: job.run_at === undefined ? undefined : time(job.run_at),
    started_at: job.started_at === undefined ? undefined : time(job.started_at),
    completed_at: job.completed_at === undefined ? undefined : time(job.completed_at),
    progress: job.progress && { ...job.progress, at: time(job.progress.at) },
    result: job.result === undefined ? undefined : rawJson(job.result),
    error: job.status === 'completed' ? undefined : errors.at(-1),
    cancellation: job.cancellation,
    errors,
    worker: job.worker
  }
}

/** The JSON of `CreatedJobs`: for a thousand of them a serializer made of the schema takes several times as long. */
export function createdJobsJson (jobs: contract.CreatedJobs['jobs']): Buffer {
  if (jobs.some(({ status, existing }) => status !== 'queued' || existing)) return Buffer.from(JSON.stringify({ jobs }))
  return Buffer.from(`{"jobs":[{"id":"${jobs.map(({ id }) => id).join('","status":"queued"},{"id":"')}","status":"queued"}]}`, 'latin1')
}

export function queueView ({ blocked, queued, scheduled, retrying, active, completed, failed, cancelled, oldest_waiting_ms, ...queue }: QueueStats): contract.Queue {
  return {
    ...queue,
    counts: { blocked, queued, scheduled, retrying, active, completed, failed, cancelled },
    oldest_waiting_seconds: oldest_waiting_ms === null ? null : oldest_waiting_ms / 1000
  }
}

export function scaleView ({ name, paused, queued, active, oldest_waiting_ms, arrival_rate, service_rate }: Pace, workers: number, suggested_workers: number): contract.QueueScale {
  return { queue: name, paused, backlog: queued, oldest_seconds: (oldest_waiting_ms ?? 0) / 1000, active, arrival_rate, service_rate, workers, suggested_workers }
}

/** @param next_times its next slots, where they are asked for */
export function scheduleView (schedule: Schedule, next_times?: number[]): contract.Schedule {
  const { name, timing, job, input, missed, overlap, paused, fired, skipped, last_job_id, last_skip } = schedule
  const { ttl_ms, ...template } = job
  return {
    name,
    cron: timing.cron,
    timezone: timing.timezone,
    every_seconds: timing.every_seconds,
    start_at: timeIf(timing.start_at),
    end_at: timeIf(timing.end_at),
    job: { ...template, ttl_seconds: ttl_ms === undefined ? undefined : ttl_ms / 1000, input: input === '' ? undefined : rawJson(input) },
    missed,
    overlap,
    paused,
    next_slot: timeIf(schedule.next_slot),
    next_times: next_times?.map(time),
    last_slot: timeIf(schedule.last_slot),
    last_job_id,
    fired,
    skipped,
    last_skip: last_skip && { ...last_skip, slot: time(last_skip.slot) },
    created_at: time(schedule.created_at),
    updated_at: time(schedule.updated_at)
  }
}

export function workerView ({ started_at, last_seen_at, ...worker }: WorkerView): contract.Worker {
  return { ...worker, started_at: time(started_at), last_seen_at: time(last_seen_at) }
}

/** @param secret where it is to be shown */
/** @param now Redis's time, ms */
export function webhookView (webhook: Webhook, state: EndpointState, now: number, secret?: string): contract.Webhook {
  const { id, url, queues, events, description, secrets, disabled, created_at, updated_at } = webhook
  const { failures, failing_since, last_status, last_error, last_at, closed_to } = state
  const old = secrets[1]?.until
  return {
    id,
    url,
    queues,
    events,
    description,
    enabled: !disabled,
    disabled: disabled && { ...disabled, at: time(disabled.at) },
    secret,
    old_secret_until: old === undefined || old <= now ? undefined : time(old),
    created_at: time(created_at),
    updated_at: time(updated_at),
    endpoint: {
      failures,
      failing_since: failing_since && time(failing_since),
      last_status,
      last_error,
      last_at: last_at && time(last_at),
      slowed_until: closed_to && closed_to > now ? time(closed_to) : undefined
    }
  } as contract.Webhook
}

export function eventView ({ kind, job_id, queue, worker, at, progress }: JobEvent): contract.JobEvent {
  return { kind, job_id, queue, worker, at: time(at), progress: progress && { ...progress, at: time(progress.at) } }
}

export function logView ({ items, ...page }: LogPage): contract.JobLog {
  return { items: items.map(line => ({ ...line, at: time(line.at) })), ...page }
}

function errorView ({ at, ...error }: AttemptError): contract.AttemptError {
  return { ...error, at: time(at) }
}

let lastMs = 0
let lastTime = ''

// Jobs that were submitted together have the same time.
function time (ms: number): string {
  if (ms !== lastMs || lastTime === '') {
    lastMs = ms
    lastTime = new Date(ms).toISOString()
  }
  return lastTime
}

/** The same, for views elsewhere. */
export const jobTime = time

function timeIf (ms: number | undefined): string | undefined {
  return ms === undefined ? undefined : time(ms)
}
