import { randomBytes } from 'node:crypto'

// lua/lib/token.lua makes lease tokens; to everybody else they are opaque but for what is read here.

const LARGE = 50

/**
 * What makes the tokens of one lease call differ from all others, and not to be guessed.
 * @param jobs how many may be leased with it. For many it makes tokens longer than hash-max-listpack-value (64 bytes by default):
 *   Redis then holds the leases in a hash table at once, and not as a list that it searches from end to end for each job.
 */
export function newNonce (jobs: number): string {
  return randomBytes(jobs < LARGE ? 9 : 33).toString('base64url')
}

export interface LeaseFacts {
  readonly attempt: number
  readonly lost: number
  /** an attempt of the job has failed, or been lost, before */
  readonly has_history: boolean
  /** when it was leased, ms by Redis's clock */
  readonly leased_at: number
}

let last = ''
let facts: LeaseFacts = { attempt: 0, lost: 0, has_history: false, leased_at: 0 }

export function parseToken (token: string): LeaseFacts {
  // All jobs leased with one call have the same.
  if (token !== last) {
    const [, attempt, lost, at] = token.split('.', 4)
    facts = { attempt: Number(attempt), lost: Number(lost), has_history: token[1] === '+', leased_at: Number(at) }
    last = token
  }
  return facts
}
