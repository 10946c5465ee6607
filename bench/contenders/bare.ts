import { randomUUID } from 'node:crypto'
import Fastify from 'fastify'
import { CreatedJobs, Job, NewJob, NewJobs, SettleAnswer, SettleRequest } from '../../src/contract/schemas.ts'
import { PAYLOAD } from './work.ts'
import type * as contract from '../../src/contract/schemas.ts'

// Fastify alone: the same request validated by the same schema, the same answer serialised by the same schema, nothing kept.
const app = Fastify()
const rest = {
  type: 'task',
  queue: 'default',
  priority: 'normal' as const,
  attempt: 0,
  max_attempts: 3,
  lost: 0,
  tags: [],
  metadata: {},
  errors: [],
  backoff: { type: 'exponential' as const, delay_seconds: 5, max_delay_seconds: 3600, jitter: 0.2 }
}
app.post<{ Body: contract.NewJob }>('/jobs', { schema: { body: NewJob, response: { 201: Job } } }, async (request, reply) => {
  const id = randomUUID()
  const job: contract.Job = { id, status: 'queued', task: request.body.task, input: request.body.input, created_at: new Date().toISOString(), ...rest }
  return reply.header('location', `/jobs/${id}`).code(201).send(job)
})
app.post<{ Body: contract.NewJobs }>('/jobs/bulk', { bodyLimit: 8 * 1024 * 1024, schema: { body: NewJobs, response: { 201: CreatedJobs } } }, async (request, reply) =>
  reply.code(201).send({ jobs: request.body.jobs.map(() => ({ id: randomUUID(), status: 'queued' })) }))
app.post<{ Body: contract.SettleRequest }>('/leases/settle', { bodyLimit: 8 * 1024 * 1024, schema: { body: SettleRequest, response: { 200: SettleAnswer } } }, async ({ body }): Promise<contract.SettleAnswer> => {
  const { id: _, task, ...leased } = { id: '', task: 'noop', type: 'task', queue: 'default', priority: 'normal' as const, input: PAYLOAD, attempt: 1, max_attempts: 3, lost: 0, tags: [], metadata: {}, created_at: new Date().toISOString(), lease_token: 'n-.1.0.1735723800004.q1Zr0c2uXJbK:default:bench-0:30000::Kq0v1y3ZrB2hV5mT8eWd', lease_expires_at: new Date().toISOString() }
  return {
    settled: body.settlements.map(({ job_id }) => ({ job_id, state: 'ok' })),
    jobs: Array.from({ length: body.lease?.max ?? 0 }, () => ({ id: randomUUID(), task, ...leased })),
    worker_state: 'run'
  }
})
process.send!({ ready: true, address: await app.listen({ port: 0, host: '127.0.0.1' }) })
