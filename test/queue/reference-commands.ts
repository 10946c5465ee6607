import assert from 'node:assert/strict'
import { isDeepStrictEqual } from 'node:util'
import type { Action } from '../../src/queue/control.ts'
import { NotEditableError, QueueFullError } from '../../src/queue/errors.ts'
import type { JobSpec, Priority } from '../../src/queue/job.ts'
import { fromUuid, toUuid } from '../../src/queue/ids.ts'
import type { Settlement } from '../../src/queue/lease.ts'
import { HOUR_MS } from '../helper/engine.ts'
import { verify } from './reference-check.ts'
import { entryOf } from './reference-job.ts'
import type { ModelSettlement } from './reference-job.ts'
import type { Model } from './reference-model.ts'
import { compareLeases, handedOver } from './reference-real.ts'
import type { Command, Real, Worker } from './reference-real.ts'

// Each command does the same to the model and to the real engine and compares what they answer; `verify` then compares all
// that they hold.

export interface Submission { priority: Priority, when: 'now' | 'past' | 'later', input: string, expires: boolean }

export function specOf ({ priority, when, input, expires }: Submission): JobSpec {
  return { task: 'x', priority, input, ...(when === 'past' && { run_at: 1 }), ...(when === 'later' && { delay_ms: HOUR_MS }), ...(expires && { ttl_ms: 2 * HOUR_MS }) }
}

export class Submit implements Command {
  readonly jobs: Submission[]
  constructor (jobs: Submission[]) { this.jobs = jobs }
  check (): boolean { return true }
  async run (model: Model, real: Real): Promise<void> {
    const room = Math.max(0, Math.min(model.room, this.jobs.length))
    const kept = await Promise.all(this.jobs.map(job => real.engine.queue.submit(specOf(job)).catch(error => {
      if (error instanceof QueueFullError) return { status: 'refused', id: '' }
      throw error
    })))
    assert.deepEqual(kept.map(({ status }) => status), this.jobs.map(({ when }, i) => i >= room ? 'refused' : when === 'later' ? 'scheduled' : 'queued'))
    if (room > 0) model.submit(this.jobs.slice(0, room).map((job, i) => ({ ...job, id: fromUuid(kept[i]!.id) })))
    else model.leased = []
    await handedOver(model, real)
    await verify(model, real)
  }

  toString (): string { return `submit ${this.jobs.map(({ priority, when }) => `${priority}/${when}`).join(' ')}` }
}

export class Push implements Command {
  readonly priority: Priority
  readonly entry: string
  constructor (priority: Priority, entry: string) { this.priority = priority; this.entry = entry }
  check (): boolean { return true }
  async run (model: Model, real: Real): Promise<void> {
    const suffix = this.priority === 'normal' ? '' : `:${this.priority}`
    await real.engine.redis.rpush(real.engine.key(suffix), this.entry)
    model.push(this.entry, this.priority)
    await verify(model, real)
  }

  toString (): string { return `push ${this.priority} ${JSON.stringify(this.entry)}` }
}

/** Which lease a settlement names: the nth that the worker has, or the nth that anybody ever had. */
export interface Choice { kind: ModelSettlement['kind'], own: boolean, nth: number }

function choose (model: Model, real: Real, worker: Worker, { own, nth }: Choice): { id: string, token: string } | undefined {
  const from = own ? model.heldBy(worker).map(({ id, token }) => ({ id, token: token! })) : real.leases
  return from[nth % from.length]
}

export class Turn implements Command {
  readonly worker: Worker
  readonly choices: Choice[]
  readonly max: number
  readonly park: boolean
  constructor (worker: Worker, choices: Choice[], max: number, park: boolean) {
    this.worker = worker
    this.choices = choices
    this.max = max
    this.park = park
  }

