// The conformance kit's tasks as handlers of Bellhop's own worker, the one that speaks with Redis: HANDLERS=examples/workers/handlers.js npm run start:worker
import { setTimeout } from 'node:timers/promises'

const number = { type: 'number', minimum: 0 }
const object = (required, properties) => ({ input: { type: 'object', required, properties } })

export default async function tasks (app) {
  app.handle('echo', async job => job.input)

  app.handle('fail', object(['message'], { message: { type: 'string' }, retry: { type: 'boolean' }, retry_after_seconds: number }), async ({ input }) => {
    throw Object.assign(new Error(input.message), { retry: input.retry, retryAfterSeconds: input.retry_after_seconds })
  })

  app.handle('flaky', object(['failures'], { failures: number }), async ({ attempt, input }) => {
    if (attempt <= input.failures) throw new Error(`not yet: this is attempt ${attempt}`)
    return { attempt }
  })

  app.handle('sleep', object(['seconds'], { seconds: number }), async ({ input }, ctx) => {
    await ctx.progress(0, 'It sleeps')
    await setTimeout(input.seconds * 1000, undefined, { signal: ctx.signal })
    return { slept: input.seconds }
  })
}
