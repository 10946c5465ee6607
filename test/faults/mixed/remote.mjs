// The worker of the TypeScript client in the mixed run. BROKEN makes one that does wrong on purpose: `drop` says that jobs are done
// which it has not run, `twice` runs them twice.
import { setTimeout } from 'node:timers/promises'
import { HandlerError, createWorker } from '../../../clients/typescript/src/index.ts'
import { begin, endOf } from './execution.mjs'

const { BELLHOP_URL, BELLHOP_LEASE_SECONDS, BELLHOP_GRACE_SECONDS, BROKEN } = process.env

const worker = createWorker({
  url: BELLHOP_URL,
  concurrency: 10,
  leaseSeconds: Number(BELLHOP_LEASE_SECONDS),
  graceSeconds: Number(BELLHOP_GRACE_SECONDS),
  type: '*',
  handlers: {
    async mixed (job, { signal }) {
      if (job.type === 'http') return await push(job, signal)
      if (BROKEN === 'drop') return { n: job.input.n }
      begin(job, 'typescript')
      if (BROKEN === 'twice') begin(job, 'typescript')
      await setTimeout(job.input.ms, undefined, { signal })
      const end = endOf(job.input, job.attempt)
      if (end !== 'completed') throw new HandlerError(end, { retry: end !== 'refused' })
      return { n: job.input.n }
    }
  }
})

async function push ({ id, attempt, lost, input, http }, signal) {
  const response = await fetch(http.url, { method: 'POST', body: JSON.stringify({ type: 'job.run', data: { id, attempt, lost, input } }), signal })
  if (!response.ok) throw new HandlerError(`it answered ${response.status}`, { retry: response.status >= 500 })
  return await response.json()
}

await worker.run()
