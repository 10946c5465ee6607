import fc from 'fast-check'
import t from 'tap'
import { fromUuid } from '../../src/queue/ids.ts'
import { CancelledError } from '../../worker/errors.ts'
import { startApi } from '../helper/api.ts'
import { completed, dead, HOUR_MS, retried, startEngine, until } from '../helper/engine.ts'
import { inStatus, startWorker } from '../helper/worker.ts'

const engine = await startEngine(t)
const { server, redis, queue, key, worker, sweep } = engine
const { client } = await startApi(t, server)

type Call = 'cancel' | 'retry' | 'promote'
const act = async (id: string, call: Call) => await client.POST(`/jobs/{id}/${call}`, { params: { path: { id } } })
const remove = async (id: string) => await client.DELETE('/jobs/{id}', { params: { path: { id } } })
const read = async (id: string) => (await client.GET('/jobs/{id}', { params: { path: { id } } })).data
const counts = async () => (await client.GET('/queues/{queue}', { params: { path: { queue: 'default' } } })).data!.counts
const none = { blocked: 0, queued: 0, scheduled: 0, retrying: 0, active: 0, completed: 0, failed: 0, cancelled: 0 }

t.test('a queued job that is cancelled never runs', async t => {
  const jobs = await Promise.all(['a', 'b', 'c'].map(task => queue.submit({ task })))
  const { data } = await act(jobs[1]!.id, 'cancel')
  t.match(data, { status: 'cancelled', attempt: 0, cancellation: { reason: 'requested' }, completed_at: String, started_at: undefined, worker: undefined, errors: [] })
  t.same(await counts(), { ...none, queued: 2, cancelled: 1 })
  t.same((await worker().turn({ max: 10 })).leased.map(({ id }) => id), [jobs[0]!, jobs[2]!].map(({ id }) => fromUuid(id)))
  t.same(await counts(), { ...none, active: 2, cancelled: 1 })
  t.equal((await act(jobs[1]!.id, 'cancel')).response.status, 200, 'again is the same as once')
})

t.test('a job that waits for its time, or for its next attempt', async t => {
  const { id } = await queue.submit({ task: 'x', delay_ms: HOUR_MS })
  const other = await queue.submit({ task: 'y' })
  await worker().turn({ settlements: retried(await worker().turn({ max: 1 }), HOUR_MS, 'no paper') })
  t.match((await act(id, 'cancel')).data, { status: 'cancelled', run_at: undefined })
  t.match((await act(other.id, 'cancel')).data, { status: 'cancelled', attempt: 1, errors: [{ message: 'no paper' }], error: { message: 'no paper' } })
  t.same(await counts(), { ...none, cancelled: 2 })
})

t.test('a running job: its worker is told, and what it says then is refused', async t => {
  let reason: unknown
  let finish!: () => void
  const late = new Promise<void>(resolve => { finish = resolve })
  const app = await startWorker(t, server, async app => {
    app.handle('long', async (_job, { signal }) => {
      await new Promise<void>(resolve => signal.addEventListener('abort', () => { reason = signal.reason; resolve() }))
      return 'too late'
    })
    app.handle('deaf', async () => {
      await late
      return 'too late'
    })
  })
  const long = await queue.submit({ task: 'long' })
  const deaf = await queue.submit({ task: 'deaf' })
  await inStatus(app, long.id, 'active')
  await inStatus(app, deaf.id, 'active')
  const start = performance.now()
  t.match((await act(long.id, 'cancel')).data, { status: 'cancelled', attempt: 1, worker: app.loop.info.id, started_at: String })
  await until(() => reason)
  t.ok(performance.now() - start < 1000)
  t.type(reason, CancelledError)
  await act(deaf.id, 'cancel')
  finish()
  await until(() => app.loop.running === 0)
  await app.close()
  for (const { id } of [long, deaf]) t.match(await read(id), { status: 'cancelled', result: undefined })
  t.match(await queue.stats('default'), { completed: 0, active: 0, cancelled: 2, totals: { completed: 0, cancelled: 2 } })
})

