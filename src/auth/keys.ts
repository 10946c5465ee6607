import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { scopes } from '../contract/operations.ts'
import { QUEUE_NAME } from '../queue/keys.ts'
import type { Client, Scope } from './client.ts'

// An entry is `<id>:<SHA-256 of the secret>:<scopes, with +>[:<queues, with +>]`, a token `bh_<id>_<secret>`. A secret is 32 random
// bytes: nobody can try so many, so a quick hash keeps it as well as a slow one.

const ID = /^[A-Za-z0-9-]{1,64}$/
const TOKEN = /^bh_([A-Za-z0-9-]{1,64})_([A-Za-z0-9_-]{43})$/
const MAX_KEYS = 10_000

interface ApiKey {
  client: Client
  digest: Buffer
}

/** What is wrong with an entry. It never says what the entry is. */
export class KeyError extends Error {
  override readonly name = 'KeyError'
}

/** The keys that there are. */
export class KeyRing {
  readonly #keys = new Map<string, ApiKey>()

  /** @throws KeyError, which names the entry by its place, from 1 */
  constructor (entries: readonly string[], what = 'entry') {
    for (const [i, entry] of entries.entries()) {
      const text = entry.trim()
      if (text === '' || text.startsWith('#')) continue
      const key = parseEntry(text, `${what} ${i + 1}`)
      if (this.#keys.has(key.client.id)) throw new KeyError(`${what} ${i + 1}: there is another key with the id ${key.client.id}`)
      this.#keys.set(key.client.id, key)
    }
    if (this.#keys.size > MAX_KEYS) throw new KeyError(`there are more than ${MAX_KEYS} keys`)
  }

  get size (): number {
    return this.#keys.size
  }

  /** Whose token it is. A token with an unknown id takes as long as one with a wrong secret. */
  find (token: string): Client | undefined {
    const [, id, secret] = TOKEN.exec(token) ?? []
    if (id === undefined) return undefined
    const key = this.#keys.get(id)
    const isRight = timingSafeEqual(digestOf(secret!), key?.digest ?? NOBODYS)
    return isRight ? key?.client : undefined
  }
}

/** What is wrong with entries; undefined when nothing is. */
export function keyProblem (entries: readonly string[]): string | undefined {
  try {
    return new KeyRing(entries) && undefined
  } catch (error) {
    return (error as KeyError).message
  }
}

const NOBODYS = randomBytes(32)

function digestOf (secret: string): Buffer {
  return createHash('sha256').update(secret).digest()
}

function parseEntry (text: string, at: string): ApiKey {
  const [id, hash, scopeList, queueList, ...rest] = text.split(':')
  if (id === undefined || !ID.test(id)) throw new KeyError(`${at}: the id must be 1 to 64 of the characters A-Z a-z 0-9 -`)
  const digest = Buffer.from(hash ?? '', hash?.length === 64 ? 'hex' : 'base64url')
  if (!/^([0-9a-f]{64}|[\w-]{43})$/i.test(hash ?? '') || digest.length !== 32) throw new KeyError(`${at}: the hash of ${id} must be a SHA-256 in base64url or hex`)
  const names = scopeList?.split('+') ?? []
  if (names.length === 0 || !names.every(name => (scopes as readonly string[]).includes(name))) throw new KeyError(`${at}: the scopes of ${id} must be some of ${scopes.join(', ')}, with + between them`)
  const queues = queueList?.split('+')
  if (rest.length > 0 || queues?.some(queue => !QUEUE_NAME.test(queue))) throw new KeyError(`${at}: the queues of ${id} must be names of queues, with + between them`)
  return { client: { id, scopes: new Set(names as Scope[]), queues: queues && new Set(queues) }, digest }
}

export interface NewKey {
  /** for the client; it is nowhere else */
  token: string
  /** for the service */
  entry: string
}

/** Makes a key. @throws KeyError */
export function newKey ({ id = `key-${randomBytes(4).toString('hex')}`, scopes, queues = [] }: { id?: string | undefined, scopes: readonly string[], queues?: readonly string[] | undefined }): NewKey {
  const secret = randomBytes(32).toString('base64url')
  const entry = [id, digestOf(secret).toString('base64url'), scopes.join('+'), ...queues.length > 0 ? [queues.join('+')] : []].join(':')
  parseEntry(entry, 'the key')
  return { token: `bh_${id}_${secret}`, entry }
}
