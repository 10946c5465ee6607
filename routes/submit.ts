import { serve } from '../src/contract/serve.ts'
import { jobSpec } from '../src/job-spec.ts'
import { whenEnded } from '../src/prefer.ts'

/** The door that this service's oldest users have: one field is enough, and errors are `{"error": "…"}`. */
export default serve('submit', {
  async submitTask (request, reply) {
    const kept = await this.queue.submit(jobSpec(request.body, request.jsonText('input')))
    const { id, task } = kept
    request.jobId = id
    const { status } = await whenEnded(this, request, reply, id, kept)
    return reply.header('location', `/jobs/${id}`).code(202).send({ status, task, id })
  }
})
