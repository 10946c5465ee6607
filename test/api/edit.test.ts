import t from 'tap'
import type { Test } from 'tap'
import type { paths } from '../../clients/typescript/src/contract.ts'
import type { JobSpec } from '../../src/queue/job.ts'
import { startApi } from '../helper/api.ts'
import { completed, dead, expire, HOUR_MS, makeDue, retried, startEngine, until } from '../helper/engine.ts'

const engine = await startEngine(t)
const { server, redis, queue, worker, sweep, key } = engine
const { client, send } = await startApi(t, server)

type Patch = NonNullable<paths['/jobs/{id}']['patch']['requestBody']>['content']['application/json']

const UNKNOWN = '01940b6e-5c1f-7a3d-9c0e-3f5a7b2d4e61'
const edit = async (id: string, body: Patch, ifMatch?: string) => await client.PATCH('/jobs/{id}', { params: { path: { id }, header: ifMatch ? { 'If-Match': ifMatch } : {} }, body })
const read = async (id: string, ifNoneMatch?: string, prefer?: string) => await client.GET('/jobs/{id}', { params: { path: { id }, header: { 'If-None-Match': ifNoneMatch, Prefer: prefer } } })
const etagOf = ({ response }: { response: Response }) => response.headers.get('etag')!
const version = (etag: string) => etag.replace(/\..*/, '"')
const asSent = async (id: string, payload: string, headers = {}) => await send({ method: 'PATCH', url: `/jobs/${id}`, payload, headers: { 'content-type': 'application/json', ...headers } })
const add = async (spec: Partial<JobSpec> = {}) => (await queue.submit({ task: 'x', ...spec })).id

/** A job between two attempts. */
async function retrying (spec: Partial<JobSpec> = {}): Promise<string> {
  const id = await add(spec)
  await worker().turn({ settlements: retried(await worker().turn({ max: 1 }), HOUR_MS, 'no paper') })
  return id
}

t.test('what is named changes, and nothing else', async t => {
  const id = await add({ input: '{"a":1}', metadata: { a: '1', b: '2' }, tags: ['old'], timeout_seconds: 9, backoff: { type: 'fixed', delay_seconds: 1 } })
  const before = (await read(id)).data!
  const changes: [Patch, object][] = [
    [{ priority: 'high' }, { priority: 'high' }],
    [{ input: [1, { b: null }] }, { input: [1, { b: null }] }],
    [{ tags: ['new', 'x'] }, { tags: ['new', 'x'] }],
    [{ metadata: { b: '3', c: '4', a: null } }, { metadata: { b: '3', c: '4' } }],
    [{ max_attempts: 7 }, { max_attempts: 7 }],
    [{ backoff: { delay_seconds: 2, jitter: 0 } }, { backoff: { type: 'fixed', delay_seconds: 2, max_delay_seconds: 3600, jitter: 0 } }],
    [{ timeout_seconds: 60 }, { timeout_seconds: 60 }],
    [{ keep_logs: true }, { keep_logs: true }]
  ]
  let expected: object = before
  for (const [patch, change] of changes) {
    expected = { ...expected, ...change }
    const { data, response } = await edit(id, patch)
    t.equal(response.status, 200)
    t.strictSame({ waiting_for: before.waiting_for, ...data }, expected, JSON.stringify(patch))
    t.strictSame((await read(id)).data, expected)
  }
  const [leased] = (await worker().turn({ max: 1 })).leased
  t.match(leased!.record, '[1,{"b":null}]', 'and the worker gets it')
})

