import { connect } from 'node:net'
import t from 'tap'
import { serverOptions } from '../../plugins/limits.ts'
import { MAX_UNSENT } from '../../src/event-stream.ts'
import { toUuid } from '../../src/queue/ids.ts'
import { startApi } from '../helper/api.ts'
import { completed, dead, expire, HOUR_MS, makeDue, released, retried, startEngine, submitMany, until } from '../helper/engine.ts'
import { addressOf, follow } from '../helper/follow.ts'
import type { Sent } from '../helper/follow.ts'

const engine = await startEngine(t)
const { server, queue, redis, worker, sweep } = engine
const api = await startApi(t, server)
const { app } = api
const kinds = (all: Sent[]) => all.map(({ event }) => event)
const isLast = ({ event }: Sent) => event === 'end'

t.test('every change of every job, in order', async t => {
  const events = await follow(t, app, '/events')
  t.equal(events.headers.get('content-type'), 'text/event-stream')
  t.equal(events.headers.get('cache-control'), 'no-store')
  const [id] = await submitMany(engine, 1, { queue: 'images', max_attempts: 5 }).then(jobs => jobs.map(({ id }) => id))
  const one = worker('w1', { queue: 'images' })
  const lease = async () => {
    const turn = await one.turn({ max: 1 })
    t.equal(turn.leased.length, 1)
    return turn
  }
  await one.turn({ settlements: released(await lease()) })
  await one.turn({ settlements: retried(await lease(), 0) })
  const again = await lease()
  await one.progress(again.leased[0]!.id, again.leased[0]!.token, 50, 'half\nof it')
  await one.turn({ settlements: dead(again) })
  await queue.redrive('images')
  await one.turn({ settlements: completed(await lease()) })
  const all = await events.upTo(({ event }) => event === 'completed')
  t.same(kinds(all), ['submitted', 'started', 'queued', 'started', 'retrying', 'queued', 'started', 'progress', 'failed', 'queued', 'started', 'completed'])
  t.ok(all.every(({ data }) => data.job_id === id && data.queue === 'images'))
  t.same(all.map(({ data }) => data.worker), [undefined, 'w1', 'w1', 'w1', 'w1', undefined, 'w1', 'w1', 'w1', undefined, 'w1', 'w1'])
  t.match(all[7]!.data.progress, { percent: 50, message: 'half\nof it' })
  t.ok(all.every(({ data }) => Math.abs(Date.parse(data.at) - Date.now()) < 60_000))
  t.equal(new Set(all.map(({ id }) => id)).size, all.length)
})

t.test('scheduled, due, lost, dead by loss, pushed by somebody else', async t => {
  const events = await follow(t, app, '/events')
  await submitMany(engine, 1, { delay_ms: HOUR_MS })
  await makeDue(engine, ':scheduled')
  await sweep()
  for (let lost = 1; lost <= 3; lost++) {
    await worker().turn({ max: 1 })
    await expire(engine)
    await sweep()
  }
  await redis.rpush('job_queue', '{"task":"x"}')
  const { leased } = await worker().turn({ max: 1 })
  const all = await events.upTo(({ data }) => data.kind === 'started' && data.job_id === toUuid(leased[0]!.id))
  t.same(kinds(all), ['scheduled', 'queued', 'started', 'queued', 'started', 'queued', 'started', 'failed', 'submitted', 'started'])
})

t.test('filters', async t => {
  const [ofQueue, ofKinds] = await Promise.all([follow(t, app, '/events?queue=a&kind=submitted'), follow(t, app, '/events?kind=started&kind=completed')])
  const [a] = await submitMany(engine, 1, { queue: 'a' })
  const [b] = await submitMany(engine, 1, { queue: 'b' })
  for (const queue of ['b', 'a']) await worker('w', { queue }).turn({ settlements: completed(await worker('w', { queue }).turn({ max: 1 })) })
  const [last] = await submitMany(engine, 1, { queue: 'a' })
  t.same((await ofQueue.upTo(({ data }) => data.job_id === last!.id)).map(({ data }) => data.job_id), [a!.id, last!.id])
  const seen = [await ofKinds.next(), await ofKinds.next(), await ofKinds.next(), await ofKinds.next()]
  t.same(seen.map(sent => [sent!.event, sent!.data.job_id]), [['started', b!.id], ['completed', b!.id], ['started', a!.id], ['completed', a!.id]])
  for (const url of ['/events?kind=done', '/events?queue=A', '/events?kind=started&kind=started', '/events?since=1']) t.equal((await api.send({ url })).status, 400, url)
  t.equal((await api.send({ url: '/events', headers: { 'last-event-id': '5' } })).status, 400)
})

