import { Worker } from 'node:worker_threads'
import t from 'tap'
import type { Test } from 'tap'
import { startApi } from '../helper/api.ts'
import type { Api } from '../helper/api.ts'
import { countCommands, sum } from '../helper/commands.ts'
import { idleWorker, startEngine, submitMany, until } from '../helper/engine.ts'
import { addressOf } from '../helper/follow.ts'

t.setTimeout(180_000) // thousands of connections, on a busy machine
const engine = await startEngine(t)
const { server, queue, redis, sweep } = engine
const env = { SWEEP_INTERVAL_MS: '60000' }
const api = await startApi(t, server, env)
t.beforeEach(async () => { await until(() => api.app.desk.waiting === 0) })

const poll = async ({ client }: Api = api, { id = 'w', queues = ['default'], max = 1, wait_seconds = 60, lease_seconds = 3600 } = {}) => {
  const { data } = await client.POST('/leases', { body: { worker: { id }, queues, max, wait_seconds, lease_seconds } })
  return data!
}
const waiting = async (count: number, { app }: Api = api) => {
  // A thousand connections take a while on a busy machine.
  for (let last = -1; last !== app.desk.waiting;) {
    last = app.desk.waiting
    try {
      return await until(() => app.desk.waiting === count)
    } catch {}
  }
  throw new Error(`${app.desk.waiting} polls wait, not ${count}`)
}
const ids = (answers: { jobs: { id: string }[] }[]) => answers.flatMap(({ jobs }) => jobs.map(({ id }) => id)).sort()

t.test('a poll has its job as soon as there is one', async t => {
  const answer = poll()
  await waiting(1)
  const { id } = await queue.submit({ task: 'x' })
  t.match(await answer, { jobs: [{ id, attempt: 1 }], worker_state: 'run' })
  t.match(await queue.get(id), { status: 'active', worker: 'w' })
})

t.test('however the job becomes ready', async t => {
  const parent = await queue.submit({ task: 'parent', queue: 'other' })
  const ways: Record<string, () => Promise<unknown>> = {
    'its time comes': () => queue.submit({ task: 'x', delay_ms: 50 }),
    'of a bulk': () => submitMany(engine, 1),
    'the queue goes on': async () => await queue.resume('default'),
    'it is retried': async () => await queue.control('default', 'retry', [cancelled]),
    'its parent ends': async () => {
      const { leased } = await engine.worker('w1', { queue: 'other' }).turn({ max: 1 })
      await engine.worker('w1', { queue: 'other' }).turn({ settlements: leased.map(({ id, token }) => ({ kind: 'complete', id, token, result: '' })) })
    }
  }
  const cancelled = (await queue.submit({ task: 'x', delay_ms: 3_600_000 })).id
  await queue.control('default', 'cancel', [cancelled])
  for (const [way, make] of Object.entries(ways)) {
    if (way === 'the queue goes on') {
      await queue.pause('default')
      await queue.submit({ task: 'x' })
    }
    if (way === 'its parent ends') await queue.submit({ task: 'x', depends_on: [parent.id] })
    const answer = poll()
    await waiting(1)
    await make()
    t.equal((await answer).jobs.length, 1, way)
  }
})

t.test('a poll of several queues, and one that is not for the job', async t => {
  const [both, other] = [poll(api, { queues: ['a', 'b'] }), poll(api, { queues: ['c'], wait_seconds: 1 })]
  await waiting(2)
  const { id } = await queue.submit({ task: 'x', queue: 'b' })
  t.match(await both, { jobs: [{ id, queue: 'b' }] })
  t.same((await other).jobs, [])
})

t.test('many polls in two processes, and our own worker: each job goes to one', async t => {
  const second = await startApi(t, server, env)
  const polls = Array.from({ length: 120 }, (_, i) => poll(i % 2 ? api : second, { id: `w${i}`, queues: i % 3 ? ['default'] : ['default', 'more'] }))
  await waiting(60)
  await waiting(60, second)
  const own = await idleWorker(engine, 'w1', 30)
  const jobs = await submitMany(engine, 150)
  const answers = await Promise.all(polls)
  const handed = (await own.handed()).flatMap(message => 'leased' in message ? message.leased : [])
  t.equal(handed.length, 30)
  t.equal(new Set(ids(answers)).size, 120)
  t.match(await queue.stats('default'), { active: 150, queued: 0, totals: { submitted: jobs.length } })
})

t.test('a worker that settles is given the next, and waits for it', async t => {
  await queue.submit({ task: 'x' })
  const { jobs: [job] } = await poll()
  const settlements = [{ job_id: job!.id, lease_token: job!.lease_token, outcome: 'completed' as const }]
  const answer = api.client.POST('/leases/settle', { body: { worker: { id: 'w' }, settlements, lease: { queues: ['default'], wait_seconds: 60 } } })
  await waiting(1)
  t.match(await queue.get(job!.id), { status: 'completed' }, 'while it waits')
  const { id } = await queue.submit({ task: 'y' })
  t.match((await answer).data, { settled: [{ job_id: job!.id, state: 'ok' }], jobs: [{ id }] })
})

