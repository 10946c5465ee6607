import t from 'tap'
import type { Test } from 'tap'
import { retryAfterMs } from '../../src/egress/retry-after.ts'
import { fromUuid, toUuid } from '../../src/queue/ids.ts'
import { DELIVERIES } from '../../src/queue/keys.ts'
import { callbackEndpoint, webhookEndpoint } from '../../src/webhooks/endpoint.ts'
import { newSecret } from '../../src/webhooks/webhook.ts'
import { DoNotRetryError } from '../../worker/errors.ts'
import { startApi } from '../helper/api.ts'
import { startEngine, until } from '../helper/engine.ts'
import { startReceiver, verify } from '../helper/receiver.ts'
import { inStatus, startWorker } from '../helper/worker.ts'

const engine = await startEngine(t)
const { server, redis, queue, keys } = engine
const SECRETS = [newSecret(), newSecret()]
const env = { ALLOWED_PRIVATE_NETWORKS: '127.0.0.0/8', SWEEP_INTERVAL_MS: '50', CALLBACK_SECRET: SECRETS.join(' , ') }

/** API, worker and receiver, each new. */
async function start (t: Test, workerEnv = {}) {
  const receiver = await startReceiver(t)
  const { client } = await startApi(t, server, env)
  const worker = await startWorker(t, server, async app => {
    app.handle('answer', job => job.input)
    app.handle('fail', () => { throw new DoNotRetryError('no') })
    app.handle('large', () => 'x'.repeat(300_000))
    app.handle('fail-first', job => {
      if (job.metadata.ok !== 'yes') throw new DoNotRetryError('not yet')
      return 1
    })
  }, { ...env, ...workerEnv })
  const submit = async (body: Record<string, unknown>) => (await client.POST('/jobs', { body: { callback_url: receiver.url(), ...body } as never })).data!
  const register = async (body: object = {}) => (await client.POST('/webhooks', { body: { url: receiver.url(), ...body } })).data!
  const read = async (id: string) => (await client.GET('/webhooks/{id}', { params: { path: { id } } })).data!
  /** Tries a delivery again now that waits for that. */
  const again = async (id: string, status: 'retrying' | 'scheduled' = 'retrying') => {
    await inStatus({ queue }, id, status)
    await queue.control(DELIVERIES, 'promote', [id])
  }
  return { receiver, client, worker, submit, register, read, again }
}

/** Of a delivery that begins after all that has failed. */
const LATER = 1e15

