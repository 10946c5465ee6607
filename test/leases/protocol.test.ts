import t from 'tap'
import { startApi } from '../helper/api.ts'
import { countCommands } from '../helper/commands.ts'
import { dump, startEngine, until } from '../helper/engine.ts'

const { server, queue, redis, sweep, keys } = await startEngine(t)
const { app, client, post } = await startApi(t, server, { SWEEP_INTERVAL_MS: '60000' })
const worker = { id: 'py-1', language: 'python', version: '3.13', host: 'h', pid: 7, concurrency: 4 }
const HELD = keys.held('default', '~py-1')

interface Held { id: string, lease_token: string }

async function lease (max = 10, more = {}) {
  const { data } = await client.POST('/leases', { body: { worker, queues: ['default'], max, ...more } })
  return data!.jobs
}
const hold = ({ id, lease_token }: Held) => ({ job_id: id, lease_token })
const job = async (id: string) => (await client.GET('/jobs/{id}', { params: { path: { id } } })).data!
const settle = async (...settlements: any[]) => (await client.POST('/leases/settle', { body: { worker, settlements } })).data!.settled.map(({ state }) => state)
const beat = async (...held: Held[]) => (await client.POST('/leases/heartbeat', { body: { worker, leases: held.map(hold) } })).data!.leases.map(({ state }) => state)
const one = (action: string, { id, lease_token }: Held, more = {}) => post(`/jobs/${id}/${action}`, JSON.stringify({ lease_token, ...more }))
/** The lease of a job runs out now. */
const runOut = async ({ id }: Held) => {
  const [short] = (await redis.hkeys(HELD)).filter(key => Buffer.from(key, 'base64url').toString('hex') === id.replaceAll('-', ''))
  await redis.zadd(`${HELD}:until`, 'XX', '1', short!)
  await redis.zadd(keys.active('default'), 'XX', '1', '~py-1')
}

t.test('a job is leased, renewed and completed', async t => {
  const { id } = await queue.submit({ task: 'x', input: '{"n": 1.0}', metadata: { a: 'b' } })
  const answer = await post('/leases', JSON.stringify({ worker, queues: ['default'] }))
  const text = await answer.text()
  t.match(text, '"input":{"n": 1.0}', 'byte for byte')
  const [leased] = JSON.parse(text).jobs
  t.match(leased, { id, task: 'x', type: 'task', queue: 'default', priority: 'normal', input: { n: 1 }, attempt: 1, max_attempts: 3, lost: 0, metadata: { a: 'b' }, lease_token: String })
  const left = Date.parse(leased.lease_expires_at) - Date.now()
  t.ok(left > 10_000 && left < 31_000, `${left} ms`)
  t.match(await job(id), { status: 'active', worker: 'py-1' })
  t.match((await client.GET('/jobs', { params: { query: { worker: 'py-1', status: ['active'] } } })).data!.items, [{ id }])
  t.strictSame(await lease(), [], 'nobody else gets it')

  const { data } = await client.POST('/leases/heartbeat', { body: { worker, leases: [{ ...hold(leased), progress: { percent: 40, message: 'm' } }] } })
  t.match(data, { leases: [{ job_id: id, state: 'held', lease_expires_at: String }], worker_state: 'run' })
  t.match(await job(id), { progress: { percent: 40, message: 'm' } })

  const body = `{"worker":{"id":"py-1"},"settlements":[{"job_id":"${id}","lease_token":"${leased.lease_token}","outcome":"completed","result":{"n": 1.0}}]}`
  t.strictSame(await (await post('/leases/settle', body)).json(), { settled: [{ job_id: id, state: 'ok' }], jobs: [], worker_state: 'run' })
  t.match(await job(id), { status: 'completed', result: { n: 1 }, worker: 'py-1', attempt: 1 })
  t.equal((await queue.get(id))!.result, '{"n": 1.0}', 'byte for byte')
  t.equal(await redis.exists(HELD, `${HELD}:until`), 0, 'nothing is left of the lease')
  const { data: workers } = await client.GET('/workers')
  t.match(workers!.items, [{ ...worker, remote: true, state: 'run', queues: ['default'], running: 0 }])
})

