import t from 'tap'
import { startApi } from '../helper/api.ts'
import { completed, dead, retried, startEngine } from '../helper/engine.ts'

const { server, queue, redis, worker } = await startEngine(t)
const { client, send } = await startApi(t, server)
const EMPTY = {
  paused: false,
  counts: { blocked: 0, queued: 0, scheduled: 0, retrying: 0, active: 0, completed: 0, failed: 0, cancelled: 0 },
  queued_by_priority: { high: 0, normal: 0, low: 0 },
  oldest_waiting_seconds: null,
  totals: { submitted: 0, completed: 0, failed: 0, cancelled: 0, retried: 0, lost: 0 }
}

const DEFAULTS = {
  completed_retention_seconds: 86_400,
  completed_max: 100_000,
  dlq_retention_seconds: 1_209_600,
  dlq_max: 100_000,
  max_length: null,
  concurrency: null,
  rate_limit: null,
  group_concurrency: null,
  group_rate_limit: null,
  group_overrides: {},
  priority_aging_seconds: null,
  defaults: { max_attempts: 3, backoff: { type: 'exponential', delay_seconds: 5, max_delay_seconds: 3600, jitter: 0.2 }, timeout_seconds: null, keep_logs: false },
  input_schemas: {},
  http: null
}

/** So many dead letters, oldest first. */
async function bury (count: number, name = 'default'): Promise<string[]> {
  const ids: string[] = []
  for (let i = 0; i < count; i++) {
    ids.push((await queue.submit({ task: `${i}`, queue: name, priority: i % 2 ? 'high' : 'low' })).id)
    const leases = worker('w', { queue: name })
    await leases.turn({ settlements: dead(await leases.turn({ max: 1 }), `no ${i}`) })
  }
  return ids
}

const deadLetters = async (query: { limit?: number, cursor?: string } = {}, name = 'default') =>
  (await client.GET('/queues/{queue}/dlq', { params: { path: { queue: name }, query } })).data!
const redrive = async (body?: { ids?: string[], limit?: number }, name = 'default') =>
  (await client.POST('/queues/{queue}/dlq/redrive', { params: { path: { queue: name } }, body })).data!

t.test('a queue in numbers', async t => {
  t.strictSame((await client.GET('/queues/{queue}', { params: { path: { queue: 'default' } } })).data, { name: 'default', ...EMPTY, settings: DEFAULTS })
  for (const priority of ['high', 'normal', 'normal', 'low'] as const) await queue.submit({ task: 'x', priority })
  await queue.submit({ task: 'x', delay_ms: 3_600_000 })
  const turn = await worker().turn({ max: 3 })
  const [a, b] = [{ ...turn, leased: turn.leased.slice(0, 1) }, { ...turn, leased: turn.leased.slice(1, 2) }]
  await worker().turn({ settlements: [...completed(a), ...retried(b)] })
  const { data } = await client.GET('/queues/{queue}', { params: { path: { queue: 'default' } } })
  t.match(data, {
    counts: { blocked: 0, queued: 1, scheduled: 1, retrying: 1, active: 1, completed: 1, failed: 0, cancelled: 0 },
    queued_by_priority: { high: 0, normal: 0, low: 1 },
    totals: { submitted: 5, completed: 1, failed: 0, cancelled: 0, retried: 1, lost: 0 }
  })
  t.ok(data!.oldest_waiting_seconds! >= 0 && data!.oldest_waiting_seconds! < 60)
})

t.test('no such queue', async t => {
  t.match((await client.GET('/queues/{queue}', { params: { path: { queue: 'never' } } })).error, { status: 404, detail: /There is no queue never/ })
  for (const name of ['Big', '-a', 'a'.repeat(65), 'a b', 'default:high']) {
    t.match((await client.GET('/queues/{queue}', { params: { path: { queue: name } } })).error, { status: 400, errors: [{ path: '/path/queue' }] }, name)
  }
})

