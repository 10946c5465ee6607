import t from 'tap'
import { Firing, GRACE_MS } from '../../src/queue/firing.ts'
import type { Fired } from '../../src/queue/firing.ts'
import { Queue } from '../../src/queue/queue.ts'
import { MAX_SCHEDULES, Schedules } from '../../src/queue/schedules.ts'
import type { ScheduleSpec } from '../../src/queue/schedules.ts'
import { contract } from '../contract/contract.ts'
import { Clock } from '../helper/clock.ts'
import { completed, dump, idleWorker, startEngine } from '../helper/engine.ts'

const engine = await startEngine(t)
const { keys, worker } = engine
const clock = new Clock(engine.redis)
const redis = clock.on(engine.redis)
const queue = new Queue(redis, keys)
const schedules = new Schedules(redis, keys)
const firing = new Firing(redis, keys, schedules, () => true)

const START = Date.parse('2026-01-01T00:00:00Z')
const at = (second: number) => START + second * 1000
const spec = (more: Partial<ScheduleSpec> = {}): ScheduleSpec => ({ timing: { every_seconds: 10 }, job: { task: 'x' }, input: '', ...more })

t.beforeEach(async () => await clock.set(START))

/** Fires all that is due at a time. */
async function fireAt (now: number, by = firing): Promise<Fired[]> {
  await clock.set(now)
  const fired: Fired[] = []
  for (let due = await by.due(); due.given.length > 0; due = await by.due()) for (const one of due.given) fired.push(...await by.fire(one))
  return fired
}

const waiting = async () => (await queue.stats('default'))!.queued

t.test('a slot makes its job when its time has come', async t => {
  t.equal(await schedules.put('s', spec({ input: '{"a":1.0}', job: { task: 'x', priority: 'high', tags: ['t'] } })), 'created')
  t.match(await schedules.get('s'), { next_slot: at(10), fired: 0, skipped: 0, last_slot: undefined, created_at: START })
  t.strictSame(await fireAt(at(9.999)), [])
  t.equal((await firing.due()).next_ms, 1)
  const [fired] = await fireAt(at(10))
  t.match(fired, { name: 's', slot: at(10), late_ms: 0, skipped: 0, job: String })
  t.match(await queue.get(fired!.job!), { status: 'queued', task: 'x', priority: 'high', input: '{"a":1.0}', tags: ['t'], created_at: at(10), schedule: { name: 's', slot: at(10) } })
  t.match(await schedules.get('s'), { next_slot: at(20), last_slot: at(10), last_job_id: fired!.job!, fired: 1, skipped: 0 })
  t.strictSame(await fireAt(at(10.5)), [])
  t.match(await fireAt(at(20)), [{ slot: at(20) }])
  t.same((await schedules.totals()).get('s'), { fired: 2, skipped: 0 })
})

t.test('a slot that comes again, as the clock has been set back, makes no second job', async t => {
  await schedules.put('s', spec())
  const [fired] = await fireAt(at(10))
  await schedules.pause('s')
  await clock.set(at(5))
  await schedules.resume('s')
  t.match(await schedules.get('s'), { next_slot: at(10) })
  t.strictSame(await fireAt(at(10)), [])
  t.match(await schedules.get('s'), { next_slot: at(20), last_slot: at(10), last_job_id: fired!.job!, fired: 1, skipped: 0 })
  t.equal(await waiting(), 1)
  t.match(await fireAt(at(20)), [{ slot: at(20), job: String }])
})

t.test('an idle worker is handed the job', async t => {
  const idle = await idleWorker({ ...engine, worker: (name, options) => worker(name, { ...options, lease_ms: 3600_000 }) }, 'w1')
  await schedules.put('s', spec())
  // Notes of workers are good by the real clock, so that is the one.
  const real = new Schedules(engine.redis, keys)
  await real.put('now', spec({ timing: { every_seconds: 1 } }))
  const fires = new Firing(engine.redis, keys, real, () => true)
  await engine.redis.zadd(keys.schedulesDue, 1, 'now')
  await engine.redis.hset(keys.schedule('now'), 'next', Math.floor(Date.now() / 1000) * 1000)
  const { given } = await fires.due()
  for (const one of given) await fires.fire(one)
  t.match(await idle.handed(), [{ leased: Object }])
})

t.test('slots are fired late, each, for as long as the grace lasts', async t => {
  await schedules.put('s', spec())
  t.strictSame((await fireAt(at(70))).map(({ slot }) => slot), [10, 20, 30, 40, 50, 60, 70].map(at))
  t.equal(await waiting(), 7)
})

