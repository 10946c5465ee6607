import type { FastifyRequest } from 'fastify'
import type { scopes } from '../contract/operations.ts'
import { Problem } from '../problems.ts'

export type Scope = typeof scopes[number]

/** Who asks, and what it may do. */
export interface Client {
  /** the key's id, or `jwt:` and the token's subject */
  readonly id: string
  readonly scopes: ReadonlySet<Scope>
  /** those that it is bound to; undefined is all */
  readonly queues?: ReadonlySet<string> | undefined
}

/** Who may call an operation, as the contract says: everybody, or who has a scope. */
export type Access = 'open' | {
  readonly scope: Scope
  /** how a key is held to the queues that it is bound to; without it such a key is refused */
  readonly queues?: 'path' | 'job' | 'own' | undefined
  /** a key is needed only if the settings say so */
  readonly optional?: true | undefined
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Null where no key is needed, or none is valid. */
    client: Client | null
  }
  interface FastifyContextConfig {
    access?: Access
    operationId?: string
  }
}

/** Throws unless the client may use each of the queues. */
export function mustOwn (client: Client | null, queues: Iterable<string>): void {
  if (!client?.queues) return
  for (const queue of queues) if (!client.queues.has(queue)) throw forbiddenQueue(queue)
}

/** The queues that the client is bound to; undefined is all. */
export function ownQueues ({ client }: Pick<FastifyRequest, 'client'>): string[] | undefined {
  return client?.queues && [...client.queues]
}

export function forbiddenQueue (queue: unknown): Problem {
  return new Problem('forbidden', `This key is not for the queue ${queue}`, challenge('insufficient_scope'))
}

export function forbiddenScope (scope: Scope): Problem {
  return new Problem('forbidden', `This needs the scope ${scope}`, challenge('insufficient_scope', scope))
}

export function forbiddenToBound (): Problem {
  return new Problem('forbidden', 'This is about all queues, and the key is bound to some', challenge('insufficient_scope'))
}

/** There is no token, or it is of another kind. */
export function noToken (): Problem {
  return new Problem('unauthorized', 'Send an API key: Authorization: Bearer bh_…', challenge())
}

/** @param why what the client can do about it; it says nothing of which keys there are */
export function badToken (why = 'The API key is not valid'): Problem {
  return new Problem('unauthorized', why, challenge('invalid_token'))
}

/** As RFC 6750 has it. */
function challenge (error?: string, scope?: Scope): { headers: Record<string, string> } {
  const parts = ['realm="bellhop"', ...error ? [`error="${error}"`] : [], ...scope ? [`scope="${scope}"`] : []]
  return { headers: { 'www-authenticate': `Bearer ${parts.join(', ')}` } }
}
