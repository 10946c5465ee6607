import type { Redis } from 'ioredis'
import { Slots } from '../schedule/slots.ts'
import { itemArgs } from './create.ts'
import { idOf, toUuid } from './ids.ts'
import type { JobSpec } from './job.ts'
import { DEFAULT_QUEUE } from './keys.ts'
import type { Keys } from './keys.ts'
import { entryOf } from './queue.ts'
import type { Schedule, Schedules, SkipReason } from './schedules.ts'
import { run } from './scripts.ts'

/** So late a slot is still fired, and so long one is tried again whose queue is full: the contract's. */
export const GRACE_MS = 60_000
/** Given out at once: so much work is between two looks. */
const MAX_GIVEN = 100
/** A schedule that was given out is given out again after this: to whoever it was given, it may have died, or the queue is full. */
const AGAIN_MS = 1000
/** More slots that were missed together are not counted. */
const MAX_COUNTED = 100

/** A schedule that was due at a time (ms), as lua/slots.lua gives it out. */
export interface Due { name: string, version: string, slot: number, at: number }

/** What became of a slot. */
export interface Fired {
  name: string
  slot: number
  /** between the slot and its firing */
  late_ms: number
  /** UUID of the job, when there is one */
  job?: string
  /** why there is none */
  reason?: SkipReason
  /** slots that were skipped, this one included */
  skipped: number
}

/** Completes a job with what its queue's settings say, and says whether its input fits. */
export type Settle = (spec: JobSpec, input: unknown) => boolean

interface Known { version: string, schedule: Schedule, slots: Slots }

/** Fires the slots of schedules. Any number of processes may do it: each slot makes one job. */
export class Firing {
  readonly #redis: Redis
  readonly #keys: Keys
  readonly #schedules: Schedules
  readonly #settle: Settle
  /** By name, those that were due before. */
  readonly #known = new Map<string, Known>()

  constructor (redis: Redis, keys: Keys, schedules: Schedules, settle: Settle) {
    this.#redis = redis
    this.#keys = keys
    this.#schedules = schedules
    this.#settle = settle
  }

  /** Schedules that are due, at most 100, each for whoever asks first; and in how many ms the next one is, undefined if none is. */
  async due (): Promise<{ given: Due[], next_ms: number | undefined }> {
    const [given, next_ms, at] = await run(this.#redis, 'slots', [this.#keys.schedulesDue], [MAX_GIVEN, AGAIN_MS]) as [[string, string, string][], number, number]
    return { given: given.map(([name, version, slot]) => ({ name, version, slot: Number(slot), at })), next_ms: next_ms < 0 ? undefined : next_ms }
  }

  /** Fires all slots of a schedule that have come. Throws an Error when its timing cannot be computed here. */
  async fire ({ name, version, slot, at }: Due): Promise<Fired[]> {
    const known = await this.#read(name, version)
    if (!known) return []
    const done: Fired[] = []
    let [now, current]: [number, number | undefined] = [at, slot]
    while (current !== undefined && current <= now) {
      const { outcome, at, next } = await this.#fireOne(known, current, now)
      if (!outcome) break
      done.push(outcome);
      [now, current] = [at, next]
    }
    return done
  }

  async #fireOne (known: Known, slot: number, now: number): Promise<{ outcome?: Fired, at: number, next?: number }> {
    const { schedule: { missed }, slots } = known
    if (now - slot <= GRACE_MS) return await this.#call(known, slot, slots.after(slot))
    // Missed: the schedule goes on with the first that is not.
    let others = 0
    for (let other = slots.after(slot); other !== undefined && other < now - GRACE_MS && others < MAX_COUNTED - 1; other = slots.after(other)) others++
    return await this.#call(known, slot, slots.after(now - GRACE_MS - 1), missed === 'skip' ? 'missed' : undefined, others)
  }

  async #call (known: Known, slot: number, next: number | undefined, reason?: SkipReason, others = 0): Promise<{ outcome?: Fired, at: number, next?: number }> {
    const { schedule: { name, version, job, input, overlap } } = known
    const spec: JobSpec = { ...job, input: input === '' ? undefined : input, schedule: { name, slot } }
    if (!reason && !this.#settle(spec, input === '' ? undefined : JSON.parse(input))) reason = 'invalid_input'
    const entry = entryOf(spec, idOf(`${name} ${version}`, slot))
    const queue = spec.queue ?? DEFAULT_QUEUE
    const keys = [...this.#keys.of(queue), this.#keys.schedule(name), this.#keys.schedulesDue]
    const args = [queue, name, version, slot, next ?? '', overlap === 'skip' ? 1 : '', reason ?? '', others, ...itemArgs(spec, entry)]
    const [what, at, why] = await run(this.#redis, 'fire', keys, args) as ['fired' | 'skipped' | 'full' | 'stale' | 'early', number, SkipReason]
    // The next try would come too late.
    if (what === 'full' && at - slot + AGAIN_MS > GRACE_MS) return await this.#call(known, slot, next, 'queue_full', others)
    if (what !== 'fired' && what !== 'skipped') return { at }
    const outcome = what === 'fired' ? { job: toUuid(entry.id), skipped: others } : { reason: why, skipped: others + 1 }
    return { outcome: { name, slot, late_ms: at - slot, ...outcome }, at, next }
  }

  /** A schedule as it is in this version; undefined when it has been changed since. */
  async #read (name: string, version: string): Promise<Known | undefined> {
    let known = this.#known.get(name)
    if (known?.version !== version) {
      const schedule = await this.#schedules.get(name)
      if (schedule?.version !== version) return undefined
      known = { version, schedule, slots: new Slots(schedule.timing) }
      // Names come and go.
      if (this.#known.size >= 2000) this.#known.clear()
      this.#known.set(name, known)
    }
    return known
  }
}
