import { hostname } from 'node:os'
import { setTimeout } from 'node:timers/promises'
import { HandlerError, createWorker } from '@bellhop/client'

const { BELLHOP_URL, BELLHOP_API_KEY, BELLHOP_QUEUE, BELLHOP_LEASE_SECONDS, BELLHOP_GRACE_SECONDS } = process.env

const worker = createWorker({
  url: BELLHOP_URL ?? 'http://localhost:3000',
  ...(BELLHOP_API_KEY && { apiKey: BELLHOP_API_KEY }),
  queues: [BELLHOP_QUEUE ?? 'default'],
  concurrency: 1,
  leaseSeconds: Number(BELLHOP_LEASE_SECONDS ?? 30),
  graceSeconds: Number(BELLHOP_GRACE_SECONDS ?? 30),
  host: hostname(),
  handlers: {
    async echo (job) {
      return job.input
    },
    async fail (job) {
      const { message, retry, retry_after_seconds: retryAfterSeconds } = job.input ?? {}
      throw new HandlerError(message, { retry, retryAfterSeconds })
    },
    async flaky (job) {
      if (job.attempt <= job.input?.failures) throw new Error(`attempt ${job.attempt} fails`)
      return { attempt: job.attempt }
    },
    async sleep (job, { signal }) {
      const seconds = job.input?.seconds
      if (typeof seconds !== 'number') throw new HandlerError('seconds must be a number', { retry: false, reason: 'invalid_input' })
      await setTimeout(seconds * 1000, undefined, { signal })
      return { slept: seconds }
    }
  },
  onError: (error, job) => console.error(job ? `${job.task} ${job.id}: ${error.message}` : error.message)
})

await worker.run()
