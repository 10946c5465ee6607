import type { FastifyRequest } from 'fastify'
import type { NewJob } from './contract/schemas.ts'
import { Problem } from './problems.ts'
import type { JobSpec } from './queue/job.ts'

/** What a validated submit asks of the engine; its input goes along as the text that was sent. */
export function jobSpec (request: FastifyRequest<{ Body: NewJob }>): JobSpec {
  const { delay_seconds, run_at, input: _parsed, ...rest } = request.body
  if (delay_seconds !== undefined && run_at !== undefined) throw invalidRunAt('must not be given together with delay_seconds')
  const spec: JobSpec = { ...rest, input: request.jsonText('input') }
  if (delay_seconds !== undefined) spec.delay_ms = Math.round(delay_seconds * 1000)
  if (run_at !== undefined) {
    spec.run_at = Date.parse(run_at)
    // RFC 3339 has leap seconds, JavaScript has not.
    if (Number.isNaN(spec.run_at)) throw invalidRunAt('must be a time such as 2030-01-31T08:00:00Z')
  }
  return spec
}

function invalidRunAt (message: string): Problem {
  return new Problem('validation', `run_at ${message}`, { errors: [{ path: '/run_at', message }] })
}
