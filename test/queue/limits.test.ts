import t from 'tap'
import type { Test } from 'tap'
import { SettingsStore } from '../../src/queue/settings.ts'
import type { QueueSettings } from '../../src/queue/settings.ts'
import { completed, dead, expire, idleWorker, released, retried, startEngine, submitMany } from '../helper/engine.ts'
import { countCommands } from '../helper/commands.ts'

const engine = await startEngine(t)
const { redis, key, queue, worker, sweep } = engine

/** Sets these settings and no others. */
async function set (settings: QueueSettings): Promise<void> {
  await new SettingsStore(redis, engine.keys).change('default', () => settings)
}

/** So many jobs run, and so many are counted. */
async function runs (t: Test, count: number): Promise<void> {
  const counted = Number(await redis.hget(key(':limits'), 'running'))
  t.same([counted, (await queue.stats('default'))!.active], [count, count])
}

/** So much time passes for the queue's rate. */
async function pass (ms: number): Promise<void> {
  await redis.hincrbyfloat(key(':limits'), 'used_to', -ms)
}

const HOUR = { limit: 1, period_seconds: 3600 }

t.test('no more jobs are leased than may run, whoever asks', async t => {
  await set({ concurrency: 3 })
  await submitMany(engine, 10)
  const first = await worker('w1').turn({ max: 2 })
  const second = await worker('w2').turn({ max: 5 })
  t.same([first.leased.length, second.leased.length], [2, 1])
  t.same((await worker('w3').turn({ max: 5 })).leased, [])
  const third = await worker('w1').turn({ max: 5, settlements: completed(first) })
  t.equal(third.leased.length, 2)
  await runs(t, 3)
})

t.test('a slot is free again however its job leaves its worker', async t => {
  await set({ concurrency: 4 })
  const jobs = await submitMany(engine, 20)
  const w1 = worker('w1')
  const lease = async () => await w1.turn({ max: 4 })
  for (const settle of [completed, retried, dead, released]) {
    const turn = await lease()
    await runs(t, 4)
    await w1.turn({ settlements: settle(turn) })
    await runs(t, 0)
  }
  await lease()
  const active = jobs.slice(12, 16).map(({ id }) => id)
  t.same(await queue.control('default', 'cancel', active), active.map(() => 'changed'))
  await runs(t, 0)
  await lease()
  await expire(engine)
  await sweep()
  await runs(t, 0)
})

t.test('a settlement that is stale, or comes twice, frees nothing', async t => {
  await set({ concurrency: 2 })
  await submitMany(engine, 5)
  const turn = await worker().turn({ max: 2 })
  const [first, second] = completed(turn)
  await worker().turn({ settlements: [first!, first!, { ...second!, token: first!.token.replace(/.$/, '!') }] })
  await runs(t, 1)
  await worker().turn({ settlements: [first!] })
  await worker('w2').turn({ settlements: [second!] })
  await runs(t, 1)
})

t.test('a worker without a slot parks, and is handed the job by whoever frees one', async t => {
  await set({ concurrency: 2 })
  await submitMany(engine, 5)
  const busy = await worker('w1').turn({ max: 2 })
  const idle = await idleWorker(engine, 'w2')
  t.not(idle.parked, '')
  t.same(await idle.handed(), [])
  await submitMany(engine, 1)
  t.same(await idle.handed(), [], 'nor does a submit call it')
  await worker('w1').turn({ settlements: completed(busy).slice(0, 1) })
  t.match(await idle.handed(), [{ leased: [{}] }])
  await runs(t, 2)
  const other = await idleWorker(engine, 'w3')
  await expire(engine, 'w1')
  await sweep()
  t.match(await other.handed(), [{ leased: [{}] }], 'also when the lease of a dead worker ends')
  await runs(t, 2)
})

t.test('set while jobs run it counts these; more that are allowed start at once', async t => {
  await submitMany(engine, 9)
  await worker('w1').turn({ max: 4 })
  await set({ concurrency: 2 })
  await runs(t, 4)
  const idle = await idleWorker(engine, 'w2')
  await set({ concurrency: 6 })
  t.match(await idle.handed(), [{ leased: [{}, {}] }])
  await runs(t, 6)
  const next = await idleWorker(engine, 'w3')
  await set({})
  t.match(await next.handed(), [{ leased: [{}, {}, {}] }])
  t.equal(await redis.exists(key(':limits')), 0)
})

t.test('the sweep counts anew', async t => {
  await set({ concurrency: 2 })
  await submitMany(engine, 5)
  await worker('w1').turn({ max: 2 })
  const idle = await idleWorker(engine, 'w2')
  await redis.hset(key(':limits'), 'running', 7)
  await sweep()
  await runs(t, 2)
  await redis.hset(key(':limits'), 'running', -7)
  await sweep()
  await runs(t, 2)
  t.same(await idle.handed(), [])
})

t.test('a rate lets one job start an interval, however many ask', async t => {
  await set({ rate_limit: HOUR })
  await submitMany(engine, 5)
  t.equal((await worker('w1').turn({ max: 5 })).leased.length, 1)
  t.same((await worker('w2').turn({ max: 5 })).leased, [])
  await pass(3_599_000)
  t.same((await worker('w2').turn({ max: 5 })).leased, [])
  await pass(1000)
  t.equal((await worker('w2').turn({ max: 5 })).leased.length, 1)
  t.same((await worker('w2').turn({ max: 5 })).leased, [])
})

