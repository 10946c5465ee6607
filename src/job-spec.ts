import type { FastifyRequest } from 'fastify'
import type { NewJob } from './contract/schemas.ts'
import { Problem } from './problems.ts'
import type { JobSpec } from './queue/job.ts'

/** What a validated submit asks of the engine; its input goes along as the text that was sent. */
export function jobSpec (request: FastifyRequest<{ Body: NewJob }>): JobSpec {
  const { body } = request
  // A literal, field for field: what a rest pattern makes is slow to make and to read, and this runs for every job.
  return {
    task: body.task,
    type: body.type,
    input: request.jsonText('input'),
    queue: body.queue,
    priority: body.priority,
    max_attempts: body.max_attempts,
    backoff: body.backoff,
    timeout_seconds: body.timeout_seconds,
    tags: body.tags,
    metadata: body.metadata,
    delay_ms: body.delay_seconds === undefined ? undefined : Math.round(body.delay_seconds * 1000),
    run_at: body.run_at === undefined ? undefined : runAt(body.run_at, body.delay_seconds)
  }
}

function runAt (text: string, delay_seconds?: number): number {
  if (delay_seconds !== undefined) throw invalidRunAt('must not be given together with delay_seconds')
  const time = Date.parse(text)
  // RFC 3339 has leap seconds, JavaScript has not.
  if (Number.isNaN(time)) throw invalidRunAt('must be a time such as 2030-01-31T08:00:00Z')
  // The last moment that a date in an answer can have.
  if (time > Date.UTC(10_000, 0) - 1) throw invalidRunAt('must not be after the year 9999 in UTC')
  return time
}

function invalidRunAt (message: string): Problem {
  return new Problem('validation', `run_at ${message}`, { errors: [{ path: '/run_at', message }] })
}
