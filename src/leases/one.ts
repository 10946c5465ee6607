import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { JobHeartbeat, JobLogLines, LeaseBeat, SettledLease } from '../contract/schemas.ts'
import { Problem, noJob } from '../problems.ts'
import { fromUuid } from '../queue/ids.ts'
import type { Settlement } from '../queue/lease.ts'
import { lineText } from '../queue/line-text.ts'
import { LEVELS, writeLines } from '../queue/logs.ts'
import { isRemote, renew, shownName } from '../queue/remote.ts'
import { jobTime } from '../views.ts'
import type { Lease } from './token.ts'

// What the worker protocol can do for many jobs, for one.

type OfJob<Body extends { lease_token: string }> = Pick<FastifyRequest<{ Params: { id: string }, Body: Body }>, 'params' | 'body' | 'raw' | 'jobId'>

/** Settles the job of a request; a Problem if that does not count. */
export async function settleOne (app: FastifyInstance, request: OfJob<{ lease_token: string }>, settlementOf: (id: string, lease: Lease) => Settlement): Promise<SettledLease> {
  const { id, lease } = await openLease(app, request)
  const { settled } = await app.desk.turn([{ queue: lease.queue, worker: lease.worker, settlement: settlementOf(id, lease) }])
  if (!settled[0]) throw await stale(app, request.params.id)
  return { job_id: request.params.id, state: 'ok' }
}

export async function heartbeatOne (app: FastifyInstance, request: OfJob<JobHeartbeat>): Promise<LeaseBeat> {
  const { id, lease: { queue, worker, token, lease_ms } } = await openLease(app, request)
  const { progress } = request.body
  const [{ now, states: [state] }, worker_state] = await Promise.all([
    renew(app.redis, app.queue.keys, queue, worker, [{ id, token, lease_ms, progress }]),
    // Of a job that was posted to be done our own worker has the lease.
    isRemote(worker) ? app.crew.see({ worker: { id: shownName(worker) }, live_ms: lease_ms }) : 'run' as const
  ])
  if (state === 'cancel') throw new Problem('conflict', 'The job was cancelled: stop working on it')
  if (state !== 'held') throw await stale(app, request.params.id)
  return { job_id: request.params.id, state, lease_expires_at: jobTime(now + lease_ms), worker_state }
}

/** Keeps lines of a job. Returns whether they are kept. */
export async function logOne (app: FastifyInstance, request: OfJob<JobLogLines>): Promise<boolean> {
  const { id, lease: { queue, worker, token, policy } } = await openLease(app, request)
  const lines = request.body.lines.map(({ message, level = 'info', fields = {}, age_ms = 0 }) => ({ age_ms, level: LEVELS[level], text: lineText({ message, fields }) }))
  // Whether the lease is held is found out in any case.
  const { held, kept } = await writeLines(app.redis, app.queue.keys.of(queue), queue, worker, [{ id, token, dropped: 0, lines: policy.keep_logs ? lines : [] }])
  if (!held[0]) throw await stale(app, request.params.id)
  return kept && policy.keep_logs
}

async function openLease (app: FastifyInstance, request: OfJob<{ lease_token: string }>): Promise<{ id: string, lease: Lease }> {
  request.jobId = request.params.id
  app.courier.arrived(request.raw.socket)
  const id = fromUuid(request.params.id)
  const lease = app.leaseTokens.open(id, request.body.lease_token)
  if (!lease) throw await stale(app, request.params.id)
  return { id, lease }
}

async function stale (app: FastifyInstance, uuid: string): Promise<Problem> {
  if (await app.queue.queueOf(uuid) === undefined) return noJob(uuid)
  return new Problem('conflict', 'The lease is no longer yours: it ran out, the job was cancelled, or what became of it has been told already')
}
