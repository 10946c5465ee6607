import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import t from 'tap'
import type { Test } from 'tap'
import { QueueUnavailableError } from '../../src/queue/errors.ts'
import type { Job } from '../../src/queue/job.ts'
import { jobEndpoint } from '../../src/webhooks/endpoint.ts'
import { newSecret } from '../../src/webhooks/webhook.ts'
import { startApi } from '../helper/api.ts'
import { startEngine, until } from '../helper/engine.ts'
import { startReceiver, verify } from '../helper/receiver.ts'
import { inStatus, startWorker } from '../helper/worker.ts'

const engine = await startEngine(t)
const { server, queue, redis, keys } = engine
const SECRETS = [newSecret(), newSecret()]
const env = { ALLOWED_PRIVATE_NETWORKS: '127.0.0.0/8', SWEEP_INTERVAL_MS: '50', CALLBACK_SECRET: SECRETS.join() }

async function start (t: Test, workerEnv = {}) {
  const receiver = await startReceiver(t)
  const { client } = await startApi(t, server, env)
  const worker = await startWorker(t, server, async () => {}, { ...env, ...workerEnv })
  const http = { url: receiver.url('/run') }
  const submit = async (body: object = {}) => (await client.POST('/jobs', { body: { task: 'resize', type: 'http', http, ...body } as never })).data!
  const ended = async (body: object = {}): Promise<Job> => await inStatus({ queue }, (await submit(body)).id, 'completed', 'failed', 'cancelled')
  return { receiver, client, worker, http, submit, ended }
}

t.test('a job is posted, signed, with its attempt, id and deadline; the answer is its result', async t => {
  const { receiver, submit } = await start(t)
  receiver.plan.push({ status: 200, headers: { 'content-type': 'application/json; charset=utf-8' }, body: '{ "big": 9007199254740993,\n "text": "ä" }\n' })
  const job = await submit({ input: { b: 1, text: 'ü' }, tags: ['a'], metadata: { m: 'n' }, timeout_seconds: 100, priority: 'high' })
  t.match(job, { type: 'http', http: { url: receiver.url('/run') } })
  const posted = await receiver.nth(0)
  t.equal(posted.path, '/run')
  for (const secret of SECRETS) t.doesNotThrow(() => verify(posted, secret))
  t.throws(() => verify({ ...posted, text: posted.text.replace('"attempt":1', '"attempt":2') }, SECRETS[0]!))
  t.match(posted.headers, { 'content-type': 'application/json', 'webhook-id': job.id, 'bellhop-job-id': job.id, 'bellhop-attempt': '1', 'bellhop-deadline': posted.body.data.deadline })
  t.match(posted.body, { type: 'job.run', data: { id: job.id, task: 'resize', queue: 'default', priority: 'high', attempt: 1, max_attempts: 3, tags: ['a'], metadata: { m: 'n' }, lost: 0, created_at: job.created_at, input: { b: 1, text: 'ü' } } })
  t.equal(Date.parse(posted.body.data.deadline) - Date.parse(posted.body.timestamp), 100_000)
  const { result } = await inStatus({ queue }, job.id, 'completed')
  t.equal(result, '{ "big": 9007199254740993,\n "text": "ä" }', 'byte for byte')
})

t.test('what is no JSON is a text, and nothing is nothing', async t => {
  const { receiver, ended } = await start(t)
  receiver.plan.push({ status: 201, headers: { 'content-type': 'text/plain' }, body: '{"a":1}' }, { status: 204 }, { status: 200, body: 'plain "text"' }, { status: 200, headers: { 'content-type': 'application/problem+json' }, body: '[1]' })
  t.equal((await ended()).result, '"{\\"a\\":1}"')
  t.equal((await ended()).result, undefined)
  t.equal((await ended()).result, '"plain \\"text\\""')
  t.equal((await ended()).result, '[1]')
})

t.test('an answer that is too large, or not what it says, is a failure for good', async t => {
  const { receiver, ended } = await start(t)
  receiver.plan.push({ status: 200, body: 'x'.repeat(1024 * 1024 + 1) }, { status: 200, headers: { 'content-type': 'application/json' }, body: '{"a":' })
  t.match(await ended(), { status: 'failed', attempt: 1, errors: [{ message: /larger than 1048576 bytes/ }] })
  t.match(await ended(), { status: 'failed', attempt: 1, errors: [{ message: /not the JSON/ }] })
})

