import t from 'tap'
import { fromUuid } from '../../src/queue/ids.ts'
import { MAX_DUE, dueQueues, sweep as sweepUntilDone } from '../../src/queue/sweeper.ts'
import { completed, dead, expire, HOUR_MS, idleWorker, makeDue, retried, startEngine, submitMany } from '../helper/engine.ts'

const engine = await startEngine(t)
const { queue, redis, keys, key, worker, sweep } = engine
const DAY_MS = 24 * HOUR_MS

t.test('a job whose lease ran out is back at the head of its list, with lost + 1 and no attempt spent', async t => {
  const { id } = await queue.submit({ task: 'x', priority: 'low' })
  const { id: next } = await queue.submit({ task: 'x', priority: 'low' })
  const [lease] = (await worker('crashed').turn({ max: 1 })).leased
  await worker('crashed').progress(lease!.id, lease!.token, 10)
  t.match(await sweep(), { recovered: 0 }, 'not before it has run out')
  await expire(engine, 'crashed')
  t.same(await sweep(), { promoted: 0, recovered: 1, dead: 0, forgotten: 0 })
  const job = (await queue.get(id))!
  t.match(job, { status: 'queued', attempt: 0, lost: 1, errors: [{ attempt: 1, reason: 'lost_lease', worker: 'crashed', message: /lease ran out/ }] })
  t.same([job.progress, job.worker], [undefined, undefined])
  t.same(await redis.lrange(key(':low'), 0, -1), [id, next].map(fromUuid))
  t.equal(await redis.exists(key(':active'), key(':active:crashed'), 'progress'), 0)
  t.match((await worker().turn({ max: 1 })).leased, [{ id: fromUuid(id), token: /^l\+\.1\.1\./ }])
})

t.test('only of workers whose leases ran out', async t => {
  await submitMany(engine, 3)
  for (const name of ['a', 'b', 'c']) await worker(name).turn({ max: 1 })
  await expire(engine, 'b')
  t.match(await sweep(), { recovered: 1 })
  t.match(await queue.stats('default'), { active: 2, queued: 1, totals: { lost: 1 } })
  t.equal((await worker('a').heartbeat()).held.size, 1)
  t.equal((await worker('b').heartbeat()).held.size, 0)
})

t.test('all workers whose leases ran out, and all that they held', async t => {
  await submitMany(engine, 30)
  for (const name of ['a', 'b', 'c']) await worker(name).turn({ max: 10 })
  for (const name of ['a', 'b', 'c']) await expire(engine, name)
  t.match(await sweep(), { recovered: 30 })
  t.match(await queue.stats('default'), { active: 0, queued: 30 })
})

t.test('the nth lost lease buries a job, n being max_lost', async t => {
  for (const max_lost of [1, 2, 3]) {
    await redis.flushall()
    const { id } = await queue.submit({ task: 'x' })
    for (let lost = 1; lost <= max_lost; lost++) {
      await worker(`w${lost}`).turn({ max: 1 })
      await expire(engine, `w${lost}`)
      t.match(await sweep({ max_lost }), lost < max_lost ? { recovered: 1, dead: 0 } : { recovered: 0, dead: 1 })
      t.match(await queue.get(id), { status: lost < max_lost ? 'queued' : 'failed', lost })
    }
    const job = (await queue.get(id))!
    t.match(job, { status: 'failed', attempt: 0, lost: max_lost, worker: `w${max_lost}` })
    t.same(job.errors.map(({ reason, attempt, worker }) => `${reason} ${attempt} ${worker}`), Array.from({ length: max_lost }, (_, i) => `lost_lease 1 w${i + 1}`))
    t.match(await queue.stats('default'), { failed: 1, queued: 0, active: 0, totals: { lost: max_lost, failed: 1 } })
    t.equal(await redis.exists('attempts'), 0)
    t.same((await queue.deadLetters('default', 1)).items.map(item => item.id), [id])
  }
})

t.test('lost leases and failed attempts count apart', async t => {
  const { id } = await queue.submit({ task: 'x' })
  await worker().turn({ max: 1 })
  await expire(engine)
  await sweep()
  await worker().turn({ settlements: retried(await worker().turn({ max: 1 }), 0) })
  t.match(await queue.get(id), { attempt: 1, lost: 1 })
  await worker().turn({ max: 1 })
  await expire(engine)
  await sweep()
  t.match(await queue.get(id), { status: 'queued', attempt: 1, lost: 2 })
})

