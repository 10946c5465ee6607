import t from 'tap'
import { fromUuid, newId, toUuid } from '../../src/queue/ids.ts'
import { dead, dump, expire, makeDue, retried, startEngine, submitMany } from '../helper/engine.ts'

const engine = await startEngine(t)
const { queue, redis, worker, sweep } = engine

/** So many dead jobs, oldest first, and their ids. */
async function bury (count: number): Promise<string[]> {
  const jobs = await submitMany(engine, count)
  for (let i = 0; i < count; i += 1000) {
    await worker().turn({ settlements: dead(await worker().turn({ max: 1000 })) })
  }
  await redis.zadd('job_queue:dlq', 'XX', ...jobs.flatMap(({ id }, i) => [`${Date.now() - count + i}`, fromUuid(id)]))
  return jobs.map(({ id }) => id)
}

async function lease (max = 1000): Promise<string[]> {
  return (await worker().turn({ max })).leased.map(({ id }) => toUuid(id))
}

t.test('all: the oldest first, and they run in that order', async t => {
  const ids = await bury(5)
  t.same(await queue.redrive('default'), { redriven: 5, remaining: 0, not_found: [] })
  t.match(await queue.stats('default'), { queued: 5, failed: 0 })
  t.same(await lease(), ids)
})

t.test('none', async t => {
  const before = await dump(redis)
  t.same(await queue.redrive('default'), { redriven: 0, remaining: 0, not_found: [] })
  t.same(await dump(redis), before)
})

t.test('at most `limit`, the oldest, and how many are left', async t => {
  const ids = await bury(5)
  t.same(await queue.redrive('default', { limit: 2 }), { redriven: 2, remaining: 3, not_found: [] })
  t.same(await lease(), ids.slice(0, 2))
  t.same((await queue.deadLetters('default', 10)).items.map(({ id }) => id), ids.slice(2).toReversed())
})

t.test('these, in this order; those that are not there are named', async t => {
  const ids = await bury(4)
  const unknown = toUuid(newId())
  const { id: waiting } = await queue.submit({ task: 'x', delay_ms: 1000 })
  const wanted = [unknown, ids[3]!, waiting, ids[0]!, ids[3]!]
  t.same(await queue.redrive('default', { ids: wanted }), { redriven: 2, remaining: 2, not_found: [unknown, waiting] })
  t.same(await lease(), [ids[3]!, ids[0]!])
  t.match(await queue.get(waiting), { status: 'scheduled' })
})

t.test('only unknown ones', async t => {
  await bury(2)
  const before = await dump(redis)
  const unknown = toUuid(newId())
  t.same(await queue.redrive('default', { ids: [unknown] }), { redriven: 0, remaining: 2, not_found: [unknown] })
  t.same(await dump(redis), before)
})

t.test('more than a thousand go in bounded steps', async t => {
  await bury(2001)
  t.same(await queue.redrive('default'), { redriven: 1000, remaining: 1001, not_found: [] })
  t.same(await queue.redrive('default'), { redriven: 1000, remaining: 1, not_found: [] })
  t.same(await queue.redrive('default'), { redriven: 1, remaining: 0, not_found: [] })
})

t.test('a thousand by their ids', async t => {
  const ids = await bury(1200)
  t.same(await queue.redrive('default', { ids: ids.slice(100, 1100) }), { redriven: 1000, remaining: 200, not_found: [] })
  t.same(await lease(), ids.slice(100, 1100))
})

t.test('with all attempts and lost leases before it again; its failures stay', async t => {
  const { id } = await queue.submit({ task: 'x' })
  await worker().turn({ settlements: retried(await worker().turn({ max: 1 }), 0) })
  await worker().turn({ max: 1 })
  await expire(engine)
  await sweep()
  await worker().turn({ settlements: dead(await worker().turn({ max: 1 })) })
  const { errors, ...buried } = (await queue.get(id))!
  t.match(buried, { status: 'failed', attempt: 2, lost: 1 })
  t.equal(errors.length, 3)
  await queue.redrive('default')
  const job = (await queue.get(id))!
  t.match(job, { status: 'queued', attempt: 0, lost: 0 })
  t.same(job.errors, errors)
  t.same([job.worker, job.started_at, job.completed_at], [undefined, undefined, undefined])
  t.match((await worker().turn({ max: 1 })).leased, [{ id: fromUuid(id), token: /^n\+\.1\.0\./ }])
})

t.test('each into the list of its priority, at the tail', async t => {
  const priorities = ['low', 'high', 'normal', 'low'] as const
  const jobs = await Promise.all(priorities.map(priority => queue.submit({ task: 'x', priority })))
  for (let i = 0; i < 4; i++) await worker().turn({ settlements: dead(await worker().turn({ max: 1 })) })
  const waiting = await Promise.all(priorities.map(priority => queue.submit({ task: 'x', priority })))
  await queue.redrive('default', { ids: jobs.map(({ id }) => id) })
  const order = [waiting[1]!, jobs[1]!, waiting[2]!, jobs[2]!, waiting[0]!, waiting[3]!, jobs[0]!, jobs[3]!]
  const seen: string[] = []
  for (let i = 0; i < 8; i++) seen.push(...await lease(1))
  t.same(seen, order.map(({ id }) => id))
})

t.test('redriven as often as one likes, the last ten failures are kept', async t => {
  const { id } = await queue.submit({ task: 'x' })
  for (let i = 1; i <= 12; i++) {
    await worker().turn({ settlements: dead(await worker().turn({ max: 1 }), `${i}`) })
    await queue.redrive('default')
  }
  t.same((await queue.get(id))!.errors.map(({ message }) => Number(message)), [3, 4, 5, 6, 7, 8, 9, 10, 11, 12])
  t.match(await redis.hgetall('job_queue:stats'), { submitted: '1', failed: '12', redriven: '12' })
})

t.test('a retry after a redrive counts from one', async t => {
  const { id } = await queue.submit({ task: 'x' })
  await worker().turn({ settlements: dead(await worker().turn({ max: 1 })) })
  await queue.redrive('default')
  await worker().turn({ settlements: retried(await worker().turn({ max: 1 })) })
  t.match(await queue.get(id), { status: 'retrying', attempt: 1 })
  await makeDue(engine, ':retrying')
  t.match((await worker().turn({ max: 1 })).leased, [{ token: /^n\+\.2\.0\./ }])
})

t.test('of its own queue only', async t => {
  const [id] = await bury(1)
  t.same(await queue.redrive('other', { ids: [id!] }), { redriven: 0, remaining: 0, not_found: [id!] })
  t.same(await queue.redrive('other'), { redriven: 0, remaining: 0, not_found: [] })
  t.match(await queue.get(id!), { status: 'failed' })
})

t.test('refused when Redis is full, and then nothing has changed', async t => {
  const ids = await bury(3)
  const before = await dump(redis)
  await redis.config('SET', 'maxmemory', '1mb')
  try {
    await t.rejects(queue.redrive('default'), { name: 'QueueUnavailableError' })
    await t.rejects(queue.redrive('default', { ids }), { name: 'QueueUnavailableError' })
  } finally {
    await redis.config('SET', 'maxmemory', '0')
  }
  t.same(await dump(redis), before)
})
