import t from 'tap'
import { startApi } from '../helper/api.ts'
import { completed, dead, startEngine, submitMany, until } from '../helper/engine.ts'
import { addressOf, follow } from '../helper/follow.ts'

const engine = await startEngine(t)
const { server, queue, redis, worker } = engine
const { app, client } = await startApi(t, server)
const JSON_TYPE = { 'content-type': 'application/json' }
const waiting = (count: number) => until(() => app.events.followers === count)
const finish = async (count = 1) => await worker().turn({ settlements: completed(await worker().turn({ max: count }), '{"pages":3}') })

const read = async (id: string, wait: string) => await client.GET('/jobs/{id}', { params: { path: { id }, header: { Prefer: wait } } })

t.test('reading a job waits for its end', async t => {
  const [job] = await submitMany(engine, 1)
  const answer = read(job!.id, 'wait=30')
  await waiting(1)
  await finish()
  const { data, response } = await answer
  t.match(data, { id: job!.id, status: 'completed', result: { pages: 3 } })
  t.equal(response.headers.get('preference-applied'), 'wait=30')
  t.equal(app.events.followers, 0)
})

t.test('creating a job waits for its end, with either outcome', async t => {
  for (const end of [completed, dead]) {
    const answer = client.POST('/jobs', { params: { header: { Prefer: 'wait=30' } }, body: { task: 'x', max_attempts: 1 } })
    await waiting(1)
    await worker().turn({ settlements: end(await worker().turn({ max: 1 })) })
    const { data, response } = await answer
    t.equal(response.status, 201)
    t.match(data, { status: end === completed ? 'completed' : 'failed' })
    t.equal(response.headers.get('location'), `/jobs/${data!.id}`)
  }
})

t.test('a job that is cancelled has ended, for who waits and for who follows', async t => {
  const [job] = await submitMany(engine, 1)
  const events = await follow(t, app, `/jobs/${job!.id}/events`)
  const answer = read(job!.id, 'wait=30')
  await waiting(2)
  await client.POST('/jobs/{id}/cancel', { params: { path: { id: job!.id } } })
  t.match((await answer).data, { status: 'cancelled' })
  t.same((await events.upTo(() => false)).map(({ event }) => event), ['job', 'cancelled', 'end'])
})

t.test('POST /submit: the same answer, with the status that it has then', async t => {
  const answer = client.POST('/submit', { params: { header: { Prefer: 'wait=30' } }, body: { task: 'x' } })
  await waiting(1)
  await finish()
  const { data, response } = await answer
  t.equal(response.status, 202)
  t.strictSame(data, { status: 'completed', task: 'x', id: data!.id })
  t.equal(response.headers.get('preference-applied'), 'wait=30')
})

t.test('when the time is over: the job as it then is', async t => {
  const { data, response } = await client.POST('/jobs', { params: { header: { Prefer: 'wait=1' } }, body: { task: 'x' } })
  t.match(data, { status: 'queued' })
  t.equal(response.headers.get('preference-applied'), 'wait=1')
  t.match((await read(data!.id, 'wait=0')).data, { status: 'queued' })
  t.match((await client.POST('/submit', { params: { header: { Prefer: 'wait=0' } }, body: { task: 'x', delay_seconds: 9 } })).data, { status: 'scheduled' })
})

t.test('a job that has ended, and one that is not there: at once', async t => {
  const [job] = await submitMany(engine, 1)
  await finish()
  t.match((await read(job!.id, 'wait=60')).data, { status: 'completed' })
  t.equal((await read('01940b6e-5c1f-7a3d-9c0e-000000000000', 'wait=60')).response.status, 404)
})

t.test('how the preference is read', async t => {
  const [job] = await submitMany(engine, 1)
  await finish()
  for (const [prefer, applied] of [
    ['wait=10', 'wait=10'], ['WAIT = 10', 'wait=10'], ['respond-async, wait="5"; x=y', 'wait=5'], ['wait=61', 'wait=60'], [`wait=${'9'.repeat(200)}`, 'wait=60'],
    ['wait=5, wait=6', 'wait=5'], ['wait=-1', null], ['wait=soon', null], ['wait', null], ['return=minimal', null], ['', null]
  ] as const) {
    t.equal((await read(job!.id, prefer)).response.headers.get('preference-applied'), applied, prefer)
  }
  t.match((await read(job!.id, 'x'.repeat(257))).error, { status: 400, errors: [{ path: '/header/prefer' }] })
})

