import { serve } from '../src/contract/serve.ts'
import { jobSpec, jobSpecs } from '../src/job-spec.ts'
import { Problem } from '../src/problems.ts'
import { jobView } from '../src/views.ts'

export default serve('jobs', {
  async createJob (request, reply) {
    const job = await this.queue.submit(jobSpec(request.body, request.jsonText('input')))
    request.jobId = job.id
    return reply.header('location', `/jobs/${job.id}`).code(201).send(jobView(job))
  },

  async createJobs (request, reply) {
    const specs = jobSpecs(request.body.jobs, request.jsonText('jobs')!)
    return reply.code(201).send({ jobs: await this.queue.submitAll(specs) })
  },

  async getJob (request) {
    const { id } = request.params
    request.jobId = id
    const job = await this.queue.get(id)
    if (!job) throw new Problem('not-found', `There is no job ${id}: it was never submitted, or it ended so long ago that it is no longer kept`)
    return jobView(job)
  }
})