t.test('the outcome of a job is posted to its callback, signed, whatever it is', async t => {
  const { receiver, client, submit } = await start(t)
  const input = { big: 12, text: 'ä\u0000<&' }
  const job = await submit({ task: 'answer', input, tags: ['a'], metadata: { b: 'c' } })
  const posted = await receiver.nth(0)
  t.match(posted.body, { type: 'job.completed', timestamp: /Z$/, data: { id: job.id, status: 'completed', task: 'answer', queue: 'default', result: input, tags: ['a'], metadata: { b: 'c' }, attempt: 1, callback_url: receiver.url() } })
  t.notOk('input' in posted.body.data)
  for (const secret of SECRETS) t.doesNotThrow(() => verify(posted, secret))
  t.throws(() => verify(posted, newSecret()))
  t.throws(() => verify({ ...posted, text: posted.text.replace('completed', 'Completed') }, SECRETS[0]!))
  t.match(posted.headers, { 'content-type': 'application/json', 'user-agent': 'Bellhop', 'webhook-id': /^[0-9a-f-]{36}$/ })

  const delivery = await inStatus({ queue }, posted.headers['webhook-id']!, 'completed')
  t.equal(delivery.input, posted.text, 'the delivery is a job whose input is what was posted')
  t.match(JSON.parse(delivery.result!), { status: 204, duration_ms: Number })
  t.match(delivery, { queue: DELIVERIES, task: 'job.completed', type: 'webhook', metadata: { callback: 'true', job_id: job.id }, callback_url: receiver.url() })
  const { data: shown } = await client.GET('/jobs/{id}', { params: { path: { id: job.id } } })
  t.equal(shown!.callback_url, receiver.url())

  const failed = await submit({ task: 'fail' })
  t.match((await receiver.nth(1)).body, { type: 'job.failed', data: { id: failed.id, status: 'failed', error: { message: 'no' }, errors: [{}] } })
  const cancelled = await submit({ task: 'answer', delay_seconds: 100 })
  await queue.control('default', 'cancel', [cancelled.id])
  t.match((await receiver.nth(2)).body, { type: 'job.cancelled', data: { id: cancelled.id, status: 'cancelled', cancellation: { reason: 'requested' } } })
  const orphan = await submit({ task: 'answer', depends_on: [failed.id] })
  t.equal(orphan.status, 'cancelled')
  t.match((await receiver.nth(3)).body, { type: 'job.cancelled', data: { id: orphan.id, cancellation: { reason: 'parent_failed', job_id: failed.id } } })
  const large = await submit({ task: 'large' })
  const { data } = (await receiver.nth(4)).body
  t.match(data, { id: large.id, status: 'completed', result_left_out_bytes: 300_002 })
  t.notOk('result' in data)
  const child = await submit({ task: 'answer', depends_on: [large.id], unique: { key: 'k' } })
  t.match((await receiver.nth(5)).body, { type: 'job.completed', data: { id: child.id } })
  t.equal(await redis.exists(keys.outbox), 0, 'and nothing is left')
})

t.test('a job that is run again is told of again; one that is found instead is not', async t => {
  const { receiver, client, submit } = await start(t)
  const job = await submit({ task: 'fail-first' })
  t.match((await receiver.nth(0)).body, { type: 'job.failed' })
  await inStatus({ queue }, job.id, 'failed')
  await queue.redrive('default')
  t.match((await receiver.nth(1)).body, { type: 'job.failed', data: { id: job.id, errors: [{}, {}] } })
  await inStatus({ queue }, job.id, 'failed')
  await queue.control('default', 'retry', [job.id])
  t.match((await receiver.nth(2)).body, { type: 'job.failed', data: { id: job.id } })

  const first = await submit({ task: 'answer', delay_seconds: 100, unique: { key: 'k' } })
  const second = await submit({ task: 'answer', unique: { key: 'k' }, callback_url: receiver.url('/other') })
  t.equal(second.id, first.id)
  await client.POST('/jobs/{id}/promote', { params: { path: { id: first.id } } })
  t.equal((await receiver.nth(3)).path, '/hook')
  const { data } = await client.POST('/jobs/bulk', { body: { jobs: [{ task: 'answer', callback_url: receiver.url('/a') }, { task: 'answer' }, { task: 'answer', callback_url: receiver.url('/b') }] as { task: string }[] } })
  await receiver.nth(5)
  t.strictSame(receiver.received.slice(4).map(({ path, body }) => [path, body.data.id]).sort(), [['/a', data!.jobs[0]!.id], ['/b', data!.jobs[2]!.id]])
  // Deleted at once: what was to be told is known already.
  const deleted = await submit({ task: 'answer', delay_seconds: 100 })
  await queue.control('default', 'cancel', [deleted.id])
  await queue.control('default', 'delete', [deleted.id])
  t.match((await receiver.nth(6)).body, { type: 'job.cancelled', data: { id: deleted.id, status: 'cancelled' } })
  t.equal(receiver.received.length, 7)
})