t.test('an answer may begin with a byte order mark, and must not nest deeper than what the API takes', async t => {
  const { receiver, ended } = await start(t)
  const headers = { 'content-type': 'application/json' }
  receiver.plan.push({ status: 200, headers, body: '\uFEFF{"a":1}' }, { status: 200, headers, body: '['.repeat(64) + ']'.repeat(64) }, { status: 200, headers, body: '['.repeat(65) + ']'.repeat(65) })
  t.equal((await ended()).result, '{"a":1}')
  t.equal((await ended()).status, 'completed')
  t.match(await ended(), { status: 'failed', attempt: 1, errors: [{ message: /nests deeper than 64 levels/ }] })
})

t.test('an answer that is compressed, or JSON in another encoding, is not taken for what it is not', async t => {
  const { receiver, ended } = await start(t)
  const headers = { 'content-type': 'application/json' }
  receiver.plan.push({ status: 200, headers: { 'content-encoding': 'gzip' }, body: gzipSync('x'.repeat(1024 * 1024)) }, { status: 200, headers, body: Buffer.from('"ä"', 'latin1') }, { status: 200, headers: { 'content-encoding': 'identity' }, body: 'plain' })
  t.match(await ended(), { status: 'failed', attempt: 1, errors: [{ message: /is compressed \(gzip\)/ }] })
  t.equal(receiver.received[0]!.headers['accept-encoding'], 'identity')
  t.match(await ended(), { status: 'failed', attempt: 1, errors: [{ message: /not valid UTF-8/ }] })
  t.equal((await ended()).result, '"plain"')
})

t.test('that Redis is away for a moment is no failed attempt, and takes nothing from an answer', async t => {
  const { receiver, ended, worker } = await start(t)
  const { webhooks } = worker
  const away = async () => { throw new QueueUnavailableError('away') }
  Object.assign(webhooks, { succeeded: away })
  t.match(await ended({ max_attempts: 1 }), { status: 'completed', attempt: 1 })
  Object.assign(webhooks, { failed: away })
  receiver.plan.push({ status: 500 })
  t.match(await ended({ max_attempts: 1 }), { status: 'failed', errors: [{ message: /answered 500/ }] })
  Object.assign(webhooks, { begin: async () => { Reflect.deleteProperty(webhooks, 'begin'); await away() } })
  t.match(await ended({ max_attempts: 1 }), { status: 'completed', attempt: 1, errors: [] })
  t.equal(receiver.received.length, 3)
})

t.test('without a secret nothing is signed', async t => {
  const { receiver, ended } = await start(t, { CALLBACK_SECRET: '' })
  t.equal((await ended()).status, 'completed')
  t.notOk('webhook-signature' in receiver.received[0]!.headers)
})

t.test('4xx and redirects are for good, but for 408, 425 and 429', async t => {
  const { receiver, ended } = await start(t)
  for (const status of [400, 401, 404, 409, 410, 422, 301, 307, 304]) {
    receiver.plan.push({ status, headers: { location: receiver.url('/elsewhere') } })
    t.match(await ended(), { status: 'failed', attempt: 1, errors: [{ message: new RegExp(`answered ${status}`) }] })
  }
  t.notOk(receiver.received.some(({ path }) => path === '/elsewhere'))
  for (const status of [408, 425, 429, 500, 502, 599]) {
    receiver.plan.push({ status }, { status: 200 })
    t.match(await ended({ backoff: { delay_seconds: 0 } }), { status: 'completed', attempt: 2, errors: [{ attempt: 1, reason: 'failed', message: new RegExp(`answered ${status}`) }] })
    t.match(receiver.received.at(-1)!.headers, { 'bellhop-attempt': '2', 'webhook-id': receiver.received.at(-2)!.headers['webhook-id']! })
  }
  receiver.plan.push({ status: 500 }, { status: 500 })
  t.match(await ended({ max_attempts: 2, backoff: { delay_seconds: 0 } }), { status: 'failed', attempt: 2, errors: [{}, {}] })
})

t.test('Retry-After is obeyed, and counts as an attempt', async t => {
  const { receiver, submit } = await start(t)
  receiver.plan.push({ status: 503, headers: { 'retry-after': '1000' } })
  const job = await inStatus({ queue }, (await submit({ queue: 'default', backoff: { delay_seconds: 0 } })).id, 'retrying')
  const wait = job.run_at! - job.errors[0]!.at
  t.ok(wait >= 1_000_000 && wait <= 1_200_000, String(wait))
  t.equal(job.attempt, 1)
  // Who comes after it waits, too, and that is no attempt.
  const other = await inStatus({ queue }, (await submit()).id, 'scheduled')
  t.equal(other.attempt, 0)
  t.equal(receiver.received.length, 1)
})

t.test('no answer in time is a failed attempt, and the connection is given up', async t => {
  const { receiver, ended } = await start(t)
  receiver.plan.push('hang', { status: 200 })
  t.match(await ended({ timeout_seconds: 1, backoff: { delay_seconds: 0 } }), { status: 'completed', attempt: 2, errors: [{ reason: 'timed_out' }] })
  t.equal((await redis.exists(keys.endpoint(jobEndpoint('default', receiver.url('/run')).id))), 0, 'and it is forgotten once it has answered')
})

