import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { mustOwn } from '../auth/client.ts'
import type { NextLease, RemoteWorker, WorkerState } from '../contract/schemas.ts'
import { LeaseRequest } from '../contract/schemas.ts'
import { QueueUnavailableError } from '../queue/errors.ts'
import { RESERVED } from '../queue/keys.ts'
import { remoteName } from '../queue/remote.ts'
import { invalid } from '../validation-errors.ts'
import type { Settling } from './desk.ts'
import type { LeasedBatch } from './poll.ts'

/** The contract's defaults, which a body does not get by itself. */
const { max: { default: MAX }, wait_seconds: { default: WAIT }, lease_seconds: { default: LEASE } } = LeaseRequest.properties as unknown as Record<'max' | 'wait_seconds' | 'lease_seconds', { default: number }>
/** So long a worker waits that is to get no jobs, so that one that does not look at `worker_state` does not ask without a pause. */
const PAUSE_MS = 1000

type Asked = Pick<FastifyRequest, 'client' | 'raw'>

export interface Taken {
  /** one for each settlement */
  settled: boolean[]
  batches: LeasedBatch[]
  worker_state: WorkerState
}

/** Settles, and leases if that is asked for; waits for jobs when there are none. What never reaches the client is released. */
export async function take (app: FastifyInstance, { client, raw }: Asked, reply: FastifyReply<any>, worker: RemoteWorker, lease: NextLease | undefined, settlings: Settling[] = [], at = ''): Promise<Taken> {
  checkWorker(worker)
  app.courier.arrived(raw.socket)
  if (!lease) {
    const [{ settled }, worker_state] = await Promise.all([app.desk.turn(settlings), app.crew.see({ worker })])
    return { settled, batches: [], worker_state }
  }
  const { queues, max = MAX, wait_seconds = WAIT, lease_seconds = LEASE } = lease
  checkQueues(queues, at)
  mustOwn(client, queues)
  const name = remoteName(worker.id)
  const wait_ms = wait_seconds * 1000
  const state = await app.crew.see({ worker, queues, live_ms: Math.max(lease_seconds * 1000, wait_ms + 10_000) })
  const want = state === 'run' ? { worker: name, queues, max, lease_ms: lease_seconds * 1000 } : undefined
  let { settled, batches } = await app.desk.turn(settlings, want)
  if (batches.length === 0 && wait_ms > 0) {
    const gone = new AbortController()
    // Its client may have gone, and operators may have spoken, while Redis was asked.
    if (reply.raw.destroyed) gone.abort()
    reply.raw.once('close', () => gone.abort())
    const waited = want && app.crew.stateOf(name) === 'run' ? app.desk.wait(want, wait_ms, gone.signal) : app.desk.pause(Math.min(wait_ms, PAUSE_MS), gone.signal)
    batches = await waited.catch(error => {
      // What was settled is, and is to be heard of.
      if (settlings.length > 0 && error instanceof QueueUnavailableError) return []
      throw error
    })
    if (app.desk.closed) reply.header('connection', 'close')
    if (batches.length > 0) await app.courier.ready()
  }
  app.courier.send(raw.socket, reply.raw, batches)
  return { settled, batches, worker_state: app.crew.stateOf(name) }
}

export function checkWorker ({ id }: RemoteWorker): void {
  if (id.startsWith('w_')) throw invalid('/worker/id', 'must not begin with w_, as only our own workers do')
}

function checkQueues (queues: string[], at: string): void {
  const reserved = queues.findIndex(queue => queue.startsWith(RESERVED))
  if (reserved >= 0) throw invalid(`${at}/queues/${reserved}`, `must not begin with ${RESERVED}, as only the service's own queues do`)
}
