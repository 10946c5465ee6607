import t from 'tap'
import type { paths } from '../../clients/typescript/src/contract.ts'
import { toUuid } from '../../src/queue/ids.ts'
import type { Settlement, TurnResult } from '../../src/queue/lease.ts'
import { startApi } from '../helper/api.ts'
import { completed, dead, HOUR_MS, retried, startEngine, submitMany } from '../helper/engine.ts'

const engine = await startEngine(t)
const { server, redis, queue, key, worker } = engine
const { client, send } = await startApi(t, server)

type Query = NonNullable<paths['/jobs']['get']['parameters']['query']>
type Found = paths['/jobs']['get']['responses']['200']['content']['application/json']
type ActRequest = paths['/jobs/actions']['post']['requestBody']['content']['application/json']

const list = async (query: Query = {}): Promise<Found> => (await client.GET('/jobs', { params: { query } })).data!
const tasks = async (query: Query = {}): Promise<string[]> => (await list(query)).items.map(({ task }) => task)
const act = async (body: ActRequest) => (await client.POST('/jobs/actions', { body })).data!

/** All pages, and how many there were. */
async function all (query: Query): Promise<Found['items']> {
  const items: Found['items'] = []
  let cursor: string | undefined
  do {
    const page = await list({ ...query, cursor })
    items.push(...page.items)
    cursor = page.next_cursor ?? undefined
  } while (cursor !== undefined)
  return items
}

/** Leases the next job and lets `settle` say what became of it. */
async function run (settle: (turn: TurnResult) => Settlement[], name = 'w1', queue = 'default'): Promise<string> {
  const leases = worker(name, { queue })
  const turn = await leases.turn({ max: 1 })
  await leases.turn({ settlements: settle(turn) })
  return toUuid(turn.leased[0]!.id)
}

/** One job in each status, its task being the status. */
async function oneOfEach (): Promise<void> {
  for (const [task, settle] of [['completed', completed], ['failed', dead], ['retrying', retried]] as const) {
    await queue.submit({ task })
    await run(settle)
  }
  const { id } = await queue.submit({ task: 'cancelled' })
  await queue.control('default', 'cancel', [id])
  await queue.submit({ task: 'active' })
  await worker('w2').turn({ max: 1 })
  await queue.submit({ task: 'queued' })
  await queue.submit({ task: 'scheduled', delay_ms: HOUR_MS })
}

t.test('no jobs', async t => {
  t.same(await list(), { items: [], next_cursor: null, searched: 0 })
})

t.test('by status, one or several', async t => {
  await oneOfEach()
  for (const status of ['completed', 'failed', 'retrying', 'cancelled', 'active', 'queued', 'scheduled'] as const) {
    const { items, searched } = await list({ status: [status] })
    t.match(items, [{ task: status, status }])
    t.equal(items.length, 1)
    t.equal(searched, status === 'queued' ? 7 : 1, `${status}: only those that have it are looked at`)
    const { waiting_for, ...job } = (await client.GET('/jobs/{id}', { params: { path: { id: items[0]!.id } } })).data!
    t.same(items[0], job, 'it is what reading it says, but for what it waits for')
  }
  t.same(await tasks({ status: ['failed', 'completed'] }), ['failed', 'completed'], 'newest first')
  t.same(await tasks({ status: ['failed', 'completed'], order: 'oldest' }), ['completed', 'failed'])
  t.same(await tasks({ status: ['blocked'] }), [])
  t.same(await tasks(), ['scheduled', 'queued', 'active', 'cancelled', 'retrying', 'failed', 'completed'])
})

t.test('by what it was submitted with', async t => {
  await queue.submitAll([
    { task: 'a', type: 'mail', priority: 'high', tags: ['x', 'y'] },
    { task: 'b', queue: 'images', tags: ['y'] },
    { task: 'a', priority: 'low', queue: 'images' },
    { task: 'a b' }
  ])
  const found = async (query: Query) => (await all(query)).map(({ task, queue, priority }) => `${task} ${queue} ${priority}`).sort()
  t.same(await found({ task: 'a' }), ['a default high', 'a images low'])
  t.same(await found({ type: 'mail' }), ['a default high'])
  t.same(await found({ tag: 'y' }), ['a default high', 'b images normal'])
  t.same(await found({ tag: 'y', queue: 'images' }), ['b images normal'])
  t.same(await found({ priority: 'low' }), ['a images low'])
  t.same(await found({ queue: 'never' }), [])
  t.same(await found({ task: 'A' }), [])
})

