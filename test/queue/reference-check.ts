import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { snapshot } from '../helper/snapshot.ts'
import type { Snapshot } from '../helper/snapshot.ts'
import type { Real } from './reference-real.ts'
import { entryOf, isJob } from './reference-job.ts'
import type { ModelJob } from './reference-job.ts'
import type { Model } from './reference-model.ts'
import { PRIORITIES } from './reference-places.ts'

/** The one that jobs hold for a time, whatever becomes of them. */
export const TIMED_KEY = 'timed'

/** Throws when what lies in Redis breaks a promise, or is not what the model holds. */
export async function verify (model: Model, real: Real): Promise<void> {
  const seen = await snapshot(real.engine)
  for (const job of model.in('dead')) job.deadAt = seen.dead.get(job.id)
  checkInvariants(seen)
  compare(model, seen)
  const stats = await real.engine.queue.stats('default')
  assert.deepEqual(stats?.totals, model.totals)
  const { blocked, queued, queued_by_priority, scheduled, retrying, active, completed, failed, cancelled } = stats!
  const count = (place: ModelJob['place']) => model.in(place).length
  assert.deepEqual({ blocked, queued, scheduled, retrying, active, completed, failed, cancelled }, {
    blocked: count('blocked'),
    queued: model.waiting,
    scheduled: count('scheduled'),
    retrying: count('retrying'),
    active: count('held'),
    completed: count('completed'),
    failed: count('dead'),
    cancelled: count('cancelled')
  })
  assert.deepEqual(queued_by_priority, Object.fromEntries(PRIORITIES.map(priority => [priority, model.ready[priority].filter(isJob).length])))
}

/** What must be true of any state, whatever has happened. */
function checkInvariants ({ ready, scheduled, retrying, held, completed, left, dead, cancelled, jobs, ties, outcomes, attempts, progress, blocked, parents, unique }: Snapshot): void {
  const idOf = (entry: string) => entry.slice(0, 22)
  const isCurrent = (entry: string) => jobs.has(idOf(entry)) && entry.slice(22) === (ties.get(idOf(entry)) ?? '|').split('|')[0]
  const queued = PRIORITIES.flatMap(priority => ready[priority]).filter(isCurrent).map(idOf)
  const leased = [...held.values()].flatMap(ids => [...ids.keys()])
  const unfinished = [...queued, ...blocked.keys(), ...[...scheduled, ...retrying].map(member => idOf(member.slice(1))), ...leased]
  const gone = new Map(left)
  const kept = [...parents].filter(([, count]) => count.includes('!')).map(([id]) => id)
  const ended = [...kept, ...completed.filter(id => !(Number(gone.get(id) ?? 0) > 0 && gone.set(id, `${Number(gone.get(id)) - 1}`))), ...dead.keys(), ...cancelled]
  const everywhere = [...unfinished, ...ended]
  assert.equal(new Set(everywhere).size, everywhere.length, 'a job is in two places')
  sameIds(jobs.keys(), everywhere, 'each job that is somewhere has a record, and the reverse')
  sameIds(outcomes.keys(), ended, 'outcomes are there for ended jobs and no others')
  for (const id of attempts.keys()) assert(unfinished.includes(id), 'a history of a job that has ended')
  for (const id of progress.keys()) assert(leased.includes(id), 'progress of a job that nobody runs')
  for (const [hash, id] of unique) assert(hash === hashOf(TIMED_KEY) || unfinished.includes(id), 'a unique key of a job that has ended')
  const tokens = [...held].flatMap(([worker, ids]) => [...ids].map(([id, token]) => `${worker} ${id} ${token}`))
  assert.equal(new Set(tokens).size, tokens.length)
}

function compare (model: Model, seen: Snapshot): void {
  for (const priority of PRIORITIES) {
    const expected = model.ready[priority].map(entry => isJob(entry) ? entryOf(entry) : entry.ghost)
    assert.deepEqual(seen.ready[priority], expected, `the ${priority} list`)
  }
  for (const place of ['scheduled', 'retrying'] as const) {
    sameIds(seen[place], model.in(place).map(job => job.priority[0] + entryOf(job)), place)
  }
  const held = [...seen.held].flatMap(([worker, ids]) => [...ids].map(([id, token]) => `${worker} ${id} ${token}`))
  sameIds(held, model.in('held').map(({ worker, id, token }) => `${worker} ${id} ${token}`), 'leases')
  assert.deepEqual(seen.completed, model.completed.map(entry => isJob(entry) ? entry.id : entry.ghost))
  sameIds(seen.cancelled, model.in('cancelled').map(({ id }) => id), 'cancelled jobs')
  sameIds(seen.dead.keys(), model.in('dead').map(({ id }) => id), 'dead letters')
  assert.deepEqual(seen.idle.map(entry => entry.split(' ')[0]), model.idle.map(({ worker }) => worker), 'parked workers')
  const state = ({ waitsFor, runsAnyway, later, priority }: ModelJob) => `${waitsFor.length} ${runsAnyway ? 'r' : 'c'} ${later ? 'later' : '0'} ${priority[0]}`
  sameIds([...seen.blocked].map(([id, text]) => `${id} ${text.replace(/ [1-9]\d* /, ' later ')}`), model.in('blocked').map(job => `${job.id} ${state(job)}`), 'blocked jobs')
  sameIds([...seen.parents].map(pair => pair.join(' ')), [...model.conditions.children].map(([id, count]) => `${id} ${count}${model.byId(id)!.place === 'kept' ? '!default' : ''}`), 'parents')
  sameIds([...seen.unique].map(pair => pair.join(' ')), [...model.conditions.keys].map(([key, { holder }]) => `${hashOf(key)} ${holder}`), 'unique keys')
  sameIds(seen.ends, model.ends, 'ends that callbacks are told')
  sameIds([...seen.progress.keys()], model.jobs.filter(job => job.progress !== undefined).map(({ id }) => id), 'progress')
  const unfinished = model.jobs.filter(({ place, history }) => history && ['ready', 'scheduled', 'retrying', 'held'].includes(place))
  sameIds([...seen.attempts].map(([id, entry]) => `${id} ${entry.split('\n', 1)[0]}`), unfinished.map(({ id, failed, lost }) => `${id} ${failed} ${lost}`), 'attempts')
}

/** As it stands in Redis. */
function hashOf (key: string): string {
  return createHash('sha256').update(key).digest('base64url').slice(0, 22)
}

function sameIds (seen: Iterable<string>, expected: Iterable<string>, what: string): void {
  assert.deepEqual([...seen].sort(), [...expected].sort(), what)
}
