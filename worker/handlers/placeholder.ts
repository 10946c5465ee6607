import { setTimeout } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'

/** Takes every task, works for `placeholderMs`, and says so. What runs until there are handlers of your own. */
export default async function placeholder (app: FastifyInstance, { placeholderMs }: { placeholderMs: number }) {
  app.handle('*', async (job, ctx) => {
    ctx.log.info(`Processing ${job.task}`)
    await setTimeout(placeholderMs, undefined, { signal: ctx.signal })
    ctx.log.info(`Finished ${job.task}`)
    return { placeholder: true, task: job.task }
  })
}