t.test('a job that is to be posted comes with where: as it says itself, or its queue', async t => {
  const [own, queues] = ['https://example.com/own', 'https://example.com/queue']
  const submit = async (more: object) => await client.POST('/jobs', { body: { task: 'x', ...more } })
  await submit({ type: 'http', http: { url: own } })
  await client.PATCH('/queues/{queue}', { params: { path: { queue: 'default' } }, body: { http: { url: queues } } })
  await submit({ type: 'http' })
  await submit({})
  t.strictSame((await lease()).map(({ http }) => http?.url), [own, queues, undefined])
  await client.PATCH('/queues/{queue}', { params: { path: { queue: 'default' } }, body: { http: null } })
})

t.test('each of a batch is judged by itself, and the next come with the answer', async t => {
  for (let i = 0; i < 6; i++) await queue.submit({ task: `${i}`, max_attempts: i === 2 ? 1 : 3, backoff: { type: 'fixed', delay_seconds: 100, jitter: 0 } })
  const [a, b, c, d, e] = await lease(5) as unknown as [Held, Held, Held, Held, Held]
  const error = { type: 'ValueError', message: 'no', stack: 'line 1' }
  const UNKNOWN = '01940b6e-5c1f-7a3d-9c0e-3f5a7b2d4e61'
  await one('complete', e)
  const { data } = await client.POST('/leases/settle', {
    body: {
      worker,
      settlements: [
        { ...hold(a), outcome: 'completed', result: 1 },
        { ...hold(b), outcome: 'failed', error },
        { ...hold(c), outcome: 'failed', error },
        { ...hold(d), outcome: 'released' },
        { ...hold(e), outcome: 'completed' },
        { job_id: UNKNOWN, lease_token: e.lease_token, outcome: 'completed' }
      ],
      lease: { queues: ['default'], max: 10 }
    }
  })
  t.strictSame(data!.settled, [...[a, b, c, d].map(({ id }) => ({ job_id: id, state: 'ok' })), { job_id: e.id, state: 'stale' }, { job_id: UNKNOWN, state: 'unknown' }])
  t.strictSame(data!.jobs.map(({ task, attempt }) => [task, attempt]), [['3', 1], ['5', 1]], 'what was handed back is first, and its attempt was not counted')
  t.match(await job(a.id), { status: 'completed', result: 1 })
  const retrying = await job(b.id)
  t.match(retrying, { status: 'retrying', attempt: 1, errors: [{ reason: 'failed', ...error, worker: 'py-1' }] })
  t.ok(Math.abs(Date.parse(retrying.run_at!) - Date.now() - 100_000) < 20_000, 'its backoff')
  t.match(await job(c.id), { status: 'failed' })
})

t.test('how an attempt fails', async t => {
  const error = { message: 'x'.repeat(3000), reason: 'timed_out' }
  const cases: [more: object, expected: object, delay?: number][] = [
    [{ retry: false }, { status: 'failed', error: { reason: 'timed_out', message: 'x'.repeat(2000) } }],
    [{ retry_after_seconds: 1000 }, { status: 'retrying' }, 1000],
    [{}, { status: 'retrying' }, 5.5]
  ]
  for (const [more, expected, delay] of cases) {
    const { id } = await queue.submit({ task: 'x' })
    const [held] = await lease(1)
    t.same(await (await one('fail', held!, { error, ...more })).json(), { job_id: id, state: 'ok' })
    const failed = await job(id)
    t.match(failed, expected)
    if (delay) t.ok(Math.abs(Date.parse(failed.run_at!) - Date.now() - delay * 1000) < 5000)
  }
})