t.test('null takes the default again, the one of the queue where it has one', async t => {
  const spec = { priority: 'high' as const, input: '1', tags: ['a'], metadata: { a: '1' }, max_attempts: 9, timeout_seconds: 9, backoff: { type: 'fixed' as const, delay_seconds: 9, jitter: 0 } }
  const nulls: Patch = { priority: null, input: null, tags: null, metadata: null, max_attempts: null, timeout_seconds: null, backoff: null }
  const plain = { priority: 'normal', input: null, tags: [], metadata: {}, max_attempts: 3, timeout_seconds: undefined, backoff: { type: 'exponential', delay_seconds: 5, max_delay_seconds: 3600, jitter: 0.2 } }
  t.strictSame((({ priority, input, tags, metadata, max_attempts, timeout_seconds, backoff }) => ({ priority, input, tags, metadata, max_attempts, timeout_seconds, backoff }))((await edit(await add(spec), nulls)).data!), plain)

  await client.PATCH('/queues/{queue}', { params: { path: { queue: 'set' } }, body: { defaults: { max_attempts: 5, timeout_seconds: 30, keep_logs: true, backoff: { delay_seconds: 60 } } } })
  const id = await add({ ...spec, queue: 'set' })
  t.match((await edit(id, { backoff: { type: null, jitter: 1 } })).data, { max_attempts: 9, timeout_seconds: 9, backoff: { type: 'exponential', delay_seconds: 9, jitter: 1 } })
  t.match((await edit(id, { backoff: { delay_seconds: null } })).data!.backoff, { delay_seconds: 60, jitter: 1 })
  t.match((await edit(id, { ...nulls, keep_logs: false })).data, { keep_logs: undefined })
  t.match((await edit(id, { ...nulls, keep_logs: null })).data, { max_attempts: 5, timeout_seconds: 30, keep_logs: true, backoff: { type: 'exponential', delay_seconds: 60, jitter: 0.2 } })
  const old = await add({ queue: 'set' })
  t.match((await edit(old, { tags: ['a'] })).data, { max_attempts: 3, timeout_seconds: undefined }, 'what is not named has nothing to do with them')
})

t.test('the input is kept byte for byte as it was sent', async t => {
  for (const text of ['9007199254740993', '1.0', '-0', '1e400', '{ "b" : [ 1.50 ],\n "a":"\\u0041é\u2028" }', '{"a":1,"a":2}']) {
    const id = await add({ input: '"old"' })
    const answer = await asSent(id, `{"priority":"low", "\\u0069nput" : ${text} }`)
    t.match(await answer.text(), `"input":${text},`)
    t.match((await (await send({ url: `/jobs/${id}` })).text()), `"input":${text},`)
    await edit(id, { tags: ['later'] })
    t.match((await (await send({ url: `/jobs/${id}` })).text()), `"input":${text},`, 'also after another edit')
  }
})

t.test('a queued job keeps its place; with another priority it goes to the tail of that one', async t => {
  const ids = [await add(), await add(), await add(), await add({ priority: 'high' })]
  await edit(ids[0]!, { input: 1, tags: ['a'], run_at: null, delay_seconds: undefined })
  await edit(ids[1]!, { priority: 'high' })
  await edit(ids[2]!, { priority: 'low' })
  await edit(ids[2]!, { priority: 'normal' })
  t.match(await queue.stats('default'), { queued: 4, queued_by_priority: { high: 2, normal: 2, low: 0 } })
  const order = []
  for (let turn = await worker().turn({ max: 1 }); turn.leased.length > 0; turn = await worker().turn({ settlements: completed(turn), max: 1 })) order.push((await client.GET('/jobs', { params: { query: { status: ['active'] } } })).data!.items[0]!.id)
  t.same(order, [ids[3], ids[1], ids[0], ids[2]])
  t.same([await redis.exists(key(':high'), key(), key(':low')), await redis.hmget(key(':stats'), 'ghosts_n', 'ghosts_l')], [0, ['0', '0']], 'no entry is left behind')
})

t.test('time: put off, sooner, later, now', async t => {
  const id = await add()
  const start = Date.now()
  const later = (await edit(id, { delay_seconds: 3600 })).data!
  t.equal(later.status, 'scheduled')
  t.ok(Math.abs(Date.parse(later.run_at!) - start - HOUR_MS) < 30_000)
  t.equal((await worker().turn({ max: 1 })).leased.length, 0)
  t.match((await edit(id, { run_at: '2040-01-31T08:00:00+01:00' })).data, { status: 'scheduled', run_at: '2040-01-31T07:00:00.000Z' })
  t.match((await edit(id, { priority: 'low', tags: ['a'] })).data, { status: 'scheduled', run_at: '2040-01-31T07:00:00.000Z', priority: 'low' }, 'an edit of something else leaves it')
  const other = await add({ priority: 'low' })
  t.match((await edit(id, { run_at: null })).data, { status: 'queued', run_at: undefined })
  t.match(await queue.stats('default'), { queued: 2, scheduled: 0, queued_by_priority: { low: 2 } })
  const turn = await worker().turn({ max: 2 })
  t.same(await Promise.all([other, id].map(async id => (await read(id)).data!.status)), ['active', 'active'])
  t.equal(turn.leased.length, 2, 'and nothing of it twice')
  for (const patch of [{ run_at: '1999-01-01T00:00:00Z' }, { delay_seconds: 0 }] as Patch[]) t.equal((await edit(await add({ delay_ms: HOUR_MS }), patch)).data!.status, 'queued')
})

