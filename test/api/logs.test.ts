import t from 'tap'
import type { paths } from '../../clients/typescript/src/contract.ts'
import { startApi } from '../helper/api.ts'
import { startTestRedis } from '../helper/redis.ts'
import { startWorker } from '../helper/worker.ts'

const server = await startTestRedis(t)
const { client, send, post, app } = await startApi(t, server)

type Query = NonNullable<paths['/jobs/{id}/logs']['get']['parameters']['query']>

const logs = async (id: string, query: Query = {}) => await client.GET('/jobs/{id}/logs', { params: { path: { id }, query } })
const lines = async (id: string, query: Query = {}) => (await logs(id, query)).data!.items.map(({ line }) => line)

/** Submits a job and waits for its end. */
async function run (body: { task: string, input?: unknown, queue?: string, keep_logs?: boolean, max_attempts?: number }) {
  const { data } = await client.POST('/jobs', { params: { header: { Prefer: 'wait=30' } }, body: { ...body, backoff: { type: 'fixed', delay_seconds: 0, jitter: 0 } } })
  return data!
}

t.test('with a worker', async t => {
  await startWorker(t, server, async app => {
    app.handle('say', async (job, ctx) => {
      ctx.log.info({ n: 1, 'a/b': [true, null], ü: '😀' }, 'first')
      ctx.log.warn('second')
      if (job.attempt === 1) throw new Error('once more')
      ctx.log.child({ step: 3 }).error(new Error('third'))
    })
    app.handle('many', (job, ctx) => { for (let n = 1; n <= (job.input as number); n++) ctx.log.info({ n }, 'x'.repeat(10)) })
  }, { WORKER_QUEUES: 'default,noisy' })

  t.test('a job that asks for it: lines as they were logged', async t => {
    const job = await run({ task: 'say', keep_logs: true })
    t.match(job, { status: 'completed', keep_logs: true, attempt: 2 })
    const { data, response } = await logs(job.id)
    t.equal(response.status, 200)
    const first = { level: 'info', message: 'first', fields: { n: 1, 'a/b': [true, null], ü: '😀' } }
    const second = { level: 'warn', message: 'second', fields: {} }
    t.match(data, {
      items: [
        { line: 1, attempt: 1, ...first }, { line: 2, attempt: 1, ...second },
        { line: 3, attempt: 2, ...first }, { line: 4, attempt: 2, ...second },
        { line: 5, attempt: 2, level: 'error', message: 'third', fields: { step: 3, err: { type: 'Error', message: 'third', stack: /^Error: third\n/ } } }
      ],
      next_cursor: null,
      dropped: 0
    })
    t.strictSame(data!.items[0]!.fields, first.fields)
    for (const { at } of data!.items) t.ok(at >= job.created_at && at <= job.completed_at!, at)
    t.same(await lines(job.id, { attempt: 1 }), [1, 2])
    t.same(await lines(job.id, { level: 'warn' }), [2, 4, 5])
    t.same(await lines(job.id, { level: 'warn', attempt: 2, order: 'newest' }), [5, 4])
    t.same(await lines(job.id, { level: 'fatal' }), [])
    t.same(await lines(job.id, { attempt: 100 }), [])
    t.same(await lines(job.id, { cursor: '3' }), [4, 5])
    t.same(await lines(job.id, { cursor: '3', order: 'newest' }), [2, 1])
    t.same(await lines(job.id, { cursor: '999999999999999' }), [])
  })

  t.test('page by page, in both directions', async t => {
    const { id } = await run({ task: 'many', input: 250, keep_logs: true })
    t.match((await logs(id)).data, { items: { length: 100 }, next_cursor: '100' }, '100 by default')
    for (const order of ['oldest', 'newest'] as const) {
      const seen: number[] = []
      let cursor: string | null | undefined
      while (cursor !== null) {
        const { data } = await logs(id, { order, limit: 60, ...(cursor !== undefined && { cursor }) })
        seen.push(...data!.items.map(({ line }) => line))
        cursor = data!.next_cursor
      }
      const all = Array.from({ length: 250 }, (_, i) => i + 1)
      t.same(seen, order === 'oldest' ? all : all.reverse())
    }
    t.equal((await logs(id, { limit: 1000 })).data!.items.length, 250)
    const long = await run({ task: 'many', input: 1234, keep_logs: true })
    t.match((await logs(long.id, { limit: 1000 })).data, { items: { length: 1000, 0: { line: 235 } }, dropped: 234, next_cursor: null })
  })

  t.test('who asks: the job, or else its queue', async t => {
    const set = async (keep_logs: boolean | null) => (await client.PATCH('/queues/{queue}', { params: { path: { queue: 'noisy' } }, body: { defaults: { keep_logs } } })).data!.settings!.defaults.keep_logs
    const kept = async (body: { queue?: string, keep_logs?: boolean }) => {
      const job = await run({ task: 'many', input: 2, ...body })
      const { items } = (await logs(job.id)).data!
      t.equal(job.keep_logs, items.length > 0 ? true : undefined)
      return items.length > 0
    }
    t.same([await kept({}), await kept({ keep_logs: false }), await kept({ keep_logs: true })], [false, false, true])
    t.equal(await set(true), true)
    t.same([await kept({ queue: 'noisy' }), await kept({ queue: 'noisy', keep_logs: false }), await kept({ keep_logs: undefined })], [true, false, false])
    t.equal(await set(null), false)
    t.equal(await kept({ queue: 'noisy' }), false)
    const submitted = await client.POST('/submit', { params: { header: { Prefer: 'wait=30' } }, body: { task: 'many', input: 1, keep_logs: true } })
    t.same(await lines(submitted.data!.id), [1])
    const bulk = await client.POST('/jobs/bulk', { body: { jobs: [{ task: 'many', keep_logs: true }, { task: 'many' }] } })
    const jobs = await Promise.all(bulk.data!.jobs.map(({ id }) => app.queue.get(id)))
    t.same(jobs.map(job => job!.keep_logs), [true, false])
  })

  t.test('a submit that is answered again says the same', async t => {
    const set = (keep_logs: boolean | null) => client.PATCH('/queues/{queue}', { params: { path: { queue: 'noisy' } }, body: { defaults: { keep_logs } } })
    const submit = async () => (await client.POST('/jobs', { params: { header: { 'Idempotency-Key': 'k' } }, body: { task: 'many', queue: 'noisy', input: 0 } })).data
    await set(true)
    t.match(await submit(), { keep_logs: true })
    await set(null)
    t.match(await submit(), { keep_logs: true })
  })

  t.test('an entry that somebody else pushed may ask for it', async t => {
    await app.redis.rpush('job_queue', '{"task":"many","input":3,"keep_logs":true,"tags":["pushed"]}', '{"task":"many","input":3,"keep_logs":"yes","tags":["pushed"]}')
    const pushed = async () => (await client.GET('/jobs', { params: { query: { tag: 'pushed', status: ['completed'], order: 'oldest' } } })).data!.items
    let jobs = await pushed()
    for (const end = Date.now() + 10_000; jobs.length < 2 && Date.now() < end;) jobs = await pushed()
    t.same(await Promise.all(jobs.map(async ({ id }) => (await lines(id)).length)), [3, 0])
  })

  t.test('a job that is deleted takes its lines along', async t => {
    const { id } = await run({ task: 'many', input: 3, keep_logs: true })
    t.equal((await lines(id)).length, 3)
    await client.DELETE('/jobs/{id}', { params: { path: { id } } })
    t.match((await logs(id)).error, { status: 404, type: 'urn:bellhop:problem:not-found' })
  })
})

