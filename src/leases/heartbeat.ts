import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { HeartbeatAnswer, HeartbeatRequest, LeaseState } from '../contract/schemas.ts'
import { fromUuid } from '../queue/ids.ts'
import { renew } from '../queue/remote.ts'
import type { Beat } from '../queue/remote.ts'
import { jobTime } from '../views.ts'
import { checkWorker } from './take.ts'

/** Characters of messages about progress that go in one call: it becomes one entry of the stream of events, which is bounded by entries. */
const MAX_MESSAGES = 32 * 1024

interface Group { queue: string, worker: string, beats: Beat[], places: number[], chars: number }

/** Renews the leases of a request, with one call to the engine for each queue, and more where they have much to say. */
export async function heartbeat (app: FastifyInstance, { body: { worker, leases }, client, raw }: Pick<FastifyRequest<{ Body: HeartbeatRequest }>, 'body' | 'client' | 'raw'>): Promise<HeartbeatAnswer> {
  checkWorker(worker)
  app.courier.arrived(raw.socket)
  const states: LeaseState[] = leases.map(({ job_id }) => ({ job_id, state: 'lost' }))
  const groups: Group[] = []
  const open = new Map<string, Group>()
  let live_ms = 0
  leases.forEach(({ job_id, lease_token, progress }, place) => {
    const id = fromUuid(job_id)
    const lease = app.leaseTokens.open(id, lease_token)
    if (!lease || (client?.queues && !client.queues.has(lease.queue))) return
    const { queue, worker, token, lease_ms } = lease
    live_ms = Math.max(live_ms, lease_ms)
    const key = `${queue} ${worker}`
    let group = open.get(key)
    if (!group || group.chars >= MAX_MESSAGES) {
      open.set(key, group = { queue, worker, beats: [], places: [], chars: 0 })
      groups.push(group)
    }
    group.chars += progress?.message?.length ?? 0
    group.beats.push({ id, token, lease_ms, progress })
    group.places.push(place)
  })
  const seen = app.crew.see({ worker, live_ms })
  const renewed = Promise.all(groups.map(async ({ queue, worker, beats, places }) => {
    const { now, states: found } = await renew(app.redis, app.queue.keys, queue, worker, beats)
    found.forEach((state, i) => {
      states[places[i]!]!.state = state
      if (state === 'held') states[places[i]!]!.lease_expires_at = jobTime(now + beats[i]!.lease_ms)
    })
  }))
  const [worker_state] = await Promise.all([seen, renewed])
  return { leases: states, worker_state }
}