t.test('by the worker that runs it, or ran it last', async t => {
  for (const task of ['a', 'b', 'c', 'd']) await queue.submit({ task })
  await run(completed, 'w1')
  await run(dead, 'w2')
  await worker('w1').turn({ max: 1 })
  t.same(await tasks({ worker: 'w1' }), ['c', 'a'])
  t.same(await tasks({ worker: 'w2' }), ['b'])
  t.same(await list({ worker: 'w1', status: ['active'] }), { ...await list({ status: ['active'] }), searched: 1 })
  t.same(await tasks({ worker: 'w2', status: ['active'] }), [])
})

t.test('by when it was created and when it ended', async t => {
  for (const task of ['a', 'b', 'c']) {
    await queue.submit({ task })
    await run(completed)
    // The times of two jobs shall differ.
    for (const [s, us] = await redis.time(); ;) {
      const [now, nowUs] = await redis.time()
      if (Number(now) * 1000 + Number(nowUs) / 1000 > Number(s) * 1000 + Number(us) / 1000 + 2) break
    }
  }
  const jobs = await all({ order: 'oldest' })
  const [, middle] = jobs
  for (const status of [undefined, ['completed'] as const]) {
    const more = status && { status: [...status] }
    t.same(await tasks({ ...more, created_after: middle!.created_at }), ['c', 'b'])
    t.same(await tasks({ ...more, created_before: middle!.created_at }), ['a'])
    t.same(await tasks({ ...more, finished_after: middle!.completed_at }), ['c', 'b'])
    t.same(await tasks({ ...more, finished_before: middle!.completed_at }), ['a'])
    t.same(await tasks({ ...more, order: 'oldest', created_after: jobs[0]!.created_at, finished_before: jobs[2]!.completed_at }), ['a', 'b'])
    t.same(await tasks({ ...more, created_after: '2999-01-01T00:00:00Z' }), [])
    t.same(await tasks({ ...more, finished_after: middle!.completed_at!.replace('Z', '+00:00') }), ['c', 'b'])
  }
  await queue.submit({ task: 'd' })
  t.same(await tasks({ finished_after: '2000-01-01T00:00:00Z' }), ['c', 'b', 'a'], 'what has not ended has not ended then')
})

t.test('a window of a long history is looked at alone', async t => {
  await submitMany(engine, 2000)
  for (let i = 0; i < 2; i++) await worker().turn({ settlements: dead(await worker().turn({ max: 1000 })) })
  const ids = await redis.zrange(key(':dlq'), '0', '-1')
  await redis.zadd(key(':dlq'), ...ids.flatMap((id, i) => [`${i * 1000 + 1}`, id]))
  const { searched } = await list({ status: ['failed'], finished_after: new Date(1_000_000).toISOString(), finished_before: new Date(1_010_000).toISOString() })
  t.ok(searched <= 14, `${searched} of 2,000`)
})

t.test('by a text in input, task, id, or error', async t => {
  const a = await queue.submit({ task: 'Send "mail"', input: '{"to":"Ada@Example.com"}' })
  await run(turn => retried(turn, HOUR_MS, 'connect ECONNREFUSED "redis"'))
  const b = await queue.submit({ task: 'b', input: '"\\u00e9"', metadata: { hidden: 'needle' } })
  const c = await queue.submit({ task: 'Öl', input: '"é"' })
  const found = async (q: string) => (await list({ q, order: 'oldest' })).items.map(({ id }) => [a, b, c].findIndex(job => job.id === id))
  t.same(await found('ada@example'), [0])
  t.same(await found('{"TO":'), [0])
  t.same(await found('econnref'), [0])
  t.same(await found('"redis"'), [0], 'as the message is, not as it is kept')
  t.same(await found('send "mail'), [0])
  t.same(await found('öL'), [2])
  t.same(await found('É'), [2], 'the input as it was sent')
  t.same(await found('\\u00E9'), [1])
  t.same(await found('needle'), [], 'nothing else of a job')
  t.same(await found('hour'), [])
  t.same(await found(b.id.slice(9)), [1])
})

