import type { FastifyInstance } from 'fastify'
import type { LeasedJob } from '../contract/schemas.ts'
import { toUuid } from '../queue/ids.ts'
import { HTTP_TYPE } from '../queue/job.ts'
import type { HttpTarget, JobRecord } from '../queue/job.ts'
import { decodeRecord } from '../queue/record.ts'
import { parseToken } from '../queue/token.ts'
import { rawJson } from '../raw-json.ts'
import { jobTime } from '../views.ts'
import type { LeasedBatch } from './poll.ts'

/** Leased jobs, in the contract's form. */
export function leasedJobs (app: Pick<FastifyInstance, 'leaseTokens' | 'queueSettings'>, batches: LeasedBatch[]): LeasedJob[] {
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
      http: targetOf(app, job),
      traceparent: job.traceparent,
      tracestate: job.tracestate,
      created_at: jobTime(job.created_at),
      lease_token: app.leaseTokens.seal({ ...batch, token }, id, job),
      lease_expires_at: jobTime(batch.expires_at)
    }
  }))
}

/** Where a job of the type `http` is to be posted. */
function targetOf ({ queueSettings }: Pick<FastifyInstance, 'queueSettings'>, { type, queue, http }: JobRecord): HttpTarget | undefined {
  return type === HTTP_TYPE ? http ?? queueSettings.of(queue).http ?? undefined : undefined
}