t.test('webhooks are told what they want to know', async t => {
  const { receiver, client, register, submit, read } = await start(t)
  const all = await register({ url: receiver.url('/all') })
  const some = await register({ url: receiver.url('/some'), queues: ['other'], events: ['submitted', 'started', 'completed'], secret: SECRETS[1] })
  t.strictSame([some.secret, all.secret!.length], [SECRETS[1], 50])
  const quiet = await register({ url: receiver.url('/quiet') })
  await client.PATCH('/webhooks/{id}', { params: { path: { id: quiet.id } }, body: { enabled: false } })
  const other = await startWorker(t, server, async app => { app.handle('*', () => 7) }, { ...env, WORKER_QUEUES: 'other', WEBHOOK_CONCURRENCY: '0' })
  t.equal(other.deliveries, undefined)

  const job = (await client.POST('/jobs', { body: { task: 'answer', input: 5 } as { task: string } })).data!
  const moved = (await client.POST('/jobs', { body: { task: 'x', queue: 'other' } as { task: string } })).data!
  await receiver.nth(4)
  const told = receiver.received.map(({ path, body }) => `${path} ${body.type} ${body.data.id === job.id ? 'job' : body.data.id === moved.id ? 'moved' : '?'}`).sort()
  t.strictSame(told, ['/all job.completed job', '/all job.completed moved', '/some job.completed moved', '/some job.started moved', '/some job.submitted moved'])
  for (const each of receiver.received) t.doesNotThrow(() => verify(each, each.path === '/all' ? all.secret! : SECRETS[1]!))
  t.match(receiver.received.find(({ path, body }) => path === '/all' && body.data.id === job.id), { body: { data: { result: 5 } } })
  t.match(await until(async () => (await read(all.id)).endpoint.last_status === 204 && await read(all.id)), { enabled: true, endpoint: { failures: 0, last_at: String } })

  await client.DELETE('/webhooks/{id}', { params: { path: { id: some.id } } })
  await client.DELETE('/webhooks/{id}', { params: { path: { id: all.id } } })
  t.equal(await redis.exists(keys.wanted), 0, 'a webhook that is disabled wants nothing')
  await submit({ task: 'answer' })
  await receiver.nth(5)
  t.match(receiver.received[5], { path: '/hook' }, 'what happens to deliveries is told to nobody, and nothing to those that are gone')
})

t.test('it is tried again with the same id, and what came of it is kept', async t => {
  const { receiver, register, read, submit, again, client } = await start(t)
  const { id } = await register()
  receiver.plan.push({ status: 500 }, { status: 302, headers: { location: '/elsewhere' } }, { status: 404 })
  await submit({ task: 'answer', callback_url: undefined })
  const first = await receiver.nth(0)
  const delivery = first.headers['webhook-id']!
  t.match(await inStatus({ queue }, delivery, 'retrying'), { attempt: 1, errors: [{ message: /^The endpoint answered 500 after \d+ ms\.$/ }] })
  t.match((await read(id)).endpoint, { failures: 1, last_status: 500, last_error: /500/, failing_since: String, last_at: String })
  const waits = (await queue.get(delivery))!.run_at! - await redis.time().then(([s]) => Number(s) * 1000)
  t.ok(waits > 3000 && waits < 8000, `${waits} ms`)
  for (let n = 1; n <= 3; n++) {
    await again(delivery)
    const next = await receiver.nth(n)
    t.strictSame([next.headers['webhook-id'], next.text, next.path], [delivery, first.text, '/hook'])
  }
  t.match(await inStatus({ queue }, delivery, 'completed'), { attempt: 4, errors: [{}, { message: /302/ }, { message: /404/ }] })
  t.match((await read(id)).endpoint, { failures: 0, last_status: 204, failing_since: undefined, last_error: undefined })

  // Nobody there.
  await client.PATCH('/webhooks/{id}', { params: { path: { id } }, body: { url: 'http://127.0.0.1:1/' } })
  const test = (await client.POST('/webhooks/{id}/test', { params: { path: { id } } })).data!
  t.match(await inStatus({ queue }, test.job_id, 'failed'), { attempt: 1, errors: [{ message: /ECONNREFUSED/ }] }, 'a trial is made once')
  t.match((await read(id)).endpoint, { failures: 1, last_status: undefined, last_error: /ECONNREFUSED/ })
})

