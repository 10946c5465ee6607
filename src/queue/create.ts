import { createHash } from 'node:crypto'
import type { Redis } from 'ioredis'
import { IdempotencyKeyReusedError, NoParentError, QueueFullError, UniqueKeyTakenError } from './errors.ts'
import { fromUuid, ID_LENGTH } from './ids.ts'
import type { JobSpec, Unique } from './job.ts'
import { DEFAULTS } from './fields.ts'
import { DEFAULT_QUEUE } from './keys.ts'
import type { Keys } from './keys.ts'
import { run } from './scripts.ts'
import type { Entry, FullReply } from './submission.ts'

// The call of lua/create.lua, for submits that have conditions: what is kept depends on what there is.

/** A submit that is not done again when it is sent again. */
export interface Once {
  /** in Redis: see Keys.idempotency */
  key: string
  /** of the request; another request with the same key is refused */
  fingerprint: string
  /** how long the key is remembered */
  ttl_seconds: number
}

/** `existing` is another job than the one that was to be made, which has its unique key. */
export type CreatedState = 'queued' | 'scheduled' | 'blocked' | 'cancelled' | 'existing'

export interface Created {
  /** ms */
  at: number
  /** in the order of the submit; ids are in Redis's short form, also of the parent that has failed when a job is cancelled for it (unless replayed) */
  jobs: { id: string, state: CreatedState, parent?: string | undefined }[]
  /** the idempotency key is known: all is as it was then */
  replayed: boolean
  /** what was remembered besides */
  rest: string
}

type Reply = [time: number, states: string, ...parents: string[]] | FullReply | ['known', fingerprint: string, at: string, memo: string] |
  ['taken', index: number, holder: string, sibling: number] | ['no_parent', index: number, parent: number]

const STATES: Record<string, CreatedState> = { q: 'queued', s: 'scheduled', b: 'blocked', x: 'cancelled', e: 'existing' }

/** Whether a job needs this call, and not that of lua/submit.lua. */
export function isConditional ({ unique, depends_on, callback_url }: JobSpec): boolean {
  return unique !== undefined || depends_on !== undefined || callback_url !== undefined
}

/**
 * Keeps up to 1,000 jobs, of one or several queues, all or none. Rejects with a QueueFullError, an IdempotencyKeyReusedError, a
 * UniqueKeyTakenError, a NoParentError or a QueueUnavailableError.
 * @param entries of these specs
 * @param rest what else to remember with the idempotency key
 */
export async function create (redis: Redis, keys: Keys, specs: JobSpec[], entries: Entry[], once?: Once, rest = ''): Promise<Created> {
  const queue = specs[0]!.queue ?? DEFAULT_QUEUE
  const memory = once ? [once.ttl_seconds, once.fingerprint, rest] : ['', '', '']
  const items = entries.flatMap((entry, i) => itemArgs(specs[i]!, entry))
  const reply = await run(redis, 'create', once ? [...keys.of(queue), once.key] : keys.of(queue), [queue, ...memory, ...items]) as Reply
  switch (reply[0]) {
    case 'full': throw new QueueFullError(reply[3], reply[1], reply[2])
    case 'taken': throw new UniqueKeyTakenError(reply[1], reply[2] === '' ? undefined : reply[2], reply[3] < 0 ? undefined : reply[3])
    case 'no_parent': throw new NoParentError(reply[1], reply[2])
    case 'known': {
      if (reply[1] !== once?.fingerprint) throw new IdempotencyKeyReusedError()
      const length = specs.length * (1 + ID_LENGTH)
      return { at: Number(reply[2]), jobs: readStates(reply[3].slice(0, length)), rest: reply[3].slice(length), replayed: true }
    }
    default: {
      const [at, states, ...parents] = reply
      return { at, jobs: readStates(states, parents), rest, replayed: false }
    }
  }
}

function readStates (text: string, parents: string[] = []): Created['jobs'] {
  const jobs: Created['jobs'] = []
  let failed = 0
  for (let at = 0; at < text.length; at += 1 + ID_LENGTH) {
    const state = STATES[text[at]!]!
    jobs.push({ state, id: text.slice(at + 1, at + 1 + ID_LENGTH), parent: state === 'cancelled' ? parents[failed++] : undefined })
  }
  return jobs
}

/** A job as lua/lib/create.lua has it. */
export function itemArgs (spec: JobSpec, { id, record, due }: Entry): string[] {
  return [spec.queue ?? DEFAULT_QUEUE, id, record, due, uniqueArg(spec), parentsArg(spec), spec.callback_url === undefined ? '' : '1']
}

const CONFLICTS: Record<Required<Unique>['on_conflict'], string> = { return: 'r', reject: 'j', replace: 'p' }

function uniqueArg ({ unique }: JobSpec): string {
  if (!unique) return ''
  const { key, until, on_conflict } = { ...DEFAULTS.unique, ...unique }
  const held = typeof until === 'number' ? Math.max(1, Math.round(until * 1000)) : until[0]
  return `${CONFLICTS[on_conflict]} ${held} ${createHash('sha256').update(key).digest('base64url').slice(0, ID_LENGTH)}`
}

function parentsArg ({ depends_on, on_parent_failure = DEFAULTS.on_parent_failure }: JobSpec): string {
  return depends_on ? on_parent_failure[0]! + depends_on.map(fromUuid).join('') : ''
}
