import type { Redis } from 'ioredis'
import { Slots } from '../schedule/slots.ts'
import type { Timing } from '../schedule/slots.ts'
import { QueueUnavailableError, TooManySchedulesError } from './errors.ts'
import { newId, toUuid } from './ids.ts'
import type { JobSpec } from './job.ts'
import type { Keys } from './keys.ts'
import { ask, redisTime, run } from './scripts.ts'

/** So many schedules there may be. */
export const MAX_SCHEDULES = 1000
const MAX_TRIES = 20

/** What somebody says of a schedule. */
export interface ScheduleSpec {
  timing: Timing
  /** what its jobs are, all but the input */
  job: JobSpec
  /** JSON text of the input of its jobs; '' for none */
  input: string
  /** what becomes of slots that could not be fired in time; default `one` */
  missed?: 'skip' | 'one'
  /** whether a slot may begin while the job of the slot before has not ended; default `allow` */
  overlap?: 'allow' | 'skip'
}

export type SkipReason = 'missed' | 'overlap' | 'queue_full' | 'unique_key' | 'invalid_input'

/** A schedule and what it has done. Times are ms, ids UUIDs. */
export interface Schedule extends Required<ScheduleSpec> {
  name: string
  /** of what it is: another after each change */
  version: string
  paused: boolean
  next_slot?: number
  last_slot?: number
  last_job_id?: string
  fired: number
  /** slots that made no job */
  skipped: number
  last_skip?: { slot: number, reason: SkipReason }
  created_at: number
  updated_at: number
}

export type PutResult = 'created' | 'changed' | 'same'

/** What makes jobs by itself: here schedules are made, changed and read; firing.ts fires them. */
export class Schedules {
  readonly #redis: Redis
  readonly #keys: Keys

  constructor (redis: Redis, keys: Keys) {
    this.#redis = redis
    this.#keys = keys
  }

  /**
   * Creates a schedule or replaces what it is. Rejects with a TooManySchedulesError or a QueueUnavailableError, and with an Error
   * when its timing cannot be computed.
   * @param paused whether it is to fire nothing; default: as it is, and a new one is not
   */
  async put (name: string, { timing, job, input, missed = 'one', overlap = 'allow' }: ScheduleSpec, paused?: boolean): Promise<PutResult> {
    const next = new Slots(timing).after(await this.now())
    const spec = JSON.stringify({ timing, job, missed, overlap })
    const args = [name, newId(), spec, input, JSON.stringify(timing), next ?? '', paused === undefined ? '' : Number(paused), MAX_SCHEDULES]
    const result = await run(this.#redis, 'schedule', this.#keysOf(name), args) as PutResult | 'too_many'
    if (result === 'too_many') throw new TooManySchedulesError(MAX_SCHEDULES)
    return result
  }

  /** Undefined when there is none. */
  async get (name: string): Promise<Schedule | undefined> {
    return decode(name, await ask(this.#redis.hgetall(this.#keys.schedule(name))))
  }

  /** By name, those after one. */
  async list (limit: number, after = ''): Promise<{ items: Schedule[], next_cursor: string | null }> {
    const names = (await ask(this.#redis.smembers(this.#keys.schedules))).filter(name => name > after).sort()
    const page = names.slice(0, limit)
    const items = await Promise.all(page.map(name => this.get(name)))
    return { items: items.filter(schedule => schedule !== undefined), next_cursor: names.length > page.length ? page.at(-1)! : null }
  }

  /** How many slots of each schedule made a job, and how many did not. */
  async totals (): Promise<Map<string, { fired: number, skipped: number }>> {
    const names = (await ask(this.#redis.smembers(this.#keys.schedules))).sort()
    const counts = await Promise.all(names.map(name => ask(this.#redis.hmget(this.#keys.schedule(name), 'fired', 'skipped'))))
    return new Map(names.map((name, i) => [name, { fired: Number(counts[i]![0]), skipped: Number(counts[i]![1]) }]))
  }

  /** Whether there is such a schedule. It fires no slot from now on. */
  async pause (name: string): Promise<boolean> {
    return await run(this.#redis, 'switch', this.#keysOf(name), [name, 'pause']) === 1
  }

  /** Whether there is such a schedule. It goes on with the first slot from now. */
  async resume (name: string): Promise<boolean> {
    for (let tries = 0; tries < MAX_TRIES; tries++) {
      const schedule = await this.get(name)
      if (!schedule) return false
      const next = new Slots(schedule.timing).after(await this.now())
      if (await run(this.#redis, 'switch', this.#keysOf(name), [name, 'resume', schedule.version, next ?? '']) === 1) return true
    }
    throw new QueueUnavailableError(`Too many others change the schedule ${name}`)
  }

  /** Whether there was such a schedule. */
  async remove (name: string): Promise<boolean> {
    return await run(this.#redis, 'switch', this.#keysOf(name), [name, 'delete']) === 1
  }

  /** Up to five of its next slots; of a paused one those that it would have if it were resumed now. */
  async nextTimes ({ timing, paused, next_slot }: Schedule): Promise<number[]> {
    if (!paused && next_slot === undefined) return []
    return new Slots(timing).several(next_slot === undefined ? await this.now() : next_slot - 1, 5)
  }

  /** The time of Redis, ms. */
  async now (): Promise<number> {
    return await redisTime(this.#redis)
  }

  #keysOf (name: string): string[] {
    return [this.#keys.schedule(name), this.#keys.schedules, this.#keys.schedulesDue]
  }
}

function decode (name: string, fields: Record<string, string>): Schedule | undefined {
  const { version, spec, input } = fields
  if (version === undefined || spec === undefined || input === undefined) return undefined
  const time = (text: string | undefined) => text ? Number(text) : undefined
  return {
    name,
    version,
    ...JSON.parse(spec) as Omit<Required<ScheduleSpec>, 'input'>,
    input,
    paused: fields.paused === '1',
    next_slot: time(fields.next),
    last_slot: time(fields.last),
    last_job_id: fields.last_job && toUuid(fields.last_job),
    fired: Number(fields.fired ?? 0),
    skipped: Number(fields.skipped ?? 0),
    last_skip: fields.skipped_slot ? { slot: Number(fields.skipped_slot), reason: fields.skipped_why as SkipReason } : undefined,
    created_at: Number(fields.created_at),
    updated_at: Number(fields.updated_at)
  }
}
