import type { FastifyInstance, FastifyRequest } from 'fastify'
import { itemTexts } from '../json-text.ts'
import type { SettledLease, Settlement as Request, SettleRequest, WorkerError } from '../contract/schemas.ts'
import { backoffMs } from '../queue/backoff.ts'
import { fromUuid } from '../queue/ids.ts'
import type { Settlement } from '../queue/lease.ts'
import { parseToken } from '../queue/token.ts'
import { invalid } from '../validation-errors.ts'
import type { Settling } from './desk.ts'
import type { Lease } from './token.ts'

/** Bytes of a result. */
export const MAX_RESULT = 1024 * 1024

/** What a worker says of an attempt that failed. */
export interface Failed { error: WorkerError, retry?: boolean | undefined, retry_after_seconds?: number | undefined }

/** @param result JSON text, '' for none */
export function completion (id: string, { token }: Lease, result: string): Settlement {
  return { kind: 'complete', id, token, result }
}

export function release (id: string, { token }: Lease): Settlement {
  return { kind: 'release', id, token }
}

/** Another attempt, if there is one left and it is not said to be in vain. */
export function failure (id: string, { token, policy }: Lease, { error, retry = true, retry_after_seconds }: Failed): Settlement {
  const { reason = 'failed', type, message, stack } = error
  const failure = { reason, type, message, stack }
  const { attempt } = parseToken(token)
  if (!retry || attempt >= policy.max_attempts) return { kind: 'dead', id, token, failure }
  const delay_ms = retry_after_seconds === undefined ? backoffMs(policy.backoff, attempt) : retry_after_seconds * 1000
  return { kind: 'retry', id, token, delay_ms, failure }
}

/** What a request settles, and where in it each stands: those whose token is not one are left out, and what the client may not know. */
export function settlingsOf (app: FastifyInstance, request: Pick<FastifyRequest<{ Body: SettleRequest }>, 'body' | 'client' | 'jsonText'>): { settlings: Settling[], places: number[] } {
  const { body, client } = request
  const results = itemTexts(request.jsonText('settlements')!, 'result').members
  const settlings: Settling[] = []
  const places: number[] = []
  const seen = new Set<string>()
  body.settlements.forEach((request, place) => {
    const result = results[place]
    check(request, result, `/settlements/${place}`)
    const id = fromUuid(request.job_id)
    if (seen.has(id)) throw invalid(`/settlements/${place}/job_id`, 'must not be named twice')
    seen.add(id)
    const lease = app.leaseTokens.open(id, request.lease_token)
    if (!lease || (client?.queues && !client.queues.has(lease.queue))) return
    settlings.push({ queue: lease.queue, worker: lease.worker, settlement: settlementOf(id, lease, request, result) })
    places.push(place)
  })
  return { settlings, places }
}

/** How each settlement of a request was judged. */
export async function judge (app: FastifyInstance, { body, client }: Pick<FastifyRequest<{ Body: SettleRequest }>, 'body' | 'client'>, places: number[], settled: boolean[]): Promise<SettledLease[]> {
  const ok = new Set(places.filter((_, i) => settled[i]))
  const others = body.settlements.filter((_, place) => !ok.has(place)).map(({ job_id }) => job_id)
  const queues = others.length > 0 ? await app.queue.queuesOf(others) : new Map<string, string>()
  return body.settlements.map(({ job_id }, place) => {
    if (ok.has(place)) return { job_id, state: 'ok' }
    const queue = queues.get(job_id)
    return { job_id, state: queue === undefined || (client?.queues && !client.queues.has(queue)) ? 'unknown' : 'stale' }
  })
}

function settlementOf (id: string, lease: Lease, { outcome, error, retry, retry_after_seconds }: Request, result = ''): Settlement {
  if (outcome === 'completed') return completion(id, lease, result)
  if (outcome === 'released') return release(id, lease)
  return failure(id, lease, { error: error!, retry, retry_after_seconds })
}

/** What the contract's schema cannot say. */
function check ({ outcome, error, retry, retry_after_seconds }: Request, result: string | undefined, at: string): void {
  if (outcome === 'failed') {
    if (error === undefined) throw invalid(`${at}/error`, 'is required with the outcome failed')
  } else {
    if (error !== undefined) throw invalid(`${at}/error`, 'is only allowed with the outcome failed')
    if (retry !== undefined) throw invalid(`${at}/retry`, 'is only allowed with the outcome failed')
    if (retry_after_seconds !== undefined) throw invalid(`${at}/retry_after_seconds`, 'is only allowed with the outcome failed')
  }
  if (result === undefined) return
  if (outcome !== 'completed') throw invalid(`${at}/result`, 'is only allowed with the outcome completed')
  // A character has at most three bytes: short texts need not be measured.
  if (result.length > MAX_RESULT / 3 && Buffer.byteLength(result) > MAX_RESULT) throw invalid(`${at}/result`, `must be at most ${MAX_RESULT} bytes of JSON`)
}