  check (): boolean { return true }
  async run (model: Model, real: Real): Promise<void> {
    const settlements: Settlement[] = []
    for (const choice of this.choices) {
      const lease = choose(model, real, this.worker, choice)
      if (!lease) continue
      const { id, token } = lease
      if (choice.kind === 'complete') settlements.push({ kind: 'complete', id, token, result: `"${token}"` })
      else if (choice.kind === 'retry') settlements.push({ kind: 'retry', id, token, delay_ms: HOUR_MS, failure: { reason: 'failed', message: 'no' } })
      else if (choice.kind === 'dead') settlements.push({ kind: 'dead', id, token, failure: { reason: 'failed', message: 'no' } })
      else if (choice.kind === 'put_off') settlements.push({ kind: 'put_off', id, token, delay_ms: HOUR_MS })
      else settlements.push({ kind: 'release', id, token })
    }
    const result = await real.workers[this.worker].turn({ settlements, max: this.max, park: this.park, parked: real.notes[this.worker] })
    const settled = model.turn(this.worker, settlements, this.max, this.park)
    assert.deepEqual(result.settled, settled, 'settlements that count')
    settlements.forEach(({ kind, id, token }, i) => {
      if (settled[i] && kind === 'complete') model.byId(id)!.result = `"${token}"`
    })
    compareLeases(real, result.leased, model.leased.filter(({ handed }) => !handed))
    assert.equal(result.parked !== '', model.notes.has(this.worker), 'parked')
    real.notes[this.worker] = result.parked
    assert.equal(result.due_in_ms !== undefined, model.someDue, 'knows when the next is due')
    await handedOver(model, real)
    await verify(model, real)
  }

  toString (): string {
    const choices = this.choices.map(({ kind, own, nth }) => `${kind} ${own ? 'own' : 'any'} ${nth}`).join(', ')
    return `${this.worker} turns: [${choices}], leases ${this.max}${this.park ? ', parks' : ''}`
  }
}

export class Heartbeat implements Command {
  readonly worker: Worker
  constructor (worker: Worker) { this.worker = worker }
  check (): boolean { return true }
  async run (model: Model, real: Real): Promise<void> {
    const { held } = await real.workers[this.worker].heartbeat()
    model.heartbeat(this.worker)
    assert.deepEqual([...held].sort(), model.heldBy(this.worker).map(({ id, token }) => [id, token]).sort())
    await verify(model, real)
  }

  toString (): string { return `${this.worker} beats` }
}

export class Progress implements Command {
  readonly worker: Worker
  readonly choice: Choice
  readonly percent: number
  constructor (worker: Worker, choice: Choice, percent: number) { this.worker = worker; this.choice = choice; this.percent = percent }
  check (): boolean { return true }
  async run (model: Model, real: Real): Promise<void> {
    const lease = choose(model, real, this.worker, this.choice)
    if (!lease) return
    const noted = await real.workers[this.worker].progress(lease.id, lease.token, this.percent)
    assert.equal(noted, model.progress(this.worker, lease.id, lease.token, this.percent))
    await verify(model, real)
  }

  toString (): string { return `${this.worker} notes ${this.percent} % of ${this.choice.own ? 'own' : 'any'} ${this.choice.nth}` }
}

/** Nobody renews the worker's leases for as long as they last. */
export class Expire implements Command {
  readonly worker: Worker
  constructor (worker: Worker) { this.worker = worker }
  check (): boolean { return true }
  async run (model: Model, real: Real): Promise<void> {
    const { redis, key } = real.engine
    if (await redis.zscore(key(':active'), this.worker) === null) return
    const at = real.clock++
    await redis.zadd(key(':active'), 'XX', at, this.worker)
    model.expired.set(this.worker, at)
    await verify(model, real)
  }

  toString (): string { return `the leases of ${this.worker} run out` }
}

