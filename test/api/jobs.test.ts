import t from 'tap'
import { Workers } from '../../src/queue/workers.ts'
import { startApi } from '../helper/api.ts'
import { completed, dead, expire, makeDue, retried, startEngine, until } from '../helper/engine.ts'
import { startWorker } from '../helper/worker.ts'

const engine = await startEngine(t)
const { server, redis, queue, worker, sweep, key, keys } = engine
const { client, send } = await startApi(t, server)
const read = async (id: string) => (await client.GET('/jobs/{id}', { params: { path: { id } } })).data

t.test('a job is readable at every step of its life', async t => {
  const { id } = await queue.submit({ task: 'x', max_attempts: 2, delay_ms: 3_600_000 })
  t.match(await read(id), { status: 'scheduled', attempt: 0, run_at: String })

  await makeDue(engine, ':scheduled')
  await sweep()
  t.match(await read(id), { status: 'queued', attempt: 0, run_at: undefined, started_at: undefined })

  const first = await worker('w1').turn({ max: 1 })
  t.match(await read(id), { status: 'active', attempt: 1, worker: 'w1', started_at: String })
  await worker('w1').progress(first.leased[0]!.id, first.leased[0]!.token, 12.5, 'on it')
  t.match(await read(id), { progress: { percent: 12.5, message: 'on it', at: String } })

  await worker('w1').turn({ settlements: retried(first, 60_000, 'out of paper') })
  t.match(await read(id), {
    status: 'retrying', attempt: 1, run_at: String, progress: undefined, error: { reason: 'failed', message: 'out of paper' }, errors: [{ attempt: 1, worker: 'w1', at: String }]
  })

  await makeDue(engine, ':retrying')
  await worker('w2').turn({ max: 1 })
  await expire(engine, 'w2')
  await sweep()
  t.match(await read(id), { status: 'queued', attempt: 1, lost: 1, error: { reason: 'lost_lease', attempt: 2, worker: 'w2' }, errors: { length: 2 } })

  const third = await worker('w3').turn({ max: 1 })
  await worker('w3').turn({ settlements: completed(third, '{"pages":3}') })
  const done = await read(id)
  t.match(done, { status: 'completed', attempt: 2, lost: 1, worker: 'w3', result: { pages: 3 }, error: undefined, errors: { length: 2 } })
  t.ok(Date.parse(done!.completed_at!) >= Date.parse(done!.started_at!))
})

t.test('a job that failed says why', async t => {
  const { id } = await queue.submit({ task: 'x' })
  await worker().turn({ settlements: dead(await worker().turn({ max: 1 }), 'never') })
  t.match(await read(id), { status: 'failed', attempt: 1, error: { message: 'never' }, errors: { length: 1 }, completed_at: String })
})

t.test('a job whose attempts are used up, or that loses too many workers, is a dead letter with all its errors', async t => {
  const deadLetters = async () => (await client.GET('/queues/{queue}/dlq', { params: { path: { queue: 'default' } } })).data!.items
  const tried = await queue.submit({ task: 'x', max_attempts: 2 })
  await worker().turn({ settlements: retried(await worker().turn({ max: 1 }), 0, 'first') })
  await sweep()
  t.match(await read(tried.id), { status: 'queued', attempt: 1, run_at: undefined, errors: [{ message: 'first' }] })
  await worker().turn({ settlements: dead(await worker().turn({ max: 1 }), 'second') })
  t.match(await read(tried.id), { status: 'failed', attempt: 2, lost: 0, error: { attempt: 2, message: 'second' }, errors: [{ attempt: 1, message: 'first' }, { attempt: 2, message: 'second' }] })

  const unlucky = await queue.submit({ task: 'x' })
  for (let lost = 1; lost <= 3; lost++) {
    await worker().turn({ max: 1 })
    await expire(engine)
    await sweep()
    t.match(await read(unlucky.id), { ...(lost < 3 ? { status: 'queued', attempt: 0 } : { status: 'failed' }), lost, error: { reason: 'lost_lease' }, errors: { length: lost } })
  }
  t.equal((await read(unlucky.id))!.attempt, 0, 'leases that ran out do not count as attempts')
  const letters = await deadLetters()
  t.same(letters.map(({ id }) => id), [unlucky.id, tried.id])
  t.same(letters, [await read(unlucky.id), await read(tried.id)], 'as GET /jobs/{id} shows them')

  await client.POST('/queues/{queue}/dlq/redrive', { params: { path: { queue: 'default' } }, body: { ids: [tried.id] } })
  t.match(await read(tried.id), { status: 'queued', attempt: 0, lost: 0, completed_at: undefined, errors: { length: 2 } })
  await worker().turn({ settlements: completed(await worker().turn({ max: 1 }), 'null') })
  t.match(await read(tried.id), { status: 'completed', attempt: 1, result: null, error: undefined, errors: { length: 2 } })
})