t.test('a worker whose note has become old hangs: it is handed nothing, others are', async t => {
  const hung = await idleWorker(engine, 'hung')
  const healthy = await idleWorker(engine, 'healthy')
  const validTo = Number(hung.parked.split(' ').at(-1))
  t.ok(validTo > Date.now() && validTo <= Date.now() + 6000, 'a note is good for six seconds')
  await redis.lset(key(':idle'), 0, hung.parked.replace(/\d+$/, `${validTo - 10_000}`))
  await submitMany(engine, 1)
  t.same(await hung.handed(), [])
  t.match(await healthy.handed(), [{ leased: [{ token: /^n-/ }] }])
  t.equal(await redis.llen(key(':idle')), 0)
  for (const { unsubscribe } of [hung, healthy]) await unsubscribe()
})

t.test('a note is good for no longer than a lease', async t => {
  const idle = await idleWorker(engine, 'idle', 10, { lease_ms: 1000 })
  const validTo = Number(idle.parked.split(' ').at(-1))
  t.ok(validTo <= Date.now() + 1001, `${validTo}`)
  await idle.unsubscribe()
})

t.test('old notes are dropped, also when no job comes', async t => {
  const idle = await idleWorker(engine, 'idle')
  await submitMany(engine, 1, { delay_ms: HOUR_MS })
  await redis.lpush(key(':idle'), `gone abc 10 1000 ${Date.now() - 1}`, `gone abd 10 1000 ${Date.now() - 2}`)
  await sweep()
  t.same(await redis.lrange(key(':idle'), 0, -1), [idle.parked])
  await idle.unsubscribe()
})

t.test('maxima that were lowered hold from the next sweep', async t => {
  await submitMany(engine, 20)
  await worker().turn({ settlements: completed(await worker().turn({ max: 10 })) })
  await worker().turn({ settlements: dead(await worker().turn({ max: 10 })) })
  await sweep({ keep_completed: 3, keep_dead: 4 })
  t.match(await queue.stats('default'), { completed: 3, failed: 4, totals: { completed: 10, failed: 10 } })
  t.same([await redis.hlen('jobs'), await redis.hlen('outcomes')], [7, 7])
})

t.test('a queue of which nothing is left is forgotten', async t => {
  await submitMany(engine, 1, { queue: 'gone' })
  const one = worker('w1', { queue: 'gone' })
  await one.turn({ settlements: completed(await one.turn({ max: 1 })) })
  await sweep({ queue: 'gone' })
  t.match(await queue.stats('gone'), { completed: 1 })
  await redis.zadd('queue:gone:active', 'XX', '1', 'w1')
  await sweep({ queue: 'gone', keep_completed: 0 })
  t.same(await redis.keys('*'), ['events'], 'but for what has happened')
  t.equal(await queue.stats('gone'), undefined)
  await submitMany(engine, 1, { queue: 'gone' })
  t.match(await queue.stats('gone'), { queued: 1, totals: { submitted: 1 } }, 'and begins anew')
})

t.test('an idle worker stays parked: it holds nothing that could run out', async t => {
  const idle = await idleWorker(engine, 'idle')
  await sweep()
  t.same(await redis.lrange(key(':idle'), 0, -1), [idle.parked])
  await idle.unsubscribe()
})

t.test('what is promoted or recovered goes on to idle workers', async t => {
  await submitMany(engine, 1, { delay_ms: HOUR_MS })
  const idle = await idleWorker(engine, 'idle')
  await makeDue(engine, ':scheduled')
  await sweep()
  t.match(await idle.handed(), [{ leased: [{ token: /^n-/ }] }])
  await idle.unsubscribe()
})

t.test('completed and dead jobs are forgotten after their own times, and no others', async t => {
  await submitMany(engine, 3)
  await worker().turn({ settlements: completed(await worker().turn({ max: 1 })) })
  await worker().turn({ settlements: dead(await worker().turn({ max: 1 })) })
  t.match(await sweep({ completed_ms: DAY_MS, dead_ms: DAY_MS }), { forgotten: 0 })
  await until(Date.now() + 2)
  t.match(await sweep({ completed_ms: 1, dead_ms: DAY_MS }), { forgotten: 1 })
  t.match(await queue.stats('default'), { completed: 0, failed: 1, queued: 1 })
  t.match(await sweep({ completed_ms: DAY_MS, dead_ms: 1 }), { forgotten: 1 })
  t.match(await queue.stats('default'), { completed: 0, failed: 0, queued: 1 })
  t.same([await redis.hlen('jobs'), await redis.hlen('outcomes')], [1, 0])
})

t.test('completed jobs count from their ends, not from their starts', async t => {
  const { id } = await queue.submit({ task: 'x' })
  const turn = await worker().turn({ max: 1 })
  await until(Date.now() + 20)
  await worker().turn({ settlements: completed(turn) })
  const { started_at, completed_at } = (await queue.get(id))!
  t.match(await sweep({ completed_ms: Date.now() - started_at! + 1000 - (completed_at! - started_at!) }), { forgotten: 0 })
  await redis.hset('outcomes', fromUuid(id), (await redis.hget('outcomes', fromUuid(id)))!.replace(/(?<=^cn 1 0 )\d+ \d+/, `${Date.now() - DAY_MS} ${DAY_MS - HOUR_MS}`))
  t.match(await sweep({ completed_ms: 2 * HOUR_MS }), { forgotten: 0 })
  t.match(await sweep({ completed_ms: HOUR_MS - 1 }), { forgotten: 1 })
})

