import t from 'tap'
import type { paths } from '../../clients/typescript/src/contract.ts'
import { startApi } from '../helper/api.ts'
import { completed, startEngine, submitMany, until } from '../helper/engine.ts'

const engine = await startEngine(t)
const { server, redis, keys, queue, sweep } = engine
const { client, post, app } = await startApi(t, server, { COMPLETED_MAX: '5000' })
const other = await startApi(t, server)

type Patch = NonNullable<paths['/queues/{queue}']['patch']['requestBody']>['content']['application/json']

const set = async (name: string, body: Patch) => await client.PATCH('/queues/{queue}', { params: { path: { queue: name } }, body })
const read = async (name: string, api = client) => (await api.GET('/queues/{queue}', { params: { path: { queue: name } } })).data?.settings
const submit = async (body: object, url = '/jobs') => {
  const response = await post(url, JSON.stringify(body))
  return { status: response.status, retryAfter: response.headers.get('retry-after'), body: await response.json() as { id: string, type: string, detail: string, error: string, errors: { path: string }[], max_attempts: number } }
}

t.test('a merge patch: what it does not name stays, null takes the default again', async t => {
  const first = await set('q', { completed_retention_seconds: 60, max_length: 10, defaults: { max_attempts: 9, backoff: { type: 'fixed', delay_seconds: 1 } }, input_schemas: { a: { type: 'string' }, b: true } })
  const settings = {
    completed_retention_seconds: 60,
    completed_max: 5000,
    dlq_retention_seconds: 1_209_600,
    dlq_max: 100_000,
    max_length: 10,
    concurrency: null,
    rate_limit: null,
    group_concurrency: null,
    group_rate_limit: null,
    group_overrides: {},
    priority_aging_seconds: null,
    http: null,
    defaults: { max_attempts: 9, backoff: { type: 'fixed', delay_seconds: 1, max_delay_seconds: 3600, jitter: 0.2 }, timeout_seconds: null, keep_logs: false },
    input_schemas: { a: { type: 'string' }, b: true }
  }
  t.strictSame(first.data!.settings, settings)
  await set('q', { completed_retention_seconds: null, dlq_max: 7, defaults: { timeout_seconds: 5, backoff: { delay_seconds: null } }, input_schemas: { a: { enum: [null] }, b: null } })
  t.strictSame(await read('q'), {
    ...settings,
    completed_retention_seconds: 86_400,
    dlq_max: 7,
    defaults: { ...settings.defaults, backoff: { ...settings.defaults.backoff, delay_seconds: 5 }, timeout_seconds: 5 },
    input_schemas: { a: { enum: [null] } }
  })
  await set('q', { completed_retention_seconds: null, dlq_max: null, max_length: null, defaults: null, input_schemas: null })
  t.strictSame(await read('q'), await read('default'))
  t.same([await redis.hlen(keys.settings), await redis.hgetall(`${keys.base('q')}:settings`)], [0, {}])
})

