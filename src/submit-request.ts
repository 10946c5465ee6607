import { createHash } from 'node:crypto'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { NewJob, NewJobs } from './contract/schemas.ts'
import { mustOwn } from './auth/client.ts'
import type { Client } from './auth/client.ts'
import { BULK_POINTERS, jobSpec, jobSpecs } from './job-spec.ts'
import { Problem } from './problems.ts'
import type { FieldError } from './problems.ts'
import type { Job, JobSpec } from './queue/job.ts'
import { isConditional } from './queue/create.ts'
import type { Once } from './queue/create.ts'
import { NoParentError, UniqueKeyTakenError } from './queue/errors.ts'
import { toUuid } from './queue/ids.ts'
import { HTTP_TYPE } from './queue/job.ts'
import { DEFAULT_QUEUE, isReserved, RESERVED } from './queue/keys.ts'
import type { KeptJob } from './queue/queue.ts'
import { traceContextOf } from './tracing/trace-context.ts'
import { invalid, invalidFields } from './validation-errors.ts'
import { DELIVERY_TYPE } from './webhooks/delivery.ts'

/** Of one bulk, in all `depends_on` together. */
const MAX_LINKS = 1000
const MAX_QUEUES = 100
const MAX_REPLACING = 100

/** What is asked of a submit, whichever operation it came by. */
type Submit<Body> = Pick<FastifyRequest, 'client' | 'jsonScan' | 'jsonText' | 'routeOptions'> & { body: Body, headers: { 'idempotency-key'?: string, traceparent?: string, tracestate?: string } }

/** Keeps the job of a request, or finds that it has been kept with the same idempotency key before, or that another has its unique key. */
export async function keepJob (app: FastifyInstance, request: Submit<NewJob>): Promise<{ job: Job, replayed: boolean, existing: boolean }> {
  const spec = jobSpec(request.body, request.jsonText('input'))
  checkSpec(app, spec)
  if (request.client?.queues) await keepWithin(app, request.client, [spec], () => '')
  const once = onceOf(app, request)
  const errors = app.queueSettings.settle(spec, request.body.input)
  if (errors.length > 0) await refuse(app, errors, once)
  return await inTrace(app, request, [spec], async () => {
    if (!once && !isConditional(spec)) return { job: await app.queue.submit(spec), replayed: false, existing: false }
    return await app.queue.create(spec, once).catch(error => { throw refusal(error, () => '') })
  }, ({ job }) => [job.id])
}

/** The same for the jobs of a bulk. */
export async function keepJobs (app: FastifyInstance, request: Submit<NewJobs>): Promise<{ jobs: KeptJob[], replayed: boolean }> {
  const once = onceOf(app, request)
  const specs = await specsOf(app, request, once)
  // Not awaited here, and the body is let go: all of it would be alive until Redis has answered, and what is alive the garbage collector copies.
  request.body = { jobs: [] }
  request.jsonScan = null
  return inTrace(app, request, specs, () => keepSpecs(app, specs, once), ({ jobs }) => jobs.map(({ id }) => id))
}

/** The jobs of a bulk, which may be kept. */
async function specsOf (app: FastifyInstance, request: Submit<NewJobs>, once: Once | undefined): Promise<JobSpec[]> {
  const { jobs } = request.body
  const specs = jobSpecs(jobs, request.jsonText('jobs')!)
  if (request.client?.queues) await keepWithin(app, request.client, specs, index => BULK_POINTERS[index]!)
  for (let index = 0; index < specs.length; index++) checkSpec(app, specs[index]!, BULK_POINTERS[index])
  const errors = app.queueSettings.settleAll(specs, jobs.map(({ input }) => input), index => BULK_POINTERS[index]!)
  if (errors.length > 0) await refuse(app, errors, once)
  limitConditions(specs)
  return specs
}

function keepSpecs (app: FastifyInstance, specs: JobSpec[], once: Once | undefined): Promise<{ jobs: KeptJob[], replayed: boolean }> {
  const kept = once ? app.queue.createAll(specs, once) : app.queue.submitAll(specs).then(jobs => ({ jobs, replayed: false }))
  return kept.catch(error => { throw refusal(error, index => BULK_POINTERS[index]!) })
}

/** Keeps jobs so that they continue the trace of their request, if it has one, or if requests are traced. */
function inTrace<Kept> (app: FastifyInstance, request: Submit<unknown>, specs: JobSpec[], keep: () => Promise<Kept>, idsOf: (kept: Kept) => string[]): Promise<Kept> {
  if (!app.tracing && request.headers.traceparent === undefined) return keep()
  return traced(app, request, specs, keep, idsOf)
}

async function traced<Kept> (app: FastifyInstance, request: Submit<unknown>, specs: JobSpec[], keep: () => Promise<Kept>, idsOf: (kept: Kept) => string[]): Promise<Kept> {
  const span = app.tracing?.send(request as FastifyRequest, specs)
  const context = span?.context ?? traceContextOf(request.headers)
  for (const spec of specs) Object.assign(spec, context)
  try {
    const kept = await keep()
    span?.kept(idsOf(kept))
    return kept
  } catch (error) {
    span?.failed(error)
    throw error
  }
}

