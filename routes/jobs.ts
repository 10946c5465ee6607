import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { mustOwn, ownQueues } from '../src/auth/client.ts'
import { JobsAction } from '../src/contract/schemas.ts'
import type { Job } from '../src/contract/schemas.ts'
import { serve } from '../src/contract/serve.ts'
import { editJob } from '../src/edit-request.ts'
import { etagOf, isNamed } from '../src/etag.ts'
import { jobFilter } from '../src/job-filter.ts'
import { whenEnded } from '../src/prefer.ts'
import { noJob, Problem } from '../src/problems.ts'
import { actOn } from '../src/queue/act.ts'
import type { Action } from '../src/queue/control.ts'
import type { ReadJob } from '../src/queue/job.ts'
import { keepJob, keepJobs } from '../src/submit-request.ts'
import { createdJobsJson, jobView, logView } from '../src/views.ts'
import { waitingFor } from '../src/waiting-for.ts'

/** The contract's default, which a body does not get by itself. */
const MAX_ACTED = JobsAction.properties.limit.default as number

export default serve('jobs', {
  async createJob (request, reply) {
    const { job: kept, replayed, existing } = await keepJob(this, request)
    request.jobId = kept.id
    if (replayed) reply.header('idempotency-replayed', 'true')
    const job = await whenEnded(this, request, reply, kept.id, kept)
    return reply.header('location', `/jobs/${job.id}`).code(existing ? 200 : 201).send(jobView(job))
  },

  async createJobs (request, reply) {
    const { jobs, replayed } = await keepJobs(this, request)
    if (replayed) reply.header('idempotency-replayed', 'true')
    // As bytes: see there. Its type is the answer's all the same.
    return reply.code(201).type('application/json; charset=utf-8').send(createdJobsJson(jobs) as never)
  },

  async listJobs (request) {
    const { order, limit, cursor, ...filter } = request.query
    const { items, next_cursor, searched } = await this.finder.find({ ...jobFilter(filter, '/query'), queues: ownQueues(request) }, { order, limit, cursor })
    return { items: items.map(job => jobView(job)), next_cursor, searched }
  },

  async actOnJobs (request) {
    const { action, filter, dry_run, limit = MAX_ACTED, cursor } = request.body
    if (filter.queue !== undefined) mustOwn(request.client, [filter.queue])
    const acted = await actOn(this.finder, this.queue, action, { ...jobFilter(filter, '/filter'), queues: ownQueues(request) }, { limit, cursor, dry_run })
    request.audited = { action, filter, dry_run, changed: acted.changed }
    return acted
  },

  async getJob (request, reply) {
    const { id } = request.params
    request.jobId = id
    const job = await whenEnded(this, request, reply, id)
    if (!job) throw noJob(id)
    const waiting_for = await waitingFor(this, job)
    const etag = etagOf(job, waiting_for)
    reply.header('etag', etag)
    if (isNamed(etag, request.headers['if-none-match'])) return reply.code(304).send()
    return jobView(job, waiting_for)
  },

  async editJob (request, reply) {
    request.jobId = request.params.id
    return tagged(reply, await editJob(this, request))
  },

  async deleteJob (request, reply) {
    await act(this, request, 'delete')
    return reply.code(204).send(null)
  },

  async cancelJob (request, reply) {
    await act(this, request, 'cancel')
    return tagged(reply, await find(this, request))
  },

  async retryJob (request, reply) {
    await act(this, request, 'retry')
    return tagged(reply, await find(this, request))
  },

  async promoteJob (request, reply) {
    await act(this, request, 'promote')
    return tagged(reply, await find(this, request))
  },

  async getJobLog (request) {
    const { id } = request.params
    request.jobId = id
    const page = await this.queue.logs(id, request.query)
    if (!page) throw noJob(id)
    return logView(page)
  }
})

/** The job, under its ETag. */
function tagged (reply: FastifyReply<any>, job: ReadJob): Job {
  reply.header('etag', etagOf(job))
  return jobView(job)
}

type OfJob = Pick<FastifyRequest<{ Params: { id: string } }>, 'params' | 'jobId'>

const ALLOWED: Record<Action, string> = {
  cancel: 'it can be cancelled only before it has ended',
  retry: 'it can be retried only when it has ended',
  promote: 'it can be promoted only while it waits for its time',
  delete: 'it can be deleted only when it has ended: cancel it first'
}

async function act (app: FastifyInstance, request: OfJob, action: Action): Promise<void> {
  const { id } = request.params
  request.jobId = id
  const queue = await app.queue.queueOf(id)
  const [result] = queue === undefined ? ['unknown'] : await app.queue.control(queue, action, [id])
  if (result === 'unknown') throw noJob(id)
  if (result === 'conflict') throw new Problem('conflict', `The job is ${(await find(app, request)).status}; ${ALLOWED[action]}`)
}

async function find (app: FastifyInstance, request: OfJob): Promise<ReadJob> {
  const { id } = request.params
  request.jobId = id
  const job = await app.queue.get(id)
  if (!job) throw noJob(id)
  return job
}