t.test('what is not valid is refused, named, and changes nothing', async t => {
  await set('q', { max_length: 1 })
  const deep = { $defs: { a: { type: 'strnig' } } }
  for (const [body, path] of [
    [{ max_length: 0 }, '/max_length'], [{ max_length: 1.5 }, '/max_length'], [{ completed_max: '5' }, '/completed_max'], [{ dlq_retention_seconds: 31_536_001 }, '/dlq_retention_seconds'],
    [{ defaults: { max_attempts: 101 } }, '/defaults/max_attempts'], [{ defaults: { priority: 'high' } }, '/defaults/priority'], [{ defaults: { backoff: { type: 'x' } } }, '/defaults/backoff/type'],
    [{ defaults: 5 }, '/defaults'], [{ paused: true }, '/paused'],
    [{ input_schemas: [] }, '/input_schemas'], [{ input_schemas: { a: 5 } }, '/input_schemas/a'], [{ input_schemas: { a: [] } }, '/input_schemas/a'],
    [{ input_schemas: { 'a/b': { type: 'strnig' } } }, '/input_schemas/a~1b/type'], [{ input_schemas: { a: deep } }, '/input_schemas/a/$defs/a/type'],
    [{ input_schemas: { a: { properties: { x: { minimum: '1' } } } } }, '/input_schemas/a/properties/x/minimum'],
    [{ input_schemas: { a: { requried: ['x'] } } }, '/input_schemas/a'], [{ input_schemas: { a: { format: 'e-mail' } } }, '/input_schemas/a'], [{ input_schemas: { a: { pattern: '(' } } }, '/input_schemas/a'],
    [{ input_schemas: { a: { $ref: 'https://example.com/schema' } } }, '/input_schemas/a'], [{ input_schemas: { a: { $ref: '#/$defs/none' } } }, '/input_schemas/a'],
    [{ input_schemas: { a: { $async: true } } }, '/input_schemas/a/$async'], [{ input_schemas: { a: { $schema: 'http://json-schema.org/draft-04/schema#' } } }, '/input_schemas/a'],
    [{ input_schemas: { a: { description: 'x'.repeat(65_536) } } }, '/input_schemas'],
    [{ input_schemas: Object.fromEntries(Array.from({ length: 101 }, (_, i) => [`t${i}`, true])) }, '/input_schemas']
  ] as const) {
    t.match((await set('q', body as never)).error, { status: 400, errors: [{ path }] }, JSON.stringify(body).slice(0, 80))
  }
  t.match(await read('q'), { max_length: 1, input_schemas: {} })
})

t.test('the bounds of schemas are those of what comes of a patch', async t => {
  const some = (from: number, count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`t${from + i}`, true]))
  t.equal((await set('q', { input_schemas: some(0, 60) })).response.status, 200)
  t.match((await set('q', { input_schemas: some(60, 60) })).error, { status: 400, errors: [{ path: '/input_schemas' }] })
  t.equal((await set('q', { input_schemas: some(60, 40) })).response.status, 200)
  t.equal((await set('q', { max_length: 5 })).response.status, 200)
})

t.test('limits', async t => {
  t.match((await set('q', { concurrency: 5, rate_limit: { limit: 100 } })).data!.settings, { concurrency: 5, rate_limit: { limit: 100, period_seconds: 1, burst: null } })
  await set('q', { rate_limit: { period_seconds: 60, burst: 7 } })
  await set('q', { rate_limit: { limit: 50, burst: null } })
  const limits = { concurrency: 5, rate_limit: { limit: 50, period_seconds: 60, burst: null } }
  t.match(await read('q'), limits)
  await until(async () => (await read('q', other.client))?.rate_limit?.limit === 50)
  t.match(await read('q', other.client), limits)
  for (const [body, path] of [
    [{ concurrency: 0 }, '/concurrency'], [{ concurrency: 1_000_001 }, '/concurrency'], [{ concurrency: 1.5 }, '/concurrency'],
    [{ rate_limit: 5 }, '/rate_limit'], [{ rate_limit: { limit: 0 } }, '/rate_limit/limit'], [{ rate_limit: { limit: null } }, '/rate_limit/limit'], [{ rate_limit: { limit: 1_000_001 } }, '/rate_limit/limit'],
    [{ rate_limit: { period_seconds: 0 } }, '/rate_limit/period_seconds'], [{ rate_limit: { period_seconds: 2_592_001 } }, '/rate_limit/period_seconds'],
    [{ rate_limit: { burst: 0 } }, '/rate_limit/burst'], [{ rate_limit: { per: 'hour' } }, '/rate_limit/per']
  ] as const) t.match((await set('q', body as never)).error, { status: 400, errors: [{ path }] }, JSON.stringify(body))
  t.match((await set('new', { rate_limit: { burst: 5 } })).error, { status: 400, errors: [{ path: '/rate_limit/limit' }] })
  await set('q', { concurrency: null, rate_limit: null })
  t.match(await read('q'), { concurrency: null, rate_limit: null })
})

