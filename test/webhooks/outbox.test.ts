import t from 'tap'
import { DELIVERIES } from '../../src/queue/keys.ts'
import { fromUuid, newId, toUuid } from '../../src/queue/ids.ts'
import { Relay } from '../../src/webhooks/relay.ts'
import { TooManyWebhooksError, WebhookStore } from '../../src/webhooks/store.ts'
import { newSecret } from '../../src/webhooks/webhook.ts'
import type { Webhook } from '../../src/webhooks/webhook.ts'
import { completed, startEngine, submitMany, until } from '../helper/engine.ts'

const engine = await startEngine(t, { appendonly: true })
const { server, redis, queue, keys, worker, sweep } = engine
const store = new WebhookStore(redis, keys)
const relay = new Relay(redis, keys, queue, store)

async function register (webhook: Partial<Webhook> = {}): Promise<Webhook> {
  const full: Webhook = { id: toUuid(newId()), url: 'https://example.com/', queues: [], events: ['completed', 'failed', 'cancelled'], secrets: [{ secret: newSecret() }], created_at: 1, updated_at: 1, ...webhook }
  await store.add(full)
  return full
}

/** The deliveries there are: to whom, and of which job. */
async function deliveries (): Promise<string[]> {
  const made = await redis.lrange(keys.base(DELIVERIES), 0, -1)
  const records = made.length > 0 ? await redis.hmget(keys.jobs, ...made) : []
  return records.map(record => {
    const { metadata, task } = JSON.parse(record!.split('\n')[1]!)
    return `${metadata.webhook_id ?? 'callback'} ${task} ${metadata.job_id}`
  })
}

t.test('without webhooks and callbacks nothing is noted', async t => {
  await submitMany(engine, 10)
  await worker().turn({ settlements: completed(await worker().turn({ max: 10 })) })
  t.strictSame((await redis.keys('*')).filter(key => /outbox|webhooks/.test(key)), [])
  t.equal(await redis.exists(`${keys.base('default')}:ties`), 0)
})

t.test('what happened is told once, however many relay, and however large it is', async t => {
  const hooks = await Promise.all([register(), register({ queues: ['default'] }), register({ queues: ['other'] }), register({ events: ['started'] })])
  await submitMany(engine, 30)
  await worker().turn({ settlements: completed(await worker().turn({ max: 30 })) })
  const jobs = await submitMany(engine, 1000)
  await queue.control('default', 'cancel', jobs.map(({ id }) => id))
  const relays = await Promise.all(Array.from({ length: 4 }, async () => new Relay(await engine.connect(), keys, queue, store)))
  const made = await Promise.all(relays.map(each => each.run(30_000)))
  const all = await deliveries()
  t.equal(all.length, 1000 * 2 + 30 * 2 + 30)
  t.equal(new Set(all).size, all.length, 'no two are alike')
  t.equal(made.reduce((a, b) => a + b), all.length)
  t.equal(all.filter(each => each.startsWith(hooks[1]!.id) && each.includes('job.cancelled')).length, 1000)
  t.strictSame(await redis.exists(keys.outbox, keys.outboxAt), 0)
  t.equal((await queue.stats(DELIVERIES))!.totals.submitted, all.length)
  await relay.run()
  t.equal((await deliveries()).length, all.length, 'and what happens to deliveries is told to nobody')
})

t.test('what a process that has died has not relayed the next one does', async t => {
  await register()
  const spec = { task: 'x', callback_url: 'https://example.com/' }
  const { id } = await queue.submit(spec)
  await worker().turn({ settlements: completed(await worker().turn({ max: 1 })) })
  await server.kill()
  await server.start()
  await until(() => redis.status === 'ready')
  const fresh = await engine.connect()
  t.equal(await fresh.xlen(keys.outbox), 2)
  // A sweep that has been begun by somebody who died, and one that finds nothing else: they do not forget it.
  await sweep({ queue: DELIVERIES })
  const [at] = await fresh.zmscore(keys.sweeps, DELIVERIES)
  t.ok(Number(at) <= Date.now() + 1000, 'it is due at once')
  await new Relay(fresh, keys, queue, new WebhookStore(fresh, keys)).run()
  t.strictSame((await deliveries()).map(each => each.replace(/^\S{36}/, 'webhook')).sort(), [`callback job.completed ${id}`, `webhook job.completed ${id}`])
})

t.test('of a job that is gone the least is told, and of one that was purged while it waited its callback hears nothing', async t => {
  await register()
  const { id } = await queue.submit({ task: 'x', callback_url: 'https://example.com/' })
  await queue.purge('default', ['queued'])
  await relay.run()
  const [delivery, none] = await redis.lrange(keys.base(DELIVERIES), 0, -1)
  t.equal(none, undefined)
  t.match(JSON.parse((await queue.get(toUuid(delivery!)))!.input), { type: 'job.cancelled', data: { id, queue: 'default', status: 'cancelled' } })
})

