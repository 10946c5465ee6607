import t from 'tap'
import { fromUuid } from '../../src/queue/ids.ts'
import type { Settlement, TurnResult } from '../../src/queue/lease.ts'
import { run } from '../../src/queue/scripts.ts'
import { completed, dead, expire, HOUR_MS, makeDue, retried, startEngine, submitMany } from '../helper/engine.ts'

// No script call touches more than 1,000 jobs of a kind, whatever has piled up; calls that follow do the rest.

const engine = await startEngine(t)
const { queue, redis, keys, key, worker, sweep } = engine
const MANY = 2500

/** One step, as it is done with these options: promoted, recovered, dead, forgotten, and whether there is more. */
async function step ({ max_lost = 3, completed_ms = HOUR_MS, dead_ms = HOUR_MS, keep_dead = 100_000 } = {}): Promise<number[]> {
  return await run(redis, 'sweep', keys.of('default'), ['default', 0, max_lost, completed_ms, dead_ms, 100_000, keep_dead]) as number[]
}

async function leaseMany (count: number): Promise<void> {
  for (let left = count; left > 0; left -= 1000) await worker().turn({ max: Math.min(1000, left) })
}

/** Ends so many jobs, at most 1,000 a turn; the newest are the last. */
async function end (how: (turn: TurnResult) => Settlement[], count: number): Promise<void> {
  for (let left = count; left > 0; left -= 1000) await worker().turn({ settlements: how(await worker().turn({ max: Math.min(1000, left) })) })
}

t.test('leases that ran out', async t => {
  const jobs = await submitMany(engine, MANY)
  await leaseMany(MANY)
  t.equal((await worker().heartbeat()).held.size, MANY)
  await expire(engine)
  t.same(await step(), [0, 500, 0, 0, 1])
  t.match(await queue.stats('default'), { active: MANY - 500, queued: 500 })
  t.match(await sweep(), { recovered: MANY - 500, dead: 0 })
  t.match(await queue.stats('default'), { active: 0, queued: MANY, totals: { lost: MANY } })
  t.same((await redis.lrange(key(), 0, -1)).sort(), jobs.map(({ id }) => fromUuid(id)).sort(), 'each once')
  t.same(await step(), [0, 0, 0, 0, 0], 'nothing more to do')
})

t.test('leases that ran out for the last time', async t => {
  await submitMany(engine, MANY)
  await leaseMany(MANY)
  await expire(engine)
  t.same(await step({ max_lost: 1 }), [0, 0, 500, 0, 1])
  t.match(await sweep({ max_lost: 1 }), { recovered: 0, dead: MANY - 500 })
  t.match(await queue.stats('default'), { active: 0, failed: MANY, totals: { lost: MANY, failed: MANY } })
})

t.test('scheduled jobs that are due', async t => {
  await submitMany(engine, MANY, { delay_ms: HOUR_MS })
  await makeDue(engine, ':scheduled')
  const [first] = await redis.zrange(key(':scheduled'), '0', '0')
  t.same(await step(), [1000, 0, 0, 0, 1])
  t.equal(await redis.lindex(key(), 0), first!.slice(1))
  t.match(await worker().turn({ max: 0 }), { due_in_ms: 0 }, 'a turn promotes a thousand too, and knows that there is more')
  t.match(await queue.stats('default'), { scheduled: MANY - 2000, queued: 2000 })
  t.match(await sweep(), { promoted: MANY - 2000 })
})

t.test('exactly a thousand', async t => {
  await submitMany(engine, 1000, { delay_ms: HOUR_MS })
  await makeDue(engine, ':scheduled')
  t.match(await sweep(), { promoted: 1000 })
  t.match(await queue.stats('default'), { scheduled: 0, queued: 1000 })
})

t.test('retries that are due', async t => {
  await submitMany(engine, MANY)
  await end(retried, MANY)
  await makeDue(engine, ':retrying')
  t.same(await step(), [1000, 0, 0, 0, 1])
  t.match(await sweep(), { promoted: MANY - 1000 })
  t.match(await queue.stats('default'), { retrying: 0, queued: MANY })
})

t.test('completed jobs that are old enough', async t => {
  await submitMany(engine, MANY)
  await end(completed, MANY)
  t.same(await step({ completed_ms: 0 }), [0, 0, 0, 500, 1])
  t.match(await queue.stats('default'), { completed: MANY - 500 })
  t.match(await sweep({ completed_ms: 0 }), { forgotten: MANY - 500 })
  t.equal(await redis.exists('jobs', 'outcomes', key(':completed')), 0)
})

