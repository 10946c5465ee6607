import { ownQueues } from '../src/auth/client.ts'
import * as schemas from '../src/contract/schemas.ts'
import { serve } from '../src/contract/serve.ts'
import { jsonEvent } from '../src/event-stream.ts'
import { noJob } from '../src/problems.ts'
import { ENDS } from '../src/queue/event.ts'
import { fromUuid } from '../src/queue/ids.ts'
import { jobView } from '../src/views.ts'

export default serve('events', {
  async followJob (request, reply) {
    const { id } = request.params
    request.jobId = id
    const state = async () => {
      const job = await this.queue.get(id)
      if (!job) throw noJob(id)
      return { text: jsonEvent('job', reply.serializeInput(jobView(job), schemas.Job)), isOver: ENDS.has(job.status) }
    }
    return await this.follow(request, reply, { filter: { job: fromUuid(id) }, after: request.headers['last-event-id'], state })
  },

  async followEvents (request, reply) {
    const { queue, kind: kinds } = request.query
    return await this.follow(request, reply, { filter: { queue, kinds, queues: ownQueues(request) }, after: request.headers['last-event-id'] })
  }
})