t.test('a whole id answers directly, in any queue; else it is a text like any other', async t => {
  const { id } = await queue.submit({ task: 'x', queue: 'images' })
  const other = await queue.submit({ task: 'y', input: JSON.stringify({ parent: id }) })
  t.match(await list({ q: id.toUpperCase() }), { items: [{ id }], searched: 1, next_cursor: null })
  t.same((await list({ q: id, queue: 'default' })).items.map(job => job.id), [other.id])
  t.same((await list({ q: id, status: ['failed'] })).items, [])
})

t.test('what is not a job, and what somebody else pushed', async t => {
  await redis.rpush(key(), '{"task":"theirs","tags":["t"],"input":"caf\\u00e9"}', 'rubbish')
  t.same(await list(), { items: [], next_cursor: null, searched: 0 }, 'not before a worker has taken it')
  await run(completed)
  await run(dead)
  t.same(await tasks(), ['(not a job)', 'theirs'])
  t.same(await tasks({ tag: 't' }), ['theirs'])
  t.same(await tasks({ q: 'RUBB' }), ['(not a job)'])
  t.same(await tasks({ status: ['failed'] }), ['(not a job)'])
})

t.test('several queues are one order by time, page by page, in every status', async t => {
  const names = ['a', 'b', 'c', 'default']
  const created: string[] = []
  for (let i = 0; i < 40; i++) {
    const name = names[i * 7 % 4]!
    created.push((await queue.submit({ task: `${i}`, queue: name, ...(i % 5 === 4 && { delay_ms: HOUR_MS }) })).id)
    if (i % 5 < 3) await run([completed, dead, retried][i % 5]!, 'w1', name)
  }
  for (const name of names) await worker('w1', { queue: name }).turn({ max: 1 })
  const times = { completed: 'completed_at', failed: 'completed_at', scheduled: 'run_at', retrying: 'run_at', active: 'started_at' } as const
  for (const order of ['newest', 'oldest'] as const) {
    const isSorted = (times: string[]) => times.join() === (order === 'oldest' ? times.toSorted() : times.toSorted().toReversed()).join()
    const items = await all({ order, limit: 3 })
    t.same(items.map(({ id }) => id).sort(), created.toSorted())
    t.ok(isSorted(items.map(({ created_at }) => created_at)), order)
    for (const [status, time] of Object.entries(times) as [keyof typeof times, 'completed_at'][]) {
      const some = await all({ status: [status], order, limit: 3 })
      t.same(some.map(({ id }) => id).sort(), items.filter(job => job.status === status).map(({ id }) => id).sort(), `${status}, ${order}`)
      t.ok(isSorted(some.map(job => job[time]!)), `${status}, ${order}`)
    }
  }
})

t.test('jobs of the same ms, in every status and page by page', async t => {
  await queue.submitAll(Array.from({ length: 60 }, (_, i) => ({ task: 'x', queue: `q${i % 2}`, run_at: 4e12 })))
  for (const name of ['q0', 'q1']) {
    await queue.submitAll(Array.from({ length: 90 }, () => ({ task: 'x', queue: name })))
    const leases = worker('w1', { queue: name })
    await leases.turn({ settlements: dead(await leases.turn({ max: 30 })) })
    await leases.turn({ settlements: completed(await leases.turn({ max: 30 })) })
    await leases.turn({ max: 30 })
    // All at once, in both queues.
    await redis.zadd(`queue:${name}:dlq`, 'XX', ...(await redis.zrange(`queue:${name}:dlq`, '0', '-1')).flatMap(id => ['1000', id]))
  }
  for (const order of ['newest', 'oldest'] as const) {
    for (const status of ['scheduled', 'failed', 'completed', 'active'] as const) {
      const ids = (await all({ status: [status], order, limit: 7 })).map(({ id }) => id)
      t.equal(ids.length, 60, `${status}, ${order}`)
      t.equal(new Set(ids).size, 60)
    }
  }
})

