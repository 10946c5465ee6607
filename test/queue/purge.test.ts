import t from 'tap'
import { run } from '../../src/queue/scripts.ts'
import { completed, dead, dump, HOUR_MS, retried, startEngine, submitMany } from '../helper/engine.ts'

const engine = await startEngine(t)
const { queue, redis, key, keys, worker } = engine
const ALL = ['queued', 'scheduled', 'retrying', 'completed', 'failed', 'cancelled'] as const

/** So many jobs in each status, and two that run. */
async function fill (count: number): Promise<void> {
  for (const settle of [completed, dead, retried]) {
    await submitMany(engine, count)
    await worker().turn({ settlements: settle(await worker().turn({ max: count })) })
  }
  await submitMany(engine, 2)
  await worker('busy').turn({ max: 2 })
  const gone = await submitMany(engine, count)
  await queue.control('default', 'cancel', gone.map(({ id }) => id))
  await submitMany(engine, count, { delay_ms: HOUR_MS, ttl_ms: 2 * HOUR_MS })
  for (const priority of ['high', 'normal', 'low'] as const) await submitMany(engine, count, { priority })
}

t.test('each status alone', async t => {
  await fill(3)
  const counts: Record<string, number> = { queued: 9, scheduled: 3, retrying: 3, completed: 3, failed: 3, cancelled: 3 }
  t.match(await queue.stats('default'), { ...counts, active: 2 })
  for (const status of ALL) {
    const { purged, more } = await queue.purge('default', [status])
    t.match([purged[status], more, Object.values(purged).reduce((a, b) => a + b)], [counts[status], false, counts[status]], status)
    counts[status] = 0
    t.match(await queue.stats('default'), { ...counts, active: 2 }, status)
  }
})

t.test('nothing of them stays, and the jobs that run go on', async t => {
  await submitMany(engine, 2)
  await worker('busy').turn({ max: 2 })
  await fill(3)
  await queue.purge('default', [...ALL])
  const left = await dump(redis)
  t.equal(Object.keys(left.jobs as object).length, 4)
  for (const name of ['outcomes', 'attempts', 'progress', key(), key(':high'), key(':low'), key(':scheduled'), key(':retrying'), key(':completed'), key(':dlq'), key(':cancelled'), key(':ties'), key(':expiring')]) t.notOk(name in left, name)
  const { held } = await worker('busy').heartbeat()
  const { settled } = await worker('busy').turn({ settlements: [...held].map(([id, token]) => ({ kind: 'complete', id, token, result: '1' })) })
  t.same(settled, [true, true, true, true])
})

t.test('a job that has left an entry behind is not deleted by it', async t => {
  const [cancelled, again] = [await queue.submit({ task: 'x' }), await queue.submit({ task: 'x' })]
  await queue.control('default', 'cancel', [cancelled.id, again.id])
  await queue.control('default', 'retry', [again.id])
  const { leased } = await worker().turn({ max: 1 })
  t.equal(leased.length, 1)
  await queue.control('default', 'retry', [cancelled.id])
  await queue.control('default', 'cancel', [cancelled.id])
  t.match(await queue.purge('default', ['queued']), { purged: { queued: 0 }, more: false })
  t.match(await queue.get(cancelled.id), { status: 'cancelled' })
  t.match(await queue.get(again.id), { status: 'active' })
  t.equal(await redis.llen(key()), 0)
})

t.test('what somebody pushed past us goes too', async t => {
  await redis.rpush(key(), '{"task":"x"}', 'junk')
  t.match(await queue.purge('default', ['queued']), { purged: { queued: 2 } })
  t.equal(await redis.llen(key()), 0)
})

t.test('in steps: a hundred thousand a call', async t => {
  await submitMany(engine, 100_500)
  t.match(await queue.purge('default', ['queued', 'scheduled']), { purged: { queued: 100_000 }, more: true })
  t.match(await queue.purge('default', ['queued', 'scheduled']), { purged: { queued: 500 }, more: false })
  t.equal(await redis.exists('jobs'), 0)
})

t.test('in smaller steps when they are large', async t => {
  const input = JSON.stringify('x'.repeat(1_000_000))
  for (let i = 0; i < 40; i++) await queue.submit({ task: 'x', input })
  for (const deleted of [33, 7, 0]) t.same(await run(redis, 'purge', keys.of('default'), ['default', 'queued']), [deleted, deleted === 33 ? 1 : 0])
  for (let i = 0; i < 20; i++) await queue.submit({ task: 'x', input })
  for (let left = 20; left > 0; left--) await worker().turn({ settlements: completed(await worker().turn({ max: 1 }), input) })
  t.same(await run(redis, 'purge', keys.of('default'), ['default', 'completed']), [16, 1], 'with what came of them')
  t.match(await queue.purge('default', ['completed']), { purged: { completed: 4 }, more: false })
})

t.test('of a queue that is not there', async t => {
  t.match(await queue.purge('never', [...ALL]), { purged: { queued: 0, failed: 0 }, more: false })
  t.same(await queue.names(), ['default'])
})

t.test('also when Redis is full', async t => {
  await submitMany(engine, 10)
  await redis.config('SET', 'maxmemory', '1mb')
  t.match(await queue.purge('default', ['queued']), { purged: { queued: 10 } })
  await redis.config('SET', 'maxmemory', '0')
})