t.test('limits of groups', async t => {
  await set('q', { group_concurrency: 2, group_rate_limit: { limit: 5 }, group_overrides: { 'a/b': { concurrency: 9 }, 'acme Ü': { rate_limit: { limit: 7, period_seconds: 60 } } }, priority_aging_seconds: 60 })
  t.match(await read('q'), {
    group_concurrency: 2,
    group_rate_limit: { limit: 5, period_seconds: 1, burst: null },
    group_overrides: { 'a/b': { concurrency: 9, rate_limit: null }, 'acme Ü': { concurrency: null, rate_limit: { limit: 7, period_seconds: 60, burst: null } } },
    priority_aging_seconds: 60
  })
  await set('q', { group_overrides: { 'a/b': null, 'acme Ü': { concurrency: 3, rate_limit: { burst: 2 } } } })
  t.strictSame((await read('q'))!.group_overrides, { 'acme Ü': { concurrency: 3, rate_limit: { limit: 7, period_seconds: 60, burst: 2 } } })
  const many = (from: number, count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`g${from + i}`, { concurrency: 1 }]))
  for (const [body, path] of [
    [{ group_concurrency: 0 }, '/group_concurrency'], [{ group_rate_limit: { limit: 0 } }, '/group_rate_limit/limit'], [{ group_overrides: { a: { concurrency: 0 } } }, '/group_overrides/a/concurrency'],
    [{ group_overrides: { 'a/b': { rate_limit: { burst: 2 } } } }, '/group_overrides/a~1b/rate_limit/limit'], [{ group_overrides: { '': { concurrency: 1 } } }, '/group_overrides'], [{ group_overrides: { 'a\tb': { concurrency: 1 } } }, '/group_overrides'],
    [{ group_overrides: { a: { limit: 1 } } }, '/group_overrides/a/limit'], [{ group_overrides: many(0, 1000) }, '/group_overrides'], [{ group_overrides: many(0, 1001) }, '/group_overrides'],
    [{ priority_aging_seconds: 0 }, '/priority_aging_seconds'], [{ priority_aging_seconds: 604_801 }, '/priority_aging_seconds']
  ] as const) t.match((await set('q', body as never)).error, { status: 400, errors: [{ path }] }, JSON.stringify(body).slice(0, 60))
  t.equal((await set('q', { group_overrides: many(0, 999) })).response.status, 200)
  await set('q', { group_concurrency: null, group_rate_limit: null, group_overrides: null, priority_aging_seconds: null })
  t.match(await read('q'), { group_concurrency: null, group_rate_limit: null, group_overrides: {}, priority_aging_seconds: null })
})

t.test('the group of a job', async t => {
  const { body } = await submit({ task: 'x', group: 'Müller & Co @ "home"' })
  t.equal((body as { group?: string }).group, 'Müller & Co @ "home"')
  t.equal((await queue.get(body.id))!.group, 'Müller & Co @ "home"')
  for (const group of ['', 'x'.repeat(129), 'a\nb', 'a\tb', 5, null]) t.match(await submit({ task: 'x', group }), { status: 400, body: { errors: [{ path: '/group' }] } }, JSON.stringify(group).slice(0, 20))
  t.equal((await submit({ task: 'x', group: 'x'.repeat(128) })).status, 201)
})