t.test('going on with Last-Event-ID, also inside a batch, with a filter, and with what comes meanwhile', async t => {
  const jobs = await submitMany(engine, 100)
  const first = await follow(t, app, '/events')
  await worker().turn({ settlements: completed(await worker().turn({ max: 100 })) })
  const all = await first.upTo(({ data }) => data.kind === 'completed' && data.job_id === jobs[99]!.id)
  first.close()
  t.equal(all.length, 200)
  const more = await submitMany(engine, 100)
  const second = await follow(t, app, '/events', { 'last-event-id': all[149]!.id! })
  const [last] = await submitMany(engine, 1)
  const rest = await second.upTo(({ data }) => data.job_id === last!.id)
  t.same(rest.map(({ id }) => id).slice(0, 50), all.slice(150).map(({ id }) => id))
  t.same(rest.slice(50).map(({ data }) => data.job_id), [...more, last].map(job => job!.id), 'each once')
  const filtered = await follow(t, app, '/events?kind=completed', { 'last-event-id': all[0]!.id! })
  t.equal((await filtered.upTo(({ data }) => data.job_id === jobs[99]!.id)).length, 100)
})

t.test('a gap is said: the id is older than what is kept, or not of this Redis', async t => {
  const jobs = await submitMany(engine, 3)
  for (const id of ['1-0.0', '999999999999999-0.0']) {
    const events = await follow(t, app, '/events', { 'last-event-id': id })
    t.equal((await events.next())!.event, 'gap', id)
    if (id === '1-0.0') t.same((await events.next())!.data.job_id, jobs[0]!.id, 'what is kept comes all the same')
    events.close()
  }
})

t.test('a long history comes whole, to a reader that takes its time', async t => {
  for (let i = 0; i < 1000; i++) await queue.submit({ task: 'x' })
  const [first] = await redis.xrange('events', '-', '+', 'COUNT', 1)
  const events = await follow(t, app, '/events', { 'last-event-id': `${first![0]}.0` })
  const [last] = await submitMany(engine, 1)
  const all = await events.upTo(({ data }) => data.job_id === last!.id)
  t.equal(all.length, 1000)
  t.notOk(kinds(all).includes('gap'))
})

t.test('one job: its state, what happens to it and to no other, and the end', async t => {
  const [job] = await submitMany(engine, 2, { input: '{\n"a": "b\\n"\r\n}' })
  const events = await follow(t, app, `/jobs/${job!.id}/events`)
  t.match(await events.next(), { event: 'job', id: undefined, data: { id: job!.id, status: 'queued', input: { a: 'b\n' } } })
  await worker().turn({ settlements: completed(await worker().turn({ max: 2 })) })
  const rest = await events.upTo(() => false)
  t.same(kinds(rest), ['started', 'completed', 'end'])
  t.match(rest[2]!.data, { reason: 'job_ended' })

  const late = await (await follow(t, app, `/jobs/${job!.id}/events`)).upTo(() => false)
  t.match(late, [{ event: 'job', data: { status: 'completed', result: 'done' } }, { event: 'end' }], 'of a job that has ended: at once')
  const again = await (await follow(t, app, `/jobs/${job!.id}/events`, { 'last-event-id': rest[0]!.id! })).upTo(() => false)
  t.same(kinds(again), ['job', 'completed', 'end'], 'what was missed')
})

t.test('no such job, Redis away', async t => {
  t.equal((await api.send({ url: '/jobs/01940b6e-5c1f-7a3d-9c0e-000000000000/events' })).status, 404)
  t.equal((await api.send({ url: '/jobs/x/events' })).status, 400)
  await until(() => app.events.followers === 0)
})

t.test('HEAD answers at once, and follows nothing', async t => {
  const [job] = await submitMany(engine, 1)
  for (const url of ['/events', `/jobs/${job!.id}/events`]) {
    const response = await api.send({ method: 'HEAD', url })
    t.equal(response.status, 200)
    t.equal(response.headers.get('content-type'), 'text/event-stream')
  }
  t.equal((await api.send({ method: 'HEAD', url: '/jobs/01940b6e-5c1f-7a3d-9c0e-000000000000/events' })).status, 404)
  await until(() => app.events.followers === 0)
})

