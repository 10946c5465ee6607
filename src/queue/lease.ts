import type { Redis } from 'ioredis'
import type { Failure } from './job.ts'
import type { Keys } from './keys.ts'
import { writeLines } from './logs.ts'
import type { NewLines } from './logs.ts'
import { run } from './scripts.ts'
import type { ScriptArg } from './scripts.ts'
import { newNonce } from './token.ts'

// The worker's side of a queue: the calls by which jobs are leased, renewed and settled. Ids are Redis's short form here.

export interface Leased {
  id: string
  /** names this attempt; every write about it must present it */
  token: string
  /** as decodeRecord reads it */
  record: string
}

/** What became of one leased job. */
export type Settlement = { id: string, token: string } & (
  | { kind: 'complete', /** JSON text, '' for no result */ result: string }
  | { kind: 'retry', delay_ms: number, failure: Failure }
  | { kind: 'put_off', /** nothing counts until then: neither an attempt nor a failure */ delay_ms: number }
  | { kind: 'dead', failure: Failure }
  | { kind: 'release' }
)

export interface Turn {
  /** at most 1,000 */
  settlements?: Settlement[]
  /** how many jobs to lease, 0 to 1,000; default 0 */
  max?: number
  /** Leave a note so that jobs which come later are handed over at once; default false */
  park?: boolean
  /** the note of an earlier turn, which is withdrawn */
  parked?: string
}

export interface TurnResult {
  /** Redis's time in the call, ms */
  now: number
  /** a flag for each settlement, in order: false when its lease was stale and nothing changed */
  settled: boolean[]
  leased: Leased[]
  /** in how many ms the next scheduled or retrying job is due; undefined when none waits */
  due_in_ms?: number
  /** the note left, '' when none */
  parked: string
}

/** What a worker is sent on its channel: jobs that were leased to it, in how many ms it should look, or that a job it holds, under this token, was cancelled. */
export type Handed = { leased: Leased[] } | { due_in_ms: number } | { cancelled: string, token: string }

export interface Keep {
  /** completed jobs kept, the newest */
  keep_completed: number
  /** dead-lettered jobs kept, the newest */
  keep_dead: number
}

const MAX_MESSAGE = 2000
const MAX_STACK = 4000
/** A year: a handler may ask for any delay, and a due time must stay a date. */
const MAX_DELAY_MS = 31_536_000_000

/** One worker's leases in one queue. */
export class Leases {
  /** Subscribe to this channel before parking, and read its messages with `handed`. */
  readonly channel: string
  readonly queue: string
  readonly lease_ms: number
  readonly #redis: Redis
  readonly #keys: string[]
  readonly worker: string
  readonly #keep: () => Keep

  /** @param keep asked at each turn: it may change */
  constructor (redis: Redis, keys: Keys, queue: string, worker: string, lease_ms: number, keep: () => Keep) {
    this.#redis = redis
    this.#keys = keys.of(queue)
    this.queue = queue
    this.worker = worker
    this.lease_ms = lease_ms
    this.#keep = keep
    this.channel = keys.held(queue, worker)
  }

  /** Settles and leases in one round trip: the settlements first. */
  async turn ({ settlements = [], max = 0, park = false, parked = '' }: Turn): Promise<TurnResult> {
    const { keep_completed, keep_dead } = this.#keep()
    const [ordered, settled] = [order(settlements), new Array<boolean>(settlements.length).fill(true)]
    const args = [this.queue, this.worker, parked, newNonce(max), max, this.lease_ms, park ? 1 : 0, keep_completed, keep_dead]
    const reply = await run(this.#redis, 'work', this.#keys, [...args, ...ordered.args])
    const [now, stale, groups, nextDue, note] = reply as [number, number[], string[][], number, string]
    for (const nth of stale) settled[ordered.places[nth - 1]!] = false
    return {
      now,
      settled,
      leased: flatten(groups),
      parked: note,
      ...(nextDue > 0 && { due_in_ms: Math.max(0, nextDue - now) })
    }
  }

  /** Renews all leases and tells which there are, id to token. A job that was leased before `now` and is missing has been taken back. */
  async heartbeat (): Promise<{ now: number, held: Map<string, string> }> {
    const reply = await run(this.#redis, 'heartbeat', this.#keys, [this.queue, this.worker, this.lease_ms])
    const [now, flat] = reply as [number, string[]]
    const held = new Map<string, string>()
    for (let i = 0; i < flat.length; i += 2) held.set(flat[i]!, flat[i + 1]!.split('@', 1)[0]!)
    return { now, held }
  }

  /** Notes how far a job is, 0 to 100; false when the lease is stale. */
  async progress (id: string, token: string, percent: number, message?: string): Promise<boolean> {
    const text = JSON.stringify({ percent, message })
    return await run(this.#redis, 'progress', this.#keys, [this.queue, this.worker, id, token, text]) === 1
  }

  /** Keeps what handlers have logged; see writeLines. */
  async log (jobs: NewLines[]): Promise<{ held: boolean[], kept: boolean }> {
    return await writeLines(this.#redis, this.#keys, this.queue, this.worker, jobs)
  }

  /** Reads a message of the channel: JSON, or of a single job `<token> <id> <record>`. */
  static handed (message: string): Handed {
    if (message[0] !== '{') {
      const [token, id] = message.split(' ', 2) as [string, string]
      return { leased: [{ token, id, record: message.slice(token.length + id.length + 2) }] }
    }
    const body = JSON.parse(message) as { groups: string[][] } | { due_in: number } | { cancelled: string, token: string }
    if ('cancelled' in body) return body
    return 'due_in' in body ? { due_in_ms: body.due_in } : { leased: flatten(body.groups) }
  }
}

/** As lua/work.lua wants them, completions first and those of one token together; `places` says where each was in the input. */
function order (settlements: Settlement[]): { args: ScriptArg[], places: number[] } {
  const completions = new Map<string, number[]>()
  const others: number[] = []
  for (let place = 0; place < settlements.length; place++) {
    const { kind, token } = settlements[place]!
    if (kind !== 'complete') {
      others.push(place)
      continue
    }
    const group = completions.get(token)
    if (group) group.push(place)
    else completions.set(token, [place])
  }
  const args: ScriptArg[] = [completions.size]
  const places: number[] = []
  for (const [token, group] of completions) {
    args.push(token, group.length)
    for (const place of group) {
      const { id, result } = settlements[place] as Settlement & { kind: 'complete' }
      args.push(id, result)
      places.push(place)
    }
  }
  for (const place of others) {
    const settlement = settlements[place] as Exclude<Settlement, { kind: 'complete' }>
    const { kind, id, token } = settlement
    const delay = 'delay_ms' in settlement ? Math.min(MAX_DELAY_MS, Math.max(0, Math.round(settlement.delay_ms) || 0)) : 0
    args.push(kind, id, token, delay, 'failure' in settlement ? failureText(settlement.failure) : '')
    places.push(place)
  }
  return { args, places }
}

function failureText ({ reason, type, message, stack }: Failure): string {
  return JSON.stringify({ reason, type, message: message.slice(0, MAX_MESSAGE), stack: stack?.slice(0, MAX_STACK) })
}

function flatten (groups: string[][]): Leased[] {
  const leased: Leased[] = []
  for (const group of groups) {
    const token = group[0]!
    for (let i = 1; i < group.length; i += 2) leased.push({ id: group[i]!, token, record: group[i + 1]! })
  }
  return leased
}
