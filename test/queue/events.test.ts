import { Redis } from 'ioredis'
import t from 'tap'
import type { JobEvent } from '../../src/queue/event.ts'
import { Events } from '../../src/queue/events.ts'
import type { EventsOptions } from '../../src/queue/events.ts'
import { fromUuid } from '../../src/queue/ids.ts'
import { completed, HOUR_MS, idleWorker, retried, startEngine, submitMany, until } from '../helper/engine.ts'
import type { Engine } from '../helper/engine.ts'
import { startProxy } from '../helper/proxy.ts'

const engine = await startEngine(t)
const { redis, keys, queue, worker } = engine

interface Heard { events: Events, heard: JobEvent[], gaps: () => number }

/** One that follows all, on its own subscription. */
async function listen (t: { teardown: (fn: () => Promise<void>) => void }, { redis }: Engine, options: Partial<EventsOptions> = {}): Promise<Heard> {
  const connect = () => redis.duplicate({ lazyConnect: true, socketTimeout: 3000 })
  const events = new Events({ redis, connect, key: keys.events, onFault: () => {}, ...options })
  t.teardown(() => events.close())
  const heard: JobEvent[] = []
  let gaps = 0
  await events.follow({}, { events: some => heard.push(...some), gap: () => { gaps++ } })
  return { events, heard, gaps: () => gaps }
}

t.test('a call makes one entry, whatever it does to how many jobs', async t => {
  const { heard } = await listen(t, engine)
  const counts = async (work: () => Promise<unknown>) => {
    const before = await redis.xlen('events')
    await work()
    const [last] = await redis.xrevrange('events', '+', '-', 'COUNT', 1)
    await until(() => heard.at(-1)?.id.startsWith(last![0]))
    return [await redis.xlen('events') - before, heard.filter(({ id }) => id.startsWith(`${last![0]}.`)).map(({ kind }) => kind)]
  }
  t.same(await counts(() => submitMany(engine, 3)), [1, ['submitted', 'submitted', 'submitted']])
  let turn = await worker().turn({ max: 3 })
  t.same(await counts(() => worker().turn({ settlements: retried(turn, 0), max: 2 })), [1, [
    ...Array(3).fill('retrying'), ...Array(3).fill('queued'), 'started', 'started']], 'in the order in which it happens')
  turn = await worker().turn({ max: 1 })
  const idle = await idleWorker(engine, 'idle')
  const [entries, kinds] = await counts(() => queue.submitAll([{ task: 'x' }, { task: 'x', delay_ms: HOUR_MS }]))
  t.equal(entries, 1)
  t.same((kinds as string[]).slice(-3), ['submitted', 'scheduled', 'started'], 'handed to an idle worker in the same step')
  await idle.unsubscribe()
})

t.test('what changes nothing makes no entry', async t => {
  await worker().turn({ max: 1, park: true })
  await worker().heartbeat()
  await worker().turn({ settlements: [{ kind: 'complete', id: 'x'.repeat(22), token: 'n-.1.0.1.x', result: '' }] })
  await queue.stats('default')
  await queue.redrive('default')
  await engine.sweep()
  t.equal(await redis.exists('events'), 0)
})

t.test('the stream is bounded: many small entries, fewer large ones, never less than a thousand', async t => {
  const [job] = await submitMany(engine, 1)
  const turn = await worker().turn({ max: 1 })
  const small = async (count: number) => {
    for (let i = 0; i < count; i++) await worker().progress(fromUuid(job!.id), turn.leased[0]!.token, 50)
  }
  await small(11_000)
  const length = await redis.xlen('events')
  t.ok(length >= 10_000 && length < 10_200, `${length}`)
  for (let i = 0; i < 1200; i++) await submitMany(engine, 100, { queue: `q${i % 3}` })
  const fewer = await redis.xlen('events')
  t.ok(fewer >= 1000 && fewer < 1300, `${fewer}`)
  t.ok(Number(await redis.memory('USAGE', 'events')) < 4e6)
})

