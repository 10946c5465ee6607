import { randomBytes } from 'node:crypto'

// lua/lib/token.lua makes lease tokens; to everybody else they are opaque but for what is read here.

/** What makes the tokens of one lease call differ from all others, and not to be guessed. */
export function newNonce (): string {
  return randomBytes(9).toString('base64url')
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
