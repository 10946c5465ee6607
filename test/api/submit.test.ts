import t from 'tap'
import { startApi } from '../helper/api.ts'
import { startEngine } from '../helper/engine.ts'

const { server, queue, redis } = await startEngine(t)
const { client, send, post } = await startApi(t, server)
const MISSING = { error: "Missing 'task' field" }

t.test('POST /submit answers as it always has', async t => {
  const response = await post('/submit', '{"task":"send mail"}')
  const body = await response.json() as { id: string }
  t.equal(response.status, 202)
  t.strictSame(body, { status: 'queued', task: 'send mail', id: body.id })
  t.match(body.id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  t.equal(response.headers.get('location'), `/jobs/${body.id}`)
  t.match(await queue.get(body.id), { task: 'send mail', status: 'queued' })
  t.equal(await redis.llen('job_queue'), 1)
})

t.test('POST /submit without a task', async t => {
  for (const body of ['{}', '[]', 'null', '"x"', '5', '{"tasks":"x"}', '']) {
    const response = await post('/submit', body)
    t.equal(response.status, 400, body)
    t.equal(response.headers.get('content-type'), 'application/json; charset=utf-8')
    t.strictSame(await response.json(), MISSING, body)
  }
  const bare = await send({ method: 'POST', url: '/submit' })
  t.equal(bare.status, 400)
  t.strictSame(await bare.json(), MISSING)
  t.equal(await redis.dbsize(), 0)
})

t.test('POST /submit names any other field that is wrong', async t => {
  for (const [body, error] of [
    ['{"task":5}', /^task must be a string/],
    ['{"task":""}', /^task must have at least 1 character/],
    ['{"task":"x","priority":"urgent"}', /^priority must be one of high, normal, low/],
    ['{"task":"x","nope":1}', /^nope is not a known field/],
    ['{"task":"x","backoff":{"delay_seconds":-1}}', /^backoff\.delay_seconds must be >= 0/],
    ['{"task":', /not valid JSON/]
  ] as const) {
    const response = await post('/submit', body)
    t.equal(response.status, 400)
    t.match(await response.json(), { error })
  }
  t.match(await (await post('/submit', 'task=x', { 'content-type': 'application/x-www-form-urlencoded' })).json(), { error: /application\/json/ })
  t.equal((await post('/submit', `{"task":"x","input":"${'x'.repeat(1024 * 1024)}"}`)).status, 413)
  t.equal(await redis.dbsize(), 0)
})

t.test('POST /submit takes every field of POST /jobs', async t => {
  const { data } = await client.POST('/submit', { body: { task: 'x', input: [1], queue: 'images', priority: 'high', delay_seconds: 60 } })
  t.match(data, { status: 'scheduled', task: 'x' })
  t.match(await queue.get(data!.id), { queue: 'images', priority: 'high', input: '[1]', status: 'scheduled' })
})

t.test('POST /jobs answers with the job, all defaults filled in', async t => {
  const { data, response } = await client.POST('/jobs', { body: { task: 'x' } })
  t.equal(response.status, 201)
  t.equal(response.headers.get('location'), `/jobs/${data!.id}`)
  const { id, created_at, ...rest } = data!
  t.strictSame(rest, {
    status: 'queued',
    task: 'x',
    type: 'task',
    queue: 'default',
    priority: 'normal',
    input: null,
    attempt: 0,
    max_attempts: 3,
    backoff: { type: 'exponential', delay_seconds: 5, max_delay_seconds: 3600, jitter: 0.2 },
    tags: [],
    metadata: {},
    lost: 0,
    errors: []
  })
  t.ok(Math.abs(Date.parse(created_at) - Date.now()) < 60_000)
  const { waiting_for, ...job } = (await client.GET('/jobs/{id}', { params: { path: { id } } })).data!
  t.strictSame(job, data)
  t.same(waiting_for, [{ reason: 'no_worker' }])
})

t.test('POST /jobs keeps every field, at its limits', async t => {
  const full = {
    task: 'é'.repeat(256),
    type: `a${'.'.repeat(63)}`,
    input: { a: [1, 'two', null] },
    queue: `q${'-'.repeat(63)}`,
    priority: 'low' as const,
    max_attempts: 100,
    backoff: { type: 'fixed' as const, delay_seconds: 86400, max_delay_seconds: 604800, jitter: 1 },
    timeout_seconds: 604800,
    tags: Array.from({ length: 20 }, (_, i) => `${i}`.padEnd(64, 'x')),
    metadata: Object.fromEntries(Array.from({ length: 32 }, (_, i) => [`${i}`.padEnd(64, 'k'), 'v'.repeat(512)]))
  }
  const { data } = await client.POST('/jobs', { body: full })
  t.match(data, full)
  t.match((await client.GET('/jobs/{id}', { params: { path: { id: data!.id } } })).data, full)
})

t.test('when a job starts: delay_seconds or run_at, not both', async t => {
  const delayed = (await client.POST('/jobs', { body: { task: 'x', delay_seconds: 0.25 } })).data!
  t.equal(Date.parse(delayed.run_at!) - Date.parse(delayed.created_at), 250)
  t.equal(delayed.status, 'scheduled')
  const dated = (await client.POST('/jobs', { body: { task: 'x', run_at: '2030-01-31T09:00:00+01:00' } })).data!
  t.match(dated, { status: 'scheduled', run_at: '2030-01-31T08:00:00.000Z' })
  t.match((await client.POST('/jobs', { body: { task: 'x', run_at: '2001-01-01T00:00:00Z' } })).data, { status: 'queued', run_at: undefined })
  t.match((await client.POST('/jobs', { body: { task: 'x', delay_seconds: 0 } })).data, { status: 'queued' })
  const both = await client.POST('/jobs', { body: { task: 'x', delay_seconds: 1, run_at: '2030-01-31T08:00:00Z' } })
  t.match(both.error, { status: 400, errors: [{ path: '/run_at', message: /together with delay_seconds/ }] })
  t.match((await client.POST('/jobs', { body: { task: 'x', run_at: '2030-12-31T23:59:60Z' } })).error, { errors: [{ path: '/run_at' }] }, 'a leap second')
})

t.test('500 at the same time are all kept, each with an id of its own', async t => {
  const answers = await Promise.all(Array.from({ length: 500 }, (_, i) => post(i % 2 ? '/jobs' : '/submit', JSON.stringify({ task: `t${i}`, input: i }))))
  t.same(answers.map(({ status }) => status), answers.map((_, i) => i % 2 ? 201 : 202))
  const ids = await Promise.all(answers.map(async answer => (await answer.json() as { id: string }).id))
  t.equal(new Set(ids).size, 500)
  t.equal(await redis.llen('job_queue'), 500)
  const jobs = await Promise.all(ids.map(id => queue.get(id)))
  t.same(jobs.map(job => [job!.task, job!.input]), ids.map((_, i) => [`t${i}`, `${i}`]))
})