t.test('settling a batch and taking the next is one call of the engine', async t => {
  await submitMany(engine, 400)
  let { jobs } = await poll(api, { max: 100 })
  const calls: number[] = []
  for (let i = 0; i < 3; i++) {
    const settlements = jobs.map(({ id, lease_token }) => ({ job_id: id, lease_token, outcome: 'completed' as const, result: 1 }))
    const counts = await countCommands(redis, async () => {
      const { data } = await api.client.POST('/leases/settle', { body: { worker: { id: 'w' }, settlements, lease: { queues: ['default'], max: 100 } } })
      jobs = data!.jobs
      t.equal(jobs.length, 100)
    })
    calls.push(counts.get('fcall')!)
  }
  t.equal(Math.min(...calls), 1, 'now and then the worker is announced, too')
})

/** Polls over real connections, which can break. */
function dial (t: Test, count: number, address: string): { arrived: () => number, breakOff: () => Promise<number> } {
  const thread = new Worker('./test/fixture/polls.mjs', { workerData: { address, count } })
  t.teardown(async () => { await thread.terminate() })
  let arrived = 0
  const over = new Promise<number>(resolve => {
    thread.on('message', message => {
      if ('over' in message) resolve(message.over)
      else arrived = message.arrived
    })
  })
  return {
    arrived: () => arrived,
    /** Resolves when all have ended, with how many had been answered. */
    breakOff () {
      thread.postMessage('')
      return over
    }
  }
}

t.test('a thousand idle polls cost no more commands than one', async t => {
  const { breakOff } = dial(t, 1000, await addressOf(api.app))
  await waiting(1000)
  const note = async () => await redis.lindex(engine.key(':idle'), 0)
  const counts = await countCommands(redis, async () => {
    for (let changes = 0, last = await note(); changes < 2; changes++) last = await until(async () => { const now = await note(); return now !== last && now })
  })
  counts.delete('lindex')
  t.ok(sum(counts) < 60, `${sum(counts)} commands, also inside scripts, while the note was renewed twice`)
  await breakOff()
  await waiting(0)
})

for (const order of ['before', 'while', 'after']) {
  t.test(`a thousand polls that break off ${order} there are jobs: none is stranded, and no attempt is counted`, async t => {
    const polls = dial(t, 1000, await addressOf(api.app))
    await waiting(1000)
    const brokenOff = order === 'before' ? polls.breakOff() : undefined
    const submitted = submitMany(engine, 1000)
    if (order === 'after') await until(() => polls.arrived() >= 200)
    const arrived = await (brokenOff ?? polls.breakOff())
    const start = performance.now()
    await submitted
    const ms = await until(async () => {
      const { active, queued } = (await queue.stats('default'))!
      // Of an answer that is written in the very moment in which its client goes nothing can be known: its lease has to end.
      return active - arrived <= (order === 'before' ? 0 : 2) && active + queued === 1000 && performance.now() - start
    }).catch(async error => { console.error(order, arrived, await queue.stats('default')); throw error })
    t.comment(`${arrived} had arrived; the others were free after ${Math.round(ms)} ms`)
    const { items } = await api.client.GET('/jobs', { params: { query: { queue: 'default', status: ['queued'], limit: 200 } } }).then(({ data }) => data!)
    for (const job of items) t.match(job, { attempt: 0, lost: 0, errors: [] })
    t.match(await sweep(), { recovered: 0 })
  })
}

t.test('a worker that is told to be quiet, or to stop, gets no more', async t => {
  for (const [i, state] of (['quiet', 'stop'] as const).entries()) {
    const id = `told${i}`
    const answer = poll(api, { id })
    await waiting(1)
    t.same((await api.client.POST(`/workers/{id}/${state}`, { params: { path: { id } } })).data, { id, state })
    t.same(await answer, { jobs: [], worker_state: state }, 'the poll that waits is answered')
    const job = await queue.submit({ task: 'x' })
    t.same(await poll(api, { id, wait_seconds: 0 }), { jobs: [], worker_state: state })
    t.same(await poll(api, { id, wait_seconds: 60 }), { jobs: [], worker_state: state }, 'and does not wait for long')
    t.match((await api.client.GET('/workers')).data!.items.find(worker => worker.id === id), { state, remote: true })
    t.match((await api.client.POST('/leases/heartbeat', { body: { worker: { id }, leases: [] } })).data, { worker_state: state })
    const elsewhere = await startApi(t, server, env)
    t.same(await poll(elsewhere, { id, wait_seconds: 0 }), { jobs: [], worker_state: state }, 'at another process, too')
    t.match(await poll(), { jobs: [{ id: job.id }] }, 'others do')
  }
  t.same((await api.client.POST('/workers/{id}/quiet', { params: { path: { id: 'told1' } } })).data, { id: 'told1', state: 'stop' }, 'who is to stop stays so')
})

t.test('a process that closes answers its polls at once, and nothing is stranded', async t => {
  const closing = await startApi(t, server, env)
  const polls = Array.from({ length: 50 }, (_, i) => poll(closing, { id: `c${i}` }))
  await waiting(50, closing)
  const jobs = submitMany(engine, 20)
  await closing.app.close()
  const answers = await Promise.all(polls)
  await jobs
  const { active, queued } = await until(async () => {
    const stats = (await queue.stats('default'))!
    return stats.active === ids(answers).length && stats
  })
  t.equal(active + queued, 20)
})

t.test('Redis goes away while polls wait', async t => {
  const gone = await startEngine(t)
  const without = await startApi(t, gone.server, env)
  const short = without.client.POST('/leases', { body: { worker: { id: 'w' }, queues: ['default'], wait_seconds: 2 } })
  await waiting(1, without)
  await gone.server.kill()
  const { response } = await short
  t.equal(response.status, 503)
  t.ok(response.headers.get('retry-after'))
})