t.test('410 ends a webhook; enabled again, it can be redriven', async t => {
  const { receiver, register, read, submit, client } = await start(t)
  const { id } = await register()
  receiver.plan.push({ status: 410 })
  await submit({ task: 'answer', callback_url: undefined })
  const delivery = (await receiver.nth(0)).headers['webhook-id']!
  t.match(await inStatus({ queue }, delivery, 'failed'), { attempt: 1, errors: [{ message: /410/ }] })
  t.match(await read(id), { enabled: false, disabled: { reason: 'gone', at: String } })
  t.equal(await redis.exists(keys.wanted), 0)
  await submit({ task: 'answer' })
  await receiver.nth(1)
  const test = (await client.POST('/webhooks/{id}/test', { params: { path: { id } } })).data!
  t.match(await receiver.nth(2), { body: { type: 'webhook.test', data: { webhook_id: id } }, headers: { 'webhook-id': test.job_id } }, 'a trial is made all the same')
  await queue.redrive(DELIVERIES)
  t.match(await inStatus({ queue }, delivery, 'failed'), { errors: [{}, { message: 'The webhook is disabled: gone.' }] })

  t.match((await client.PATCH('/webhooks/{id}', { params: { path: { id } }, body: { enabled: true } })).data, { enabled: true, disabled: undefined, endpoint: { failures: 0 } })
  await queue.redrive(DELIVERIES)
  t.equal((await receiver.nth(3)).headers['webhook-id'], delivery)
  await inStatus({ queue }, delivery, 'completed')
})

t.test('Retry-After is obeyed, for all deliveries to that endpoint, within bounds', async t => {
  const { receiver, register, read, submit } = await start(t)
  const { id } = await register()
  receiver.plan.push({ status: 429, headers: { 'retry-after': '120' } })
  await submit({ task: 'answer', callback_url: undefined })
  const delivery = await inStatus({ queue }, (await receiver.nth(0)).headers['webhook-id']!, 'retrying')
  const [seconds] = await redis.time()
  const wait = delivery.run_at! / 1000 - Number(seconds)
  t.ok(wait > 110 && wait < 130, `${wait} s`)
  t.ok(Date.parse((await read(id)).endpoint.slowed_until!) > Date.now() + 60_000)
  await submit({ task: 'answer', callback_url: undefined })
  const other = await until(async () => await redis.zcard(`${keys.base(DELIVERIES)}:scheduled`) === 1)
  t.ok(other, 'the next one is put off')
  t.equal(receiver.received.length, 1, 'and was not tried')
  const now = Date.UTC(2030, 0, 1)
  const of = (status: number, text?: string) => retryAfterMs({ status, headers: text === undefined ? {} : { 'retry-after': text } }, now)
  t.strictSame([of(429, '7'), of(503, '7'), of(500, '7'), of(429), of(429, 'soon'), of(503, '99999'), of(503, '-1'), of(503, new Date(now + 5000).toUTCString()), of(503, new Date(now - 5000).toUTCString())],
    [7000, 7000, 0, 0, 0, 3_600_000, 0, 5000, 0])
})

