import assert from 'node:assert/strict'
import type { AsyncCommand } from 'fast-check'
import type { Redis } from 'ioredis'
import { Leases } from '../../src/queue/lease.ts'
import type { Leased } from '../../src/queue/lease.ts'
import { decodeRecord } from '../../src/queue/record.ts'
import { parseToken } from '../../src/queue/token.ts'
import type { Engine } from '../helper/engine.ts'
import type { Expected, ModelJob } from './reference-job.ts'
import type { Model } from './reference-model.ts'

// The real engine under the model's commands, and what it leases against what the model says.

export const WORKERS = ['w1', 'w2', 'w3'] as const
export type Worker = typeof WORKERS[number]

/** The engine, and what its workers know. */
export class Real {
  readonly engine: Engine
  readonly workers: Record<Worker, Leases>
  readonly notes: Partial<Record<Worker, string>> = {}
  /** every lease that was ever given: also those that are stale by now */
  readonly leases: Array<{ worker: string, id: string, token: string }> = []
  readonly maxLost: number
  readonly subscriber: Redis
  /** for due times and ends of leases: each is later than the one before */
  clock = 1
  #inbox: Leased[] = []

  constructor (engine: Engine, subscriber: Redis, options: { maxLost: number, keepCompleted: number }) {
    this.engine = engine
    this.subscriber = subscriber
    this.maxLost = options.maxLost
    this.workers = Object.fromEntries(WORKERS.map(name => [name, engine.worker(name, { keep_completed: options.keepCompleted })])) as Record<Worker, Leases>
    subscriber.removeAllListeners('message')
    subscriber.on('message', (_channel: string, message: string) => {
      const handed = Leases.handed(message)
      if ('leased' in handed) this.#inbox.push(...handed.leased)
    })
  }

  /** What has been handed over; Redis answers the PING after all messages that it sent before. */
  async inbox (): Promise<Leased[]> {
    await this.subscriber.ping()
    return this.#inbox.splice(0)
  }
}

export type Command = AsyncCommand<Model, Real>

/** Compares leases with what the model says of them, and tells the model the ids and tokens. */
export function compareLeases (real: Real, leased: Leased[], expected: Expected[]): void {
  const inOrder = groupedByToken(expected)
  assert.deepEqual(
    leased.map(({ id, token }, i) => ({ id: inOrder[i]?.job.id === '' ? '' : id, attempt: parseToken(token).attempt, lost: parseToken(token).lost })),
    inOrder.map(({ job, attempt, lost }) => ({ id: job.id, attempt, lost })), 'leased other jobs, or in another order')
  leased.forEach(({ id, token, record }, i) => {
    const { job, worker } = inOrder[i]!
    compareRecord(id, record, job)
    assert(!real.leases.some(lease => lease.id === id && lease.token === token), 'an attempt has a token of its own')
    Object.assign(job, { id, token })
    real.leases.push({ worker, id, token })
  })
}

/** Jobs that share a token are leased next to each other. */
function groupedByToken (expected: Expected[]): Expected[] {
  const groups = new Map<string, Expected[]>()
  for (const item of expected) {
    const { worker, handed, attempt, lost, job } = item
    const group = [worker, handed, job.priority, job.history, job.moves, attempt, lost].join()
    groups.set(group, [...groups.get(group) ?? [], item])
  }
  return [...groups.values()].flat()
}

function compareRecord (id: string, record: string, job: ModelJob): void {
  const decoded = decodeRecord(id, record)
  assert.equal(decoded.priority, job.priority)
  if (job.entry === undefined) assert.equal(decoded.input, job.input)
  else if (decoded.not_a_job === undefined) assert.equal(decoded.task, JSON.parse(job.entry).task)
  else assert.equal(decoded.input, JSON.stringify(job.entry))
}

export async function handedOver (model: Model, real: Real): Promise<void> {
  compareLeases(real, await real.inbox(), model.leased.filter(({ handed }) => handed))
}