t.test('a worker that was not told learns it from its heartbeat', async t => {
  const { id } = await queue.submit({ task: 'x' })
  const [lease] = (await worker().turn({ max: 1 })).leased
  await act(id, 'cancel')
  t.equal((await worker().heartbeat()).held.size, 0)
  t.equal(await worker().progress(lease!.id, lease!.token, 50), false)
  t.same((await worker().turn({ settlements: [{ kind: 'complete', id: lease!.id, token: lease!.token, result: '1' }] })).settled, [false])
  t.match(await read(id), { status: 'cancelled' })
})

t.test('what has ended cannot be cancelled', async t => {
  const done = await queue.submit({ task: 'x' })
  await worker().turn({ settlements: completed(await worker().turn({ max: 1 })) })
  const failed = await queue.submit({ task: 'x' })
  await worker().turn({ settlements: dead(await worker().turn({ max: 1 })) })
  for (const [{ id }, status] of [[done, 'completed'], [failed, 'failed']] as const) {
    const { error } = await act(id, 'cancel')
    t.match(error, { type: 'urn:bellhop:problem:conflict', status: 409, detail: `The job is ${status}; it can be cancelled only before it has ended` })
    t.match(await read(id), { status })
  }
})

t.test('retry: completed, failed and cancelled jobs run again under their ids', async t => {
  const [done, failed, gone] = await Promise.all(['a', 'b', 'c'].map(task => queue.submit({ task })))
  await act(gone!.id, 'cancel')
  const turn = await worker().turn({ max: 2 })
  await worker().turn({ settlements: [...completed({ ...turn, leased: turn.leased.slice(0, 1) }), ...dead({ ...turn, leased: turn.leased.slice(1) })] })
  for (const job of [gone, failed, done]) {
    t.match((await act(job!.id, 'retry')).data, { status: 'queued', attempt: 0, lost: 0, result: undefined, cancellation: undefined, completed_at: undefined })
  }
  t.same(await counts(), { ...none, queued: 3 })
  t.match(await read(failed!.id), { errors: [{ reason: 'failed' }] })
  const again = await worker().turn({ max: 10 })
  t.same(again.leased.map(({ id }) => id), [gone, failed, done].map(job => fromUuid(job!.id)), 'each once, at the tail')
  await worker().turn({ settlements: completed(again, '"second"') })
  t.match(await read(done!.id), { status: 'completed', result: 'second' })
  t.equal((await act((await queue.submit({ task: 'x' })).id, 'retry')).response.status, 409, 'not before it has ended')
})

t.test('a completed job that was retried is not forgotten with its old place', async t => {
  const { id } = await queue.submit({ task: 'x' })
  await worker().turn({ settlements: completed(await worker().turn({ max: 1 })) })
  await act(id, 'retry')
  t.match(await sweep({ completed_ms: 0, keep_completed: 0 }), { forgotten: 0 })
  t.match(await read(id), { status: 'queued' })
  await worker().turn({ settlements: completed(await worker().turn({ max: 1 })) })
  t.match(await queue.stats('default'), { completed: 1 })
  t.match(await sweep({ completed_ms: 0 }), { forgotten: 1 })
  t.equal(await read(id), undefined)
})

t.test('promote: what waits runs now', async t => {
  const { id } = await queue.submit({ task: 'x', delay_ms: HOUR_MS, priority: 'low' })
  t.match((await act(id, 'promote')).data, { status: 'queued', run_at: undefined })
  t.equal((await act(id, 'promote')).response.status, 200, 'again changes nothing')
  const turn = await worker().turn({ max: 10 })
  t.equal(turn.leased.length, 1)
  t.equal((await act(id, 'promote')).response.status, 409, 'it runs already')
  await worker().turn({ settlements: retried(turn, HOUR_MS) })
  t.match((await act(id, 'promote')).data, { status: 'queued', attempt: 1 })
})

t.test('delete: what has ended is forgotten, with all that was kept of it', async t => {
  const jobs = await Promise.all(['a', 'b', 'c'].map(task => queue.submit({ task })))
  t.equal((await remove(jobs[0]!.id)).response.status, 409)
  await act(jobs[2]!.id, 'cancel')
  const turn = await worker().turn({ max: 2 })
  await worker().turn({ settlements: [...completed({ ...turn, leased: turn.leased.slice(0, 1) }), ...dead({ ...turn, leased: turn.leased.slice(1) })] })
  for (const { id } of jobs) {
    t.equal((await remove(id)).response.status, 204)
    t.equal(await read(id), undefined)
    t.equal((await remove(id)).response.status, 404)
  }
  t.same(await counts(), none)
  t.equal((await worker().turn({ max: 10 })).leased.length, 0)
  await sweep({ completed_ms: 0 })
  await redis.del(key(':active'))
  await sweep()
  t.same(await redis.keys('*job*'), [], 'nothing is left')
})

