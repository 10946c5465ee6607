import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { MessageChannel } from 'node:worker_threads'
import type { MessagePort } from 'node:worker_threads'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { Piscina } from 'piscina'
import type { Context, Job } from '../job.ts'
import { JsonText } from '../json-text.ts'
import type { Said, ThreadJob, Thrown } from './message.ts'

/** A thread with nothing to do ends after this. */
const IDLE_MS = 30_000

export interface ThreadOptions {
  /** 0: as many as there are processors */
  threads: number
  /** of one thread's heap */
  memoryMb: number
}

declare module 'fastify' {
  interface FastifyInstance {
    /**
     * Runs the handler of a module, which is its default export, in a thread, as soon as there is one. When the signal is aborted the
     * thread is ended, whatever it does. @param module its URL
     */
    runInThread (module: string, job: Job, ctx: Context): Promise<unknown>
  }
}

/** Threads for handlers that compute. They are there when they are first needed. */
export default fp(async function threads (app: FastifyInstance, { threads, memoryMb }: ThreadOptions) {
  let pool: Piscina | undefined
  const newPool = (): Piscina => {
    const pool = new Piscina({
      // Run from the sources or compiled, the sibling ends like this file.
      filename: fileURLToPath(import.meta.url.replace(/pool(\.\w+)$/, 'run$1')),
      minThreads: 0,
      maxThreads: threads || availableParallelism(),
      idleTimeout: IDLE_MS,
      recordTiming: false,
      // Else a thread that waits for its next job stops what its last one has left to be done.
      atomics: 'disabled',
      resourceLimits: { maxOldGenerationSizeMb: memoryMb }
    })
    // What a handler has left behind can fail when it is over: that ends the thread, and nobody waits for it.
    pool.on('error', error => app.log.error({ err: error }, 'A thread has ended by an error of what a handler had left in it'))
    return pool
  }

  app.decorate('runInThread', async (module: string, job: Job, ctx: Context) => {
    const parents = job.depends_on.length > 0 ? await ctx.parents() : []
    const { port1, port2 } = new MessageChannel()
    const { signal } = ctx
    try {
      const end = endOf(port1, ctx)
      pool ??= newPool()
      const [result] = await Promise.all([end, pool.run({ module, job: valuesOf(job), parents, trace: ctx.trace, port: port2 }, { transferList: [port2], signal })])
      return result
    } catch (error) {
      signal.throwIfAborted()
      throw error
    } finally {
      port1.close()
    }
  })

  app.addHook('onClose', async () => { await pool?.destroy() })
}, { name: 'threads', fastify: '5.x' })

/** What comes of a handler; meanwhile what it says is passed on. */
function endOf (port: MessagePort, ctx: Context): Promise<JsonText | undefined> {
  return new Promise((resolve, reject) => {
    port.on('message', (said: Said) => {
      if ('log' in said) ctx.log[said.log](...said.args as [object, string])
      else if ('percent' in said) ctx.progress(said.percent, said.message).catch(() => {})
      else if ('thrown' in said) reject(errorOf(said.thrown))
      else resolve(said.result === undefined ? undefined : new JsonText(said.result))
    })
  })
}

function errorOf ({ message, ...rest }: Thrown): Error {
  return Object.assign(new Error(message), rest)
}

function valuesOf (job: Job): ThreadJob {
  const { id, task, type, queue, priority, tags, metadata, created_at, depends_on, schedule, timeout_seconds, attempt, max_attempts, lost, inputText } = job
  return { id, task, type, queue, priority, tags, metadata, created_at, depends_on, schedule, timeout_seconds, attempt, max_attempts, lost, inputText }
}
