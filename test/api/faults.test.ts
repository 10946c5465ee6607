import t from 'tap'
import type { Test } from 'tap'
import { startApi } from '../helper/api.ts'
import type { Api } from '../helper/api.ts'
import { completed, dead, startEngine, until } from '../helper/engine.ts'
import type { Engine } from '../helper/engine.ts'

const REFUSED_MS = 1000
const RETURN_MS = 5000

const NOT_NOW = 'The queue cannot take this request now: try again shortly'
const REFUSALS = {
  '/submit': { error: NOT_NOW },
  '/jobs': { type: 'urn:bellhop:problem:unavailable', title: 'Unavailable', status: 503, detail: NOT_NOW }
}

const submit = ({ post }: Api) => post('/submit', '{"task":"x"}')

/** Both doors refuse within a second, each in its own form, and say when to try again. */
async function refusesAll (t: Test, { post }: Api): Promise<void> {
  for (const [url, body] of Object.entries(REFUSALS)) {
    const start = performance.now()
    const response = await post(url, '{"task":"x"}')
    const ms = performance.now() - start
    t.equal(response.status, 503)
    t.ok(ms < REFUSED_MS, `${url}: ${ms} ms`)
    t.equal(response.headers.get('retry-after'), '1')
    t.same(await response.json(), body)
  }
}

/** Both doors take jobs again, and it says that it is well, within 5 s. */
async function returns (t: Test, api: Api): Promise<void> {
  const start = performance.now()
  await until(async () => (await submit(api)).status === 202)
  await until(async () => (await api.post('/jobs', '{"task":"x"}')).status === 201)
  await until(async () => (await api.client.GET('/health')).response.status === 200)
  const ms = performance.now() - start
  t.ok(ms < RETURN_MS, `${ms} ms`)
}

async function unhealthy (t: Test, { client }: Api, path: '/health' | '/health/ready'): Promise<void> {
  const start = performance.now()
  const { error, response } = await client.GET(path)
  const ms = performance.now() - start
  t.equal(response.status, 503)
  t.ok(ms < REFUSED_MS, `${path}: ${ms} ms`)
  t.match(error, { status: 'unavailable', checks: { redis: { status: 'fail', message: String } } })
}

async function start (t: Test): Promise<Engine & { api: Api }> {
  const engine = await startEngine(t, { appendonly: true })
  return { ...engine, api: await startApi(t, engine.server) }
}

t.test('Redis is killed, and comes back', async t => {
  const { api, server } = await start(t)
  const { data } = await api.client.POST('/submit', { body: { task: 'kept' } })
  for (let round = 0; round < 2; round++) {
    await server.kill()
    await refusesAll(t, api)
    for (const path of ['/health', '/health/ready'] as const) await unhealthy(t, api, path)
    t.equal((await api.client.GET('/health/live')).response.status, 200)
    t.equal((await api.client.GET('/metrics', { parseAs: 'text' })).response.status, 200)
    await server.start()
    await returns(t, api)
  }
  t.match((await api.client.GET('/jobs/{id}', { params: { path: { id: data!.id } } })).data, { task: 'kept', status: 'queued' }, 'what was accepted is still there')
})

t.test('Redis hangs, and goes on', async t => {
  const { api, server } = await start(t)
  server.freeze()
  await refusesAll(t, api)
  for (const path of ['/health', '/health/ready'] as const) await unhealthy(t, api, path)
  const asked = performance.now()
  const many = await Promise.all(Array.from({ length: 200 }, () => submit(api)))
  t.ok(performance.now() - asked < REFUSED_MS, 'many wait no longer than one')
  t.ok(many.every(({ status }) => status === 503))
  server.thaw()
  await returns(t, api)
})

t.test('Redis is full: jobs are refused, what is there is read and settled, and then there is room again', async t => {
  const { api, redis, server, worker } = await start(t)
  const ids: string[] = []
  for (let i = 0; i < 4; i++) ids.push((await api.client.POST('/jobs', { body: { task: `t${i}`, input: 'x'.repeat(1000) } })).data!.id)
  const turn = await worker().turn({ max: 1 })
  await redis.config('SET', 'maxmemory', '1mb')
  await refusesAll(t, api)

  const read = async (id: string) => (await api.client.GET('/jobs/{id}', { params: { path: { id } } })).data
  t.same((await worker().turn({ settlements: completed(turn, '{"pages":3}') })).settled, [true])
  t.match(await read(ids[0]!), { status: 'completed', result: { pages: 3 } })
  const next = await worker().turn({ max: 1 })
  t.match(await read(ids[1]!), { status: 'active' })
  t.same((await worker().turn({ settlements: dead(next, 'no') })).settled, [true])
  t.match((await api.client.GET('/queues/{queue}/dlq', { params: { path: { queue: 'default' } } })).data, { items: [{ id: ids[1], error: { message: 'no' } }] })
  t.match((await api.client.GET('/queues/{queue}', { params: { path: { queue: 'default' } } })).data, { counts: { queued: 2, completed: 1, failed: 1 } })
  t.equal((await api.client.POST('/queues/{queue}/dlq/redrive', { params: { path: { queue: 'default' } } })).response.status, 503)
  t.match(await read(ids[1]!), { status: 'failed' }, 'a redrive that was refused has changed nothing')
  t.equal((await api.client.GET('/health')).response.status, 200)
  await t.resolves(startApi(t, server), 'a process can be started meanwhile')

  await redis.config('SET', 'maxmemory', '0')
  await returns(t, api)
  t.match((await api.client.POST('/queues/{queue}/dlq/redrive', { params: { path: { queue: 'default' } } })).data, { redriven: 1 })
})

t.test('Redis may not be written to, as a replica or for want of one: 503 as well', async t => {
  const { api, redis } = await start(t)
  await redis.call('REPLICAOF', '127.0.0.1', '1')
  await refusesAll(t, api)
  await redis.call('REPLICAOF', 'NO', 'ONE')
  await returns(t, api)
  await redis.config('SET', 'min-replicas-to-write', '1')
  await refusesAll(t, api)
  await redis.config('SET', 'min-replicas-to-write', '0')
  await returns(t, api)
})
