// The task of the mixed run, in our own workers. Jobs of the type `http` have the handler that is there.
import { setTimeout } from 'node:timers/promises'
import { begin, endOf } from './execution.mjs'

export default async function handlers (app) {
  app.handle('mixed', async (job, { signal }) => {
    begin(job, 'in-process')
    await setTimeout(job.input.ms, undefined, { signal })
    const end = endOf(job.input, job.attempt)
    if (end !== 'completed') throw Object.assign(new Error(end), { retry: end !== 'refused' })
    return { n: job.input.n }
  })
}