t.test('one job by itself', async t => {
  const { id } = await queue.submit({ task: 'x', keep_logs: true })
  const [first] = await lease(1)
  t.match(await (await one('heartbeat', first!, { progress: { percent: 7 } })).json(), { job_id: id, state: 'held', worker_state: 'run' })
  const lines = [{ message: 'a', age_ms: 1000 }, { message: 'b', level: 'warn', fields: { n: 1 } }, { message: 'c'.repeat(9000) }]
  t.same(await (await one('logs', first!, { lines })).json(), { kept: true })
  const { data: log } = await client.GET('/jobs/{id}/logs', { params: { path: { id } } })
  t.match(log!.items, [{ message: 'a', level: 'info', attempt: 1 }, { message: 'b', level: 'warn', fields: { n: 1 } }, { cut: true }])
  t.same(await (await one('release', first!)).json(), { job_id: id, state: 'ok' })
  const [second] = await lease(1)
  t.match(second, { id, attempt: 1 })
  t.not(second!.lease_token, first!.lease_token)
  for (const action of ['heartbeat', 'release', 'complete']) t.equal((await one(action, first!)).status, 409, `the old token is stale: ${action}`)
  t.equal((await one('fail', first!, { error: { message: 'x' } })).status, 409)
  t.equal((await one('logs', first!, { lines })).status, 409)
  t.equal((await one('complete', second!, { result: [1] })).status, 200)
  t.equal((await one('complete', second!)).status, 409, 'only once')
  t.match(await job(id), { status: 'completed', result: [1] })
  const other = await queue.submit({ task: 'x' })
  const [plain] = await lease(1)
  t.equal(plain!.id, other.id)
  t.same(await (await one('logs', plain!, { lines })).json(), { kept: false }, 'of a job without keep_logs')
})

t.test('a cancelled job: heartbeats say so', async t => {
  const { id } = await queue.submit({ task: 'x' })
  const [held] = await lease()
  await queue.control('default', 'cancel', [id])
  t.same(await beat(held!), ['cancel'])
  const answer = await one('heartbeat', held!)
  t.equal(answer.status, 409)
  t.match(await answer.text(), /was cancelled/)
  t.same(await settle({ ...hold(held!), outcome: 'completed' }), ['stale'])
  t.match(await job(id), { status: 'cancelled', worker: 'py-1' })
})

t.test('each lease ends by itself: what is not renewed is lost, although its worker lives', async t => {
  await queue.submitAll([{ task: 'a' }, { task: 'b' }])
  const [a, b] = await lease() as unknown as [Held, Held]
  await runOut(a)
  t.match(await sweep(), { recovered: 1 })
  t.same(await beat(a, b), ['lost', 'held'])
  const [again] = await lease()
  t.match(again, { id: a.id, lost: 1, attempt: 1 })
  t.same(await settle({ ...hold(a), outcome: 'completed' }, { ...hold(b), outcome: 'completed' }), ['stale', 'ok'])
  t.match(await job(a.id), { status: 'active' })
  t.match(await sweep(), { recovered: 0 })
  t.same(await beat(again!), ['held'])
})

t.test('the sweep finds the next end, and leaves nothing behind', async t => {
  await queue.submitAll([{ task: 'a' }, { task: 'b' }])
  const [a] = await lease(1, { lease_seconds: 600 })
  const [b] = await lease(1, { lease_seconds: 10 })
  const deadline = async () => Number(await redis.zscore(keys.active('default'), '~py-1')) - Date.now()
  t.ok(await deadline() < 11_000, 'the first end counts')
  await one('complete', b!)
  await redis.zadd(keys.active('default'), 'XX', '1', '~py-1')
  await sweep()
  t.ok(await deadline() > 500_000, 'the lease that is left')
  t.same(await beat(a!), ['held'])
  await queue.control('default', 'cancel', [a!.id])
  await redis.zadd(keys.active('default'), 'XX', '1', '~py-1')
  await sweep()
  t.equal(await redis.exists(keys.active('default'), HELD), 0)
})

