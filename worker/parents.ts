import type { Queue } from '../src/queue/queue.ts'
import type { Parent } from './job.ts'

/** A result has up to a megabyte. */
const TOGETHER = 8

/** What became of some jobs, in their order. Rejects with a QueueUnavailableError. */
export async function readParents (queue: Queue, ids: string[]): Promise<Parent[]> {
  const parents: Parent[] = []
  for (let i = 0; i < ids.length; i += TOGETHER) {
    parents.push(...await Promise.all(ids.slice(i, i + TOGETHER).map(id => readParent(queue, id))))
  }
  return parents
}

async function readParent (queue: Queue, id: string): Promise<Parent> {
  const job = await queue.get(id)
  return {
    id,
    status: job?.status,
    result: job?.result === undefined ? undefined : JSON.parse(job.result),
    error: job?.status === 'completed' ? undefined : job?.errors.at(-1)?.message
  }
}
