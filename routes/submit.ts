import { serve } from '../src/contract/serve.ts'
import { jobSpec } from '../src/job-spec.ts'

/** The door that this service's oldest users have: one field is enough, and errors are `{"error": "…"}`. */
export default serve('submit', {
  async submitTask (request, reply) {
    const job = await this.queue.submit(jobSpec(request.body, request.jsonText('input')))
    request.jobId = job.id
    return reply.header('location', `/jobs/${job.id}`).code(202)
      .send({ status: job.status === 'scheduled' ? 'scheduled' : 'queued', task: job.task, id: job.id })
  }
})