t.test('no lease can be settled with the token of another', async t => {
  await queue.submitAll([{ task: 'a' }, { task: 'b', max_attempts: 9 }])
  const [a, b] = await lease() as unknown as [Held, Held]
  const before = await dump(redis)
  const forged = [
    { id: a.id, lease_token: b.lease_token },
    { id: b.id, lease_token: a.lease_token },
    { id: a.id, lease_token: a.lease_token.slice(0, -1) + (a.lease_token.endsWith('A') ? 'B' : 'A') },
    { id: a.id, lease_token: a.lease_token.replace(':~py-1:', ':~py-2:') },
    { id: a.id, lease_token: a.lease_token.replace(':~py-1:', ':py-1:') },
    { id: a.id, lease_token: a.lease_token.replace(':30000:', ':3000000:') },
    { id: b.id, lease_token: b.lease_token.replace('9,', '99,') },
    { id: a.id, lease_token: a.lease_token.split(':')[0]! },
    { id: a.id, lease_token: ':' }
  ]
  for (const held of forged) {
    t.same(await settle({ ...hold(held), outcome: 'completed' }), ['stale'], held.lease_token)
    t.same(await beat(held), ['lost'])
    t.equal((await one('complete', held)).status, 409)
  }
  // Announcements of the worker aside.
  const without = (all: Record<string, unknown>) => Object.fromEntries(Object.entries(all).filter(([key]) => !key.startsWith('workers')))
  t.strictSame(without(await dump(redis)), without(before), 'nothing has changed')
  t.same(await settle({ ...hold(a), outcome: 'completed' }, { ...hold(b), outcome: 'released' }), ['ok', 'ok'])
})

t.test('what is not valid names the field, and settles nothing', async t => {
  await queue.submit({ task: 'x' })
  const [held] = await lease()
  const of = (more: object) => ({ worker, settlements: [{ ...hold(held!), ...more }] })
  const error = { message: 'x' }
  const cases: [url: string, body: object, path: string][] = [
    ['/leases', { worker: { id: 'w_1' }, queues: ['default'] }, '/worker/id'],
    ['/leases', { worker: { id: '~x' }, queues: ['default'] }, '/worker/id'],
    ['/leases', { worker, queues: ['default', 'bellhop.webhooks'] }, '/queues/1'],
    ['/leases', { worker, queues: [] }, '/queues'],
    ['/leases', { worker, queues: ['default'], max: 1001 }, '/max'],
    ['/leases', { worker, queues: ['default'], wait_seconds: 61 }, '/wait_seconds'],
    ['/leases', { worker, queues: ['default'], lease_seconds: 0 }, '/lease_seconds'],
    ['/leases/heartbeat', { worker: { id: 'w_1' }, leases: [] }, '/worker/id'],
    ['/leases/settle', of({ outcome: 'failed' }), '/settlements/0/error'],
    ['/leases/settle', of({ outcome: 'completed', error }), '/settlements/0/error'],
    ['/leases/settle', of({ outcome: 'released', retry: true }), '/settlements/0/retry'],
    ['/leases/settle', of({ outcome: 'completed', retry_after_seconds: 1 }), '/settlements/0/retry_after_seconds'],
    ['/leases/settle', of({ outcome: 'failed', error, result: 1 }), '/settlements/0/result'],
    ['/leases/settle', of({ outcome: 'completed', result: 'x'.repeat(1024 * 1024) }), '/settlements/0/result'],
    ['/leases/settle', { worker, settlements: [{ ...hold(held!), outcome: 'completed' }, { ...hold(held!), outcome: 'released' }] }, '/settlements/1/job_id'],
    ['/leases/settle', { ...of({ outcome: 'completed' }), lease: { queues: ['bellhop.x'] } }, '/lease/queues/0'],
    ['/jobs/ID/fail', { lease_token: 'x' }, '/error'],
    ['/jobs/ID/logs', { lease_token: 'x', lines: [] }, '/lines']
  ]
  for (const [url, body, path] of cases) {
    const answer = await post(url.replace('ID', held!.id), JSON.stringify(body))
    t.equal(answer.status, 400, path)
    t.match((await answer.json() as any).errors, [{ path }])
  }
  t.same(await beat(held!), ['held'])
})

