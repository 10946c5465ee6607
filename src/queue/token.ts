import { randomBytes } from 'node:crypto'

// lua/lib/token.lua makes lease tokens; to everybody else they are opaque but for what is read here.

const LARGE = 50

/**
 * What makes the tokens of one lease call differ from all others, and not to be guessed.
 * @param jobs how many may be leased with it. For many it is longer than hash-max-listpack-value (64 bytes by default): Redis
 *   then holds the leases in a hash table at once, and not as a list that it searches from end to end for each job.
 */
export function newNonce (jobs: number): string {
  return randomBytes(jobs < LARGE ? 9 : 48).toString('base64url')
}

export interface LeaseFacts {
  attempt: number
  lost: number
  /** when it was leased, ms by Redis's clock */
  leased_at: number
}

export function parseToken (token: string): LeaseFacts {
  const [, attempt, lost, at] = token.split('.', 4)
  return { attempt: Number(attempt), lost: Number(lost), leased_at: Number(at) }
}