t.test('a burst, and no more than it has grown to since', async t => {
  await set({ rate_limit: { limit: 60, period_seconds: 3600, burst: 10 } })
  await submitMany(engine, 50)
  const lease = async () => (await worker().turn({ max: 50 })).leased.length
  t.equal(await lease(), 10)
  t.equal(await lease(), 0)
  await pass(3 * 60_000)
  t.equal(await lease(), 3)
  await pass(24 * 3_600_000)
  t.equal(await lease(), 10, 'never more than the burst')
})

t.test('without a burst there are never more than the limit in a period', async t => {
  for (const [limit, period_seconds] of [[1, 1], [10, 1], [25, 1], [26, 1], [100, 1], [1000, 1], [1000, 60], [100_000, 60]] as const) {
    await redis.flushall()
    await set({ rate_limit: { limit, period_seconds } })
    const [interval, burst] = (await redis.hget(key(':settings'), 'rate_limit'))!.split(' ').map(Number) as [number, number]
    // At once after a quiet time, and then one an interval for the rest of the period.
    const most = burst - 1 + Math.ceil(period_seconds * 1000 / interval - 1e-6)
    const lasting = period_seconds * 1000 / interval
    t.ok(most <= limit, `${most} of ${limit}`)
    t.ok(lasting >= (limit <= 25 ? 1 - 1e-9 : 0.96) * limit, `${lasting} of ${limit} in the long run`)
  }
})

t.test('who has been idle longest, and nobody else, is told when the next may start', async t => {
  await set({ rate_limit: HOUR })
  const [first, second] = [await idleWorker(engine, 'w1', 1), await idleWorker(engine, 'w2', 1)]
  await submitMany(engine, 5)
  t.match(await first.handed(), [{ leased: [{}] }])
  const told = await second.handed()
  t.equal(told.length, 1)
  const [{ due_in_ms }] = told as [{ due_in_ms: number }]
  t.ok(due_in_ms > 3_590_000 && due_in_ms <= 3_600_000, `${due_in_ms}`)
  const third = await idleWorker(engine, 'w3', 1)
  t.match([await third.handed(), (await second.handed()).length, await first.handed()], [[], 1, []])
  await pass(3_600_000)
  await submitMany(engine, 1)
  t.match(await second.handed(), [{ leased: [{}] }])
  t.match(await third.handed(), [{ due_in_ms: Number }])
})

t.test('a worker that parks alone learns it from its turn', async t => {
  await set({ rate_limit: HOUR })
  await submitMany(engine, 2)
  const { leased, due_in_ms, parked } = await worker().turn({ max: 5, park: true })
  t.equal(leased.length, 1)
  t.not(parked, '')
  t.ok(due_in_ms! > 3_590_000, `${due_in_ms}`)
  await set({})
  t.equal((await worker('w2').turn({ max: 5, park: true })).due_in_ms, undefined)
})

t.test('when that one has gone the sweep hands the job over', async t => {
  await set({ rate_limit: HOUR })
  await submitMany(engine, 3)
  await worker('w0').turn({ max: 1 })
  const gone = await idleWorker(engine, 'w9')
  const idle = await idleWorker(engine, 'w2')
  await gone.unsubscribe()
  await pass(3_600_000)
  await sweep()
  t.match(await idle.handed(), [{ leased: [{}] }])
})

t.test('a clock that is set back stops no queue', async t => {
  await set({ rate_limit: HOUR })
  await submitMany(engine, 3)
  await worker().turn({ max: 1 })
  await pass(-50 * 3_600_000)
  t.same((await worker().turn({ max: 1 })).leased, [])
  await pass(51 * 3_600_000)
  t.equal((await worker().turn({ max: 1 })).leased.length, 1)
})

t.test('both limits at once', async t => {
  await set({ concurrency: 3, rate_limit: { limit: 60, period_seconds: 3600, burst: 5 } })
  await submitMany(engine, 10)
  const first = await worker().turn({ max: 10 })
  t.equal(first.leased.length, 3)
  t.equal((await worker().turn({ max: 10, settlements: completed(first) })).leased.length, 2)
  t.equal((await queue.limitsReached('default')).concurrency, false)
  t.ok((await queue.limitsReached('default')).rate_limit! > Date.now())
})

t.test('it works when Redis is full', async t => {
  await set({ concurrency: 2, rate_limit: { limit: 10, burst: 10 } })
  await submitMany(engine, 5)
  await redis.config('SET', 'maxmemory', '1mb')
  const turn = await worker().turn({ max: 5 })
  t.equal((await worker().turn({ max: 5, settlements: completed(turn) })).leased.length, 2)
  await redis.config('SET', 'maxmemory', '0')
})

t.test('a queue without limits pays nothing for them', async t => {
  await submitMany(engine, 10)
  const counts = await countCommands(redis, async () => {
    const turn = await worker().turn({ max: 10 })
    await worker().turn({ max: 10, settlements: completed(turn) })
  })
  t.same([counts.get('hmget'), counts.get('hget'), counts.get('hincrby')], [5, undefined, 1])
})