t.test('what was missed: one for all', async t => {
  await schedules.put('s', spec())
  const fired = await fireAt(at(105))
  t.match(fired, [{ slot: at(10), skipped: 3, late_ms: 95_000 }, ...[50, 60, 70, 80, 90, 100].map(slot => ({ slot: at(slot), skipped: 0 }))])
  t.match(await schedules.get('s'), { fired: 7, skipped: 3, next_slot: at(110) })
})

t.test('what was missed: nothing', async t => {
  await schedules.put('s', spec({ missed: 'skip' }))
  const fired = await fireAt(at(105))
  t.match(fired, [{ slot: at(10), skipped: 4, reason: 'missed', job: undefined }, ...[50, 60, 70, 80, 90, 100].map(slot => ({ slot: at(slot) }))])
  t.match(await schedules.get('s'), { fired: 6, skipped: 4, last_skip: { slot: at(10), reason: 'missed' } })
  t.match(await fireAt(at(100_000)), { length: 8 })
  t.match(await schedules.get('s'), { skipped: 4 + 100, fired: 6 + 7 })
})

t.test('a slot begins only when the job before has ended', async t => {
  await schedules.put('s', spec({ overlap: 'skip' }))
  const [first] = await fireAt(at(10))
  t.match(await fireAt(at(20)), [{ reason: 'overlap', skipped: 1 }])
  const turn = await worker().turn({ max: 1 })
  t.match(await fireAt(at(30)), [{ reason: 'overlap' }], 'queued or running')
  await worker().turn({ settlements: completed(turn) })
  t.match(await fireAt(at(40)), [{ job: String }])
  t.match(await schedules.get('s'), { fired: 2, skipped: 2, last_slot: at(40), last_skip: { slot: at(30), reason: 'overlap' } })
  t.equal((await queue.get(first!.job!))!.status, 'completed')
})

t.test('a full queue is tried again for a minute', async t => {
  await redis.hset(keys.ownSettings('default'), 'max_length', '1')
  await queue.submit({ task: 'x' })
  await schedules.put('s', spec({ timing: { every_seconds: 100 } }))
  t.strictSame(await fireAt(at(100)), [])
  t.strictSame(await fireAt(at(158)), [])
  t.match(await schedules.get('s'), { next_slot: at(100), skipped: 0 })
  const turn = await worker().turn({ max: 1 })
  t.match(await fireAt(at(159)), [{ slot: at(100), late_ms: 59_000, job: String }])
  t.match(await fireAt(at(259.5)), [{ slot: at(200), reason: 'queue_full' }], 'and then it is skipped')
  t.match(await schedules.get('s'), { next_slot: at(300), last_skip: { slot: at(200), reason: 'queue_full' } })
  t.equal(turn.leased.length, 1)
})

t.test('a unique key that another job has', async t => {
  for (const on_conflict of ['return', 'reject'] as const) await schedules.put(on_conflict, spec({ job: { task: 'x', unique: { key: 'k', on_conflict } } }))
  const fired = await fireAt(at(10))
  t.same(fired.map(({ reason }) => reason).sort(), ['unique_key', undefined])
  t.match(await fireAt(at(20)), [{ reason: 'unique_key' }, { reason: 'unique_key' }])
  await schedules.put('replace', spec({ job: { task: 'y', unique: { key: 'k', on_conflict: 'replace' } } }))
  t.match((await fireAt(at(30))).filter(({ name }) => name === 'replace'), [{ job: String }])
  t.equal(await waiting(), 1)
})

t.test('an input that does not fit any more', async t => {
  await schedules.put('s', spec({ input: '{"a":1}' }))
  const picky = new Firing(redis, keys, schedules, (job, input) => {
    t.match([job, input], [{ task: 'x', input: '{"a":1}', schedule: { name: 's' } }, { a: 1 }])
    return false
  })
  t.match(await fireAt(at(10), picky), [{ reason: 'invalid_input', job: undefined }])
})

t.test('paused, resumed, deleted', async t => {
  await schedules.put('s', spec())
  t.ok(await schedules.pause('s'))
  t.match(await schedules.get('s'), { paused: true, next_slot: undefined })
  t.strictSame(await schedules.nextTimes((await schedules.get('s'))!), [10, 20, 30, 40, 50].map(at))
  t.strictSame(await fireAt(at(35)), [])
  t.equal(await schedules.put('s', spec()), 'same', 'stays paused')
  t.equal(await schedules.put('s', spec({ job: { task: 'y' } })), 'changed')
  t.match(await schedules.get('s'), { paused: true, next_slot: undefined })
  t.ok(await schedules.resume('s'))
  t.match(await schedules.get('s'), { paused: false, next_slot: at(40), skipped: 0 })
  t.match(await fireAt(at(40)), [{ slot: at(40) }])
  await clock.set(at(51))
  const due = (await firing.due()).given[0]!
  t.ok(await schedules.remove('s'))
  t.strictSame(await firing.fire(due), [], 'although it had been given out')
  for (const change of [schedules.pause('s'), schedules.resume('s'), schedules.remove('s')]) t.notOk(await change)
  t.equal(await schedules.get('s'), undefined)
  t.notMatch(Object.keys(await dump(engine.redis)).join(), 'schedule')
})

