import { createRequire } from 'node:module'
import { PAYLOAD, inFlight } from './work.ts'

const Bee = createRequire(import.meta.url)('bee-queue')

/** bee-queue, without what it does not need here: events and delayed jobs. Jobs are kept. */
export default async function connect (socket) {
  const options = { redis: { path: socket }, removeOnSuccess: false, storeJobs: false, sendEvents: false, getEvents: false, activateDelayedJobs: false }
  const queue = new Bee('bench', { ...options, isWorker: false })
  await queue.ready()
  return {
    submit: jobs => inFlight(jobs, 100, () => queue.createJob(PAYLOAD).save()),
    async bulk (jobs) {
      await inFlight(jobs / 1000, 2, () => queue.saveAll(Array.from({ length: 1000 }, () => queue.createJob(PAYLOAD))))
    },
    async drain (jobs) {
      const taker = new Bee('bench', options)
      let done = 0
      await new Promise(resolve => {
        taker.on('succeeded', () => { if (++done === jobs) resolve() })
        taker.process(100, async () => null)
      })
      await taker.close()
    }
  }
}