t.test('no race: a job that ends in any moment of the request is seen to have ended', async t => {
  const jobs = await submitMany(engine, 200)
  const answers = jobs.map(async ({ id }, i) => {
    for (let turns = i % 7; turns > 0; turns--) await new Promise(setImmediate)
    return await read(id, 'wait=30')
  })
  for (let i = 0; i < 20; i++) await finish(10)
  for (const { data } of await Promise.all(answers)) t.equal(data!.status, 'completed')
})

t.test('a thousand wait on one connection, each for his own job', async t => {
  const jobs = await submitMany(engine, 1000)
  const before = Number(/connected_clients:(\d+)/.exec(await redis.info('clients'))![1])
  const answers = jobs.map(({ id }) => read(id, 'wait=60'))
  await waiting(1000)
  t.ok(Number(/connected_clients:(\d+)/.exec(await redis.info('clients'))![1]) <= before + 1)
  await finish(1000)
  const all = await Promise.all(answers)
  t.same(all.map(({ data }) => [data!.id, data!.status]), jobs.map(({ id }) => [id, 'completed']))
  t.equal(app.events.followers, 0)
})

t.test('a client that goes away frees its place', async t => {
  const [job] = await submitMany(engine, 1)
  const gone = new AbortController()
  const address = await addressOf(app)
  const requests = [
    fetch(`${address}/jobs/${job!.id}`, { headers: { prefer: 'wait=60' }, signal: gone.signal }),
    fetch(`${address}/jobs`, { method: 'POST', body: '{"task":"x"}', headers: { ...JSON_TYPE, prefer: 'wait=60' }, signal: gone.signal }),
    fetch(`${address}/submit`, { method: 'POST', body: '{"task":"x"}', headers: { ...JSON_TYPE, prefer: 'wait=60' }, signal: gone.signal })
  ]
  await waiting(3)
  gone.abort()
  for (const request of requests) await t.rejects(request)
  await waiting(0)
  t.match(await queue.stats('default'), { queued: 3 }, 'and its job is kept')
})

t.test('a redrive after the end, before it is read: it goes on waiting', async t => {
  const [job] = await submitMany(engine, 1)
  const answer = read(job!.id, 'wait=30')
  await waiting(1)
  const turn = await worker().turn({ max: 1 })
  const transaction = [worker().turn({ settlements: dead(turn) }), queue.redrive('default')]
  await Promise.all(transaction)
  await finish()
  t.match((await answer).data, { status: 'completed' })
})

t.test('shutting down: who waits is answered at once', async t => {
  const other = await startApi(t, server)
  const answers = [
    other.send({ method: 'POST', url: '/jobs', payload: '{"task":"x"}', headers: { ...JSON_TYPE, prefer: 'wait=60' } }),
    fetch(`${await addressOf(other.app)}/submit`, { method: 'POST', body: '{"task":"x"}', headers: { ...JSON_TYPE, prefer: 'wait=60' } })
  ]
  await until(() => other.app.events.followers === 2)
  await other.app.close()
  t.same((await Promise.all(answers)).map(({ status }) => status), [201, 202])
})

t.test('Redis restarts meanwhile: the answer comes all the same', async t => {
  const kept = await startEngine(t, { appendonly: true })
  const other = await startApi(t, kept.server)
  const ask = (wait: number) => other.client.POST('/jobs', { params: { header: { Prefer: `wait=${wait}` } }, body: { task: 'x' } })
  const answers = [ask(60), ask(60)]
  await until(() => other.app.events.followers === 2)
  await kept.server.kill()
  await kept.server.start()
  const turn = await until(async () => await kept.worker().turn({ max: 2 }).catch(() => undefined))
  await kept.worker().turn({ settlements: completed(turn) })
  for (const { data } of await Promise.all(answers)) t.match(data, { status: 'completed' })

  const late = ask(2)
  await until(() => other.app.events.followers === 1)
  await kept.server.kill()
  t.match((await late).data, { status: 'queued' }, 'a job that was kept is answered as that, Redis or not')
})

t.test('Redis away: 503', async t => {
  const gone = await startEngine(t)
  const other = await startApi(t, gone.server)
  await gone.server.kill()
  const response = await other.send({ url: '/jobs/01940b6e-5c1f-7a3d-9c0e-3f5a7b2d4e61', headers: { prefer: 'wait=60' } })
  t.equal(response.status, 503)
})

t.test('without the header nothing is followed', async t => {
  const fresh = await startApi(t, server)
  const names = async () => String(await redis.client('LIST')).match(/name=bellhop-events /g)?.length ?? 0
  await until(async () => await names() <= 1)
  await fresh.post('/jobs', '{"task":"x"}')
  await fresh.send({ url: '/jobs/01940b6e-5c1f-7a3d-9c0e-000000000000' })
  t.equal(fresh.app.events.followers, 0)
  t.ok(await names() <= 1, 'only the one of the tests above')
})
