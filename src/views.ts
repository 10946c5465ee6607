import type { AttemptError, Job } from './queue/job.ts'
import type { QueueStats } from './queue/stats.ts'
import type { WorkerView } from './queue/workers.ts'
import { rawJson } from './raw-json.ts'
import type * as contract from './contract/schemas.ts'

// What the engine knows, in the contract's form: times as RFC 3339, payloads as the JSON text that they are.

export function jobView ({ input, result, not_a_job, created_at, run_at, started_at, completed_at, progress, errors, ...job }: Job): contract.Job {
  const views = errors.map(errorView)
  return {
    ...job,
    input: rawJson(input),
    ...(result !== undefined && { result: rawJson(result) }),
    created_at: time(created_at),
    ...(run_at !== undefined && { run_at: time(run_at) }),
    ...(started_at !== undefined && { started_at: time(started_at) }),
    ...(completed_at !== undefined && { completed_at: time(completed_at) }),
    ...(progress && { progress: { ...progress, at: time(progress.at) } }),
    ...(views.length > 0 && job.status !== 'completed' && { error: views.at(-1)! }),
    errors: views
  }
}

export function queueView ({ queued, scheduled, retrying, active, completed, failed, oldest_waiting_ms, ...queue }: QueueStats): contract.Queue {
  return {
    ...queue,
    counts: { queued, scheduled, retrying, active, completed, failed },
    oldest_waiting_seconds: oldest_waiting_ms === null ? null : oldest_waiting_ms / 1000
  }
}

export function workerView ({ started_at, last_seen_at, ...worker }: WorkerView): contract.Worker {
  return { ...worker, started_at: time(started_at), last_seen_at: time(last_seen_at) }
}

function errorView ({ at, ...error }: AttemptError): contract.AttemptError {
  return { ...error, at: time(at) }
}

function time (ms: number): string {
  return new Date(ms).toISOString()
}
