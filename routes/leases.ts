import { serve } from '../src/contract/serve.ts'
import { heartbeat } from '../src/leases/heartbeat.ts'
import { heartbeatOne, logOne, settleOne } from '../src/leases/one.ts'
import { completion, failure, judge, release, settlingsOf } from '../src/leases/settle.ts'
import { take } from '../src/leases/take.ts'
import { leasedJobs } from '../src/leases/views.ts'

export default serve('leases', {
  async leaseJobs (request, reply) {
    const { worker, ...lease } = request.body
    const { batches, worker_state } = await take(this, request, reply, worker, lease)
    return { jobs: leasedJobs(this, batches), worker_state }
  },

  async heartbeatLeases (request) {
    return await heartbeat(this, request)
  },

  async settleLeases (request, reply) {
    const { worker, lease } = request.body
    const { settlings, places } = settlingsOf(this, request)
    const { settled, batches, worker_state } = await take(this, request, reply, worker, lease, settlings, '/lease')
    return { settled: await judge(this, request, places, settled), jobs: leasedJobs(this, batches), worker_state }
  },

  async completeJob (request) {
    return await settleOne(this, request, (id, lease) => completion(id, lease, request.jsonText('result') ?? ''))
  },

  async failJob (request) {
    return await settleOne(this, request, (id, lease) => failure(id, lease, request.body))
  },

  async releaseJob (request) {
    return await settleOne(this, request, release)
  },

  async heartbeatJob (request) {
    return await heartbeatOne(this, request)
  },

  async addJobLog (request) {
    return { kept: await logOne(this, request) }
  }
})
