import { createHash } from 'node:crypto'
import type { WaitingFor } from './contract/schemas.ts'
import type { ReadJob } from './queue/job.ts'

// Entity tags of jobs (RFC 9110, section 8.8.3): the job's version, in quotes; where the answer has `waiting_for`, which changes with
// other things than the job, a dot and a digest of that.

export function etagOf ({ version }: ReadJob, waiting_for?: WaitingFor[]): string {
  if (!waiting_for) return `"${version}"`
  return `"${version}.${createHash('sha1').update(JSON.stringify(waiting_for)).digest('hex').slice(0, 8)}"`
}

/** Whether an If-None-Match header names the answer with this tag. */
export function isNamed (etag: string, header: string | undefined): boolean {
  return header !== undefined && (header === '*' || tagsOf(header).some(tag => tag.replace(/^W\//, '') === etag))
}

/** Whether an If-Match header allows to change the job. */
export function isAllowed ({ version }: ReadJob, header: string | undefined): boolean {
  return header === undefined || header === '*' || tagsOf(header).some(tag => /^"([^.]*)(\..*)?"$/.exec(tag)?.[1] === version)
}

/** A tag has no space, but it may have a comma. */
function tagsOf (header: string): string[] {
  return header.match(/(W\/)?"[^"]*"/g) ?? []
}
