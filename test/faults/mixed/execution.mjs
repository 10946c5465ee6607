// What all that run jobs of the mixed run have in common: they write down each start, and do what the job's input says.
import { appendFileSync } from 'node:fs'

/** A start of a job, written so that no death of the process can take it back. @param by what kind of worker */
export function begin ({ id, attempt, lost }, by) {
  appendFileSync(process.env.EXECUTIONS, JSON.stringify({ id, attempt, lost, by, at: Date.now() }) + '\n')
}

/** How an attempt ends: `completed`, `failed`, or `refused` for good. */
export function endOf ({ failures, refused }, attempt) {
  if (refused) return 'refused'
  return attempt <= failures ? 'failed' : 'completed'
}
