import assert from 'node:assert/strict'
import type { Priority } from '../../src/queue/job.ts'
import { snapshot } from '../helper/snapshot.ts'
import type { Snapshot } from '../helper/snapshot.ts'
import type { Real } from './reference-commands.ts'
import { entryOf, isJob } from './reference-model.ts'
import type { Model, ModelJob } from './reference-model.ts'

const PRIORITIES: Priority[] = ['high', 'normal', 'low']

/** Throws when what lies in Redis breaks a promise, or is not what the model holds. */
export async function verify (model: Model, real: Real): Promise<void> {
  const seen = await snapshot(real.engine)
  for (const job of model.in('dead')) job.deadAt = seen.dead.get(job.id)
  checkInvariants(seen)
  compare(model, seen)
  const stats = await real.engine.queue.stats('default')
  assert.deepEqual(stats?.totals, model.totals)
  const { queued, queued_by_priority, scheduled, retrying, active, completed, failed, cancelled } = stats!
  const count = (place: ModelJob['place']) => model.in(place).length
  assert.deepEqual({ queued, scheduled, retrying, active, completed, failed, cancelled }, {
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
function checkInvariants ({ ready, scheduled, retrying, held, completed, left, dead, cancelled, jobs, ties, outcomes, attempts, progress }: Snapshot): void {
  const idOf = (entry: string) => entry.slice(0, 22)
  const isCurrent = (entry: string) => jobs.has(idOf(entry)) && entry.slice(22) === (ties.get(idOf(entry)) ?? '|').split('|')[0]
  const queued = PRIORITIES.flatMap(priority => ready[priority]).filter(isCurrent).map(idOf)
  const leased = [...held.values()].flatMap(ids => [...ids.keys()])
  const unfinished = [...queued, ...[...scheduled, ...retrying].map(member => idOf(member.slice(1))), ...leased]
  const gone = new Map(left)
  const ended = [...completed.filter(id => !(Number(gone.get(id) ?? 0) > 0 && gone.set(id, `${Number(gone.get(id)) - 1}`))), ...dead.keys(), ...cancelled]
  const everywhere = [...unfinished, ...ended]
  assert.equal(new Set(everywhere).size, everywhere.length, 'a job is in two places')
  sameIds(jobs.keys(), everywhere, 'each job that is somewhere has a record, and the reverse')
  sameIds(outcomes.keys(), ended, 'outcomes are there for ended jobs and no others')
  for (const id of attempts.keys()) assert(unfinished.includes(id), 'a history of a job that has ended')
  for (const id of progress.keys()) assert(leased.includes(id), 'progress of a job that nobody runs')
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
  sameIds([...seen.progress.keys()], model.jobs.filter(job => job.progress !== undefined).map(({ id }) => id), 'progress')
  const unfinished = model.jobs.filter(({ place, history }) => history && ['ready', 'scheduled', 'retrying', 'held'].includes(place))
  sameIds([...seen.attempts].map(([id, entry]) => `${id} ${entry.split('\n', 1)[0]}`), unfinished.map(({ id, failed, lost }) => `${id} ${failed} ${lost}`), 'attempts')
}

function sameIds (seen: Iterable<string>, expected: Iterable<string>, what: string): void {
  assert.deepEqual([...seen].sort(), [...expected].sort(), what)
}