t.test('the secrets before sign for a day, also when it is rotated again', async t => {
  const { receiver, register, client } = await start(t)
  const { id, secret: first } = await register()
  const rotate = async (body?: { secret: string }) => await client.POST('/webhooks/{id}/rotate', { params: { path: { id } }, ...(body && { body }) })
  const second = (await rotate()).data!
  t.match(second.secret, /^whsec_[\w+/]{43}=$/)
  t.not(second.secret, first)
  t.ok(Math.abs(Date.parse(second.old_secret_until!) - Date.now() - 86_400_000) < 60_000)
  const test = () => client.POST('/webhooks/{id}/test', { params: { path: { id } } })
  const signs = async (nth: number, secrets: string[]) => {
    await test()
    const posted = await receiver.nth(nth)
    t.equal(posted.headers['webhook-signature']!.split(' ').length, secrets.length)
    for (const secret of secrets) t.doesNotThrow(() => verify(posted, secret))
    return posted
  }
  await signs(0, [first!, second.secret!])
  // As somebody does who has not had the answer: receivers still have the first.
  await rotate({ secret: SECRETS[0]! })
  await signs(1, [first!, second.secret!, SECRETS[0]!])
  t.match((await rotate({ secret: SECRETS[0]! })).data, { secret: SECRETS[0] }, 'the same again is no rotation')
  await signs(2, [first!, second.secret!, SECRETS[0]!])
  await rotate({ secret: first! })
  await signs(3, [second.secret!, SECRETS[0]!, first!])
  await rotate()
  await rotate()
  t.match((await rotate()).error, { status: 409, detail: /5 secrets/ })
  t.match((await rotate({ secret: second.secret! })).data, { secret: second.secret }, 'one of those that sign is none more')

  // The day is over for all but the newest, by the clock of Redis.
  const webhook = JSON.parse((await redis.hget(keys.webhooks, id))!)
  const [seconds] = await redis.time()
  for (const each of webhook.secrets.slice(1)) each.until = Number(seconds) * 1000 - 1
  await redis.hset(keys.webhooks, id, JSON.stringify(webhook))
  const last = await signs(4, [second.secret!])
  t.throws(() => verify(last, first!))
  await rotate()
  t.equal(JSON.parse((await redis.hget(keys.webhooks, id))!).secrets.length, 2, 'those that have ended are forgotten')
})

t.test('an endpoint that fails is slowed, and in the end disabled', async t => {
  const { receiver, register, read, submit, worker, again } = await start(t, { WEBHOOK_DISABLE_SECONDS: '60' })
  const { id, url } = await register()
  const endpoint = webhookEndpoint({ id, url })
  const state = keys.endpoint(endpoint.id)
  const wait = async () => (await worker.webhooks.begin(endpoint)).wait_ms
  for (let n = 0; n < 4; n++) await worker.webhooks.failed(endpoint, LATER, 500, 'no', 0, 60_000)
  t.equal(await wait(), 0)
  receiver.plan.push({ status: 500 }, { status: 500 }, { status: 500 })
  await submit({ task: 'answer', callback_url: undefined })
  const delivery = (await receiver.nth(0)).headers['webhook-id']!
  await inStatus({ queue }, delivery, 'retrying')
  const first = await wait()
  t.ok(first > 5000 && first <= 10_000, `after five failures nobody tries for ${first} ms`)
  // However often it is put off: that is no attempt, and the delay after the next one is that of the second.
  for (let n = 0; n < 4; n++) {
    await again(delivery)
    await until(async () => (await queue.get(delivery))!.status === 'retrying')
  }
  t.match(await queue.get(delivery), { attempt: 1, errors: [{ message: /500/ }] })
  t.equal(receiver.received.length, 1)

  // The pause is over: one may try.
  await redis.hset(state, 'closed_to', '1')
  await again(delivery)
  await receiver.nth(1)
  const second = await until(async () => { const job = await queue.get(delivery); return job!.errors.length === 2 && job })
  t.match(second, { attempt: 2, errors: [{}, { message: /500/ }] })
  const delay = second.run_at! - second.errors[1]!.at
  t.ok(delay >= 30_000 && delay <= 36_000, `${delay} ms`)
  const longer = await wait()
  t.ok(longer > 15_000 && longer <= 20_000, `and then longer: ${longer} ms`)
  await redis.hset(state, 'closed_to', '1')
  t.strictSame([await wait(), await wait() > 0], [0, true], 'one, and nobody else meanwhile')

  await redis.hset(state, 'failures', '9', 'failing_since', '1', 'closed_to', '1')
  await again(delivery)
  await receiver.nth(2)
  t.match(await until(async () => { const webhook = await read(id); return !webhook.enabled && webhook }), { disabled: { reason: 'failing' }, endpoint: { failures: 10, last_status: 500 } })
  await again(delivery)
  t.match(await inStatus({ queue }, delivery, 'failed'), { errors: [{}, {}, {}, { message: 'The webhook is disabled: failing.' }] })
  t.equal(receiver.received.length, 3)
})

