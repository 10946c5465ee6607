import type { FastifyInstance } from 'fastify'
import { isWaiting } from './queue/job.ts'
import type { Job } from './queue/job.ts'
import { isReserved } from './queue/keys.ts'
import type { WaitingFor } from './contract/schemas.ts'

/** Why a job does not run yet, each reason that there is; undefined when it does not wait. */
export async function waitingFor ({ queue, workers }: FastifyInstance, job: Job): Promise<WaitingFor[] | undefined> {
  if (!isWaiting(job)) return undefined
  const [paused, limits, served, parents] = await Promise.all([queue.isPaused(job.queue), queue.limitsReached(job.queue, job.group), workers.queuesServed(), job.status === 'blocked' ? queue.awaited(job) : []])
  const reasons: WaitingFor[] = []
  if (parents.length > 0) reasons.push({ reason: 'parents', job_ids: parents })
  if (job.run_at !== undefined) reasons.push({ reason: 'due', until: new Date(job.run_at).toISOString() })
  if (paused) reasons.push({ reason: 'paused' })
  for (const reason of ['concurrency', 'rate_limit', 'group_concurrency', 'group_rate_limit'] as const) {
    const reached = limits[reason]
    if (reached) reasons.push(typeof reached === 'number' ? { reason, until: new Date(reached).toISOString() } : { reason })
  }
  // Who makes deliveries does not say so.
  if (!served.has(job.queue) && !isReserved(job.queue)) reasons.push({ reason: 'no_worker' })
  return reasons.length > 0 ? reasons : [{ reason: 'turn' }]
}