export class Sweep implements Command {
  check (): boolean { return true }
  async run (model: Model, real: Real): Promise<void> {
    const swept = await real.engine.sweep({ max_lost: real.maxLost })
    assert.deepEqual(swept, { ...model.sweep(), forgotten: 0 })
    await handedOver(model, real)
    await verify(model, real)
  }

  toString (): string { return 'sweep' }
}

/** Time passes until the nth waiting job is due. */
export class Due implements Command {
  readonly nth: number
  constructor (nth: number) { this.nth = nth }
  check (): boolean { return true }
  async run (model: Model, real: Real): Promise<void> {
    const waiting = [...model.in('scheduled'), ...model.in('retrying')]
    const job = waiting[this.nth % waiting.length]
    if (!job) return
    job.due = real.clock++
    const { redis, key } = real.engine
    await redis.zadd(key(`:${job.place}`), 'XX', job.due, job.priority[0]! + entryOf(job))
    await verify(model, real)
  }

  toString (): string { return `waiting ${this.nth} becomes due` }
}

export class Redrive implements Command {
  readonly which: { limit: number } | { nths: number[], unknown: boolean }
  constructor (which: { limit: number } | { nths: number[], unknown: boolean }) { this.which = which }
  check (): boolean { return true }
  async run (model: Model, real: Real): Promise<void> {
    let redriven, expected
    if ('limit' in this.which) {
      redriven = await real.engine.queue.redrive('default', this.which)
      expected = model.redrive(this.which)
    } else {
      // Of all jobs, dead or not.
      const known = model.jobs.filter(({ id }) => id !== '')
      const ids = this.which.nths.flatMap(nth => known[nth % known.length]?.id ?? [])
      if (this.which.unknown) ids.push('AZXk0000cAC0000000000A')
      if (ids.length === 0) return
      redriven = await real.engine.queue.redrive('default', { ids: ids.map(toUuid) })
      expected = model.redrive({ ids })
    }
    assert.deepEqual(redriven, { redriven: expected.redriven, remaining: model.in('dead').length, not_found: expected.missing.map(toUuid) })
    await handedOver(model, real)
    await verify(model, real)
  }

  toString (): string { return `redrive ${JSON.stringify(this.which)}` }
}

/** An action on jobs, whatever they are at. */
export class Control implements Command {
  readonly action: Action
  readonly nths: number[]
  constructor (action: Action, nths: number[]) { this.action = action; this.nths = nths }
  check (): boolean { return true }
  async run (model: Model, real: Real): Promise<void> {
    const known = model.jobs.filter(({ id }) => id !== '')
    if (known.length === 0) return
    const jobs = this.nths.map(nth => known[nth % known.length]!)
    const results = await real.engine.queue.control('default', this.action, jobs.map(({ id }) => toUuid(id)))
    assert.deepEqual(results, model.control(this.action, jobs))
    await handedOver(model, real)
    await verify(model, real)
  }

  toString (): string { return `${this.action} ${this.nths}` }
}

/** What is to become of a job, wherever it is. */
export interface Changes { priority?: Priority | undefined, input?: string | undefined, when?: 'now' | 'later' | undefined }

export class Edit implements Command {
  readonly nth: number
  readonly changes: Changes
  constructor (nth: number, changes: Changes) { this.nth = nth; this.changes = changes }
  check (): boolean { return true }
  async run (model: Model, real: Real): Promise<void> {
    const known = model.jobs.filter(({ id, entry }) => id !== '' && (entry === undefined || isTask(entry)))
    const job = known[this.nth % known.length]
    if (!job) return
    const { priority, input, when } = this.changes
    const change = { ...(priority && { priority }), ...(input && { input }), ...(when === 'now' && { run_at: 1 }), ...(when === 'later' && { delay_ms: HOUR_MS }) }
    const before = await real.engine.queue.get(toUuid(job.id))
    const edited = await real.engine.queue.edit(toUuid(job.id), () => change).catch(error => {
      if (error instanceof NotEditableError) return 'refused'
      throw error
    })
    assert.equal(typeof edited === 'object' ? 'edited' : edited ?? 'unknown', model.edit(job, this.changes))
    if (typeof edited === 'object') {
      // An idle worker may have got it in the same step.
      if (edited.status !== 'active') assert.equal(edited.status, { blocked: 'blocked', ready: 'queued', scheduled: 'scheduled', retrying: 'retrying' }[job.place as string])
      assert.deepEqual([edited.priority, edited.input], [job.priority, input ?? before!.input])
    }
    const after = await real.engine.queue.get(toUuid(job.id))
    if (typeof edited === 'object') assert.deepEqual(after, edited)
    else assert.deepEqual(after, before)
    assert.equal(after?.version === before?.version, isDeepStrictEqual(after, before), 'the version changes with the job, and only then')
    await handedOver(model, real)
    await verify(model, real)
  }

