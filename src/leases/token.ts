import { hash, timingSafeEqual } from 'node:crypto'
import { DEFAULTS } from '../queue/fields.ts'
import type { Backoff, JobRecord } from '../queue/job.ts'

// The lease tokens of the worker protocol. What the engine calls a lease token is shared by all jobs of one call, and does not say whose it
// is; the one that a client gets is
//
//     <the engine's token>:<queue>:<worker>:<lease_ms>:<policy>:<tag>
//
// where the worker is as the engine has it: our own workers lend theirs, too (jobs of the type `http`). The policy is what of the job
// decides about the next attempt, empty when all of it is the default, so that no record must be read when an attempt fails. The tag is a hash of all that, the job's id and a secret: who has the token of one job cannot make that of another,
// nor change what it says. To clients all of it is opaque.

export interface Lease {
  queue: string
  /** as the engine has it */
  worker: string
  /** the engine's */
  token: string
  lease_ms: number
  policy: Policy
}

export interface Policy {
  max_attempts: number
  backoff: Backoff
  keep_logs: boolean
}

/** What the jobs of one call to the engine have in common. */
export type Batch = Omit<Lease, 'policy'>

const DEFAULT_POLICY: Policy = { max_attempts: DEFAULTS.max_attempts, backoff: DEFAULTS.backoff, keep_logs: false }
const TAG_LENGTH = 22

export class LeaseTokens {
  readonly #secret: () => string
  #lastSecret = ''
  // Jobs that come together mostly have the same.
  #lastHead = ''
  #lastKey = ''
  #lastLease: Lease | undefined

  /** @param secret asked each time; it is shared by all processes, so that a job can be settled at another one than it was leased at */
  constructor (secret: () => string) {
    this.#secret = secret
  }

  /** @param id of the job, as Redis holds it */
  seal ({ token, queue, worker, lease_ms }: Batch, id: string, record: JobRecord): string {
    const head = `${token}:${queue}:${worker}:${lease_ms}:${policyText(record)}`
    return `${head}:${this.#tag(head, id)}`
  }

  /** What a token says; undefined when it is not one of this job. */
  open (id: string, text: string): Lease | undefined {
    const end = text.length - TAG_LENGTH - 1
    if (end <= 0 || text[end] !== ':') return undefined
    const head = text.slice(0, end)
    if (!isSame(text.slice(end + 1), this.#tag(head, id))) return undefined
    this.#lastLease ??= parse(head)
    return this.#lastLease
  }

  #tag (head: string, id: string): string {
    const secret = this.#secret()
    if (head !== this.#lastHead || secret !== this.#lastSecret) {
      this.#lastHead = head
      this.#lastSecret = secret
      this.#lastKey = hash('sha256', `${secret} ${head}`, 'base64url').slice(0, 32)
      this.#lastLease = undefined
    }
    return hash('sha256', this.#lastKey + id, 'base64url').slice(0, TAG_LENGTH)
  }
}

function isSame (given: string, right: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(right)]
  return a.length === b.length && timingSafeEqual(a, b)
}

function parse (head: string): Lease {
  const [token, queue, worker, lease_ms, policy] = head.split(':') as [string, string, string, string, string]
  return { token, queue, worker, lease_ms: Number(lease_ms), policy: parsePolicy(policy) }
}

function policyText ({ max_attempts, backoff, keep_logs }: JobRecord): string {
  if (max_attempts === DEFAULTS.max_attempts && backoff === DEFAULTS.backoff && !keep_logs) return ''
  const { type, delay_seconds, max_delay_seconds, jitter } = backoff
  return [max_attempts, type, delay_seconds, max_delay_seconds, jitter, keep_logs ? 1 : 0].join(',')
}

function parsePolicy (text: string): Policy {
  if (text === '') return DEFAULT_POLICY
  const [max_attempts, type, delay_seconds, max_delay_seconds, jitter, keep_logs] = text.split(',')
  return {
    max_attempts: Number(max_attempts),
    backoff: { type: type as Backoff['type'], delay_seconds: Number(delay_seconds), max_delay_seconds: Number(max_delay_seconds), jitter: Number(jitter) },
    keep_logs: keep_logs === '1'
  }
}