t.test('a large event for many webhooks is told in several steps, each within bounds', async t => {
  const RESULT = 200_000
  const hooks: Webhook[] = []
  for (let n = 0; n < 30; n++) hooks.push(await register({ events: ['completed'] }))
  // They are told in the order of their ids, which of one millisecond is by chance.
  hooks.sort((a, b) => a.id < b.id ? -1 : 1)
  await queue.submitAll(Array.from({ length: 3 }, () => ({ task: 'x' })))
  await worker().turn({ settlements: completed(await worker().turn({ max: 3 }), JSON.stringify('ä'.repeat(RESULT / 2))) })
  const connection = await engine.connect()
  const calls: number[] = []
  const send = connection.sendCommand.bind(connection)
  connection.sendCommand = (...args: Parameters<typeof send>) => {
    const { length } = Buffer.from(args[0].toWritable(null as never))
    if (length > 1000) calls.push(length)
    return send(...args)
  }
  const step = async () => await new Relay(connection, keys, queue, store).run(0.001)
  await until(async () => await step() > 0)
  const told = (await deliveries()).map(each => each.split(' ')[0]!)
  t.strictSame(told, hooks.slice(0, told.length).map(({ id }) => id), `${told.length} of them have been told`)
  t.ok(told.length > 1 && told.length < 10)
  // Meanwhile one that has been told is deleted, and so is the next one.
  await store.remove(hooks[0]!.id)
  await store.remove(hooks[told.length]!.id)
  const late = await register({ events: ['completed'] })
  await new Relay(connection, keys, queue, store).run(30_000)
  const all = await deliveries()
  t.equal(new Set(all).size, all.length, 'none twice')
  const times = (id: string) => all.filter(each => each.startsWith(id)).length
  t.strictSame(hooks.map(({ id }) => times(id)), hooks.map((_, i) => i === 0 ? 1 : i === told.length ? 0 : 3))
  t.equal(times(late.id), 3)
  t.ok(calls.length > 10 && Math.max(...calls) < 1024 * 1024 + 10_000, `${calls.length} calls, the largest of ${Math.max(...calls)} bytes`)
  t.equal(await redis.exists(keys.outbox, keys.outboxAt), 0)
})

t.test('what cannot be read keeps nothing that comes behind it', async t => {
  const { id } = await register()
  const skipped: string[] = []
  const telling = new Relay(redis, keys, queue, store, (error, entry) => skipped.push(`${entry} ${(error as Error).message}`))
  const spec = { task: 'x', callback_url: 'https://example.com/' }
  const [broken, good] = [await queue.submit(spec), await queue.submit(spec)]
  await redis.xadd(keys.outbox, '1-1', 'junk', '')
  await redis.xadd(keys.outbox, '1-2', 'completed default -', 'short')
  await redis.xadd(keys.outbox, '1-3', 'callback c', 'junk')
  await redis.xadd(keys.outbox, '1-4', 'callback c', fromUuid(good.id), 'record', 'junk', 'outcome', 'junk', 'left_out', '0')
  await redis.xadd(keys.outbox, '1-5', 'completed default -', 'completed default -')
  await queue.control('default', 'cancel', [broken.id, good.id])
  await redis.hset(keys.outcomes, fromUuid(broken.id), 'junk')
  await telling.run()
  const told = (await deliveries()).sort()
  t.strictSame(told, [`${id} job.cancelled ${good.id}`, `callback job.cancelled ${broken.id}`, `callback job.cancelled ${good.id}`].sort())
  t.strictSame(await redis.exists(keys.outbox, keys.outboxAt), 0)
  t.ok(skipped.length >= 5, skipped.join('\n'))

  // But what Redis says is no fault of the entry's.
  await submitMany(engine, 1)
  await worker().turn({ settlements: completed(await worker().turn({ max: 1 })) })
  await redis.rename(keys.outcomes, 'elsewhere')
  await redis.set(keys.outcomes, 'x')
  await t.rejects(telling.run(), { message: /WRONGTYPE/ })
  t.equal(await redis.xlen(keys.outbox), 1)
})

t.test('more than a bound does not wait for the relay, but callbacks', async t => {
  await register()
  const calls = redis.pipeline()
  for (let n = 0; n < 50_000; n++) calls.xadd(keys.outbox, '*', 'failed none -', '')
  await calls.exec()
  const { id } = await queue.submit({ task: 'x', callback_url: 'https://example.com/' })
  await queue.control('default', 'cancel', [id])
  t.strictSame([await relay.lost(), await relay.waiting()], [1, 50_001])
  await relay.run(60_000)
  t.strictSame(await deliveries(), [`callback job.cancelled ${id}`])
})

t.test('a webhook is changed as it is at that moment, and there are not too many', async t => {
  const { id } = await register({ description: '0' })
  await Promise.all(Array.from({ length: 5 }, () => store.change(id, webhook => ({ ...webhook, description: String(Number(webhook.description) + 1) }))))
  t.equal((await store.get(id))!.description, '5')
  t.equal(await store.change(toUuid(newId()), webhook => webhook), undefined)
  for (let n = 1; n < 100; n++) await register({ events: n === 50 ? ['started'] : ['completed'] })
  await t.rejects(register(), TooManyWebhooksError)
  t.strictSame((await redis.smembers(keys.wanted)).sort(), ['cancelled', 'completed', 'failed', 'started'])
  t.equal(await store.remove(id), true)
  t.equal(await store.remove(id), false)
  t.strictSame((await redis.smembers(keys.wanted)).sort(), ['completed', 'started'])
  t.equal((await store.all()).length, 99)
})
