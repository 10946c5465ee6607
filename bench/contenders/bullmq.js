import { Queue, Worker } from 'bullmq'
import { PAYLOAD, inFlight, pings, stopwatch } from './work.ts'

/** BullMQ as its documentation advises for throughput: bulks, and a concurrency of some hundred in one worker. Jobs are kept. */
export default async function connect (socket) {
  const connection = { path: socket, maxRetriesPerRequest: null }
  const queue = new Queue('bench', { connection })
  await queue.waitUntilReady()
  const watch = stopwatch()
  const worker = async run => {
    const worker = new Worker('bench', run, { connection, concurrency: 200, autorun: false })
    await worker.waitUntilReady()
    return worker
  }
  return {
    submit: jobs => inFlight(jobs, 100, () => queue.add('noop', PAYLOAD)),
    bulk: jobs => inFlight(jobs / 1000, 2, () => queue.addBulk(Array.from({ length: 1000 }, () => ({ name: 'noop', data: PAYLOAD })))),
    async drain (jobs) {
      const taker = await worker(async () => null)
      let done = 0
      await new Promise(resolve => {
        taker.on('completed', () => { if (++done === jobs) resolve() })
        taker.run()
      })
      await taker.close()
    },
    async serve () {
      const taker = await worker(async job => { watch.note(job.data) })
      taker.run()
    },
    ping: jobs => pings(jobs, at => queue.add('ping', at)),
    latencies: async () => watch.take()
  }
}
