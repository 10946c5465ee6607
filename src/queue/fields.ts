import { Ajv } from 'ajv'
import { Backoff, NewJob, Unique } from '../contract/schemas.ts'
import type { Backoff as FullBackoff, JobSpec, OnParentFailure, Priority, Unique as FullUnique } from './job.ts'

// Defaults and limits are the contract's; nothing is repeated here.

const { type, priority, max_attempts, on_parent_failure } = NewJob.properties

/** What a job has when its submitter says nothing. */
export const DEFAULTS = {
  type: type.default as string,
  priority: priority.default as Priority,
  max_attempts: max_attempts.default as number,
  backoff: defaultsOf(Backoff.properties) as FullBackoff,
  unique: defaultsOf(Unique.properties) as Omit<Required<FullUnique>, 'key'>,
  on_parent_failure: on_parent_failure.default as OnParentFailure
}

function defaultsOf (properties: Record<string, { default?: unknown }>): unknown {
  return Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, schema.default]))
}

const ajv = new Ajv({ strict: false })
const checks = Object.entries(NewJob.properties)
  .filter(([name]) => ['type', 'max_attempts', 'backoff', 'timeout_seconds', 'keep_logs', 'tags', 'metadata'].includes(name))
  .map(([name, schema]) => [name, ajv.compile(schema)] as const)

/** Those fields of a foreign job that the contract allows; when and in which queue it runs is settled already. */
export function validFields (body: object): Partial<JobSpec> {
  const given = body as Record<string, unknown>
  return Object.fromEntries(checks.filter(([name, isValid]) => given[name] !== undefined && isValid(given[name])).map(([name]) => [name, given[name]]))
}
