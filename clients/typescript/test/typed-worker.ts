import { createClient, createWorker } from '@bellhop/client'
import type { components } from '@bellhop/client'

// Compiled by a test, against the built package: each line below an expected error must be one.

interface Tasks {
  resize: { input: { url: string, widths: number[] }, result: { files: string[] } }
  ping: {}
}

createWorker<Tasks>({
  url: 'http://localhost:3000',
  handlers: {
    resize: async (job, ctx) => {
      ctx.progress(50)
      const url: string = job.input.url
      // @ts-expect-error
      job.input.widths.push(job.input.url)
      return { files: job.input.widths.map(width => `${url}-${width}`) }
    },
    ping: () => 'anything'
  }
})

createWorker<Tasks>({
  url: 'http://localhost:3000',
  handlers: {
    // @ts-expect-error
    resize: () => ({ files: 1 }),
    ping: () => {}
  }
})

// @ts-expect-error
createWorker<Tasks>({ url: 'http://localhost:3000', handlers: { ping: () => {} } })

createWorker({ url: 'http://localhost:3000', handlers: { any: job => job.input.whatever, '*': job => job.task } })

const client = createClient({ url: 'http://localhost:3000', apiKey: 'x' })
const { data } = await client.POST('/jobs', { body: { task: 'resize' } })
export const status: components['schemas']['JobStatus'] | undefined = data?.status
// @ts-expect-error
await client.POST('/jobs', { body: { tsk: 'resize' } })
