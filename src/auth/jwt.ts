import { createRemoteJWKSet, errors, jwtVerify } from 'jose'
import type { JWTPayload } from 'jose'
import { scopes } from '../contract/operations.ts'
import { badToken } from './client.ts'
import type { Client, Scope } from './client.ts'
import { Problem } from '../problems.ts'

// Only those with a public key: with HS256 whoever has that could sign.
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519']
/** Clocks differ. */
const TOLERANCE_S = 10
const MAX_SUBJECT = 256

/** Whose fault it is that the keys cannot be had. */
const NOT_THEIRS = ['ERR_JWKS_TIMEOUT', 'ERR_JWKS_INVALID', 'ERR_JOSE_GENERIC']

export interface JwtSettings {
  readonly issuer: string
  readonly audience: string
  /** where the provider's public keys are */
  readonly jwksUrl: string
  /** its scopes: a text with spaces between them, or a list */
  readonly scopesClaim: string
  /** the queues that it is bound to, likewise; without the claim it is all */
  readonly queuesClaim: string
}

/**
 * Says whose a JWT of the identity provider is. Rejects with a Problem: `unauthorized`, or `unavailable` when the provider's keys cannot
 * be had.
 */
export function jwtReader ({ issuer, audience, jwksUrl, scopesClaim, queuesClaim }: JwtSettings): (token: string) => Promise<Client> {
  const jwks = createRemoteJWKSet(new URL(jwksUrl), { timeoutDuration: 3000, cooldownDuration: 10_000 })
  return async token => {
    const payload = await verified(token)
    const { sub } = payload
    if (sub === undefined || sub === '' || sub.length > MAX_SUBJECT) throw badToken('The token has no subject (sub), or a very long one')
    const queues = payload[queuesClaim]
    return {
      id: `jwt:${sub}`,
      scopes: new Set(listOf(payload[scopesClaim]).filter((name): name is Scope => (scopes as readonly string[]).includes(name))),
      queues: queues === undefined || queues === null ? undefined : new Set(listOf(queues))
    }
  }

  async function verified (token: string): Promise<JWTPayload> {
    try {
      const { payload } = await jwtVerify(token, jwks, { issuer, audience, algorithms: ALGORITHMS, requiredClaims: ['exp', 'sub'], clockTolerance: TOLERANCE_S })
      return payload
    } catch (error) {
      if (error instanceof errors.JWTExpired) throw badToken('The token has expired')
      if (error instanceof errors.JWTClaimValidationFailed) throw badToken(`The token's ${error.claim} is not what it must be`)
      if (error instanceof errors.JOSEError && !NOT_THEIRS.includes(error.code)) throw badToken('The token is not valid')
      throw new Problem('unavailable', 'The keys of the identity provider cannot be had now: try again shortly', { cause: error })
    }
  }
}

/** What is neither a text nor a list is an empty one: it binds to nothing, and allows nothing. */
function listOf (claim: unknown): string[] {
  if (typeof claim === 'string') return claim.split(' ').filter(name => name !== '')
  return Array.isArray(claim) ? claim.filter(name => typeof name === 'string') : []
}