t.test('a job that has logged nothing, and one that is not there', async t => {
  const { data } = await client.POST('/jobs', { body: { task: 'x', keep_logs: true } })
  t.strictSame((await logs(data!.id)).data, { items: [], next_cursor: null, dropped: 0 })
  t.match((await logs('01940b6e-5c1f-7a3d-9c0e-3f5a7b2d4e61')).error, { status: 404 })
})

t.test('what is not valid is refused and named', async t => {
  const { data } = await client.POST('/jobs', { body: { task: 'x' } })
  for (const [query, path] of [
    ['limit=0', '/query/limit'], ['limit=1001', '/query/limit'], ['limit=x', '/query/limit'], ['level=loud', '/query/level'], ['level=30', '/query/level'], ['attempt=0', '/query/attempt'],
    ['attempt=101', '/query/attempt'], ['order=up', '/query/order'], ['cursor=-1', '/query/cursor'], ['cursor=', '/query/cursor'], ['cursor=1e3', '/query/cursor'], ['lines=5', '/query/lines']
  ] as const) {
    const response = await send({ url: `/jobs/${data!.id}/logs?${query}` })
    t.equal(response.status, 400, query)
    t.match(await response.json(), { errors: [{ path }] }, query)
  }
  t.equal((await send({ url: '/jobs/x/logs' })).status, 400)
  for (const keep_logs of ['true', 1, null]) t.match(await (await post('/jobs', JSON.stringify({ task: 'x', keep_logs }))).json(), { status: 400, errors: [{ path: '/keep_logs' }] })
  const bad = await send({ method: 'PATCH', url: '/queues/default', payload: '{"defaults":{"keep_logs":"yes"}}', headers: { 'content-type': 'application/json' } })
  t.match(await bad.json(), { errors: [{ path: '/defaults/keep_logs' }] })
})