t.test('dead letters that are old enough', async t => {
  await submitMany(engine, MANY)
  await end(dead, MANY)
  t.same(await step({ dead_ms: 0 }), [0, 0, 0, 500, 1])
  t.match(await sweep({ dead_ms: 0 }), { forgotten: MANY - 500 })
  t.equal(await redis.exists('jobs', 'outcomes', key(':dlq')), 0)
})

t.test('completed jobs above the number that is kept: the oldest go, a thousand a call', async t => {
  const jobs = await submitMany(engine, MANY + 1)
  await end(completed, MANY)
  await worker('w1', { keep_completed: 10 }).turn({ settlements: completed(await worker().turn({ max: 1 })) })
  t.equal(await redis.llen(key(':completed')), MANY + 1 - 1000)
  t.same([await queue.get(jobs[999]!.id), (await queue.get(jobs[1000]!.id))?.status], [undefined, 'completed'])
  t.same([await redis.hlen('jobs'), await redis.hlen('outcomes')], [MANY - 999, MANY - 999])
})

t.test('dead letters above the number that is kept: the oldest go, a thousand a call', async t => {
  const jobs = await submitMany(engine, MANY + 1)
  await end(dead, MANY)
  await redis.zadd(key(':dlq'), ...jobs.slice(0, MANY).flatMap(({ id }, i) => [i, fromUuid(id)]))
  await worker('w1', { keep_dead: 10 }).turn({ settlements: dead(await worker().turn({ max: 1 })) })
  t.equal(await redis.zcard(key(':dlq')), MANY + 1 - 1000)
  t.same([await queue.get(jobs[999]!.id), (await queue.get(jobs[1000]!.id))?.status], [undefined, 'failed'])
  t.same([await redis.hlen('jobs'), await redis.hlen('outcomes')], [MANY - 999, MANY - 999])
})

t.test('a kept number is exact: not one less, not one more', async t => {
  const jobs = await submitMany(engine, 12)
  const few = worker('w1', { keep_completed: 2, keep_dead: 3 })
  for (let i = 0; i < 6; i++) await few.turn({ settlements: completed(await few.turn({ max: 1 })) })
  for (let i = 0; i < 6; i++) await few.turn({ settlements: dead(await few.turn({ max: 1 })) })
  t.match(await queue.stats('default'), { completed: 2, failed: 3, totals: { completed: 6, failed: 6 } })
  t.same(await Promise.all([4, 5].map(async i => (await queue.get(jobs[i]!.id))?.status)), ['completed', 'completed'])
  t.equal(await redis.hlen('jobs'), 5)
})

t.test('none are kept when the number is 0', async t => {
  await submitMany(engine, 4)
  const none = worker('w1', { keep_completed: 0, keep_dead: 0 })
  await none.turn({ settlements: completed(await none.turn({ max: 2 })) })
  await none.turn({ settlements: dead(await none.turn({ max: 2 })) })
  t.match(await queue.stats('default'), { completed: 0, failed: 0, totals: { completed: 2, failed: 2 } })
  t.equal(await redis.exists('jobs', 'outcomes', 'attempts'), 0)
})

t.test('a lost job that is buried counts towards the number that is kept', async t => {
  await submitMany(engine, 5)
  await worker().turn({ max: 5 })
  await expire(engine)
  t.match(await sweep({ max_lost: 1, keep_dead: 2 }), { dead: 5 })
  t.equal((await queue.stats('default'))!.failed, 2)
  t.equal(await redis.hlen('jobs'), 2)
})

t.test('of large jobs no more are read than can be leased', async t => {
  const input = `"${'x'.repeat(500_000)}"`
  for (let i = 0; i < 40; i++) await queue.submit({ task: 'x', input })
  const monitor = await redis.monitor()
  const read: number[] = []
  const seenAll = new Promise<void>(resolve => monitor.on('monitor', (_time: string, [command, name, ...ids]: string[]) => {
    if (command!.toLowerCase() === 'hmget' && name === 'jobs') read.push(ids.length)
    if (command!.toLowerCase() === 'echo') resolve()
  }))
  const { leased } = await worker().turn({ max: 1000 })
  await redis.echo('that was all')
  await seenAll
  monitor.disconnect()
  t.equal(leased.length, 2)
  t.ok(read.length > 0 && read.reduce((sum, count) => sum + count, 0) <= 4, `${read}`)
  t.equal(await redis.llen(key()), 38)
})
