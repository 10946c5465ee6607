import { serve } from '../src/contract/serve.ts'
import { jobSpec, jobSpecs } from '../src/job-spec.ts'
import { whenEnded } from '../src/prefer.ts'
import { noJob } from '../src/problems.ts'
import { jobView } from '../src/views.ts'

export default serve('jobs', {
  async createJob (request, reply) {
    const kept = await this.queue.submit(jobSpec(request.body, request.jsonText('input')))
    request.jobId = kept.id
    const job = await whenEnded(this, request, reply, kept.id, kept)
    return reply.header('location', `/jobs/${job.id}`).code(201).send(jobView(job))
  },

  async createJobs (request, reply) {
    const specs = jobSpecs(request.body.jobs, request.jsonText('jobs')!)
    return reply.code(201).send({ jobs: await this.queue.submitAll(specs) })
  },

  async getJob (request, reply) {
    const { id } = request.params
    request.jobId = id
    const job = await whenEnded(this, request, reply, id)
    if (!job) throw noJob(id)
    return jobView(job)
  }
})