t.test('queues by name, page by page', async t => {
  for (const name of ['b', 'a', 'c']) await queue.submit({ task: 'x', queue: name })
  const names: string[] = []
  let cursor: string | undefined
  do {
    const { data }: { data?: { items: { name: string }[], next_cursor: string | null } } = await client.GET('/queues', { params: { query: { limit: 2, cursor } } })
    names.push(...data!.items.map(({ name }) => name))
    cursor = data!.next_cursor ?? undefined
  } while (cursor)
  t.strictSame(names, ['a', 'b', 'c', 'default'])
  for (const query of ['limit=0', 'limit=101', 'limit=x', 'limit=1.5', 'cursor=', 'nope=1']) t.equal((await send({ url: `/queues?${query}` })).status, 400, query)
})

t.test('dead letters, newest first, page by page, also while they are redriven', async t => {
  const ids = await bury(7)
  t.strictSame((await deadLetters()).items.map(({ id }) => id), ids.toReversed())
  const first = await deadLetters({ limit: 3 })
  t.strictSame(first.items.map(({ id }) => id), ids.slice(4).toReversed())
  t.match(first.items[0], { status: 'failed', task: '6', error: { message: 'no 6' } })
  await redrive({ ids: [ids[4]!] })
  const second = await deadLetters({ limit: 3, cursor: first.next_cursor! })
  t.strictSame(second.items.map(({ id }) => id), ids.slice(1, 4).toReversed())
  const last = await deadLetters({ limit: 3, cursor: second.next_cursor! })
  t.strictSame([last.items.map(({ id }) => id), last.next_cursor], [ids.slice(0, 1), null])
})

t.test('a cursor of another list, limits, a queue that never was', async t => {
  t.strictSame(await deadLetters({}, 'never'), { items: [], next_cursor: null })
  for (const query of ['cursor=images', 'cursor=1.x', 'cursor=..', 'limit=1001', 'limit=0']) {
    t.match(await (await send({ url: `/queues/default/dlq?${query}` })).json(), { status: 400, errors: [{ path: /^\/query\/(cursor|limit)$/ }] }, query)
  }
})

t.test('redrive queues them again: all, some, those that are there', async t => {
  const ids = await bury(5)
  const unknown = '01940b6e-5c1f-7a3d-9c0e-3f5a7b2d4e61'
  t.strictSame(await redrive({ ids: [ids[3]!, unknown] }), { redriven: 1, remaining: 4, not_found: [unknown] })
  t.match(await queue.get(ids[3]!), { status: 'queued', attempt: 0, lost: 0, priority: 'high', errors: [{ message: 'no 3' }] })
  t.strictSame(await redrive({ limit: 2 }), { redriven: 2, remaining: 2, not_found: [] })
  t.match(await queue.get(ids[0]!), { status: 'queued' }, 'the oldest first')
  t.strictSame(await redrive(), { redriven: 2, remaining: 0, not_found: [] })
  t.strictSame(await redrive(), { redriven: 0, remaining: 0, not_found: [] })
  t.strictSame([await redis.llen('job_queue:high'), await redis.llen('job_queue:low')], [2, 3])
  for (const body of [{ ids: [] }, { ids: ['x'] }, { ids: [unknown, unknown] }, { limit: 0 }, { limit: 1001 }, { all: true }]) {
    const { response } = await client.POST('/queues/{queue}/dlq/redrive', { params: { path: { queue: 'default' } }, body: body as object })
    t.equal(response.status, 400, JSON.stringify(body))
  }
})

t.test('a thousand at most in one redrive', async t => {
  await Promise.all(Array.from({ length: 1005 }, () => queue.submit({ task: 'x' })))
  for (const max of [1000, 5]) await worker().turn({ settlements: dead(await worker().turn({ max })) })
  t.strictSame(await redrive(), { redriven: 1000, remaining: 5, not_found: [] })
})