t.test('waiting_for says which limit', async t => {
  const reasons = async (id: string) => (await client.GET('/jobs/{id}', { params: { path: { id } } })).data!.waiting_for!.filter(({ reason }) => reason !== 'no_worker')
  const { body: { id } } = await submit({ task: 'x' })
  await submit({ task: 'x' })
  t.same(await reasons(id), [])
  await set('default', { concurrency: 1, rate_limit: { limit: 1, period_seconds: 3600 } })
  const turn = await engine.worker().turn({ max: 1 })
  const waits = (await submit({ task: 'x' })).body.id
  const [full, rate] = await reasons(waits)
  t.same([full, rate!.reason], [{ reason: 'concurrency' }, 'rate_limit'])
  t.ok(Math.abs(Date.parse(rate!.until!) - Date.now() - 3_600_000) < 60_000)
  await engine.worker().turn({ settlements: completed(turn) })
  t.match(await reasons(waits), [{ reason: 'rate_limit' }])
  await set('default', { concurrency: null, rate_limit: null, group_concurrency: 1, group_rate_limit: { limit: 1, period_seconds: 3600 } })
  const { body: { id: grouped } } = await submit({ task: 'x', group: 'acme' })
  await submit({ task: 'x', group: 'acme' })
  t.same(await reasons(grouped), [])
  while ((await engine.worker('w2').turn({ max: 1 })).leased.length > 0);
  const other = (await submit({ task: 'x', group: 'acme' })).body.id
  const limited = await reasons(other)
  t.match(limited, [{ reason: 'group_concurrency' }, { reason: 'group_rate_limit', until: String }])
  t.same(await reasons((await submit({ task: 'x', group: 'other' })).body.id), [])
  await set('default', { group_concurrency: null, group_rate_limit: null })
  t.same(await reasons(other), [])
})

t.test('defaults of jobs', async t => {
  await set('default', { defaults: { max_attempts: 7, timeout_seconds: 9, backoff: { type: 'fixed', jitter: 0 } } })
  t.match((await submit({ task: 'x', backoff: { delay_seconds: 2 } })).body, { max_attempts: 7, timeout_seconds: 9, backoff: { type: 'fixed', delay_seconds: 2, max_delay_seconds: 3600, jitter: 0 } })
  const own = (await submit({ task: 'x', max_attempts: 3, timeout_seconds: 1, backoff: { type: 'exponential' } })).body
  t.match(own, { max_attempts: 3, timeout_seconds: 1, backoff: { type: 'exponential', jitter: 0 } })
  t.match(await queue.get(own.id), { max_attempts: 3, timeout_seconds: 1 })
  const { jobs } = (await submit({ jobs: [{ task: 'a' }, { task: 'b', queue: 'elsewhere' }] }, '/jobs/bulk')).body as never as { jobs: { id: string }[] }
  t.same((await Promise.all(jobs.map(({ id }) => queue.get(id)))).map(job => job!.max_attempts), [7, 3])
  await set('default', { defaults: null })
  t.match((await submit({ task: 'x' })).body, { max_attempts: 3, timeout_seconds: undefined })
})

t.test('the input of a task must fit its schema', async t => {
  await set('default', { input_schemas: { resize: { type: 'object', required: ['url'], properties: { url: { type: 'string', format: 'uri' }, 'a/b': { type: 'integer' } } }, endless: { $ref: '#' }, none: { type: 'null' } } })
  const good = { task: 'resize', input: { url: 'https://example.com/1.png' } }
  for (const body of [good, { task: 'other', input: 5 }, { ...good, queue: 'elsewhere', input: 5 }, { task: 'none' }]) t.equal((await submit(body)).status, 201)
  for (const [input, path] of [[{}, '/input/url'], [5, '/input'], [undefined, '/input'], [{ url: 'x' }, '/input/url'], [{ url: 'http://x', 'a/b': 'c' }, '/input/a~1b']] as const) {
    const { status, body } = await submit({ task: 'resize', input })
    t.equal(status, 400)
    t.equal(body.errors[0]!.path, path)
  }
  t.match(await submit({ jobs: [good, { task: 'other' }, { task: 'resize', input: {} }] }, '/jobs/bulk'), { status: 400, body: { errors: [{ path: '/jobs/2/input/url', message: 'is required' }] } })
  t.match(await submit({ task: 'resize', input: {} }, '/submit'), { status: 400, body: { error: 'input.url is required' } })
  t.match(await submit({ task: 'endless', input: {} }), { status: 400, body: { errors: [{ path: '/input', message: /cannot be checked/ }] } })
  t.equal((await queue.stats('default'))!.totals.submitted, 3)
  await set('default', { input_schemas: null })
})

