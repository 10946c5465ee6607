import { existsSync } from 'node:fs'
import { isAbsolute } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { FastifyInstance, FastifySchema } from 'fastify'
import fp from 'fastify-plugin'
import type { Context, Job } from './job.ts'

export type HandlerFunction<Input = any> = (job: Job<Input>, ctx: Context) => unknown

export interface HandlerOptions {
  /** A JSON Schema (TypeBox will do): a job whose input does not fit fails without a retry. */
  input?: object
  /** The job type that the handler serves; default `task` */
  type?: string
  /** Whether another for the same may take its place. Default: that is an error. */
  isReplaceable?: boolean
}

/** Of a handler that is a module of its own and runs in a thread, for work that computes. */
export interface ThreadHandlerOptions extends HandlerOptions {
  thread: true
  /** Its file, as a path from the root or a URL: `new URL('./work.js', import.meta.url)`. Its default export is the handler. */
  module: string | URL
}

export interface Handler {
  run: HandlerFunction
  /** What is wrong with an input; undefined when it fits. */
  check?: (input: unknown) => string | undefined
  isReplaceable: boolean
}

declare module 'fastify' {
  interface FastifyInstance {
    /** Registers the handler of a task; `*` takes every task that has none of its own. */
    handle<Input = any> (task: string, run: HandlerFunction<Input>): void
    handle<Input = any> (task: string, options: HandlerOptions, run: HandlerFunction<Input>): void
    handle (task: string, options: ThreadHandlerOptions): void
    /** The handler for a task, if there is one. */
    handlerOf (type: string, task: string): Handler | undefined
  }
}

/** `app.handle`, with which handler plugins say what they run. */
export default fp(async function registry (app: FastifyInstance) {
  const handlers = new Map<string, Handler>()

  app.decorate('handle', function (this: FastifyInstance, task: string, ...rest: [HandlerFunction | ThreadHandlerOptions] | [HandlerOptions, HandlerFunction]) {
    const options: HandlerOptions & Partial<ThreadHandlerOptions> = typeof rest[0] === 'object' ? rest[0] : {}
    const { type = 'task', input, thread, module, isReplaceable = false } = options
    const run = thread ? inThread(this, task, module) : rest.at(-1)
    if (typeof task !== 'string' || task === '') throw new TypeError('app.handle: the task must be a non-empty string')
    if (typeof run !== 'function') throw new TypeError(`app.handle('${task}'): the handler must be a function`)
    const key = keyOf(type, task)
    if (handlers.get(key)?.isReplaceable === false) throw new Error(`app.handle('${task}'): there is a handler for it already`)
    handlers.set(key, { run, isReplaceable, ...(input && { check: checker(this, task, input) }) })
  })

  app.decorate('handlerOf', (type: string, task: string) => handlers.get(keyOf(type, task)) ?? handlers.get(keyOf(type, '*')))
}, { name: 'registry', fastify: '5.x', dependencies: ['threads'] })

function inThread (app: FastifyInstance, task: string, module: unknown): HandlerFunction {
  const url = typeof module === 'string' && isAbsolute(module) ? pathToFileURL(module).href : String(module)
  if (!url.startsWith('file:')) throw new TypeError(`app.handle('${task}'): the module must be a file, as a path from the root or a URL`)
  if (!existsSync(fileURLToPath(url))) throw new Error(`app.handle('${task}'): there is no module ${fileURLToPath(url)}`)
  return (job, ctx) => app.runInThread(url, job, ctx)
}

function keyOf (type: string, task: string): string {
  return `${type}\0${task}`
}

function checker (app: FastifyInstance, task: string, schema: object): (input: unknown) => string | undefined {
  const validate = compileInput(app, task, schema)
  return input => {
    if (validate(input)) return undefined
    const [error] = validate.errors ?? []
    return `input${error?.instancePath ?? ''} ${error?.message ?? 'is not valid'}`
  }
}

function compileInput (app: FastifyInstance, task: string, schema: object): Validate {
  try {
    return compile(app, schema)
  } catch (error) {
    throw new Error(`app.handle('${task}'): the schema of its input is not valid: ${(error as Error).message}`, { cause: error })
  }
}

interface Validate {
  (input: unknown): boolean
  errors?: { instancePath: string, message?: string }[] | null
}

/** As the API checks a body. */
export function compile (app: FastifyInstance, schema: object): Validate {
  return app.validatorCompiler!({ schema, method: '', url: '', httpPart: 'body' } as { schema: FastifySchema, method: string, url: string, httpPart: string }) as Validate
}