/** When a queue wants to be swept, in ms from now. */
async function wantsSweepIn (name = 'default'): Promise<number> {
  return Number(await redis.zscore(keys.sweeps, name)) - Date.now()
}

t.test('a queue that is due goes to one of those who ask, once an interval', async t => {
  await submitMany(engine, 1)
  await redis.zadd(keys.sweeps, '1', 'default', '2', 'other')
  const others = await Promise.all(Array.from({ length: 4 }, () => engine.connect()))
  const all = await Promise.all(others.map(other => dueQueues(other, keys, 10_000)))
  t.same(all.flat(), ['default', 'other'])
  t.ok(Math.abs(await wantsSweepIn() - 10_000) < 1000, 'and again after it, if who got it has died')
})

t.test('a queue says when it wants to be swept', async t => {
  const at = async (name: string, ms: number) => t.ok(Math.abs(await wantsSweepIn() - ms) < 1000, `${name}: in ${await wantsSweepIn()} ms`)
  await submitMany(engine, 1)
  await at('something is in it', 60_000)
  await worker('w1', { lease_ms: 20_000 }).turn({ max: 1 })
  await at('a lease can end', 20_000)
  await submitMany(engine, 1, { delay_ms: 5000 })
  await at('a job will be due', 5000)
  await worker('w2').turn({ max: 1, park: true })
  await at('a worker waits for what others may push', 1000)
  await sweep({ interval_ms: 2000 })
  await at('never more often than the interval', 2000)
  await redis.del(key(':idle'), key(':scheduled'))
  await sweep()
  await at('only the lease is left', 20_000)
  t.match((await redis.zrange(keys.sweeps, '0', '-1')), ['default'])
  await redis.del(key(':active'), keys.held('default', 'w1'))
  await sweep()
  t.same(await redis.zrange(keys.sweeps, '0', '-1'), [], 'nothing is left of it')
})

t.test('finished jobs want to be forgotten', async t => {
  await submitMany(engine, 1)
  await worker().turn({ settlements: completed(await worker().turn({ max: 1 })) })
  await redis.del(key(':active'))
  await sweep({ completed_ms: 3000 })
  t.ok(Math.abs(await wantsSweepIn() - 3000) < 1000)
})

t.test('a clock that was set back does not stop the sweeps', async t => {
  await redis.zadd(keys.sweeps, Date.now() + DAY_MS, 'default')
  t.same(await dueQueues(redis, keys, 1000), ['default'])
  t.same(await dueQueues(redis, keys, 1000), [])
})

t.test('queues of a version that noted nothing are swept soon', async t => {
  await redis.zadd(keys.sweeps, Date.now() + HOUR_MS / 100, 'known')
  t.same(await dueQueues(redis, keys, 1000, ['known', 'unknown']), ['unknown'])
})

t.test('a hundred queues at a time', async t => {
  t.equal((await dueQueues(redis, keys, 1000, Array.from({ length: 2500 }, (_, i) => `q${i}`))).length, MAX_DUE)
  t.equal(await redis.zcount(keys.sweeps, '-inf', '0'), 2400)
})

t.test('stops between two steps when it is told to', async t => {
  await submitMany(engine, 1)
  await worker().turn({ max: 1 })
  await expire(engine)
  const options = { interval_ms: 0, max_lost: 3, completed_ms: DAY_MS, dead_ms: DAY_MS, keep_completed: 10, keep_dead: 10 }
  t.same(await sweepUntilDone(redis, keys, 'default', options, AbortSignal.abort()), { promoted: 0, recovered: 0, dead: 0, forgotten: 0 })
  t.match(await queue.stats('default'), { active: 1 })
})

/** Until the clock of this host, which is Redis's here, shows that time. */
async function until (time: number): Promise<void> {
  while (Date.now() < time) await new Promise(setImmediate)
}

t.test('however many are cancelled, the sweep keeps as many as the queue is to keep', async t => {
  const jobs = await queue.submitAll(Array.from({ length: 1000 }, () => ({ task: 'x' })))
  const more = await queue.submitAll(Array.from({ length: 1000 }, () => ({ task: 'x' })))
  for (const some of [jobs, more]) await queue.control('default', 'cancel', some.map(({ id }) => id))
  t.match(await queue.stats('default'), { cancelled: 2000 })
  t.ok(Number(await redis.zscore(keys.sweeps, 'default')) <= Date.now() + 5, 'it is swept soon')
  await sweep({ keep_completed: 10 })
  t.match(await queue.stats('default'), { cancelled: 10 })
})