t.test('deliveries that were under way together, and fail together, slow it once', async t => {
  const { register, worker: { webhooks } } = await start(t)
  const endpoint = webhookEndpoint(await register())
  const begun = await Promise.all(Array.from({ length: 30 }, async () => await webhooks.begin(endpoint)))
  const fail = async (began: number, wait_ms = 0) => await webhooks.failed(endpoint, began, undefined, 'no', wait_ms, 1e12)
  const wait = async () => (await webhooks.begin(endpoint)).wait_ms
  await Promise.all(begun.map(async ({ now }) => await fail(now)))
  const first = await wait()
  t.ok(first > 0 && first <= 10_000, `${first} ms`)
  await fail(begun[0]!.now, 60_000)
  await fail(begun[0]!.now)
  const asked = await wait()
  t.ok(asked > 10_000 && asked <= 60_000, `what one of them asks for is obeyed: ${asked} ms`)

  await redis.hset(keys.endpoint(endpoint.id), 'closed_to', '1')
  const { now, wait_ms } = await webhooks.begin(endpoint)
  t.equal(wait_ms, 0, 'one may try')
  await fail(now)
  const second = await wait()
  t.ok(second > 10_000 && second <= 20_000, `and fails: ${second} ms`)
})

t.test('a delivery waits for a slowed endpoint for a day, if that fails all the time', async t => {
  const { receiver, register, submit, worker, again } = await start(t)
  const { id, url } = await register()
  const endpoint = webhookEndpoint({ id, url })
  for (let n = 0; n < 5; n++) await worker.webhooks.failed(endpoint, LATER, 500, 'no', 3_600_000, 1e12)
  await submit({ task: 'answer', callback_url: undefined })
  const [member] = await until(async () => { const members = await redis.zrange(`${keys.base(DELIVERIES)}:scheduled`, '0', '-1'); return members.length === 1 && members })
  const delivery = toUuid(member!.slice(1))
  const day = 86_400_000
  const record = (await redis.hget(keys.jobs, fromUuid(delivery)))!
  await redis.hset(keys.jobs, fromUuid(delivery), `${Number(record.slice(0, 13)) - day}${record.slice(13)}`)
  await again(delivery, 'scheduled')
  t.match(await inStatus({ queue }, delivery, 'scheduled'), { attempt: 0, errors: [] }, 'it is a day old, but the endpoint was well an hour ago')
  await redis.hincrby(keys.endpoint(endpoint.id), 'failing_since', -day)
  await again(delivery, 'scheduled')
  t.match(await inStatus({ queue }, delivery, 'failed'), { attempt: 1, errors: [{ message: 'Not tried any more: the endpoint has failed for a day.' }] })
  t.equal(receiver.received.length, 0)
})

t.test('the callbacks of one queue, or to another URL, slow nobody else\'s', async t => {
  const { receiver, submit } = await start(t, { WORKER_QUEUES: 'default,other' })
  receiver.plan.push({ status: 429, headers: { 'retry-after': '600' } })
  await submit({ task: 'answer' })
  await receiver.nth(0)
  const slowed = keys.endpoint(callbackEndpoint('default', receiver.url()).id)
  await until(async () => await redis.hexists(slowed, 'closed_to'))
  await submit({ task: 'answer', callback_url: receiver.url('/other') })
  t.equal((await receiver.nth(1)).path, '/other')
  const { id } = await submit({ task: 'answer', queue: 'other' })
  t.match(await receiver.nth(2), { path: '/hook', body: { data: { id } } })
  const late = await submit({ task: 'answer' })
  const isPutOff = async () => await redis.zcard(`${keys.base(DELIVERIES)}:scheduled`) === 1
  t.ok(await until(isPutOff), 'and the same callback is')
  t.notOk(receiver.received.some(({ body }) => body.data.id === late.id))
  // Of those that are well nothing is kept: there may be as many as jobs.
  await until(async () => (await redis.keys(keys.endpoint('*'))).length === 1)
  t.ok(await redis.ttl(slowed) <= 2 * 86_400)
})

