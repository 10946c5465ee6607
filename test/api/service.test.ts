import { readFileSync } from 'node:fs'
import t from 'tap'
import { parse } from 'yaml'
import { buildApi } from '../../src/api.ts'
import { loadConfig } from '../../src/config.ts'
import { Workers } from '../../src/queue/workers.ts'
import { startApi } from '../helper/api.ts'
import { completed, dead, retried, startEngine } from '../helper/engine.ts'

const { server, queue, redis, keys, worker } = await startEngine(t, { appendonly: true })
const { client, send } = await startApi(t, server)

t.test('the live workers, page by page', async t => {
  const workers = new Workers(redis, keys)
  for (const id of ['w1', 'w2', 'w3']) await workers.announce({ id, host: 'h', pid: 1, queues: ['default'], concurrency: 10, started_at: 1_735_723_800_000 }, 60_000)
  await workers.announce({ id: 'late', host: 'h', pid: 1, queues: [], concurrency: 1, started_at: 0 }, 0)
  const { id } = await queue.submit({ task: 'x' })
  await worker('w1').turn({ max: 1 })
  const { data } = await client.GET('/workers', { params: { query: { limit: 2 } } })
  t.match(data, {
    items: [{ id: 'w1', host: 'h', pid: 1, queues: ['default'], concurrency: 10, running: 1, jobs: [id], started_at: '2025-01-01T09:30:00.000Z', last_seen_at: String }, { id: 'w2', running: 0, jobs: [] }],
    next_cursor: 'w2'
  })
  t.match((await client.GET('/workers', { params: { query: { cursor: 'w2' } } })).data, { items: [{ id: 'w3' }], next_cursor: null })
})

t.test('health', async t => {
  t.strictSame((await client.GET('/health')).data, { status: 'ok', checks: { redis: { status: 'ok' } } })
  t.strictSame((await client.GET('/health/live')).data, { status: 'ok' })
  const all = ['redis', 'scripts', 'eviction', 'persistence']
  t.strictSame((await client.GET('/health/ready')).data, { status: 'ok', checks: Object.fromEntries(all.map(name => [name, { status: 'ok' }])) })
})

t.test('a Redis that could lose jobs is not ready, or says what it risks', async t => {
  await redis.config('SET', 'maxmemory-policy', 'allkeys-lru')
  const evicting = await client.GET('/health/ready')
  t.equal(evicting.response.status, 503)
  t.match(evicting.error, { status: 'unavailable', checks: { eviction: { status: 'fail', message: /maxmemory-policy is allkeys-lru.*noeviction/ } } })
  await redis.config('SET', 'maxmemory-policy', 'noeviction')
  await redis.config('SET', 'appendonly', 'no')
  t.match((await client.GET('/health/ready')).data, { status: 'degraded', checks: { persistence: { status: 'warn', message: /Persistence is off.*appendonly yes/ } } })
  await redis.config('SET', 'save', '60 1')
  t.match((await client.GET('/health/ready')).data, { checks: { persistence: { status: 'warn', message: /Only snapshots/ } } })
  await redis.config('SET', 'save', '')
  await redis.config('SET', 'appendonly', 'yes')
  await redis.function('FLUSH')
  t.match((await client.GET('/health/ready')).data, { status: 'degraded', checks: { scripts: { status: 'warn' } } })
  await queue.submit({ task: 'x' })
})