t.test('max_length: all or none, over all that waits', async t => {
  await set('q', { max_length: 3 })
  const full = /^The queue q is full: \d jobs wait in it, and its max_length is 3$/
  t.match(await submit({ jobs: Array(4).fill({ task: 'x', queue: 'q' }) }, '/jobs/bulk'), { status: 429, retryAfter: '1', body: { type: 'urn:bellhop:problem:queue-full', detail: full } })
  t.equal((await submit({ jobs: [{ task: 'x', queue: 'q', delay_seconds: 60 }, { task: 'x', queue: 'q', priority: 'high' }] }, '/jobs/bulk')).status, 201)
  t.equal((await submit({ jobs: [{ task: 'x' }, { task: 'x', queue: 'q' }, { task: 'x', queue: 'q' }] }, '/jobs/bulk')).status, 429)
  t.equal((await submit({ jobs: [{ task: 'x', queue: 'q' }, { task: 'x', queue: 'q' }, { task: 'x' }] }, '/jobs/bulk')).status, 429)
  t.equal((await queue.stats('default'))!.totals.submitted, 0)
  const { id } = (await submit({ task: 'x', queue: 'q', priority: 'high' })).body
  t.match(await submit({ task: 'x', queue: 'q' }, '/submit'), { status: 429, retryAfter: '1', body: { error: full } })
  // What no longer waits makes room: one that runs, one that was cancelled and whose entry is still in its list.
  await engine.worker('w', { queue: 'q' }).turn({ max: 1 })
  await queue.control('q', 'cancel', [id])
  t.same(await Promise.all([1, 2, 3].map(async () => (await submit({ task: 'x', queue: 'q' })).status)), [201, 201, 429])
  await set('q', { max_length: null })
  t.equal((await submit({ task: 'x', queue: 'q' })).status, 201)
})

t.test('they survive a restart, and reach every process', async t => {
  await set('q', { completed_max: 3, max_length: 9 })
  await until(async () => (await read('q', other.client))?.completed_max === 3)
  t.match(await read('q', (await startApi(t, server)).client), { completed_max: 3, max_length: 9 })
  await set('q', { completed_max: null, max_length: null })
  await until(() => other.app.queueSettings.of('q').completed_max === 100_000)
})

t.test('a Redis that has lost its data has lost them too, whatever is set next', async t => {
  await set('q', { max_length: 9 })
  await until(() => other.app.queueSettings.of('q').max_length === 9)
  await redis.flushall()
  await set('p', { max_length: 9 })
  t.equal(app.queueSettings.of('q').max_length, null)
  await until(() => other.app.queueSettings.of('q').max_length === null && other.app.queueSettings.of('p').max_length === 9)
})

t.test('parallel changes are all kept', async t => {
  const fields = ['completed_retention_seconds', 'completed_max', 'dlq_retention_seconds', 'dlq_max', 'max_length'] as const
  const changes = fields.map(async (field, i) => {
    const { response } = await (i % 2 ? client : other.client).PATCH('/queues/{queue}', { params: { path: { queue: 'q' } }, body: { [field]: 17 } })
    return response.status
  })
  t.same(await Promise.all(changes), fields.map(() => 200))
  await app.queueSettings.change('q', {})
  t.match(await read('q'), Object.fromEntries(fields.map(field => [field, 17])))
})

t.test('a queue with settings is kept although it is empty, and listed', async t => {
  await set('new', { dlq_max: 5 })
  await submitMany(engine, 1, { queue: 'old' })
  await redis.del(keys.base('old'))
  await sweep({ queue: 'new' })
  await sweep({ queue: 'old' })
  const names = async () => (await client.GET('/queues')).data!.items.map(({ name }) => name)
  t.same(await names(), ['default', 'new'])
  t.equal((await client.GET('/queues')).data!.items[1]!.settings, undefined)
  await set('new', { dlq_max: null })
  await sweep({ queue: 'new' })
  t.same(await names(), ['default'])
  t.match((await set('never', {})).error, { status: 404 }, 'nothing is set, and nothing comes into being')
})
