import assert from 'node:assert/strict'
import { NoParentError, QueueFullError, UniqueKeyTakenError } from '../../src/queue/errors.ts'
import { fromUuid, toUuid } from '../../src/queue/ids.ts'
import type { JobSpec } from '../../src/queue/job.ts'
import { verify } from './reference-check.ts'
import { specOf } from './reference-commands.ts'
import type { Submission } from './reference-commands.ts'
import type { OnConflict, Refusal, Until, Verdict, Wish } from './reference-conditions.ts'
import { newJob } from './reference-job.ts'
import type { ModelJob, Place } from './reference-job.ts'
import type { Model } from './reference-model.ts'
import { handedOver } from './reference-real.ts'
import type { Command, Real } from './reference-real.ts'

// More commands as in reference-commands.ts: submits with conditions, and what is done to a queue as a whole.

export interface Conditional extends Submission {
  unique?: { key: string, until: Until, on_conflict: OnConflict } | undefined
  /** the nth of all jobs that there have been */
  parents: number[]
  runsAnyway: boolean
  callback: boolean
}

export class Create implements Command {
  readonly jobs: Conditional[]
  constructor (jobs: Conditional[]) { this.jobs = jobs }
  check (): boolean { return true }
  async run (model: Model, real: Real): Promise<void> {
    const known = model.jobs.filter(({ id }) => id !== '')
    const wishes = this.jobs.map(({ when, unique, parents, expires, ...job }): Wish => {
      const ids = known.length === 0 ? [] : [...new Set(parents.map(nth => known[nth % known.length]!.id))]
      return { job: newJob({ ...job, id: '', expires, parents: ids, later: when === 'later' }), ...(unique && { unique }) }
    })
    const specs = this.jobs.map((job, i): JobSpec => {
      const parents = wishes[i]!.job.parents
      return { ...specOf(job), ...(job.unique && { unique: job.unique }), ...(job.callback && { callback_url: 'https://example.org/ends' }), ...(parents.length > 0 && { depends_on: parents.map(toUuid), on_parent_failure: job.runsAnyway ? 'run' : 'cancel' }) }
    })
    const kept = await real.engine.queue.createAll(specs).then(({ jobs }) => jobs, readRefusal)
    if (Array.isArray(kept)) kept.forEach(({ id, existing }, i) => { if (!existing) wishes[i]!.job.id = fromUuid(id) })
    const expected = model.create(wishes)
    if (Array.isArray(kept) && Array.isArray(expected)) {
      assert.deepEqual(kept.map(({ id, status, existing }) => existing ? fromUuid(id) : status), expected.map(asAnswered))
    } else {
      assert.deepEqual(kept, expected)
    }
    await handedOver(model, real)
    await verify(model, real)
  }

  toString (): string {
    return `create ${this.jobs.map(({ priority, when, unique, parents, runsAnyway, expires, callback }) =>
      [priority, when, unique ? `${unique.key}/${unique.until}/${unique.on_conflict}` : '', parents.length > 0 ? `after ${parents} ${runsAnyway ? '(anyway)' : ''}` : '', expires ? 'expires' : '', callback ? 'calls back' : ''].join(' ').trim()).join('; ')}`
  }
}

function asAnswered (verdict: Verdict): string {
  return verdict.becomes === 'existing' ? verdict.holder : verdict.becomes
}

function readRefusal (error: unknown): Refusal {
  if (error instanceof QueueFullError) return 'full'
  if (error instanceof NoParentError) return { noParent: [error.index, error.parent] }
  if (error instanceof UniqueKeyTakenError) return { taken: error.index, holder: error.holder, sibling: error.sibling }
  throw error
}

/** The time of the nth job that expires has come. */
export class Lapse implements Command {
  readonly nth: number
  constructor (nth: number) { this.nth = nth }
  check (): boolean { return true }
  async run (model: Model, real: Real): Promise<void> {
    const jobs = model.jobs.filter(({ expires }) => expires !== undefined && expires !== false)
    const job = jobs[this.nth % jobs.length]
    if (!job) return
    const at = real.clock++
    job.expires = at
    const { redis, key } = real.engine
    assert.equal(await redis.zadd(key(':expiring'), 'XX', 'CH', at, job.id), 1)
    await verify(model, real)
  }

  toString (): string { return `expiring ${this.nth} expires` }
}

export class Pause implements Command {
  readonly on: boolean
  constructor (on: boolean) { this.on = on }
  check (): boolean { return true }
  async run (model: Model, real: Real): Promise<void> {
    await real.engine.queue[this.on ? 'pause' : 'resume']('default')
    model.pause(this.on)
    await handedOver(model, real)
    await verify(model, real)
  }

  toString (): string { return this.on ? 'pause' : 'resume' }
}

export class Limit implements Command {
  readonly max: number
  constructor (max: number) { this.max = max }
  check (): boolean { return true }
  async run (model: Model, real: Real): Promise<void> {
    const { redis, key } = real.engine
    if (this.max === Infinity) await redis.hdel(key(':settings'), 'max_length')
    else await redis.hset(key(':settings'), 'max_length', this.max)
    model.maxLength = this.max
  }

  toString (): string { return `max_length ${this.max}` }
}

export type PurgeStatus = 'blocked' | 'queued' | 'scheduled' | 'retrying' | 'completed' | 'failed' | 'cancelled'
const PLACES: Record<PurgeStatus, Place> = { blocked: 'blocked', queued: 'ready', scheduled: 'scheduled', retrying: 'retrying', completed: 'completed', failed: 'dead', cancelled: 'cancelled' }

export class Purge implements Command {
  readonly status: PurgeStatus
  constructor (status: PurgeStatus) { this.status = status }
  // The order in which jobs of a sorted set go is not the model's; it shows when several of them free children.
  check ({ jobs }: Readonly<Model>): boolean {
    const freeing = jobs.filter(job => job.place === PLACES[this.status] && jobs.some(child => waitsForIt(child, job)))
    return this.status === 'queued' || freeing.length < 2
  }

  async run (model: Model, real: Real): Promise<void> {
    const { purged, more } = await real.engine.queue.purge('default', [this.status])
    assert.deepEqual([purged[this.status], more], [model.purge(PLACES[this.status]), false])
    await handedOver(model, real)
    await verify(model, real)
  }

  toString (): string { return `purge ${this.status}` }
}

function waitsForIt ({ place, waitsFor, runsAnyway }: ModelJob, { id }: ModelJob): boolean {
  return place === 'blocked' && runsAnyway && waitsFor.includes(id)
}
