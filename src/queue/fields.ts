import { Ajv } from 'ajv'
import { Backoff, NewJob } from '../contract/schemas.ts'
import type { Backoff as FullBackoff, JobSpec, Priority } from './job.ts'

// Defaults and limits are the contract's; nothing is repeated here.

const { type, priority, max_attempts } = NewJob.properties

/** What a job has when its submitter says nothing. */
export const DEFAULTS = {
  type: type.default as string,
  priority: priority.default as Priority,
  max_attempts: max_attempts.default as number,
  backoff: Object.fromEntries(Object.entries(Backoff.properties).map(([name, schema]) => [name, schema.default])) as unknown as FullBackoff
}

const ajv = new Ajv({ strict: false })
const checks = Object.entries(NewJob.properties)
  .filter(([name]) => ['type', 'max_attempts', 'backoff', 'timeout_seconds', 'tags', 'metadata'].includes(name))
  .map(([name, schema]) => [name, ajv.compile(schema)] as const)

/** Those fields of a foreign job that the contract allows; when and in which queue it runs is settled already. */
export function validFields (body: object): Partial<JobSpec> {
  const given = body as Record<string, unknown>
  return Object.fromEntries(checks.filter(([name, isValid]) => given[name] !== undefined && isValid(given[name])).map(([name]) => [name, given[name]]))
}