t.test('replaced: a slot that is due is not lost, and other times count from now', async t => {
  await schedules.put('s', spec())
  await fireAt(at(10))
  await clock.set(at(25))
  t.equal(await schedules.put('s', spec({ job: { task: 'y' } })), 'changed')
  t.match(await schedules.get('s'), { next_slot: at(20), last_slot: at(10), fired: 1, updated_at: at(25), created_at: START })
  const [fired] = await fireAt(at(25))
  t.match(await queue.get(fired!.job!), { task: 'y', schedule: { slot: at(20) } })
  t.equal(await schedules.put('s', spec({ timing: { every_seconds: 7 } })), 'changed')
  t.match(await schedules.get('s'), { fired: 2, last_slot: at(20) })
  t.ok((await schedules.get('s'))!.next_slot! > at(25))
  t.equal(await schedules.put('s', spec({ timing: { every_seconds: 7 } }), true), 'changed')
  t.match(await schedules.get('s'), { paused: true })
  t.equal(await schedules.put('s', spec({ timing: { every_seconds: 7 } }), false), 'changed')
  t.match(await schedules.get('s'), { paused: false })
})

t.test('replaced while it is being fired: the slot is as it is now', async t => {
  await schedules.put('s', spec())
  await fireAt(at(10))
  await clock.set(at(20))
  const { given } = await firing.due()
  await schedules.put('s', spec({ job: { task: 'y' } }))
  t.strictSame(await firing.fire(given[0]!), [])
  const [fired] = await fireAt(at(21))
  t.match(await queue.get(fired!.job!), { task: 'y', schedule: { slot: at(20) } })
  t.equal(await waiting(), 2)
})

t.test('the last slot', async t => {
  await schedules.put('s', spec({ timing: { every_seconds: 10, end_at: at(20) } }))
  t.match(await fireAt(at(1000)), [{ slot: at(10) }])
  const schedule = (await schedules.get('s'))!
  t.match(schedule, { next_slot: undefined, paused: false, fired: 1 })
  t.strictSame(await schedules.nextTimes(schedule), [])
  t.strictSame(await fireAt(at(2000)), [])
})

t.test('whoever has been given a schedule may die: another gets it a second later', async t => {
  await schedules.put('s', spec())
  await clock.set(at(10))
  const mine = (await firing.due()).given[0]!
  t.strictSame((await firing.due()).given, [])
  t.match(await firing.due(), { next_ms: 1000 })
  t.match(await fireAt(at(11)), [{ slot: at(10), late_ms: 1000 }])
  t.strictSame(await firing.fire(mine), [], 'and if it was not dead it comes too late')
  t.equal(await waiting(), 1)
})

t.test('nothing is fired before its time, whatever a process believes', async t => {
  await schedules.put('s', spec())
  const { version } = (await schedules.get('s'))!
  t.strictSame(await firing.fire({ name: 's', version, slot: at(10), at: at(500) }), [])
  t.equal(await waiting(), 0)
  t.match(await fireAt(at(10)), [{ slot: at(10) }])
})

t.test('there are at most a thousand, they are listed by name, and all fire at once in bounded steps', async t => {
  for (let i = 0; i < MAX_SCHEDULES; i++) await schedules.put(`s${String(i).padStart(3, '0')}`, spec({ job: { task: 'x', queue: `q${i % 3}` } }))
  await t.rejects(schedules.put('one-more', spec()), { name: 'TooManySchedulesError' })
  t.equal(await schedules.put('s000', spec({ job: { task: 'y' } })), 'changed', 'one that is there may be replaced')
  const names: string[] = []
  for (let cursor: string | null | undefined; cursor !== null;) {
    const page = await schedules.list(300, cursor)
    names.push(...page.items.map(({ name }) => name));
    ({ next_cursor: cursor } = page)
  }
  t.equal(names.length, MAX_SCHEDULES)
  t.strictSame(names, [...names].sort())
  await clock.set(at(10))
  t.equal((await firing.due()).given.length, 100)
  t.equal((await fireAt(at(11))).length, 900 + 100)
  t.equal((await schedules.totals()).size, MAX_SCHEDULES)
})

t.test('grace and number are those of the contract', async t => {
  const { description } = contract.paths['/schedules/{name}'].put
  t.match(description, `for more than ${GRACE_MS / 1000} seconds after a slot`)
  t.match(description, `At most ${MAX_SCHEDULES.toLocaleString('en')} schedules`)
})