t.test('pages of dead letters, of completed, of waiting ones hold while they come and go', async t => {
  await submitMany(engine, 90)
  await worker().turn({ settlements: dead(await worker().turn({ max: 30 })) })
  await worker().turn({ settlements: completed(await worker().turn({ max: 30 })) })
  for (const status of ['failed', 'completed'] as const) {
    for (const order of ['newest', 'oldest'] as const) {
      const before = (await all({ status: [status], order })).map(({ id }) => id)
      const first = await list({ status: [status], order, limit: 10 })
      const gone = [before[0]!, before[9]!, before[10]!, before[15]!]
      await queue.control('default', 'delete', gone)
      const rest: string[] = []
      for (let cursor = first.next_cursor; cursor !== null;) {
        const page = await list({ status: [status], order, limit: 4, cursor })
        rest.push(...page.items.map(({ id }) => id))
        cursor = page.next_cursor
      }
      t.same(rest, before.slice(10).filter(id => !gone.includes(id)), `${status}, ${order}`)
    }
  }
  const twice = (await list({ status: ['completed'] })).items[0]!.id
  await queue.control('default', 'retry', [twice])
  await worker().turn({ settlements: completed(await worker().turn({ max: 1000 })) })
  const ids = (await all({ status: ['completed'], limit: 5 })).map(({ id }) => id)
  t.equal(ids.filter(id => id === twice).length, 1, 'a job that completed twice is there once')
})

t.test('ten failed ones among many are one call, and a search of many has its bound', async t => {
  await submitMany(engine, 12_000)
  await worker().turn({ settlements: dead(await worker().turn({ max: 10 })) })
  t.match(await list({ status: ['failed'] }), { items: { length: 10 }, next_cursor: null, searched: 10 })
  const first = await list({ q: 'nothing has this' })
  t.match(first, { items: [], searched: 10_000, next_cursor: String })
  t.match(await list({ q: 'nothing has this', cursor: first.next_cursor! }), { items: [], searched: 2000, next_cursor: null })
})

t.test('a page ends early when its jobs reach 4 MiB', async t => {
  for (let i = 0; i < 7; i++) await queue.submit({ task: `${i}`, input: JSON.stringify('a'.repeat(900_000)) })
  const first = await list({ order: 'oldest' })
  t.equal(first.items.length, 5)
  t.same(await tasks({ order: 'oldest', cursor: first.next_cursor! }), ['5', '6'])
})

t.test('more than 100 queues are not searched at once', async t => {
  await queue.submitAll(Array.from({ length: 99 }, (_, i) => ({ task: 'x', queue: `q${i}` })))
  t.equal((await all({ limit: 30 })).length, 99, 'and the default queue')
  await queue.submit({ task: 'x', queue: 'q99' })
  const { error } = await client.GET('/jobs', { params: { query: {} } })
  t.match(error, { status: 400, detail: /101 queues/, errors: [{ path: '/query/queue' }] })
  t.match((await client.POST('/jobs/actions', { body: { action: 'cancel', filter: { task: 'x' } } })).error, { status: 400, errors: [{ path: '/filter/queue' }] })
  t.same(await tasks({ queue: 'q7' }), ['x'])
})

t.test('what is not valid names its field', async t => {
  for (const [query, path] of Object.entries({
    'status=done': '/query/status/0',
    'status=failed&status=failed': '/query/status',
    'queue=Images': '/query/queue',
    'task=': '/query/task',
    'type=A': '/query/type',
    'tag=': '/query/tag',
    'worker=': '/query/worker',
    'priority=urgent': '/query/priority',
    'created_after=today': '/query/created_after',
    'created_before=2025-01-01': '/query/created_before',
    'finished_after=1': '/query/finished_after',
    'finished_before=2016-12-31T23:59:60Z': '/query/finished_before',
    'q=': '/query/q',
    [`q=${'a'.repeat(257)}`]: '/query/q',
    'order=random': '/query/order',
    'limit=0': '/query/limit',
    'limit=201': '/query/limit',
    'cursor=': '/query/cursor',
    'cursor=x': '/query/cursor'
  })) {
    const response = await send({ url: `/jobs?${query}` })
    t.match(await response.json(), { status: 400, errors: [{ path }] }, query)
  }
  t.match(await (await send({ url: '/jobs?nope=1' })).json(), { status: 400, detail: /nope/ })
})

