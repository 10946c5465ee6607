import { createHash } from 'node:crypto'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { NewJob, NewJobs } from './contract/schemas.ts'
import { jobSpec, jobSpecs } from './job-spec.ts'
import { Problem } from './problems.ts'
import type { FieldError } from './problems.ts'
import type { Job } from './queue/job.ts'
import type { KeptJob } from './queue/queue.ts'
import type { Once } from './queue/submission.ts'
import { summary } from './validation-errors.ts'

/** What is asked of a submit, whichever operation it came by. */
type Submit<Body> = Pick<FastifyRequest, 'jsonScan' | 'jsonText' | 'routeOptions'> & { body: Body, headers: { 'idempotency-key'?: string } }

/** Keeps the job of a request, or finds that it has been kept with the same idempotency key before. */
export async function keepJob (app: FastifyInstance, request: Submit<NewJob>): Promise<{ job: Job, replayed: boolean }> {
  const spec = jobSpec(request.body, request.jsonText('input'))
  const once = onceOf(app, request)
  const errors = app.queueSettings.settle(spec, request.body.input)
  if (errors.length > 0) await refuse(app, errors, once)
  return once ? await app.queue.submitOnce(spec, once) : { job: await app.queue.submit(spec), replayed: false }
}

/** The same for the jobs of a bulk. */
export async function keepJobs (app: FastifyInstance, request: Submit<NewJobs>): Promise<{ jobs: KeptJob[], replayed: boolean }> {
  const { jobs } = request.body
  const specs = jobSpecs(jobs, request.jsonText('jobs')!)
  const once = onceOf(app, request)
  for (let i = 0; i < specs.length; i++) {
    const errors = app.queueSettings.settle(specs[i]!, jobs[i]!.input, `/jobs/${i}`)
    if (errors.length > 0) await refuse(app, errors, once)
  }
  return once ? await app.queue.submitAllOnce(specs, once) : { jobs: await app.queue.submitAll(specs), replayed: false }
}

/** What fitted when it was first sent gets its answer again, whatever the schema has become since. */
async function refuse (app: FastifyInstance, errors: FieldError[], once: Once | undefined): Promise<void> {
  if (once && await app.queue.isKnown(once)) return
  throw new Problem('validation', summary(errors), { errors })
}

/** Clients have no names yet. */
const ANYBODY = ''

function onceOf (app: FastifyInstance, { headers, jsonScan, routeOptions }: Submit<unknown>, client = ANYBODY): Once | undefined {
  const header = headers['idempotency-key']
  if (header === undefined) return undefined
  return {
    key: app.queue.keys.idempotency(client, unquoted(header)),
    // A text that is UTF-8, as a body must be, is its bytes.
    fingerprint: createHash('sha256').update(`${routeOptions.url}\n`).update(jsonScan!.text).digest('base64url'),
    ttl_seconds: app.config.idempotencySeconds
  }
}

/** A key and the same in quotes are one. */
function unquoted (header: string): string {
  return header.startsWith('"') ? header.slice(1, -1).replace(/\\(.)/g, '$1') : header
}