/** What the contract's schema cannot say. */
export function checkSpec (app: FastifyInstance, { queue, type, http, callback_url }: JobSpec, at = ''): void {
  if (type === DELIVERY_TYPE) throw invalid(`${at}/type`, `must not be ${DELIVERY_TYPE}, as only the service's own jobs are`)
  if (isReserved(queue)) throw invalid(`${at}/queue`, `must not begin with ${RESERVED}, as only the service's own queues do`)
  const problem = callback_url === undefined ? undefined : app.egress.urlProblem(callback_url)
  if (problem !== undefined) throw invalid(`${at}/callback_url`, problem)
  if (http) {
    if (type !== HTTP_TYPE) throw invalid(`${at}/http`, `must not be given but with the type ${HTTP_TYPE}`)
    const problem = app.egress.urlProblem(http.url)
    if (problem !== undefined) throw invalid(`${at}/http/url`, problem)
  } else if (type === HTTP_TYPE && !app.queueSettings.of(queue ?? DEFAULT_QUEUE).http) {
    throw invalid(`${at}/http`, `must be given with the type ${HTTP_TYPE}, as the queue has none`)
  }
}

/** Refuses jobs for queues that the client is not bound to; parents in other queues are to it as if they were not there. */
async function keepWithin (app: FastifyInstance, client: Client, specs: JobSpec[], at: (index: number) => string): Promise<void> {
  mustOwn(client, specs.map(({ queue = DEFAULT_QUEUE }) => queue))
  const links = specs.flatMap(({ depends_on = [] }, index) => depends_on.map((id, parent) => ({ index, parent, id })))
  if (links.length > MAX_LINKS) return // which is refused below
  const queues = await app.queue.queuesOf([...new Set(links.map(({ id }) => id))])
  const foreign = links.find(({ id }) => queues.has(id) && !client.queues!.has(queues.get(id)!))
  if (foreign) throw refusal(new NoParentError(foreign.index, foreign.parent), at)
}

/** What costs the script of a whole bulk too much if there is more of it. */
function limitConditions (specs: JobSpec[]): void {
  let [links, replacing] = [0, 0]
  const queues = new Set<string | undefined>()
  for (const { queue, depends_on, unique } of specs) {
    queues.add(queue)
    links += depends_on?.length ?? 0
    if (unique?.on_conflict === 'replace') replacing++
  }
  if (queues.size > MAX_QUEUES) throw invalid('/jobs', `must be of at most ${MAX_QUEUES} queues, and are of ${queues.size}`)
  if (links > MAX_LINKS) throw invalid('/jobs', `must have at most ${MAX_LINKS} ids in all depends_on together, and has ${links}`)
  if (replacing > MAX_REPLACING) throw invalid('/jobs', `must have at most ${MAX_REPLACING} jobs whose on_conflict is replace, and has ${replacing}`)
}

/** What is wrong with the request, where the engine has refused it. @param at where in the body the nth job is, as a JSON Pointer */
export function refusal (error: unknown, at: (index: number) => string): unknown {
  if (error instanceof NoParentError) {
    return invalid(`${at(error.index)}/depends_on/${error.parent}`, 'must be the id of a job that is there: it was never submitted, or it ended so long ago that it is no longer kept')
  }
  if (error instanceof UniqueKeyTakenError) {
    const { index, holder, sibling } = error
    const who = sibling !== undefined ? at(sibling) : holder === undefined ? 'a job that is no longer kept' : `the job ${toUuid(holder)}`
    return new Problem('unique-key-taken', `${at(index)}/unique: the key belongs to ${who}`, { job_id: holder && toUuid(holder) })
  }
  return error
}

/** What fitted when it was first sent gets its answer again, whatever the schema has become since. */
async function refuse (app: FastifyInstance, errors: FieldError[], once: Once | undefined): Promise<void> {
  if (once && await app.queue.isKnown(once)) return
  throw invalidFields(errors)
}

/** Keys belong to a client: two may choose the same. */
function onceOf (app: FastifyInstance, { client, headers, jsonScan, routeOptions }: Submit<unknown>): Once | undefined {
  const header = headers['idempotency-key']
  if (header === undefined) return undefined
  return {
    key: app.queue.keys.idempotency(client?.id ?? '', unquoted(header)),
    // A text that is UTF-8, as a body must be, is its bytes.
    fingerprint: createHash('sha256').update(`${routeOptions.url}\n`).update(jsonScan!.text).digest('base64url'),
    ttl_seconds: app.config.idempotencySeconds
  }
}

/** A key and the same in quotes are one. */
function unquoted (header: string): string {
  return header.startsWith('"') ? header.slice(1, -1).replace(/\\(.)/g, '$1') : header
}