  toString (): string { return `edit ${this.nth} ${JSON.stringify(this.changes)}` }
}

/** Whether a foreign entry is a job, and not to be dead-lettered. */
function isTask (entry: string): boolean {
  try {
    return typeof JSON.parse(entry).task === 'string'
  } catch {
    return false
  }
}

export class DeadLetters implements Command {
  readonly limit: number
  constructor (limit: number) { this.limit = limit }
  check (): boolean { return true }
  async run (model: Model, real: Real): Promise<void> {
    const ids: string[] = []
    let cursor: string | null | undefined
    do {
      const page = await real.engine.queue.deadLetters('default', this.limit, cursor ?? undefined)
      assert(page.items.length <= this.limit)
      assert(page.items.every(({ status }) => status === 'failed'))
      ids.push(...page.items.map(({ id }) => fromUuid(id)))
      cursor = page.next_cursor
    } while (cursor !== null)
    assert.deepEqual(ids, model.deadOldestFirst().reverse().map(({ id }) => id))
    await verify(model, real)
  }

  toString (): string { return `pages of ${this.limit} dead letters` }
}

/** A worker subscribes, or goes away without a word and leaves what it parked. */
export class Listen implements Command {
  readonly worker: Worker
  readonly on: boolean
  constructor (worker: Worker, on: boolean) { this.worker = worker; this.on = on }
  check (): boolean { return true }
  async run (model: Model, real: Real): Promise<void> {
    const { channel } = real.workers[this.worker]
    if (this.on) await real.subscriber.subscribe(channel)
    else await real.subscriber.unsubscribe(channel)
    model.listening[this.on ? 'add' : 'delete'](this.worker)
  }

  toString (): string { return `${this.worker} ${this.on ? 'listens' : 'is deaf'}` }
}

/** One job, as its submitter sees it. */
export class Read implements Command {
  readonly nth: number
  constructor (nth: number) { this.nth = nth }
  check (): boolean { return true }
  async run (model: Model, real: Real): Promise<void> {
    const known = model.jobs.filter(({ id }) => id !== '')
    const job = known[this.nth % known.length]
    if (!job) return
    const seen = await real.engine.queue.get(toUuid(job.id))
    if (job.place === 'forgotten') return assert.equal(seen, undefined)
    const status = { blocked: 'blocked', kept: 'completed', ready: 'queued', scheduled: 'scheduled', retrying: 'retrying', held: 'active', completed: 'completed', dead: 'failed', cancelled: 'cancelled' }[job.place]
    assert(seen)
    const { attempt, lost, errors, result, progress, worker } = seen
    assert.deepEqual(
      { status: seen.status, attempt, lost, errors: errors.map(error => `${error.attempt} ${error.reason}`), result, percent: progress?.percent },
      { status, attempt: job.place === 'held' ? job.failed + 1 : job.failed, lost: job.lost, errors: job.errors, result: job.result, percent: job.progress })
    if (status === 'active') assert.equal(worker, job.worker)
  }

  toString (): string { return `read ${this.nth}` }
}
