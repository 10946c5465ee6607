import { isUtf8 } from 'node:buffer'
import type { FastifyInstance } from 'fastify'
import { MAX_JSON_DEPTH } from '../../plugins/json.ts'
import { ForbiddenAddressError } from '../../src/egress/egress.ts'
import type { Answer } from '../../src/egress/egress.ts'
import { retryAfterMs } from '../../src/egress/retry-after.ts'
import { scanJson } from '../../src/json-text.ts'
import { HTTP_TYPE } from '../../src/queue/job.ts'
import { jobEndpoint } from '../../src/webhooks/endpoint.ts'
import { signedHeaders } from '../../src/webhooks/signed.ts'
import { Endpoints, spread } from '../endpoints.ts'
import { DoNotRetryError, PutOffError, RetryAfterError, TimedOutError } from '../errors.ts'
import type { Context, Job } from '../job.ts'
import { JsonText, MAX_RESULT } from '../json-text.ts'
import { Places } from '../places.ts'

/** How long an answer is waited for when the job does not say. */
const TIMEOUT_S = 60
/** Of all with 4xx another attempt may end otherwise. */
const PASSING = [408, 425, 429]

export interface HttpOptions {
  /** They sign what is posted; none: nothing does. */
  secrets: readonly string[]
  /** How many jobs are under way at one host. */
  hostConcurrency: number
}

type Answered = Answer & { body: Buffer }

/** Posts jobs of the type `http` to who does them. */
export default async function http (app: FastifyInstance, { secrets, hostConcurrency }: HttpOptions) {
  const places = new Places(hostConcurrency)
  const endpoints = new Endpoints(app)
  app.handle('*', { type: HTTP_TYPE, isReplaceable: true }, push)

  async function push (job: Job, ctx: Context): Promise<unknown> {
    const url = job.http?.url ?? app.queueSettings.of(job.queue).http?.url
    // The settings of a queue count here a little later than where they were changed.
    if (url === undefined) throw new Error(`Neither the job nor its queue ${job.queue} says where it is to be posted (http.url).`)
    const leave = places.take(new URL(url).host)
    if (typeof leave === 'number') throw new PutOffError(spread(leave))
    try {
      return await tryIt(job, ctx, url)
    } finally {
      leave()
    }
  }

  async function tryIt (job: Job, ctx: Context, url: string): Promise<unknown> {
    const endpoint = jobEndpoint(job.queue, url)
    const { now, wait_ms } = await endpoints.begin(endpoint)
    if (wait_ms > 0) throw new PutOffError(spread(wait_ms))
    const startedAt = performance.now()
    const answer = await post(job, ctx, url, now)
    const { status, message } = answer
    const isPassing = status === undefined || status >= 500 || PASSING.includes(status)
    const wait = status === undefined ? 0 : retryAfterMs(answer as Answered)
    if (isPassing) await endpoints.failed(endpoint, now, status, message, wait, Number.MAX_SAFE_INTEGER)
    else await endpoints.succeeded(endpoint, status)
    ctx.signal.throwIfAborted()
    if (status === 202) return await settledLater(job, ctx, startedAt)
    if (!isPassing && status < 300) return resultOf(answer as Answered)
    if (!isPassing) throw new DoNotRetryError(message)
    throw wait > 0 ? new RetryAfterError(spread(wait), message) : new Error(message)
  }

  /** Without a status there was no answer. */
  async function post (job: Job, ctx: Context, url: string, now: number): Promise<{ message: string } & ({ status?: undefined } | Answered)> {
    const { signal } = ctx
    const timeout_ms = timeoutMs(job)
    const deadline = new Date(now + timeout_ms).toISOString()
    const body = bodyOf(job, now, deadline)
    const headers = { ...signedHeaders(job.id, body, secrets), 'accept-encoding': 'identity', 'bellhop-job-id': job.id, 'bellhop-attempt': String(job.attempt), 'bellhop-deadline': deadline, 'bellhop-lease-token': ctx.leaseToken(), ...ctx.trace }
    try {
      const answer = await app.egress.ask(url, headers, body, { signal, timeout_ms, max_bytes: MAX_RESULT })
      return { ...answer, message: `The endpoint answered ${answer.status} after ${answer.duration_ms} ms.` }
    } catch (error) {
      if (error instanceof ForbiddenAddressError) throw new DoNotRetryError(error.message)
      // Only that its time was up says something of the endpoint.
      if (signal.aborted && !(signal.reason instanceof TimedOutError)) throw error
      app.log.debug({ job_id: job.id, err: error }, 'A job that was posted had no answer')
      return { message: (error as Error).message }
    }
  }
}

/** The receiver says later what becomes of the job, with its lease token. */
async function settledLater (job: Job, ctx: Context, startedAt: number): Promise<never> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new TimedOutError(`not settled within ${timeoutMs(job) / 1000} s`)), timeoutMs(job) - (performance.now() - startedAt))
  })
  try {
    return await Promise.race([ctx.leaveToOthers(), late])
  } finally {
    clearTimeout(timer)
  }
}

function timeoutMs ({ timeout_seconds = TIMEOUT_S }: Job): number {
  return timeout_seconds * 1000
}

/** With the input byte for byte. */
function bodyOf (job: Job, now: number, deadline: string): string {
  const { id, task, queue, priority, attempt, max_attempts, tags, metadata, lost, created_at, schedule } = job
  const data = JSON.stringify({ id, task, queue, priority, attempt, max_attempts, deadline, tags, metadata, lost, created_at, schedule })
  return `{"type":"job.run","timestamp":"${new Date(now).toISOString()}","data":${data.slice(0, -1)},"input":${job.inputText}}}`
}

/** What was answered, as it is where it says that it is JSON, else as a string. */
function resultOf ({ headers, body }: Answered): unknown {
  if (body.length > MAX_RESULT) throw new DoNotRetryError(`The endpoint's answer is larger than ${MAX_RESULT} bytes.`)
  if (body.length === 0) return undefined
  const { 'content-encoding': encoding = 'identity' } = headers
  if (encoding !== 'identity') throw new DoNotRetryError(`The endpoint's answer is compressed (${String(encoding).slice(0, 100)}), which it was not asked for.`)
  const text = body.toString().replace(/^\uFEFF/, '')
  if (!/^application\/([\w.-]+\+)?json\s*(;|$)/i.test(String(headers['content-type']))) return text
  if (!isUtf8(body)) throw new DoNotRetryError('The endpoint\'s answer is JSON, but not valid UTF-8.')
  try {
    JSON.parse(text)
  } catch (error) {
    throw new DoNotRetryError(`The endpoint's answer is not the JSON that it says it is: ${(error as Error).message}`)
  }
  // As with all JSON that comes in: who reads the result could fail at it.
  if (scanJson(text, MAX_JSON_DEPTH).tooDeepAt !== -1) throw new DoNotRetryError(`The endpoint's answer nests deeper than ${MAX_JSON_DEPTH} levels.`)
  return new JsonText(text.trim())
}
