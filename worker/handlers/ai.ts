import type { FastifyInstance } from 'fastify'
import type { AiSettings } from '../../src/ai-settings.ts'
import { Model } from '../ai/model.ts'
import { aiTasks } from '../ai/tasks.ts'
import type { AiTask } from '../ai/tasks.ts'
import { DoNotRetryError } from '../errors.ts'
import type { Context, Job } from '../job.ts'

const AI_TYPE = 'ai'
const PROGRESS_MS = 500
const MAX_MESSAGE = 1000
/** Of the stub, which asks for none. */
const ANY_TOKENS = 1_000_000

/** Has a language model do the jobs of the type `ai`; without settings a stub answers, and says that it is one. */
export default async function ai (app: FastifyInstance, { settings }: { settings: AiSettings | undefined }) {
  const model = settings && await Model.create(settings)
  const tasks = aiTasks(settings?.maxTokens ?? ANY_TOKENS)

  for (const [name, task] of Object.entries(tasks)) {
    app.handle(name, { type: AI_TYPE, isReplaceable: true, input: task.input }, async (job, ctx) => model ? await run(model, task, job, ctx) : stub(task, job, ctx))
  }
  app.handle('*', { type: AI_TYPE, isReplaceable: true }, job => {
    throw new DoNotRetryError(`There is no task '${job.task}' of the type ${AI_TYPE}: there are ${Object.keys(tasks).join(', ')}.`)
  })
}

async function run (model: Model, task: AiTask, job: Job, ctx: Context): Promise<object> {
  const reply = await model.ask(task.question(job.input), { signal: ctx.signal, onText: progress(ctx) })
  const { model: name, finish_reason, usage } = reply
  return { ...task.result(reply, job.input), model: name, finish_reason, usage }
}

/** Looks at the input as the real one does. */
function stub (task: AiTask, job: Job, ctx: Context): object {
  task.question(job.input)
  ctx.log.warn('No AI provider is configured: a stub has answered the job')
  return { stub: true, message: `This is a stub: no model was asked to ${job.task} anything, as AI_PROVIDER is not set.` }
}

/** Shows what has been said so far. */
function progress (ctx: Context): (text: string, share: number) => void {
  let at = -Infinity
  return (text, share) => {
    const now = performance.now()
    if (now - at < PROGRESS_MS) return
    at = now
    // Not waited for, and it does not fail: the answer goes on meanwhile.
    ctx.progress(Math.min(99, Math.round(share * 100)), text.slice(-MAX_MESSAGE)).catch(() => {})
  }
}