t.test('the errors of the last ten attempts are shown', async t => {
  const { id } = await queue.submit({ task: 'x', max_attempts: 100 })
  for (let attempt = 1; attempt <= 12; attempt++) {
    await worker().turn({ settlements: retried(await worker().turn({ max: 1 }), 0, `no ${attempt}`) })
    await sweep()
  }
  const job = await read(id)
  t.same(job!.errors.map(({ attempt }) => attempt), [3, 4, 5, 6, 7, 8, 9, 10, 11, 12])
  t.match(job, { attempt: 12, error: { attempt: 12, message: 'no 12' } })
})

t.test('what was pushed straight into Redis: a job is run like any other, what is none is a dead letter', async t => {
  await redis.rpush(key(), '{"task":"old","input":1.0}', 'junk', '{"nope":1}')
  await startWorker(t, server, async app => { app.handle('old', job => job.inputText) })
  await until(async () => {
    const { completed, failed } = (await queue.stats('default'))!
    return completed + failed === 3
  })
  const { data } = await client.GET('/queues/{queue}', { params: { path: { queue: 'default' } } })
  t.match(data!.counts, { queued: 0, active: 0, completed: 1, failed: 2 })
  const letters = (await client.GET('/queues/{queue}/dlq', { params: { path: { queue: 'default' } } })).data!.items
  t.same(letters.map(({ input }) => input).sort(), ['junk', '{"nope":1}'])
  for (const letter of letters) {
    t.match(letter, { status: 'failed', task: '(not a job)', error: { reason: 'not_a_job', message: /The list entry/ } })
    t.equal(letter.error!.attempt, 1)
    t.same(await read(letter.id), letter)
  }
})

t.test('a job of another queue is found by its id alone', async t => {
  const { id } = await queue.submit({ task: 'x', queue: 'other' })
  t.match(await read(id), { queue: 'other', status: 'queued' })
  t.match(await read(id.toUpperCase()), { id }, 'a UUID in capitals is the same')
})

t.test('no such job', async t => {
  const { error } = await client.GET('/jobs/{id}', { params: { path: { id: '01940b6e-5c1f-7a3d-9c0e-3f5a7b2d4e61' } } })
  t.match(error, { type: 'urn:bellhop:problem:not-found', status: 404, detail: /01940b6e/ })
  for (const id of ['x', '01940b6e5c1f7a3d9c0e3f5a7b2d4e61', `${'0'.repeat(36)}`, '..', '%00']) {
    const response = await send({ url: `/jobs/${id}` })
    t.match(response.status, id === '..' ? 404 : 400, id)
  }
})

t.test('a job past its retention is gone', async t => {
  const { id } = await queue.submit({ task: 'x' })
  await worker().turn({ settlements: completed(await worker().turn({ max: 1 })) })
  t.match(await read(id), { status: 'completed' })
  await sweep({ completed_ms: 0 })
  t.equal(await read(id), undefined)
})

t.test('GET takes HEAD, and other methods are told which there are', async t => {
  const { id } = await queue.submit({ task: 'x' })
  t.equal((await send({ method: 'HEAD', url: `/jobs/${id}` })).status, 200)
  const response = await send({ method: 'PUT', url: `/jobs/${id}` })
  t.equal(response.status, 405)
  t.equal(response.headers.get('allow'), 'DELETE, GET, HEAD, PATCH, OPTIONS')
  t.equal((await send({ url: '/nowhere' })).status, 404)
})

t.test('why a job does not run yet', async t => {
  const waits = async (id: string) => (await read(id))!.waiting_for
  const queued = await queue.submit({ task: 'x', queue: 'slow' })
  const later = await queue.submit({ task: 'x', queue: 'slow', run_at: Date.UTC(2030, 0) })
  await queue.pause('slow')
  t.same(await waits(queued.id), [{ reason: 'paused' }, { reason: 'no_worker' }])
  t.same(await waits(later.id), [{ reason: 'due', until: '2030-01-01T00:00:00.000Z' }, { reason: 'paused' }, { reason: 'no_worker' }])
  await queue.resume('slow')
  const workers = new Workers(redis, keys)
  await workers.announce({ id: 'w', host: 'h', pid: 1, queues: ['slow'], concurrency: 1, started_at: 0 }, 60_000)
  await until(async () => (await waits(queued.id))![0]!.reason === 'turn')
  t.same(await waits(queued.id), [{ reason: 'turn' }])
  await worker('w', { queue: 'slow' }).turn({ max: 1 })
  t.equal(await waits(queued.id), undefined, 'it runs')
})
