import t from 'tap'
import { request } from '../helper/client.ts'
import { until } from '../helper/engine.ts'
import { startFleet } from '../helper/fleet.ts'
import { startProxy } from '../helper/proxy.ts'
import { inStatus } from '../helper/worker.ts'

const fleet = await startFleet(t)
const { queue, redis, server } = fleet
t.beforeEach(fleet.clear)

const RETURN_MS = 5000

/** Submits as fast as answers come, until stopped; returns the ids of all jobs that were accepted. */
function submitting (address: string, task: string): () => Promise<string[]> {
  const accepted: string[] = []
  const stopping = new AbortController()
  const one = async () => {
    while (!stopping.signal.aborted) {
      const { status, body } = await request(address, '/submit', { task })
      if (status === 202) accepted.push(body.id)
    }
  }
  const all = Promise.all([one(), one(), one(), one()])
  return async () => {
    stopping.abort()
    await all
    return accepted
  }
}

async function allCompleted (ids: string[]): Promise<string[]> {
  await until(async () => {
    const stats = await queue.stats('default')
    return stats && stats.queued + stats.active + stats.retrying === 0
  })
  const jobs = await Promise.all(ids.map(id => queue.get(id)))
  return ids.filter((_, i) => jobs[i]?.status !== 'completed')
}

t.test('Redis is killed under load and comes back: nothing that was accepted is lost, all come back by themselves', async t => {
  const [api] = await Promise.all([fleet.api(), fleet.worker(), fleet.worker()])
  const stop = submitting(api.address, 'pure')
  await until(async () => (await queue.stats('default'))!.totals.completed > 50)
  await server.kill()

  const refused = await request(api.address, '/submit', { task: 'x' })
  t.match(refused, { status: 503, body: { error: String } })
  t.equal(refused.headers.get('retry-after'), '1')
  t.ok(refused.ms < 1000, `${refused.ms} ms`)
  t.match(await request(api.address, '/jobs', { task: 'x' }), { status: 503, body: { type: 'urn:bellhop:problem:unavailable' } })
  t.match(await request(api.address, '/health'), { status: 503, body: { status: 'unavailable', checks: { redis: { status: 'fail' } } } })
  t.match(await request(api.address, '/health/live'), { status: 200 })

  await server.start()
  const back = performance.now()
  const { totals: { completed } } = (await queue.stats('default'))!
  await until(async () => (await queue.stats('default'))!.totals.completed > completed)
  t.ok(performance.now() - back < RETURN_MS, `${performance.now() - back} ms until the next job was done`)
  const accepted = await stop()
  t.same(await allCompleted(accepted), [], `${accepted.length} jobs`)
  t.match(await request(api.address, '/health'), { status: 200 })
})

t.test('Redis is away while the worker is idle: the next job runs soon after its return', async t => {
  const [api] = await Promise.all([fleet.api(), fleet.worker()])
  await server.kill()
  await until(async () => (await request(api.address, '/health')).status === 503)
  await server.start()
  const back = performance.now()
  await until(async () => (await request(api.address, '/submit', { task: 'pure' })).status === 202)
  await until(async () => (await queue.stats('default'))!.totals.completed === 1)
  t.ok(performance.now() - back < RETURN_MS, `${performance.now() - back} ms`)
})

t.test('Redis hangs: refused within a second, and all goes on when it wakes up', async t => {
  const [api] = await Promise.all([fleet.api(), fleet.worker()])
  await queue.submit({ task: 'nap', input: '200' })
  server.freeze()
  for (const path of ['/submit', '/jobs']) {
    const { status, ms, headers } = await request(api.address, path, { task: 'x' })
    t.equal(status, 503)
    t.ok(ms < 1000, `${path}: ${ms} ms`)
    t.equal(headers.get('retry-after'), '1')
  }
  t.match(await request(api.address, '/health'), { status: 503 })
  server.thaw()
  const back = performance.now()
  await until(async () => (await request(api.address, '/submit', { task: 'pure' })).status === 202)
  await until(async () => {
    const stats = (await queue.stats('default'))!
    // What was refused may have been kept all the same: Redis had it already. Those have no handler.
    return stats.totals.completed + stats.totals.failed === stats.totals.submitted
  })
  t.ok(performance.now() - back < RETURN_MS, `${performance.now() - back} ms`)
})

t.test('all connections are cut and all scripts forgotten, again and again: nothing is lost', async t => {
  const [api] = await Promise.all([fleet.api(), fleet.worker(), fleet.worker()])
  const stop = submitting(api.address, 'pure')
  for (let round = 1; round <= 5; round++) {
    const { totals: { completed } } = (await queue.stats('default'))!
    await until(async () => (await queue.stats('default'))!.totals.completed > completed + 50)
    await redis.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes')
    await redis.call('CLIENT', 'KILL', 'TYPE', 'pubsub')
    await redis.function('FLUSH')
  }
  const accepted = await stop()
  t.same(await allCompleted(accepted), [], `${accepted.length} jobs`)
})

t.test('a connection that is dead without knowing it is found out and replaced', async t => {
  const proxy = await startProxy(t, server.socket)
  const [api] = await Promise.all([fleet.api({ REDIS_URL: proxy.url }), fleet.worker({ REDIS_URL: proxy.url })])
  await inStatus(fleet, (await queue.submit({ task: 'pure' })).id, 'completed')
  proxy.swallow(true)
  t.match(await request(api.address, '/submit', { task: 'x' }), { status: 503 })
  proxy.swallow(false)
  const back = performance.now()
  const { id } = await queue.submit({ task: 'pure' })
  await inStatus(fleet, id, 'completed')
  t.ok(performance.now() - back < RETURN_MS, `${performance.now() - back} ms until the worker had it`)
  await until(async () => (await request(api.address, '/submit', { task: 'pure' })).status === 202)
})

t.test('Redis is full: submits are refused, what is there is worked off, and then there is room again', async t => {
  const api = await fleet.api()
  const ids = (await Promise.all(Array.from({ length: 200 }, () => queue.submit({ task: 'pure' })))).map(({ id }) => id)
  await redis.config('SET', 'maxmemory', '1mb')
  t.teardown(async () => { await redis.config('SET', 'maxmemory', '0') })
  const refused = await request(api.address, '/submit', { task: 'x' })
  t.match(refused, { status: 503, body: { error: String } })
  t.equal(refused.headers.get('retry-after'), '1')
  t.match(await request(api.address, '/health'), { status: 200 })
  await fleet.worker()
  for (const id of ids) t.match(await inStatus(fleet, id, 'completed'), { attempt: 1 })
  await redis.config('SET', 'maxmemory', '0')
  t.match(await request(api.address, '/submit', { task: 'pure' }), { status: 202 })
})
