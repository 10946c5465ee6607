import t from 'tap'
import { completed, idleWorker, makeDue, startEngine, submitMany } from '../helper/engine.ts'
import { countCommands } from '../helper/commands.ts'

const engine = await startEngine(t)
const { queue, redis, key, worker, sweep } = engine

t.test('a paused queue gives out nothing, by whatever way', async t => {
  const idle = await idleWorker(engine, 'w1')
  await queue.pause('default')
  await submitMany(engine, 3)
  await submitMany(engine, 1, { delay_ms: 60_000 })
  await makeDue(engine, ':scheduled')
  t.same((await worker('w2').turn({ max: 10 })).leased, [])
  await sweep()
  const { items } = await queue.deadLetters('default', 10)
  t.same(items, [])
  t.same((await idle.handed()).filter(handed => 'leased' in handed), [])
  t.match(await queue.stats('default'), { paused: true, queued: 4, active: 0 })
})

t.test('what runs goes on, and a job that fails waits', async t => {
  await submitMany(engine, 2)
  const turn = await worker().turn({ max: 2 })
  await queue.pause('default')
  t.equal((await worker().heartbeat()).held.size, 2)
  const [first] = completed(turn)
  const { settled, leased } = await worker().turn({ max: 5, settlements: [first!, { kind: 'release', id: turn.leased[1]!.id, token: turn.leased[1]!.token }] })
  t.same([settled, leased], [[true, true], []])
  t.match(await queue.stats('default'), { completed: 1, queued: 1, active: 0 })
})

t.test('a worker parks although jobs wait, and is handed them when the queue goes on', async t => {
  await queue.pause('default')
  await submitMany(engine, 5)
  const idle = await idleWorker(engine, 'w1', 10)
  t.not(idle.parked, '')
  t.same(await idle.handed(), [])
  await queue.resume('default')
  const [handed] = await idle.handed()
  t.equal((handed as { leased: unknown[] }).leased.length, 5)
  t.match(await queue.stats('default'), { paused: false, queued: 0, active: 5 })
})

t.test('twice is the same as once', async t => {
  for (let i = 0; i < 2; i++) {
    await queue.pause('default')
    t.equal((await queue.stats('default'))!.paused, true)
  }
  for (let i = 0; i < 2; i++) {
    await queue.resume('default')
    t.equal((await queue.stats('default'))!.paused, false)
  }
  t.equal(await redis.exists(key(':settings')), 0)
})

t.test('a paused queue is kept although it is empty', async t => {
  await queue.pause('new')
  await sweep({ queue: 'new' })
  t.match(await queue.stats('new'), { paused: true })
  await queue.resume('new')
  await sweep({ queue: 'new' })
  t.equal(await queue.stats('new'), undefined)
})

t.test('it can be paused, and go on, when Redis is full', async t => {
  await submitMany(engine, 1)
  await redis.config('SET', 'maxmemory', '1mb')
  await queue.pause('default')
  t.same((await worker().turn({ max: 1 })).leased, [])
  await queue.resume('default')
  t.equal((await worker().turn({ max: 1 })).leased.length, 1)
  await redis.config('SET', 'maxmemory', '0')
})

t.test('a queue without settings pays one call a batch for them', async t => {
  const look = await countCommands(redis, async () => { await worker().turn({ max: 10 }) })
  t.equal(look.get('hmget'), 1)
  const submit = await countCommands(redis, async () => { await submitMany(engine, 1000) })
  t.same([submit.get('hmget'), submit.get('fcall')], [1, 1])
})
