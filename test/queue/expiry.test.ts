import t from 'tap'
import { fromUuid } from '../../src/queue/ids.ts'
import { completed, HOUR_MS, retried, startEngine } from '../helper/engine.ts'

const engine = await startEngine(t)
const { queue, redis, key, keys, worker, sweep } = engine

/** Its time has come. */
const expire = async (...ids: string[]) => { await redis.zadd(key(':expiring'), ...ids.flatMap((id, i) => [i + 1, fromUuid(id)])) }

t.test('a job that has not started in time is cancelled by the sweep', async t => {
  const jobs = [
    await queue.submit({ task: 'queued', ttl_ms: HOUR_MS }),
    await queue.submit({ task: 'scheduled', delay_ms: HOUR_MS, ttl_ms: 2 * HOUR_MS }),
    await queue.submit({ task: 'low', priority: 'low', expires_at: Date.now() + HOUR_MS })
  ]
  const other = await queue.submit({ task: 'other' })
  t.match(await sweep(), { promoted: 0 })
  t.match(await queue.stats('default'), { queued: 3, scheduled: 1, cancelled: 0 })
  await expire(...jobs.map(({ id }) => id))
  await sweep()
  for (const { id } of jobs) t.match(await queue.get(id), { status: 'cancelled', cancellation: { reason: 'expired' }, attempt: 0, started_at: undefined })
  t.match(await queue.stats('default'), { queued: 1, scheduled: 0, cancelled: 3 })
  t.same((await worker().turn({ max: 10 })).leased.map(({ id }) => id), [fromUuid(other.id)])
  t.same(await redis.exists(key(':expiring')), 0)
})

t.test('and no worker gets it, also before the sweep', async t => {
  const { id } = await queue.submit({ task: 'late', ttl_ms: HOUR_MS })
  const next = await queue.submit({ task: 'next', ttl_ms: HOUR_MS })
  await expire(id)
  t.same((await worker().turn({ max: 2 })).leased.map(({ id }) => id), [fromUuid(next.id)])
  t.match(await queue.get(id), { status: 'cancelled', cancellation: { reason: 'expired' } })
  t.match(await queue.stats('default'), { queued: 0, active: 1, cancelled: 1, totals: { cancelled: 1 } })
})

t.test('a job that has started does not expire any more', async t => {
  const { id } = await queue.submit({ task: 'x', ttl_ms: HOUR_MS })
  const turn = await worker().turn({ max: 1 })
  t.same(await redis.exists(key(':expiring')), 0)
  await worker().turn({ settlements: retried(turn, HOUR_MS) })
  await sweep()
  t.match(await queue.get(id), { status: 'retrying' })
})

t.test('when it expires', async t => {
  const at = Date.now() + 5000
  const job = await queue.submit({ task: 'x', expires_at: at })
  t.equal(job.expires_at, at)
  t.equal((await queue.get(job.id))!.expires_at, at)
  t.equal(Number(await redis.zscore(keys.sweeps, 'default')), at, 'and then it is swept')
  const other = await queue.submit({ task: 'x', ttl_ms: 1500 })
  t.equal(other.expires_at, other.created_at + 1500)
  const past = await queue.submit({ task: 'x', expires_at: 1 })
  t.equal((await worker().turn({ max: 10 })).leased.length, 2)
  t.match(await queue.get(past.id), { status: 'cancelled' })
})

t.test('one that is cancelled, or redriven, is not on the list any more', async t => {
  const { id } = await queue.submit({ task: 'x', ttl_ms: HOUR_MS })
  await queue.control('default', 'cancel', [id])
  t.same(await redis.exists(key(':expiring')), 0)
  await queue.control('default', 'retry', [id])
  await worker().turn({ settlements: completed(await worker().turn({ max: 1 })) })
  t.match(await queue.get(id), { status: 'completed' })
})
