import { serve } from '../src/contract/serve.ts'
import { whenEnded } from '../src/prefer.ts'
import { keepJob } from '../src/submit-request.ts'

/** The door that this service's oldest users have: one field is enough, and errors are `{"error": "…"}`. */
export default serve('submit', {
  async submitTask (request, reply) {
    const { job: kept, replayed } = await keepJob(this, request)
    const { id, task } = kept
    request.jobId = id
    if (replayed) reply.header('idempotency-replayed', 'true')
    const { status } = await whenEnded(this, request, reply, id, kept)
    return reply.header('location', `/jobs/${id}`).code(202).send({ status, task, id })
  }
})