t.test('a job between two attempts stays that, and keeps its attempts', async t => {
  const late = await retrying()
  t.match((await edit(late, { run_at: null })).data, { status: 'queued', attempt: 1, errors: [{ message: 'no paper' }] })
  await queue.control('default', 'cancel', [late])
  const id = await retrying({ max_attempts: 9 })
  t.match((await edit(id, { delay_seconds: 60, priority: 'high', max_attempts: 4 })).data, { status: 'retrying', attempt: 1, priority: 'high', max_attempts: 4, errors: [{ message: 'no paper' }] })
  await makeDue(engine, ':retrying')
  await sweep()
  t.match((await edit(id, { input: 5 })).data, { status: 'queued', attempt: 1, input: 5 })
})

t.test('a due time is kept: the queue is swept then, and the job runs', async t => {
  const id = await add()
  await edit(id, { delay_seconds: 5 })
  t.ok(Number(await redis.zscore(engine.keys.sweeps, 'default')) <= Date.now() + 5000)
  await makeDue(engine, ':scheduled')
  t.match(await sweep(), { promoted: 1 })
  t.equal((await worker().turn({ max: 2 })).leased.length, 1)
})

t.test('what a worker has taken, and what has ended, stays as it is', async t => {
  const refused = async (t: Test, id: string, status: string) => {
    const before = await read(id)
    for (const ifMatch of [undefined, '*', '"other"']) {
      const { error } = await edit(id, { priority: 'high' }, ifMatch)
      t.match(error, { type: 'urn:bellhop:problem:conflict', status: 409, detail: `The job is ${status}; it can be changed only while it waits` })
    }
    t.same([(await read(id)).data, etagOf(await read(id))], [before.data, etagOf(before)])
  }
  const [done, failed] = [await add(), await add()]
  const first = await worker().turn({ max: 1 })
  await refused(t, done, 'active')
  await worker().turn({ settlements: completed(first) })
  await refused(t, done, 'completed')
  await worker().turn({ settlements: dead(await worker().turn({ max: 1 })) })
  await refused(t, failed, 'failed')
  const gone = await add()
  await queue.control('default', 'cancel', [gone])
  await refused(t, gone, 'cancelled')
  t.match((await edit(UNKNOWN, { priority: 'high' }, '"any"')).error, { type: 'urn:bellhop:problem:not-found', status: 404 })
})

t.test('a job of another queue, and one that was pushed past us', async t => {
  const id = await add({ queue: 'images' })
  t.match((await edit(id, { priority: 'high' })).data, { queue: 'images', priority: 'high', status: 'queued' })

  await redis.rpush(key(), '{"task":"old","input":{"a":1.0},"tags":["t"],"max_attempts":0}', 'junk')
  await worker().turn({ max: 2 })
  await expire(engine)
  await sweep()
  const [job, junk] = ['old', '(not a job)'].map(task => client.GET('/jobs', { params: { query: { task } } }))
  const old = (await job!).data!.items[0]!
  t.match((await edit(old.id, { priority: 'low', metadata: { a: 'b' } })).data, { task: 'old', input: { a: 1 }, tags: ['t'], metadata: { a: 'b' }, max_attempts: 3, lost: 1, priority: 'low' })
  t.match(await (await send({ url: `/jobs/${old.id}` })).text(), '"input":{"a":1.0},')
  t.match((await edit((await junk!).data!.items[0]!.id, { priority: 'low' })).error, { status: 409, detail: /not a job/ })
})

