import type { Redis } from 'ioredis'
import type { Keys } from './keys.ts'
import { run } from './scripts.ts'
import type { ScriptArg } from './scripts.ts'
import { newNonce } from './token.ts'

// Remote workers: those that speak HTTP. To the engine their names begin with a mark, by which scripts know them
// (lua/lib/idle.lua); people see them without it.

const MARK = '~'

/** A remote worker's name in the engine. */
export function remoteName (id: string): string {
  return MARK + id
}

export function isRemote (name: string): boolean {
  return name.startsWith(MARK)
}

/** A worker's id, as people see it. */
export function shownName (name: string): string {
  return isRemote(name) ? name.slice(1) : name
}

/** A lease to renew. */
export interface Beat {
  /** in Redis's short form; each job once a call */
  id: string
  token: string
  lease_ms: number
  /** how far the job is, 0 to 100 */
  progress?: { percent: number, message?: string }
}

export type BeatState = 'held' | 'lost' | 'cancel'

const STATES: Record<number, BeatState> = { 1: 'held', 0: 'lost', [-1]: 'cancel' }

/** Renews leases that a remote worker has in one queue: at most 1,000. */
export async function renew (redis: Redis, keys: Keys, queue: string, worker: string, beats: Beat[]): Promise<{ now: number, states: BeatState[] }> {
  const args: ScriptArg[] = [queue, worker]
  for (const { id, token, lease_ms, progress } of beats) args.push(id, token, lease_ms, progress ? JSON.stringify(progress) : '')
  const [now, states] = await run(redis, 'renew', keys.of(queue), args) as [number, number[]]
  return { now, states: states.map(state => STATES[state]!) }
}

export interface Parked {
  /** false: there may be jobs now */
  parked: boolean
  /** the note that was left, '' when none */
  note: string
  /** in how many ms there may be jobs that are not ready yet; undefined when none is known */
  due_in_ms?: number
}

/**
 * Says that `process` wants to be called on its channel when there are jobs in a queue, for 6 s at most; unless there are any now.
 * @param note an earlier one, which is withdrawn
 */
export async function park (redis: Redis, keys: Keys, queue: string, process: string, note: string): Promise<Parked> {
  const [now, left, due, text] = await run(redis, 'park', keys.of(queue), [queue, process, newNonce(1), note, 1]) as [number, number, number, string]
  return { parked: left === 1, note: text, ...(due > 0 && { due_in_ms: Math.max(0, due - now) }) }
}

/** Withdraws a note. */
export async function unpark (redis: Redis, keys: Keys, queue: string, process: string, note: string): Promise<void> {
  if (note !== '') await run(redis, 'park', keys.of(queue), [queue, process, '', note, 0])
}
