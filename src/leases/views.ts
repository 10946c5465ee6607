import type { LeasedJob } from '../contract/schemas.ts'
import { toUuid } from '../queue/ids.ts'
import { decodeRecord } from '../queue/record.ts'
import { parseToken } from '../queue/token.ts'
import { rawJson } from '../raw-json.ts'
import { jobTime } from '../views.ts'
import type { LeasedBatch } from './poll.ts'
import type { LeaseTokens } from './token.ts'

/** Leased jobs, in the contract's form. */
export function leasedJobs (tokens: LeaseTokens, batches: LeasedBatch[]): LeasedJob[] {
  return batches.flatMap(batch => batch.leased.map(({ id, token, record }) => {
    const job = decodeRecord(id, record)
    const { attempt, lost } = parseToken(token)
    return {
      id: toUuid(id),
      task: job.task,
      type: job.type,
      queue: job.queue,
      priority: job.priority,
      group: job.group,
      input: rawJson(job.input),
      attempt,
      max_attempts: job.max_attempts,
      lost,
      timeout_seconds: job.timeout_seconds,
      keep_logs: job.keep_logs ? true : undefined,
      tags: job.tags,
      metadata: job.metadata,
      depends_on: job.depends_on,
      schedule: job.schedule && { name: job.schedule.name, slot: job.schedule.slot === undefined ? undefined : jobTime(job.schedule.slot) },
      traceparent: job.traceparent,
      tracestate: job.tracestate,
      created_at: jobTime(job.created_at),
      lease_token: tokens.seal({ ...batch, token }, id, job),
      lease_expires_at: jobTime(batch.expires_at)
    }
  }))
}