t.test('If-Match: only as it was read', async t => {
  const id = await add()
  const first = etagOf(await read(id))
  const { data, response } = await edit(id, { input: 1 }, first)
  const second = response.headers.get('etag')!
  t.not(version(first), second)
  t.equal(version(etagOf(await read(id))), second)
  t.match(data, { input: 1 })
  for (const old of [first, version(first), `W/${second}`, '"x"', `"x", ${first}`, `"${second.slice(1, -1)}0"`, '""']) {
    t.match((await edit(id, { input: 2 }, old)).error, { type: 'urn:bellhop:problem:precondition-failed', status: 412, title: 'It has changed meanwhile' }, old)
  }
  t.equal((await read(id)).data!.input, 1, 'nothing has changed')
  let current = second
  for (const [i, form] of [(tag: string) => tag, () => '*', (tag: string) => `"a,b", W/"x" ,${tag}`, (tag: string) => tag.replace(/"$/, '.1234abcd"')].entries()) {
    const answer = await edit(id, { input: i + 10 }, form(current))
    t.equal(answer.response.status, 200, form(current))
    current = etagOf(answer)
  }
  const cancelled = await client.POST('/jobs/{id}/cancel', { params: { path: { id } } })
  t.equal(etagOf(cancelled), etagOf(await read(id)), 'the actions answer with it, too')
})

t.test('the ETag changes with every change, and not without', async t => {
  const id = await add({ delay_ms: HOUR_MS })
  const seen = new Set<string>()
  const isNew = async (what: string) => {
    const etag = etagOf(await read(id))
    t.equal(etagOf(await read(id)), etag)
    t.notOk(seen.has(etag), what)
    seen.add(etag)
  }
  await isNew('scheduled')
  for (const patch of [{ input: 1 }, { input: 2 }, { input: 1 }, { delay_seconds: 9 }, { tags: ['a'] }, { run_at: null }] as Patch[]) {
    await edit(id, patch)
    await isNew(JSON.stringify(patch))
  }
  const same = etagOf(await read(id))
  t.equal(etagOf(await edit(id, { input: 1, tags: ['a'], run_at: null, priority: 'normal' })), version(same))
  t.equal(etagOf(await read(id)), same, 'an edit that changes nothing')
  await queue.pause('default')
  await isNew('paused')
  await edit(id, { input: 3 }, same)
  await isNew('which is no reason not to edit')
  await queue.resume('default')
  const turn = await worker().turn({ max: 1 })
  await isNew('active')
  await worker().progress(turn.leased[0]!.id, turn.leased[0]!.token, 5)
  await isNew('progress')
  await worker().turn({ settlements: retried(turn) })
  await isNew('retrying')
  await queue.control('default', 'promote', [id])
  await worker().turn({ settlements: completed(await worker().turn({ max: 1 })) })
  await isNew('completed')
})

t.test('If-None-Match: 304 as long as nothing has changed', async t => {
  const id = await add()
  const etag = etagOf(await read(id))
  for (const header of [etag, '*', `W/${etag}`, `"x", ${etag}`]) {
    const { response, data } = await read(id, header)
    t.equal(response.status, 304, header)
    t.equal(response.headers.get('etag'), etag)
    t.equal(response.headers.get('content-type'), null)
    t.notOk(data)
  }
  for (const header of ['"x"', version(etag)]) t.equal((await read(id, header)).response.status, 200, header)
  const head = await send({ method: 'HEAD', url: `/jobs/${id}` })
  t.equal(head.headers.get('etag'), etag)
  t.equal((await send({ method: 'HEAD', url: `/jobs/${id}`, headers: { 'if-none-match': etag } })).status, 304)
  t.equal((await read(UNKNOWN, '*')).response.status, 404)
  await edit(id, { input: 1 })
  t.match((await read(id, etag)).data, { input: 1 })
})

t.test('If-None-Match together with Prefer: wait counts when the wait is over', async t => {
  const id = await add()
  const etag = etagOf(await read(id))
  const quiet = await read(id, etag, 'wait=0')
  t.equal(quiet.response.status, 304)
  t.equal(quiet.response.headers.get('preference-applied'), 'wait=0')
  const waiting = read(id, etag, 'wait=30')
  await until(async () => (await redis.client('LIST') as string).includes('bellhop-events'))
  await worker().turn({ settlements: completed(await worker().turn({ max: 1 })) })
  t.match(await waiting, { data: { status: 'completed' }, response: { status: 200 } })
})

t.test('events: edited, and what becomes of it', async t => {
  const id = await add()
  await edit(id, { input: 1 })
  await edit(id, { input: 1 })
  await edit(id, { delay_seconds: 60 })
  await edit(id, { delay_seconds: 3600 })
  await edit(id, { priority: 'high', run_at: null })
  await edit(id, { priority: 'low' })
  const entries = await redis.xrange('events', '-', '+')
  t.same(entries.map(([, fields]) => fields.filter((_, i) => i % 2 === 0).map(change => change.split(' ')[0])), [
    ['submitted'], ['edited'], ['edited', 'scheduled'], ['edited'], ['edited', 'queued'], ['edited']])
})

t.test('what is not valid is refused, named, and changes nothing', async t => {
  const id = await add({ metadata: Object.fromEntries(Array.from({ length: 32 }, (_, i) => [`k${i}`, 'v'])) })
  await client.PATCH('/queues/{queue}', { params: { path: { queue: 'default' } }, body: { input_schemas: { x: { type: 'object', required: ['url'] } } } })
  const before = await read(id)
  const words = (count: number) => Array.from({ length: count }, (_, i) => `w${i}`)
  const bad: [body: unknown, path: string, message: RegExp][] = [
    [{}, '', /at least 1 field$/],
    [[], '', /an object$/],
    [{ task: 'y' }, '/task', /not a known field/],
    [{ queue: 'y' }, '/queue', /not a known field/],
    [{ expires_at: null }, '/expires_at', /not a known field/],
    [{ priority: 'urgent' }, '/priority', /one of high, normal, low, null/],
    [{ run_at: 'tomorrow' }, '/run_at', /date and time/],
    [{ run_at: 5 }, '/run_at', /a string or null/],
    [{ run_at: '2016-12-31T23:59:60Z' }, '/run_at', /must be a time such as/],
    [{ run_at: '9999-12-31T23:59:59-01:00' }, '/run_at', /after the year 9999/],
    [{ run_at: '2040-01-01T00:00:00Z', delay_seconds: 1 }, '/run_at', /together with delay_seconds/],
    [{ run_at: null, delay_seconds: 1 }, '/run_at', /together with delay_seconds/],
    [{ delay_seconds: -1 }, '/delay_seconds', />= 0/],
    [{ delay_seconds: 31536001 }, '/delay_seconds', /<= 31536000/],
    [{ delay_seconds: null }, '/delay_seconds', /a number/],
    [{ tags: 'a' }, '/tags', /an array or null/],
    [{ tags: words(21) }, '/tags', /at most 20 items/],
    [{ tags: ['a', 'a'] }, '/tags', /duplicate/],
    [{ tags: [''] }, '/tags/0', /at least 1 character/],
    [{ tags: ['a'.repeat(65)] }, '/tags/0', /at most 64 characters/],
    [{ metadata: { a: 1 } }, '/metadata/a', /a string or null/],
    [{ metadata: { a: 'b'.repeat(513) } }, '/metadata/a', /at most 512 characters/],
    [{ metadata: { ['a'.repeat(65)]: '' } }, '/metadata', /at most 64 characters|property name/],
    [{ metadata: { one: 'more' } }, '/metadata', /at most 32 fields, with those that are there/],
    [{ max_attempts: 0 }, '/max_attempts', />= 1/],
    [{ max_attempts: 101 }, '/max_attempts', /<= 100/],
    [{ backoff: { type: 'linear' } }, '/backoff/type', /one of exponential, fixed/],
    [{ backoff: { delay_seconds: 86401 } }, '/backoff/delay_seconds', /<= 86400/],
    [{ backoff: { factor: 2 } }, '/backoff/factor', /not a known field/],
    [{ keep_logs: 1 }, '/keep_logs', /a boolean or null/],
    [{ timeout_seconds: 0 }, '/timeout_seconds', />= 1/],
    [{ timeout_seconds: 1.5 }, '/timeout_seconds', /an integer/],
    [{ input: {} }, '/input/url', /is required/],
    [{ input: null }, '/input', /an object/]
  ]
  for (const [body, path, message] of bad) {
    const answer = await asSent(id, JSON.stringify(body))
    t.equal(answer.status, 400, JSON.stringify(body).slice(0, 80))
    const { errors } = await answer.json() as { errors: { path: string, message: string }[] }
    t.ok(errors.some(error => error.path === path && message.test(error.message)), JSON.stringify(errors))
  }
  for (const header of ['x', '"x', 'W/x', '"a" "b"', '*, "a"', '"a b"', Array(17).fill('"a"').join()]) {
    t.match(await (await asSent(id, '{"input":{"url":1}}', { 'if-match': header })).json(), { status: 400, errors: [{ path: '/header/if-match' }] }, header)
    t.match(await (await send({ url: `/jobs/${id}`, headers: { 'if-none-match': header } })).json(), { status: 400, errors: [{ path: '/header/if-none-match' }] }, header)
  }
  t.equal((await asSent(id, '{"input":1', {})).status, 400)
  t.same([(await read(id)).data, etagOf(await read(id))], [before.data, etagOf(before)])
  t.equal((await edit(id, { input: { url: 1 }, metadata: { k0: null, one: 'more' } })).response.status, 200)
  t.equal((await edit(id, { tags: ['a'] })).response.status, 200, 'an edit of something else does not ask the schema')
})

t.test('a full Redis refuses it: 503, and nothing has changed', async t => {
  const id = await add()
  const before = await read(id)
  await redis.config('SET', 'maxmemory', '1mb')
  const { response } = await edit(id, { priority: 'high' })
  await redis.config('SET', 'maxmemory', '0')
  t.equal(response.status, 503)
  t.same((await read(id)).data, before.data)
})
