import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { QueueUnavailableError } from './queue/errors.ts'
import type { Job, ReadJob } from './queue/job.ts'

/** Nobody waits longer, in seconds: below the 60 s and more after which what is between cuts silent connections. */
export const MAX_WAIT = 60

const WAIT = /^wait\s*=\s*"?(\d+)"?$/i

/**
 * The seconds of the preference `wait` in a Prefer header (RFC 7240), at most MAX_WAIT. Undefined without one: a preference that
 * is not understood is passed over, as the RFC has it, and of several the first counts.
 */
export function preferredWait (header: string | undefined): number | undefined {
  for (const preference of header?.split(',') ?? []) {
    const [, seconds] = WAIT.exec(preference.split(';', 1)[0]!.trim()) ?? []
    if (seconds !== undefined) return Math.min(MAX_WAIT, Number(seconds))
  }
}

/**
 * Waits as the request prefers, and says so in the answer.
 * @param known the job as it is, when that is known: what is returned without the preference, or when the job cannot be read again
 */
export async function whenEnded (app: FastifyInstance, request: FastifyRequest<any>, reply: FastifyReply<any>, id: string, known: Job): Promise<Job>
export async function whenEnded (app: FastifyInstance, request: FastifyRequest<any>, reply: FastifyReply<any>, id: string): Promise<ReadJob | undefined>
export async function whenEnded (app: FastifyInstance, request: FastifyRequest<any>, reply: FastifyReply<any>, id: string, known?: Job): Promise<Job | undefined> {
  const wait = preferredWait(request.headers.prefer as string | undefined)
  if (wait === undefined) return known ?? await app.queue.get(id)
  const gone = new AbortController()
  reply.raw.once('close', () => gone.abort())
  const job = await app.waiting.read(id, wait * 1000, gone.signal).catch(error => {
    if (known && error instanceof QueueUnavailableError) return known // it has been kept, whatever happens now
    throw error
  })
  reply.header('preference-applied', `wait=${wait}`)
  if (app.waiting.closed) reply.header('connection', 'close')
  return job ?? known
}
