import { createHash } from 'node:crypto'
import type { Redis } from 'ioredis'
import { fromUuid, toUuid } from './ids.ts'
import type { ReadJob } from './job.ts'
import { DEFAULT_QUEUE } from './keys.ts'
import type { Keys } from './keys.ts'
import { decodeRow } from './outcome.ts'
import type { Row } from './outcome.ts'
import { queueOf } from './record.ts'
import { run } from './scripts.ts'

/** What is known of one job, whichever queue it is in. */
export async function readRow (redis: Redis, keys: Keys, uuid: string): Promise<Row> {
  const read = async (queue: string) => await run(redis, 'read', keys.of(queue), [queue, fromUuid(uuid)]) as Row
  const row = await read(DEFAULT_QUEUE)
  const queue = queueOf(row[0])
  const asked = row[0] === '' || row[1] !== '' || queue === DEFAULT_QUEUE
  return asked ? row : await read(queue)
}

/** The job of a row, with its version; undefined when there is none. */
export function decodeVersion (uuid: string, row: Row): ReadJob | undefined {
  const job = decodeRow(toUuid(fromUuid(uuid)), row)
  return job && Object.assign(job, { version: versionOf(row) })
}

/** The head of a record, and the fields when it is one of ours: see record.ts. */
const DESCRIBED = /^.{14}:[^\n]*\n[^\n]*|^[^\n]*/

/**
 * Changes with anything that is known of a job; 40 hexadecimal digits. The input, which can be large, is not looked at: it never
 * changes without the number of edits in the fields. lua/edit.lua makes the same.
 */
function versionOf ([record, ...rest]: Row): string {
  return createHash('sha1').update([DESCRIBED.exec(record)![0], ...rest].join('\0')).digest('hex')
}
