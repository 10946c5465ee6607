import type { Redis } from 'ioredis'
import { NotEditableError, QueueUnavailableError } from './errors.ts'
import { fromUuid } from './ids.ts'
import { isWaiting } from './job.ts'
import type { JobEdit, ReadJob } from './job.ts'
import type { Keys } from './keys.ts'
import type { Row } from './outcome.ts'
import { decodeVersion, readRow } from './read.ts'
import { editRecord } from './record.ts'
import { run } from './scripts.ts'

/** Of so many who edit one job at the same moment the slowest still comes through. */
const MAX_TRIES = 20

/** See Queue.edit. */
export async function editJob (redis: Redis, keys: Keys, uuid: string, change: (job: ReadJob) => JobEdit): Promise<ReadJob | undefined> {
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const row = await readRow(redis, keys, uuid)
    const job = decodeVersion(uuid, row)
    if (!job) return undefined
    if (!isWaiting(job)) throw new NotEditableError(`The job is ${job.status}; it can be changed only while it waits`)
    if (job.not_a_job !== undefined) throw new NotEditableError('This is a list entry that is not a job; it can only be dead-lettered')
    const edit = change(job)
    const record = editRecord(row[0], edit)
    const edited = await run(redis, 'edit', keys.of(job.queue), [job.queue, fromUuid(uuid), job.version, record, dueOf(edit)]) as Row | 0
    if (edited === 0) continue
    edited[0] = record === '' ? row[0] : row[0].slice(0, 13) + record
    return decodeVersion(uuid, edited)
  }
  throw new QueueUnavailableError(`Too many others change job ${uuid}`)
}

/** As lua/edit.lua has it. */
function dueOf ({ delay_ms, run_at }: JobEdit): string {
  return delay_ms !== undefined ? `+${delay_ms}` : run_at?.toString() ?? ''
}