t.test('a cursor of another order or status', async t => {
  await submitMany(engine, 5)
  await worker().turn({ settlements: dead(await worker().turn({ max: 3 })) })
  const failed = (await list({ status: ['failed'], limit: 1 })).next_cursor!
  const created = (await list({ limit: 1 })).next_cursor!
  for (const query of [{ cursor: failed }, { cursor: failed, status: ['completed' as const] }, { cursor: created, order: 'oldest' as const }, { cursor: failed, status: ['failed' as const, 'queued' as const] }]) {
    t.match((await client.GET('/jobs', { params: { query } })).error, { status: 400, errors: [{ path: '/query/cursor' }] }, JSON.stringify(query))
  }
  const forged = ['created newest 1 default x', 'created newest x default 0-0', 'failed newest 1 Default a', 'completed newest 1 default 1-2', 'nope newest 1 default 0-0', 'created newest 1 default 0-0 0-0', '']
  for (const text of forged) t.equal((await send({ url: `/jobs?cursor=${Buffer.from(text).toString('base64url')}` })).status, 400, text)
})

t.test('an action on all that a filter means, in steps', async t => {
  await queue.submitAll(Array.from({ length: 30 }, (_, i) => ({ task: i % 2 ? 'odd' : 'even', queue: i % 3 ? 'a' : 'default' })))
  t.same(await act({ action: 'cancel', filter: { task: 'odd' }, dry_run: true }), { matched: 15, changed: 0, unchanged: 0, searched: 30, next_cursor: null })
  t.equal((await all({ status: ['cancelled'] })).length, 0)
  let cursor: string | undefined
  const steps: number[] = []
  do {
    const { changed, unchanged, matched, next_cursor } = await act({ action: 'cancel', filter: { task: 'odd' }, limit: 4, cursor })
    t.equal(changed + unchanged, matched)
    steps.push(changed)
    cursor = next_cursor ?? undefined
  } while (cursor !== undefined)
  t.same(steps.filter(Boolean), [4, 4, 4, 3])
  t.match(await act({ action: 'cancel', filter: { task: 'odd' } }), { matched: 15, changed: 0, unchanged: 15 }, 'again is the same as once')
  t.match(await act({ action: 'promote', filter: { status: ['cancelled'] } }), { matched: 15, changed: 0, unchanged: 15 })
  t.match(await act({ action: 'retry', filter: { status: ['cancelled'], queue: 'a' } }), { matched: 10, changed: 10, unchanged: 0, next_cursor: null })
  t.same(new Set((await all({ queue: 'a' })).map(({ status }) => status)), new Set(['queued']))
  t.match(await act({ action: 'delete', filter: { status: ['cancelled'] } }), { matched: 5, changed: 5 })
  t.equal((await all({})).length, 25)
})

t.test('an action on more than a script may touch', async t => {
  await submitMany(engine, 1500, { delay_ms: HOUR_MS })
  const { next_cursor, ...first } = await act({ action: 'promote', filter: { status: ['scheduled'] } })
  t.match(first, { matched: 1000, changed: 1000 })
  t.match(await act({ action: 'promote', filter: { status: ['scheduled'] }, cursor: next_cursor! }), { matched: 500, changed: 500, next_cursor: null })
  t.equal((await queue.stats('default'))!.queued, 1500)
})

t.test('an action that is not valid names its field', async t => {
  for (const [body, path] of [
    [{ action: 'cancel' }, '/filter'],
    [{ action: 'cancel', filter: {} }, '/filter'],
    [{ filter: { task: 'x' } }, '/action'],
    [{ action: 'burn', filter: { task: 'x' } }, '/action'],
    [{ action: 'cancel', filter: { nope: 1 } }, '/filter/nope'],
    [{ action: 'cancel', filter: { status: [] } }, '/filter/status'],
    [{ action: 'cancel', filter: { status: 'failed' } }, '/filter/status'],
    [{ action: 'cancel', filter: { created_after: '2016-12-31T23:59:60Z' } }, '/filter/created_after'],
    [{ action: 'cancel', filter: { task: 'x' }, limit: 1001 }, '/limit'],
    [{ action: 'cancel', filter: { task: 'x' }, cursor: 'x' }, '/cursor']
  ] as const) {
    const response = await send({ method: 'POST', url: '/jobs/actions', headers: { 'content-type': 'application/json' }, payload: JSON.stringify(body) })
    t.match(await response.json(), { status: 400, errors: [{ path }] }, JSON.stringify(body))
  }
})