t.test('several queues: in their order; and a batch that is too large for one answer', async t => {
  for (const name of ['b', 'a', 'c']) await queue.submitAll([{ task: name, queue: name }, { task: name, queue: name }])
  t.same((await lease(5, { queues: ['c', 'a', 'b'] })).map(({ task }) => task), ['c', 'c', 'a', 'a', 'b'])
  for (let i = 0; i < 6; i++) await queue.submit({ task: 'large', input: JSON.stringify('x'.repeat(400 * 1024)) })
  t.equal((await lease(10)).length, 2, 'it ends at 1 MiB')
})

t.test('a list entry that is no job is dead-lettered, and handed to nobody', async t => {
  await redis.rpush(keys.base('default'), 'no JSON', '{"task":"real","max_attempts":2}', '{"without":"task"}')
  t.match(await lease(), [{ task: 'real', max_attempts: 2 }])
  await redis.rpush(keys.base('default'), 'no JSON')
  t.same(await lease(), [])
  const answer = lease(1, { wait_seconds: 60 })
  await until(() => app.desk.waiting === 1)
  await redis.rpush(keys.base('default'), 'no JSON')
  await queue.submit({ task: 'next' })
  t.match(await answer, [{ task: 'next' }], 'who waits is given the next')
  const dead = await until(async () => {
    const { items } = (await client.GET('/queues/{queue}/dlq', { params: { path: { queue: 'default' } } })).data!
    return items.length === 4 && items
  })
  for (const item of dead) t.match(item, { task: '(not a job)', worker: 'py-1', error: { reason: 'not_a_job', message: /list entry/ } })
})

t.test('large failures are settled in several calls', async t => {
  await queue.submitAll(Array.from({ length: 500 }, () => ({ task: 'x' })))
  const jobs = await lease(500)
  const error = { message: 'm'.repeat(2000), stack: 's'.repeat(4000) }
  const counts = await countCommands(redis, async () => {
    t.same([...new Set(await settle(...jobs.map(each => ({ ...hold(each), outcome: 'failed', error, retry: false }))))], ['ok'])
  })
  t.ok(counts.get('fcall')! >= 5, `${counts.get('fcall')} calls`)
  t.match(await queue.stats('default'), { failed: 500 })
})

t.test('much progress makes no large event', async t => {
  await queue.submitAll(Array.from({ length: 100 }, () => ({ task: 'x' })))
  const jobs = await lease(100)
  const message = 'm'.repeat(1000)
  const { data } = await client.POST('/leases/heartbeat', { body: { worker, leases: jobs.map(each => ({ ...hold(each), progress: { percent: 1, message } })) } })
  t.same([...new Set(data!.leases.map(({ state }) => state))], ['held'])
  const entries = await redis.xrange(keys.events, '-', '+')
  const sizes = entries.map(([, fields]) => fields.join('').length)
  t.ok(Math.max(...sizes) < 50_000, `${Math.max(...sizes)} characters`)
  t.match(await job(jobs[99]!.id), { progress: { percent: 1, message } })
})

t.test('many at once', async t => {
  const specs = Array.from({ length: 1000 }, (_, i) => ({ task: 'x', input: `${i}` }))
  await queue.submitAll(specs)
  const jobs = await lease(1000)
  t.same(jobs.map(({ input }) => input), specs.map((_, i) => i), 'in their order')
  t.equal((await beat(...jobs)).filter(state => state === 'held').length, 1000)
  const states = await settle(...jobs.map((each, i) => ({ ...hold(each), outcome: 'completed', result: i })))
  t.equal(states.filter(state => state === 'ok').length, 1000)
  t.match(await job(jobs[999]!.id), { result: 999 })
})