t.test('who is behind by more than is kept is told of the gap, and goes on', async t => {
  const { heard, gaps } = await listen(t, engine)
  await submitMany(engine, 1)
  await until(() => heard.length === 1)
  // What a process that stands still for long finds: the stream has been trimmed beyond the place where it was.
  const transaction = redis.multi()
  for (let i = 0; i < 100; i++) transaction.xadd('events', '*', 'submitted default -', 'A'.repeat(22))
  transaction.xtrim('events', 'MAXLEN', 50)
  await transaction.exec()
  await until(() => heard.length === 51)
  t.equal(gaps(), 1)
})

t.test('of those that read at their own pace nobody is told of a gap', async t => {
  const { heard, gaps } = await listen(t, engine)
  await Promise.all(Array.from({ length: 20 }, () => submitMany(engine, 1000)))
  let turn = await worker().turn({ max: 1000 })
  while (turn.leased.length > 0) turn = await worker().turn({ settlements: completed(turn), max: 1000 })
  await until(() => heard.length === 60_000)
  t.equal(gaps(), 0)
  t.equal(new Set(heard.map(({ id }) => id)).size, 60_000)
})

t.test('a half-open connection is found out and replaced, and nothing is missed', async t => {
  const proxy = await startProxy(t, engine.server.socket)
  // As the plugin makes it, with less time for a reply.
  const connect = () => {
    const client = new Redis(proxy.url, { lazyConnect: true, socketTimeout: 2200, enableOfflineQueue: false, maxRetriesPerRequest: 0, retryStrategy: () => 20 })
    t.teardown(async () => { client.disconnect() })
    return client
  }
  const { heard, gaps } = await listen(t, engine, { connect })
  await submitMany(engine, 1)
  await until(() => heard.length === 1)
  proxy.swallow(true)
  await submitMany(engine, 3)
  proxy.swallow(false)
  await until(() => heard.length === 4)
  t.equal(gaps(), 0)
})

t.test('followers of one job, of a queue, and their end', async t => {
  const { events } = await listen(t, engine)
  const [a, b] = await submitMany(engine, 2)
  const heard: string[] = []
  const unfollow = await events.follow({ job: fromUuid(b!.id) }, { events: some => heard.push(...some.map(({ kind, job_id }) => `${kind} ${job_id}`)), gap: () => {} })
  t.equal(events.followers, 2)
  await worker().turn({ settlements: completed(await worker().turn({ max: 2 })) })
  await until(() => heard.length === 2)
  t.same(heard, [`started ${b!.id}`, `completed ${b!.id}`])
  unfollow()
  unfollow()
  t.equal(events.followers, 1)
  t.not(a!.id, b!.id)
})

t.test('Redis is away at the start: it says so, and works when it is back', async t => {
  const other = await startEngine(t)
  const events = new Events({ redis: other.redis, connect: () => other.redis.duplicate({ lazyConnect: true }), key: 'events', onFault: () => {} })
  t.teardown(() => events.close())
  await other.server.kill()
  await t.rejects(events.follow({}, { events: () => {}, gap: () => {} }), { name: 'QueueUnavailableError' })
  t.equal(events.followers, 0)
  await other.server.start()
  const heard: JobEvent[] = []
  await until(async () => {
    await events.follow({}, { events: some => heard.push(...some), gap: () => {} }).catch(() => {})
    return events.followers === 1
  })
  await until(async () => await other.queue.submit({ task: 'x' }).catch(() => undefined))
  await until(() => heard.length === 1)
})

t.test('a fault is told, to who would follow as well', async t => {
  await redis.set('events', 'no stream')
  let faults = 0
  const events = new Events({ redis, connect: () => redis.duplicate({ lazyConnect: true }), key: 'events', onFault: () => { faults++ } })
  t.teardown(() => events.close())
  await t.rejects(events.follow({}, { events: () => {}, gap: () => {} }), /WRONGTYPE/)
  t.equal(faults, 1)
})
