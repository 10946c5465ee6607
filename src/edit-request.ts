import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Metadata } from './contract/schemas.ts'
import type { JobPatch } from './contract/schemas.ts'
import { isAllowed } from './etag.ts'
import { timeOf } from './job-spec.ts'
import { mergePatch } from './merge-patch.ts'
import { noJob, Problem } from './problems.ts'
import { DEFAULTS } from './queue/fields.ts'
import type { Job, JobEdit, ReadJob } from './queue/job.ts'
import { isReserved } from './queue/keys.ts'
import { invalid, refuse } from './validation-errors.ts'

type Edit = Pick<FastifyRequest, 'jsonText'> & { params: { id: string }, headers: { 'if-match'?: string }, body: JobPatch }

/** A time that is over. */
const BEFORE = new Date(0).toISOString()

/** Changes the job of a request as its body says, if it is as its If-Match header says. */
export async function editJob (app: FastifyInstance, request: Edit): Promise<ReadJob> {
  const { params: { id }, headers, body } = request
  const when = whenOf(body)
  const edited = await app.queue.edit(id, job => {
    // What a delivery says, and whose secret signs it, stands in it.
    if (isReserved(job.queue)) throw new Problem('conflict', `The job is the service's own, of the queue ${job.queue}; such jobs cannot be edited`)
    if (!isAllowed(job, headers['if-match'])) throw new Problem('precondition-failed', 'The job is no longer as If-Match has it: read it again')
    return { ...changes(app, request, job), ...when }
  })
  if (!edited) throw noJob(id)
  return edited
}

function whenOf ({ run_at, delay_seconds }: JobPatch): Pick<JobEdit, 'run_at' | 'delay_ms'> {
  return {
    run_at: run_at === undefined ? undefined : timeOf('run_at', run_at ?? BEFORE, 'delay_seconds', delay_seconds, ''),
    delay_ms: delay_seconds === undefined ? undefined : Math.round(delay_seconds * 1000)
  }
}

/** What is to become of a job by a merge patch, in which `null` stands for the default. */
function changes (app: FastifyInstance, request: Edit, job: Job): JobEdit {
  const { priority, max_attempts, backoff, timeout_seconds, keep_logs, tags, metadata, input } = request.body
  const { defaults } = app.queueSettings.of(job.queue)
  const edit: JobEdit = {}
  if (priority !== undefined) edit.priority = priority ?? DEFAULTS.priority
  if (max_attempts !== undefined) edit.max_attempts = max_attempts ?? defaults.max_attempts
  if (backoff !== undefined) edit.backoff = backoffOf(job, backoff, defaults.backoff)
  if (timeout_seconds !== undefined) edit.timeout_seconds = timeout_seconds ?? defaults.timeout_seconds ?? undefined
  if (keep_logs !== undefined) edit.keep_logs = keep_logs ?? defaults.keep_logs
  if (tags !== undefined) edit.tags = tags ?? []
  if (metadata !== undefined) edit.metadata = metadataOf(job, metadata)
  if (input !== undefined) {
    const errors = app.queueSettings.check(job.queue, job.task, input, '/input')
    refuse(errors)
    edit.input = request.jsonText('input')
  }
  return edit
}

function backoffOf ({ backoff }: Job, patch: NonNullable<JobPatch['backoff']> | null, defaults: JobEdit['backoff']): JobEdit['backoff'] {
  if (patch === null) return defaults
  const given = Object.entries(patch).map(([name, value]) => [name, value ?? defaults![name as keyof typeof defaults]])
  return { ...backoff, ...Object.fromEntries(given) }
}

function metadataOf ({ metadata }: Job, patch: JobPatch['metadata']): Record<string, string> {
  const merged = patch ? mergePatch(metadata, patch) : {}
  const most = Metadata.maxProperties as number
  if (Object.keys(merged).length > most) throw invalid('/metadata', `must have at most ${most} fields, with those that are there`)
  return merged as Record<string, string>
}
