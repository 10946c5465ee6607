import t from 'tap'
import { startApi } from '../helper/api.ts'
import { completed, dump, startEngine } from '../helper/engine.ts'

const { server, redis, queue, keys, key, worker } = await startEngine(t)
const { client, post } = await startApi(t, server)

interface Answer { status: number, replayed: string | null, location: string | null, text: string }

async function submit (url: string, body: string, idempotencyKey: string): Promise<Answer> {
  const response = await post(url, body, { 'content-type': 'application/json', 'idempotency-key': idempotencyKey })
  return { status: response.status, replayed: response.headers.get('idempotency-replayed'), location: response.headers.get('location'), text: await response.text() }
}

const BODIES = {
  '/submit': '{"task":"x","delay_seconds":60}',
  '/jobs': '{"task":"x","input":1.0,"max_attempts":7,"backoff":{"delay_seconds":1},"delay_seconds":60}',
  '/jobs/bulk': '{"jobs":[{"task":"a"},{"task":"b","delay_seconds":60},{"task":"c","priority":"high"}]}'
} as const

for (const [url, body] of Object.entries(BODIES)) {
  t.test(`${url}: the same key and body give the same answer, byte for byte, and nothing is kept twice`, async t => {
    const first = await submit(url, body, 'k')
    t.equal(first.replayed, null)
    // Whatever has become of the jobs since.
    await worker().turn({ settlements: completed(await worker().turn({ max: 10 })) })
    const before = await dump(redis)
    for (const again of ['k', '"k"']) t.same(await submit(url, body, again), { ...first, replayed: 'true' })
    t.same(await dump(redis), before)
    const other = await submit(url, body, 'another key')
    t.equal(other.replayed, null)
    t.not(other.text, first.text)
  })
}

t.test('for several queues', async t => {
  const body = '{"jobs":[{"task":"a","queue":"one"},{"task":"b","queue":"two"},{"task":"c","queue":"one"},{"task":"d"}]}'
  const first = await submit('/jobs/bulk', body, 'k')
  t.equal(first.status, 201)
  t.same(await submit('/jobs/bulk', body, 'k'), { ...first, replayed: 'true' })
  const { jobs } = JSON.parse(first.text) as { jobs: { id: string }[] }
  t.same(await Promise.all(jobs.map(async ({ id }) => (await queue.get(id))!.task)), ['a', 'b', 'c', 'd'])
  t.match(await Promise.all(['one', 'two', 'default'].map(name => queue.stats(name))), [{ queued: 2 }, { queued: 1 }, { queued: 1 }])
})

t.test('a thousand jobs', async t => {
  const body = JSON.stringify({ jobs: Array.from({ length: 1000 }, (_, i) => ({ task: `${i}` })) })
  const first = await submit('/jobs/bulk', body, 'k')
  t.same(await submit('/jobs/bulk', body, 'k'), { ...first, replayed: 'true' })
  t.equal(await redis.llen(key()), 1000)
})

t.test('another body, also one that means the same, or another operation is refused', async t => {
  await submit('/jobs', '{"task":"x"}', 'k')
  const before = await dump(redis)
  for (const [url, body] of [['/jobs', '{"task":"y"}'], ['/jobs', '{"task": "x"}'], ['/jobs/bulk', '{"jobs":[{"task":"x"}]}']] as const) {
    t.match(await submit(url, body, 'k'), { status: 422, text: /idempotency-key-reused/ })
  }
  t.match(await submit('/submit', '{"task":"x"}', 'k'), { status: 422, text: /^\{"error":"This Idempotency-Key has been used/ })
  t.match(await submit('/jobs/bulk', '{"jobs":[{"task":"x","queue":"one"},{"task":"x","queue":"two"}]}', 'k'), { status: 422 })
  t.same(await dump(redis), before)
})

t.test('it is forgotten in time, and then it is a new one', async t => {
  const { id } = (await client.POST('/jobs', { params: { header: { 'Idempotency-Key': 'k' } }, body: { task: 'x' } })).data!
  const name = keys.idempotency('', 'k')
  const left = await redis.ttl(name)
  t.ok(left > 86_300 && left <= 86_400)
  await redis.del(name)
  t.not((await client.POST('/jobs', { params: { header: { 'Idempotency-Key': 'k' } }, body: { task: 'x' } })).data!.id, id)
  const short = await startApi(t, server, { IDEMPOTENCY_SECONDS: '7' })
  await short.post('/jobs', '{"task":"x"}', { 'content-type': 'application/json', 'idempotency-key': 'short' })
  t.ok(await redis.ttl(keys.idempotency('', 'short')) <= 7)
})

t.test('what is refused is not remembered', async t => {
  t.equal((await submit('/jobs', '{"task":""}', 'k')).status, 400)
  await client.PATCH('/queues/{queue}', { params: { path: { queue: 'full' } }, body: { max_length: 1 } })
  t.equal((await submit('/jobs/bulk', '{"jobs":[{"task":"x"},{"task":"x","queue":"full"},{"task":"x","queue":"full"}]}', 'k')).status, 429)
  await redis.config('SET', 'maxmemory', '1mb')
  t.equal((await submit('/jobs', '{"task":"x"}', 'k')).status, 503)
  await redis.config('SET', 'maxmemory', '0')
  t.equal(await redis.exists(keys.idempotency('', 'k')), 0)
  t.match(await submit('/jobs', '{"task":"x"}', 'k'), { status: 201, replayed: null })
})

t.test('the answer stays the same when the settings of the queue have changed', async t => {
  const set = async (body: object) => { t.equal((await client.PATCH('/queues/{queue}', { params: { path: { queue: 'default' } }, body })).response.status, 200) }
  await set({ defaults: { max_attempts: 9, timeout_seconds: 5 } })
  const first = await submit('/jobs', '{"task":"x","input":1}', 'k')
  t.match(JSON.parse(first.text), { max_attempts: 9, timeout_seconds: 5 })
  await set({ defaults: { max_attempts: 2, timeout_seconds: null, backoff: { type: 'fixed' } }, input_schemas: { x: { type: 'string' } }, max_length: 1 })
  t.equal((await submit('/jobs', '{"task":"x","input":1}', 'other')).status, 400)
  t.same(await submit('/jobs', '{"task":"x","input":1}', 'k'), { ...first, replayed: 'true' })
  await set({ defaults: null, input_schemas: null, max_length: null })
})

t.test('which keys there can be', async t => {
  for (const good of ['a', 'a  b', 'x'.repeat(255), 'a "b" \\c', '"a b"', '"\\"\\\\"', `"${'x'.repeat(255)}"`]) t.match(await submit('/jobs', '{"task":"x"}', good), { status: 201 }, good)
  t.match(await submit('/jobs', '{"task":"x"}', '"a \\"b\\" \\\\c"'), { status: 201, replayed: 'true' }, 'quoted it is the same key')
  for (const bad of ['', 'x'.repeat(256), '"', '""', '"a', '"a"b"', `"${'x'.repeat(256)}"`, 'é', '\u0007']) {
    t.match(await submit('/jobs', '{"task":"x"}', bad), { status: 400, text: /"path":"\/header\/idempotency-key"/ }, JSON.stringify(bad))
  }
  t.match(await submit('/submit', '{"task":"x"}', ''), { status: 400, text: /^\{"error":"header.idempotency-key/ })
})