t.test('who leaves is no longer followed for; however many follow, there is one connection', async t => {
  const all = await Promise.all(Array.from({ length: 50 }, () => follow(t, app, '/events')))
  const names = async () => String(await redis.client('LIST')).match(/name=bellhop-events /g)?.length ?? 0
  t.equal(app.events.followers, 50)
  t.equal(await names(), 1)
  const [job] = await submitMany(engine, 1)
  for (const events of all) t.equal((await events.next())!.data.job_id, job!.id)
  for (const events of all) events.close()
  await until(() => app.events.followers === 0)
})

t.test('a reader that does not read is dropped, is told so, and can go on', async t => {
  const events = connect(Number(new URL(await addressOf(app)).port), '127.0.0.1').pause()
  t.teardown(async () => { events.destroy() })
  events.write('GET /events HTTP/1.1\r\nhost: localhost\r\n\r\n')
  await until(() => app.events.followers === 1)
  const fast = await follow(t, app, '/events')
  const fastIsFine = fast.upTo(({ data }) => data.kind === 'scheduled')
  let submitted = 0
  // More than the network's own buffers take.
  while (app.events.followers === 2) {
    await submitMany(engine, 1000)
    submitted += 1000
    await fastCaughtUp(submitted)
    if (submitted > 200_000) throw new Error('it is never dropped')
  }
  t.ok(submitted * 200 > MAX_UNSENT)
  let text = ''
  for await (const chunk of events.resume()) text += chunk
  t.match(text.slice(-400), /\nid: [\d.-]+\nevent: submitted\n.*\n\n.*event: end\ndata: \{"reason":"slow_reader"/s, 'after whole events')
  await queue.submit({ task: 'x', delay_ms: HOUR_MS })
  t.equal((await fastIsFine).length, submitted + 1)

  async function fastCaughtUp (count: number): Promise<void> {
    await until(() => (fast.text().match(/\nevent: submitted/g)?.length ?? 0) === count)
  }
})

t.test('silence does not end a stream: it has a heartbeat well before the connection would time out', async t => {
  const quick = await startApi(t, server)
  quick.app.server.setTimeout(400)
  const beat = setInterval(() => quick.app.heartbeat(), 100)
  const events = await follow(t, quick.app, '/events')
  const start = performance.now()
  await until(() => performance.now() - start > 1000)
  clearInterval(beat)
  const [job] = await submitMany(engine, 1)
  t.equal((await events.next())!.data.job_id, job!.id)
  t.match(events.text(), /\n: \n\n: \n\n/)
  t.ok(serverOptions.connectionTimeout > 2 * 15_000)
})

t.test('shutting down ends all streams, with the reason', async t => {
  const other = await startApi(t, server)
  const [job] = await submitMany(engine, 1)
  const streams = await Promise.all([follow(t, other.app, '/events'), follow(t, other.app, `/jobs/${job!.id}/events`)])
  const closed = other.app.close()
  for (const stream of streams) t.match((await stream.upTo(isLast)).at(-1), { event: 'end', data: { reason: 'shutting_down' } })
  await closed
})

t.test('a restart of Redis: streams stay, and miss nothing', async t => {
  const kept = await startEngine(t, { appendonly: true })
  const { app } = await startApi(t, kept.server)
  const events = await follow(t, app, '/events')
  const [a] = await submitMany(kept, 1)
  t.equal((await events.next())!.data.job_id, a!.id)
  await kept.server.kill()
  await kept.server.start()
  const b = await until(async () => await kept.queue.submit({ task: 'x' }).catch(() => undefined))
  t.match(await events.next(), { event: 'submitted', data: { job_id: b.id } })
})

t.test('a restart of Redis that loses everything: a gap is said', async t => {
  const lost = await startEngine(t)
  const { app } = await startApi(t, lost.server)
  const events = await follow(t, app, '/events')
  await submitMany(lost, 1)
  await events.next()
  await lost.server.kill()
  await lost.server.start()
  t.equal((await events.next())!.event, 'gap')
  const job = await until(async () => await lost.queue.submit({ task: 'x' }).catch(() => undefined))
  t.match(await events.next(), { event: 'submitted', data: { job_id: job.id } })
})