t.test('a job that is cancelled is let go', async t => {
  const closed: Promise<unknown>[] = []
  const silent = createServer(request => { closed.push(new Promise(resolve => request.socket.on('close', resolve))) })
  await new Promise<void>(resolve => { silent.listen(0, '127.0.0.1', resolve) })
  t.teardown(() => { silent.close() })
  const { submit, worker } = await start(t)
  const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}/`
  const { id } = await submit({ http: { url } })
  await until(() => closed.length === 1)
  await queue.control('default', 'cancel', [id])
  await closed[0]
  t.equal((await worker.webhooks.state(jobEndpoint('default', url))).failures, 0, 'which says nothing of the endpoint')
})

t.test('a URL that fails is left alone, which costs the others no attempt', async t => {
  const { receiver, submit, ended, worker } = await start(t)
  receiver.plan.push(...Array.from({ length: 5 }, () => ({ status: 500 })))
  t.match(await ended({ max_attempts: 5, backoff: { delay_seconds: 0 } }), { status: 'failed', attempt: 5 })
  const { id } = await submit()
  t.match(await inStatus({ queue }, id, 'scheduled'), { attempt: 0, errors: [] })
  t.equal(receiver.received.length, 5)
  await worker.webhooks.forgive(jobEndpoint('default', receiver.url('/run')))
  await queue.control('default', 'promote', [id])
  t.match(await inStatus({ queue }, id, 'completed'), { attempt: 1 })
  await submit({ queue: 'default', http: { url: receiver.url('/other') } })
  t.equal((await receiver.nth(6)).path, '/other', 'another URL is tried')
})

t.test('only so many are under way at one host, and the others come later', async t => {
  const { receiver, submit } = await start(t, { HTTP_HOST_CONCURRENCY: '2' })
  let open!: () => void
  const when = new Promise<void>(resolve => { open = resolve })
  receiver.plan.push(...Array.from({ length: 6 }, () => ({ status: 200, when })))
  const jobs = await Promise.all(Array.from({ length: 6 }, (_, n) => submit({ http: { url: receiver.url(`/${n}`) } })))
  await receiver.nth(1)
  await until(async () => (await queue.stats('default'))!.scheduled === 4)
  t.equal(receiver.received.length, 2)
  open()
  await until(async () => {
    await queue.control('default', 'promote', jobs.map(({ id }) => id))
    return (await Promise.all(jobs.map(({ id }) => queue.get(id)))).every(job => job!.status === 'completed' && job!.attempt === 1)
  })
})

t.test('the URL can be the queue\'s, and counts for jobs that wait, too', async t => {
  const { receiver, client, worker, submit } = await start(t)
  const settings = async (http: object | null) => await client.PATCH('/queues/{queue}', { params: { path: { queue: 'default' } }, body: { http } as never })
  t.match((await client.POST('/jobs', { body: { task: 'x', type: 'http' } })).error, { status: 400, errors: [{ path: '/http', message: /as the queue has none/ }] })
  t.match((await settings({ url: receiver.url('/first') })).data, { settings: { http: { url: receiver.url('/first') } } })
  t.match((await settings({ url: 'http://169.254.169.254/' })).error, { status: 400, errors: [{ path: '/http/url' }] })
  t.match((await settings({})).error, { status: 400 })
  const { id, http } = await submit({ http: undefined, delay_seconds: 100 })
  t.equal(http, undefined)
  await settings({ url: receiver.url('/second') })
  await until(() => worker.queueSettings.of('default').http?.url === receiver.url('/second'))
  await queue.control('default', 'promote', [id])
  t.equal((await receiver.nth(0)).path, '/second')
  await submit({ http: { url: receiver.url('/own') } })
  t.equal((await receiver.nth(1)).path, '/own')
  t.match((await settings(null)).data, { settings: { http: null } })
  await until(() => worker.queueSettings.of('default').http === null)
  t.match(await inStatus({ queue }, (await queue.submit({ task: 'x', type: 'http', max_attempts: 1 })).id, 'failed'), { errors: [{ message: /Neither the job nor its queue/ }] })
})

t.test('where it may not lead it is refused, and not tried', async t => {
  const { client, http } = await start(t)
  const { client: strict } = await startApi(t, server, { ...env, ALLOWED_PRIVATE_NETWORKS: '' })
  t.match((await strict.POST('/jobs', { body: { task: 'x', type: 'http', http } })).error, { status: 400, errors: [{ path: '/http/url', message: /not a public address/ }] })
  t.match((await strict.POST('/jobs/bulk', { body: { jobs: [{ task: 'x' }, { task: 'x', type: 'http', http }] } as never })).error, { status: 400, errors: [{ path: '/jobs/1/http/url' }] })
  t.match((await client.POST('/jobs', { body: { task: 'x', http } as never })).error, { status: 400, errors: [{ path: '/http', message: /type http/ }] })
  t.match((await client.POST('/jobs', { body: { task: 'x', type: 'http', http: { url: 'ftp://example.com/' } } })).error, { status: 400, errors: [{ path: '/http/url' }] })
  t.match((await client.PUT('/schedules/{name}', { params: { path: { name: 's' } }, body: { every_seconds: 60, job: { task: 'x', http } } as never })).error, { status: 400, errors: [{ path: '/job/http' }] })
  t.match((await client.PUT('/schedules/{name}', { params: { path: { name: 's' } }, body: { every_seconds: 31_536_000, job: { task: 'x', type: 'http', http } } as never })).data, { job: { http } })
})

t.test('the worker looks again where it leads', async t => {
  const { receiver, ended } = await start(t, { ALLOWED_PRIVATE_NETWORKS: '' })
  t.match(await ended(), { status: 'failed', attempt: 1, errors: [{ message: /not a public address/ }] })
  t.equal(receiver.received.length, 0)
})

t.test('202: the receiver says later what becomes of it, with the lease token', async t => {
  const { receiver, client, submit } = await start(t, { LEASE_SECONDS: '1' })
  const token = async (n: number) => (await receiver.nth(n)).headers['bellhop-lease-token']!
  const path = (id: string) => ({ params: { path: { id } } })

  receiver.plan.push({ status: 202 })
  const done = await submit()
  const lease_token = await token(0)
  const { data: beat } = await client.POST('/jobs/{id}/heartbeat', { ...path(done.id), body: { lease_token, progress: { percent: 50, message: 'half' } } })
  t.match(beat, { state: 'held' })
  t.match(await queue.get(done.id), { status: 'active', progress: { percent: 50, message: 'half' } })
  // For longer than a lease.
  await until(async () => Date.now() - Date.parse(done.created_at) > 2500)
  t.match(await queue.get(done.id), { status: 'active', attempt: 1, lost: 0 })
  t.match((await client.POST('/jobs/{id}/complete', { ...path(done.id), body: { lease_token, result: { files: 2 } } })).data, { state: 'ok' })
  t.match(await queue.get(done.id), { status: 'completed', result: '{"files":2}', attempt: 1 })
  t.equal((await client.POST('/jobs/{id}/complete', { ...path(done.id), body: { lease_token, result: 1 } })).response.status, 409)
  const { data: workers } = await client.GET('/workers')
  t.equal(workers!.items.length, 1, 'the heartbeat was of no other worker')

  receiver.plan.push({ status: 202 }, { status: 202 })
  const failing = await submit({ max_attempts: 2, backoff: { delay_seconds: 0 } })
  t.match((await client.POST('/jobs/{id}/fail', { ...path(failing.id), body: { lease_token: await token(1), error: { message: 'not now' } } })).data, { state: 'ok' })
  t.not(await token(2), await token(1))
  t.equal((await client.POST('/jobs/{id}/complete', { ...path(failing.id), body: { lease_token: await token(1) } })).response.status, 409, 'the token of another attempt')
  t.match((await client.POST('/jobs/{id}/fail', { ...path(failing.id), body: { lease_token: await token(2), error: { message: 'never' }, retry: false } })).data, { state: 'ok' })
  t.match(await queue.get(failing.id), { status: 'failed', attempt: 2, errors: [{ message: 'not now' }, { message: 'never' }] })

  receiver.plan.push({ status: 202 })
  const cancelled = await submit()
  await token(3)
  await queue.control('default', 'cancel', [cancelled.id])
  t.equal((await client.POST('/jobs/{id}/complete', { ...path(cancelled.id), body: { lease_token: await token(3) } })).response.status, 409)
})

t.test('after 202 the place of the job is free once it has been settled, and the deadline counts', async t => {
  const { receiver, client, submit } = await start(t, { LEASE_SECONDS: '1', WORKER_CONCURRENCY: '1' })
  receiver.plan.push({ status: 202 })
  const first = await submit()
  const { headers } = await receiver.nth(0)
  const second = await submit({ timeout_seconds: 1, max_attempts: 1 })
  receiver.plan.push({ status: 202 })
  await client.POST('/jobs/{id}/complete', { params: { path: { id: first.id } }, body: { lease_token: headers['bellhop-lease-token']! } })
  t.match(await inStatus({ queue }, second.id, 'failed'), { attempt: 1, errors: [{ reason: 'timed_out' }] })
})