t.test('another URL is another endpoint: it has not failed, and what comes of the old one does not count', async t => {
  const { receiver, register, read, client, worker } = await start(t, { WEBHOOK_DISABLE_SECONDS: '60' })
  const { id, url } = await register()
  const old = webhookEndpoint({ id, url })
  for (let n = 0; n < 12; n++) await worker.webhooks.failed(old, LATER, 500, 'no', 0, 1e12)
  await redis.hset(keys.endpoint(old.id), 'failing_since', '1', 'closed_to', '1')
  t.match((await read(id)).endpoint, { failures: 12 })
  // While a delivery to the old one is under way.
  let release!: () => void
  receiver.plan.push({ status: 410, when: new Promise(resolve => { release = () => resolve(undefined) }) })
  const test = (await client.POST('/webhooks/{id}/test', { params: { path: { id } } })).data!
  await receiver.nth(0)
  const patch = async (url: string) => (await client.PATCH('/webhooks/{id}', { params: { path: { id } }, body: { url } })).data!
  t.match(await patch(receiver.url('/new')), { enabled: true, endpoint: { failures: 0, slowed_until: undefined } })
  release()
  await inStatus({ queue }, test.job_id, 'failed')
  t.match(await read(id), { enabled: true, disabled: undefined, endpoint: { failures: 0, last_error: undefined } })
  t.match(await patch(url), { endpoint: { failures: 0 } }, 'also when it has been there before')
})

t.test('an endpoint that is slow leaves places for the others', async t => {
  const { receiver, submit, worker } = await start(t, { WEBHOOK_CONCURRENCY: '3' })
  receiver.plan.push('hang')
  await submit({ task: 'answer', callback_url: receiver.url('/slow') })
  await receiver.nth(0)
  for (let n = 0; n < 10; n++) await submit({ task: 'answer', callback_url: receiver.url(`/slow?${n}`) })
  const isPutOff = async () => await redis.zcard(`${keys.base(DELIVERIES)}:scheduled`) === 10
  await until(isPutOff)
  const other = await startReceiver(t)
  for (let n = 0; n < 5; n++) await submit({ task: 'answer', callback_url: other.url() })
  await other.nth(4)
  t.equal(receiver.received.length, 1)
  await until(() => worker.deliveries!.running === 1)
  await until(isPutOff)
  for (const member of await redis.zrange(`${keys.base(DELIVERIES)}:scheduled`, '0', '-1')) t.strictSame((await queue.get(toUuid(member.slice(1))))!.errors, [])
})

t.test('a delivery that would go to a private address is given up without a connection', async t => {
  const { receiver, register } = await start(t, { ALLOWED_PRIVATE_NETWORKS: '10.0.0.0/8' })
  const { id } = await register()
  const job = await queue.submit({ task: 'fail', callback_url: receiver.url() })
  await inStatus({ queue }, job.id, 'failed')
  const { items } = await until(async () => {
    const page = await queue.deadLetters(DELIVERIES, 10)
    return page.items.length === 2 && page
  })
  for (const each of items) t.match(each, { attempt: 1, errors: [{ message: 'The URL must not lead to 127.0.0.1, which is not a public address' }] })
  t.ok(items.some(({ metadata }) => metadata.webhook_id === id))
  t.equal(receiver.received.length, 0)
})