t.test('a job of another queue', async t => {
  const { id } = await queue.submit({ task: 'x', queue: 'images' })
  t.match((await act(id, 'cancel')).data, { status: 'cancelled', queue: 'images' })
  t.match(await queue.control('default', 'retry', [id]), ['unknown'], 'not by way of the wrong queue')
})

t.test('cancelled jobs are kept as long and as many as completed ones', async t => {
  const jobs = await Promise.all(Array.from({ length: 6 }, () => queue.submit({ task: 'x', delay_ms: HOUR_MS })))
  await queue.control('default', 'cancel', jobs.map(({ id }) => id))
  await sweep({ keep_completed: 4 })
  t.match(await queue.stats('default'), { cancelled: 4 })
  t.match(await sweep({ completed_ms: 0 }), { forgotten: 4 })
})

t.test('of cancel and complete at the same time one wins', async t => {
  const others = await Promise.all([engine.connect(), engine.connect()])
  await fc.assert(fc.asyncProperty(fc.integer({ min: 0, max: 3 }), fc.boolean(), async (delay, cancelFirst) => {
    const { id } = await queue.submit({ task: 'x' })
    const [lease] = (await worker().turn({ max: 1 })).leased
    const settle = async () => (await worker().turn({ settlements: [{ kind: 'complete', id: lease!.id, token: lease!.token, result: '1' }] })).settled[0]
    const cancel = async () => (await queue.control('default', 'cancel', [id]))[0]
    const wait = async () => { for (let i = 0; i < delay; i++) await others[0]!.ping() }
    const [settled, result] = cancelFirst
      ? await Promise.all([wait().then(settle), cancel()])
      : await Promise.all([settle(), wait().then(cancel)])
    t.equal((await queue.get(id))!.status, settled ? 'completed' : 'cancelled')
    t.equal(result, settled ? 'conflict' : 'changed')
  }), { numRuns: 60 })
})

t.test('a thousand at once', async t => {
  const jobs = await queue.submitAll(Array.from({ length: 1000 }, () => ({ task: 'x' })))
  const ids = jobs.map(({ id }) => id)
  t.ok((await queue.control('default', 'cancel', [...ids.slice(1), ids[1]!])).every((result, i) => result === (i < 999 ? 'changed' : 'unchanged')))
  t.match(await queue.stats('default'), { queued: 1, cancelled: 999 })
  t.equal((await worker().turn({ max: 1 })).leased[0]!.id, fromUuid(ids[0]!))
  t.equal((await worker().turn({ max: 1 })).leased.length, 0)
  t.match(await queue.stats('default'), { queued: 0, active: 1, queued_by_priority: { normal: 0 } })
  t.equal(await redis.llen(key()), 0, 'the ghosts are gone')
  t.same(await redis.hmget(key(':stats'), 'ghosts_n'), ['0'])
})

t.test('a ghost among jobs that do not fit into one answer', async t => {
  const large = `"${'x'.repeat(600_000)}"`
  const specs = [{ task: 'a' }, { task: 'b' }, { task: 'c', input: large }, { task: 'd', input: large }, { task: 'gone' }, { task: 'e' }]
  const jobs = []
  for (const spec of specs) jobs.push(await queue.submit(spec))
  const { id } = jobs[4]!
  await act(id, 'cancel')
  await remove(id)
  const first = (await worker().turn({ max: 10 })).leased.map(({ id }) => id)
  const second = (await worker().turn({ max: 10 })).leased.map(({ id }) => id)
  t.same([...first, ...second], jobs.filter(job => job.id !== id).map(job => fromUuid(job.id)))
  t.equal(first.length, 3)
  t.match(await queue.stats('default'), { queued: 0, active: 5, failed: 0 })
  t.same(await redis.exists(key(':ties')), 0, 'nothing is left of it')
})