t.test('metrics count jobs by queue', async t => {
  for (const name of ['default', 'images']) for (let i = 0; i < 3; i++) await queue.submit({ task: 'x', queue: name })
  await worker().turn({ settlements: completed(await worker().turn({ max: 2 })) })
  await worker().turn({ settlements: dead(await worker().turn({ max: 1 })) })
  await queue.submit({ task: 'x' })
  await worker().turn({ settlements: retried(await worker().turn({ max: 1 })) })
  await queue.pause('images')
  const workers = new Workers(redis, keys)
  await workers.announce({ id: 'w1', queues: ['images', 'default'], started_at: 0 }, 60_000)
  await workers.announce({ id: 'w2', queues: ['images'], started_at: 0 }, 60_000)
  const text = await (await send({ url: '/metrics' })).text()
  t.ok(Number(/^bellhop_queue_oldest_seconds\{queue="images"\} (\S+)$/m.exec(text)![1]) > 0)
  for (const line of [
    'jobs_submitted_total{queue="default"} 4', 'jobs_submitted_total{queue="images"} 3', 'jobs_completed_total{queue="default"} 2', 'jobs_failed_total{queue="default"} 1',
    'jobs_failed_total{queue="images"} 0', 'bellhop_queue_depth{queue="images",status="queued"} 3', 'bellhop_queue_depth{queue="default",status="queued"} 0', 'bellhop_queue_depth{queue="default",status="failed"} 1',
    'bellhop_jobs_submitted_total{queue="default"} 4', 'bellhop_jobs_dead_total{queue="default"} 1', 'bellhop_jobs_failed_total{queue="default"} 2', 'bellhop_jobs_retried_total{queue="default"} 1', 'bellhop_jobs_lost_leases_total{queue="default"} 0',
    'bellhop_queue_oldest_seconds{queue="default"} 0', 'bellhop_queue_paused{queue="images"} 1', 'bellhop_queue_workers{queue="images"} 2', 'bellhop_queue_workers{queue="default"} 1', 'bellhop_workers 2', 'bellhop_queues 2'
  ]) t.ok(text.includes(`${line}\n`), line)
  t.match(text, /http_request_duration_seconds_count\{method="GET",route="\/health",status_code="200"\} \d/)
  await redis.sadd(keys.queues, 'bellhop.webhooks')
  const withDeliveries = await (await send({ url: '/metrics' })).text()
  t.match(withDeliveries, /^bellhop_queue_paused\{queue="bellhop.webhooks"\} 0$/m)
  t.notMatch(withDeliveries, /^bellhop_queue_workers\{queue="bellhop/m, 'who makes deliveries is not known')
  await redis.srem(keys.queues, 'bellhop.webhooks')
})

t.test('only some queues have metrics of their own', async t => {
  const own = await startApi(t, server, { METRICS_QUEUES: '2' })
  const scrape = async () => await (await own.send({ url: '/metrics' })).text()
  for (const name of ['a', 'b', 'c']) await queue.submit({ task: 'x', queue: name })
  const first = await scrape()
  t.match(first, /^bellhop_queue_depth\{queue="a",status="queued"\} 1$/m)
  t.match(first, /^bellhop_queue_depth\{queue="_other",status="queued"\} 1$/m, 'that of c, as default has none')
  t.match(first, /^bellhop_jobs_submitted_total\{queue="_other"\} 0$/m, 'as far as this process has seen it grow')
  t.notMatch(first, /queue="(c|default)"/)
  for (const name of ['a', 'b', 'c', 'c', 'd']) await queue.submit({ task: 'x', queue: name })
  t.match(await scrape(), /^bellhop_jobs_submitted_total\{queue="_other"\} 3$/m, 'a queue that is new counts whole')
  await redis.del(keys.base('c'), `${keys.base('c')}:stats`)
  await redis.srem(keys.queues, 'c')
  t.match(await scrape(), /^bellhop_jobs_submitted_total\{queue="_other"\} 3$/m, 'it never falls')
  await queue.submit({ task: 'x', queue: '0' })
  t.match(await scrape(), /^bellhop_jobs_submitted_total\{queue="_other"\} 3$/m, 'a queue whose turn it is no more brings nothing that has been counted')
})

t.test('how many workers a queue needs', async t => {
  const ask = async (params: object) => (await client.GET('/queues/{queue}/scale', { params } as never)) as any
  t.strictSame((await ask({ path: { queue: 'never' } })).data, { queue: 'never', paused: false, backlog: 0, oldest_seconds: 0, active: 0, arrival_rate: null, service_rate: null, workers: 0, suggested_workers: 0 })
  for (let i = 0; i < 25; i++) await queue.submit({ task: 'x' })
  await worker().turn({ max: 5 })
  t.match((await ask({ path: { queue: 'default' } })).data, { backlog: 20, active: 5, suggested_workers: 3 })
  t.match((await ask({ path: { queue: 'default' }, query: { concurrency: 2 } })).data, { suggested_workers: 13 })
  await client.PATCH('/queues/{queue}', { params: { path: { queue: 'default' } }, body: { concurrency: 6 } })
  t.match((await ask({ path: { queue: 'default' }, query: { concurrency: 2 } })).data, { suggested_workers: 3 }, 'no more than may run')
  t.match((await ask({ path: { queue: 'default' }, query: { drain_seconds: 0 } })).error, { errors: [{ path: '/query/drain_seconds' }] })
})

t.test('metrics count requests by method, route and status', async t => {
  const own = await startApi(t, server)
  const { data } = await own.client.POST('/submit', { body: { task: 'x' } })
  for (let i = 0; i < 3; i++) await own.client.GET('/jobs/{id}', { params: { path: { id: data!.id } } })
  await own.post('/submit', '{}')
  for (const url of ['/nope', '/nope/2']) await own.send({ url })
  const response = await own.send({ url: '/metrics' })
  t.match(response.headers.get('content-type'), /^text\/plain; version=0\.0\.4/)
  const text = await response.text()
  for (const [labels, count] of [
    ['method="POST",route="/submit",status_code="202"', 1], ['method="POST",route="/submit",status_code="400"', 1], ['method="GET",route="/jobs/:id",status_code="200"', 3], ['method="GET",route="__unknown__",status_code="404"', 2]
  ]) t.ok(text.includes(`http_request_duration_seconds_count{${labels}} ${count}\n`), labels as string)
  t.notMatch(text, /nope|[0-9a-f]{8}-[0-9a-f]{4}-7/, 'no path or id becomes a label')
  t.ok(text.includes('jobs_submitted_total{queue="default"} 1\n'))
})

t.test('the contract is served as it stands', async t => {
  const file = readFileSync('openapi.yaml')
  const served = await send({ url: '/openapi.yaml' })
  t.ok(file.equals(Buffer.from(await served.arrayBuffer())))
  t.match(served.headers.get('content-type'), /^application\/yaml/)
  const asJson = await send({ url: '/openapi.json' })
  t.match(asJson.headers.get('content-type'), /^application\/json/)
  t.strictSame(await asJson.json(), parse(file.toString()))
  for (const url of ['/docs', '/docs/']) {
    const page = await send({ url })
    t.equal(page.status, 200, url)
    t.match(page.headers.get('content-type'), /^text\/html/)
    t.match(await page.text(), /swagger-ui/i)
  }
  t.strictSame(await (await send({ url: '/docs/json' })).json(), parse(file.toString()), 'the page shows this contract')
})

t.test('without Redis: 503 that says nothing of what is inside', async t => {
  const gone = await startEngine(t)
  const api = await startApi(t, gone.server)
  await gone.server.kill()
  const answers = [
    await api.client.POST('/jobs', { body: { task: 'x' } }), await api.client.GET('/jobs/{id}', { params: { path: { id: '01940b6e-5c1f-7a3d-9c0e-3f5a7b2d4e61' } } }),
    await api.client.GET('/queues'), await api.client.GET('/queues/{queue}', { params: { path: { queue: 'default' } } }), await api.client.GET('/queues/{queue}/dlq', { params: { path: { queue: 'default' } } }),
    await api.client.POST('/queues/{queue}/dlq/redrive', { params: { path: { queue: 'default' } } }), await api.client.GET('/workers')
  ]
  for (const { error, response } of answers) {
    t.match(error, { type: 'urn:bellhop:problem:unavailable', status: 503, detail: 'The queue cannot take this request now: try again shortly' }, response.url)
    t.equal(response.headers.get('retry-after'), '1')
  }
  t.match((await api.client.POST('/submit', { body: { task: 'x' } })).error, { error: 'The queue cannot take this request now: try again shortly' })
  for (const path of ['/health', '/health/ready'] as const) t.match(await (await api.send({ url: path })).json(), { status: 'unavailable', checks: { redis: { status: 'fail' } } })
  t.equal((await api.client.GET('/health/live')).response.status, 200)
  t.equal((await api.send({ url: '/metrics' })).status, 200)
})

t.test('a Redis that is not there is named, with the settings that say where it is', async t => {
  const message = /^Redis at 127\.0\.0\.1:1 does not answer \(.*ECONNREFUSED.*REDIS_HOST and REDIS_PORT, REDIS_URL or REDIS_SENTINELS/
  await t.rejects(buildApi(loadConfig({ REDIS_PORT: '1', LOG_LEVEL: 'silent' })), { message })
})
