import t from 'tap'
import { fromUuid } from '../../src/queue/ids.ts'
import { run } from '../../src/queue/scripts.ts'
import { SettingsStore } from '../../src/queue/settings.ts'
import { startEngine, submitMany } from '../helper/engine.ts'

// What cancelled, replaced and moved jobs leave behind in the lists.

const engine = await startEngine(t)
const { queue, redis, keys, key, worker, sweep } = engine

/** One step. Returns whether there is more to do at once. */
async function step (): Promise<boolean> {
  return (await run(redis, 'sweep', keys.of('default'), ['default', 0, 3, 3_600_000, 3_600_000, 100_000, 100_000]) as number[])[4] === 1
}

async function cancel (jobs: Array<{ id: string }>): Promise<void> {
  for (let i = 0; i < jobs.length; i += 1000) await queue.control('default', 'cancel', jobs.slice(i, i + 1000).map(({ id }) => id))
}

const ghosts = async () => await redis.hmget(key(':stats'), 'ghosts_h', 'ghosts_n', 'ghosts_l')

t.test('the oldest job that waits is found behind up to a thousand', async t => {
  for (const group of [undefined, 'a']) {
    await redis.flushall()
    await cancel(await submitMany(engine, 900, { ...(group && { group }) }))
    await submitMany(engine, 1)
    t.match(await queue.stats('default'), { queued: 1, oldest_waiting_ms: Number })
  }
})

t.test('the oldest job of groups that may not start one', async t => {
  await new SettingsStore(redis, keys).change('default', () => ({ group_concurrency: 1 }))
  await cancel(await submitMany(engine, 20))
  await submitMany(engine, 3, { group: 'a' })
  t.equal((await worker().turn({ max: 10 })).leased.length, 1)
  t.equal(await redis.zcard(key(':asleep')), 1)
  t.match(await queue.stats('default'), { queued: 2, oldest_waiting_ms: Number })
})

t.test('what others have pushed is not waded through for it', async t => {
  for (let i = 0; i < 50; i++) await redis.rpush(key(), JSON.stringify({ task: 'x', input: 'x'.repeat(10_000) }))
  await submitMany(engine, 1)
  t.match(await queue.stats('default'), { queued: 51, oldest_waiting_ms: null })
})

t.test('without a worker they go all the same, and jobs keep their order', async t => {
  const jobs = await submitMany(engine, 2500)
  const stay = jobs.filter((_, i) => i % 100 === 7)
  const high = await submitMany(engine, 10, { priority: 'high' })
  await cancel([...jobs.filter((_, i) => i % 100 !== 7), ...high])
  t.equal(await redis.llen(key()), 2500)
  t.equal(await step(), true)
  t.equal(await redis.llen(key(':high')), 0)
  t.equal(await redis.llen(key()), 2500 - 485, 'of 490 entries here, and of 10 there')
  await sweep()
  t.same(await redis.lrange(key(), 0, -1), stay.map(({ id }) => fromUuid(id)))
  t.same(await ghosts(), ['0', '0', null])
  t.match(await queue.stats('default'), { queued: 25 })
  t.same((await worker().turn({ max: 100 })).leased.map(({ id }) => id), stay.map(({ id }) => fromUuid(id)))
})

t.test('a job that is replaced, or moved, again and again', async t => {
  const [first] = await submitMany(engine, 1)
  for (let i = 0; i < 5; i++) {
    for (let n = 0; n < 50; n++) await queue.submit({ task: 'x', unique: { key: 'k', on_conflict: 'replace' } })
    for (let n = 0; n < 50; n++) await queue.edit(first!.id, () => ({ priority: n % 2 ? 'normal' : 'high' }))
    await sweep({ keep_completed: 0 })
    t.equal(await redis.llen(key()) + await redis.llen(key(':high')), 2)
    t.same((await ghosts()).slice(0, 2), ['0', '0'])
  }
  const ties = await redis.hgetall(key(':ties'))
  t.equal(Object.keys(ties).length, 2, 'of the two that are there')
  const turn = await worker().turn({ max: 10 })
  t.equal(turn.leased.length, 2)
  t.equal(turn.leased.some(({ id }) => id === fromUuid(first!.id)), true)
})

t.test('a retried job is not one of them', async t => {
  const jobs = await submitMany(engine, 3)
  await cancel(jobs)
  await queue.control('default', 'retry', [jobs[1]!.id])
  await cancel([jobs[1]!])
  await queue.control('default', 'retry', jobs.map(({ id }) => id))
  t.equal(await redis.llen(key()), 7)
  await sweep()
  t.equal(await redis.llen(key()), 3)
  t.match(await queue.stats('default'), { queued: 3, cancelled: 0 })
  t.same(new Set((await worker().turn({ max: 10 })).leased.map(({ id }) => id)), new Set(jobs.map(({ id }) => fromUuid(id))))
})

t.test('of groups', async t => {
  const jobs = [...await submitMany(engine, 600, { group: 'a' }), ...await submitMany(engine, 600, { group: 'b' }), ...await submitMany(engine, 300)]
  const stay = [jobs[300]!, jobs[1000]!]
  await cancel(jobs.filter(job => !stay.includes(job)))
  await sweep()
  t.match(await queue.stats('default'), { queued: 2 })
  t.same(await redis.hmget(key(':stats'), 'ghosts_n', 'grouped_n'), ['0', '2'])
  t.same([await redis.llen(key(':turns:n')), await redis.exists(key(':group:n:a'), key(':group:n:b'), key())], [2, 0])
  t.same(new Set((await worker().turn({ max: 10 })).leased.map(({ id }) => id)), new Set(stay.map(({ id }) => fromUuid(id))))
})

t.test('a queue in which only they are left is forgotten', async t => {
  await cancel(await submitMany(engine, 100))
  await sweep({ completed_ms: -1 })
  t.same(await redis.keys('job_queue*'), [])
})

t.test('large entries of others are not moved', async t => {
  await submitMany(engine, 1)
  const pushed = JSON.stringify({ task: 'x', input: 'x'.repeat(1000) })
  await redis.rpush(key(), pushed)
  await cancel(await submitMany(engine, 1))
  await sweep()
  t.equal(await redis.llen(key()), 3)
  t.same(await ghosts(), [null, '1', null])
  t.equal((await worker().turn({ max: 10 })).leased.length, 2)
  t.same(await ghosts(), [null, '0', null])
})
