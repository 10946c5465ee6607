import t from 'tap'
import type { Job } from '../../worker/job.ts'
import { expire, startEngine, until } from '../helper/engine.ts'
import { inStatus, runJob, startWorker } from '../helper/worker.ts'

const engine = await startEngine(t)
const { server, redis, queue } = engine

/** A handler for every task that notes what it runs, and ends when told. */
function recorder () {
  const seen: Job[] = []
  const open: (() => void)[] = []
  let most = 0
  let running = 0
  return {
    seen,
    open,
    get most () { return most },
    handlers: async (app: import('fastify').FastifyInstance) => {
      app.handle('*', job => {
        seen.push(job)
        most = Math.max(most, ++running)
      })
      app.handle('wait', async job => {
        seen.push(job)
        most = Math.max(most, ++running)
        await new Promise<void>(resolve => open.push(resolve))
        running--
      })
    }
  }
}

t.test('what an older producer pushes runs like any other job', async t => {
  const { seen, handlers } = recorder()
  const app = await startWorker(t, server, handlers)
  await redis.rpush('job_queue', '{"task":"x","input":{"n":1.0},"max_attempts":7,"priority":"high","backoff":5,"timeout_seconds":0}')
  await redis.lpush('job_queue:low', '{"task":"y"}')
  await until(() => seen.length === 2)
  t.match(seen.map(({ task, inputText, max_attempts }) => ({ task, inputText, max_attempts })), [{ task: 'x', inputText: '{"n":1.0}', max_attempts: 7 }, { task: 'y', inputText: 'null', max_attempts: 3 }])
  t.match(await inStatus(app, seen[0]!.id, 'completed'), { task: 'x', attempt: 1 })
})

t.test('an entry that is no job is dead-lettered as it is, and stops nothing', async t => {
  const { seen, handlers } = recorder()
  const app = await startWorker(t, server, handlers)
  const junk = ['', 'junk', '12', '[]', 'null', '{"task":5}', '{"task":""}', '\u0000\u001b', 'A'.repeat(22), 'x'.repeat(100_000)]
  await redis.rpush('job_queue', ...junk, '{"task":"good"}')
  await until(() => seen.length === 1)
  const dead = await until(async () => {
    const { items } = await app.queue.deadLetters('default', 100)
    return items.length === junk.length && items
  })
  t.same(new Set(dead.map(({ input }) => JSON.parse(input))), new Set(junk))
  for (const job of dead) t.match(job, { status: 'failed', task: '(not a job)', errors: [{ reason: 'not_a_job', message: /^The list entry/ }] })
})

t.test('a job that is put off starts when it is due, also on a worker that sleeps', async t => {
  const { handlers } = recorder()
  const app = await startWorker(t, server, handlers, { SWEEP_INTERVAL_MS: '60000' })
  const job = await runJob(app, { task: 'x', delay_ms: 300 })
  const late = job.started_at! - job.created_at - 300
  t.ok(late >= 0 && late < 200, `${late} ms late`)
})

t.test('high goes before normal before low', async t => {
  const { seen, handlers } = recorder()
  for (const priority of ['low', 'normal', 'high'] as const) for (const n of [1, 2]) await queue.submit({ task: `${priority} ${n}`, priority })
  await startWorker(t, server, handlers, { WORKER_CONCURRENCY: '1' })
  await until(() => seen.length === 6)
  t.same(seen.map(({ task }) => task), ['high 1', 'high 2', 'normal 1', 'normal 2', 'low 1', 'low 2'])
})

t.test('never more at once than WORKER_CONCURRENCY, over all queues', async t => {
  const work = recorder()
  const app = await startWorker(t, server, work.handlers, { WORKER_CONCURRENCY: '3', WORKER_QUEUES: 'default,b' })
  const jobs = await Promise.all(Array.from({ length: 40 }, (_, i) => queue.submit({ task: 'wait', queue: i % 2 ? 'default' : 'b' })))
  await until(() => work.open.length === 3)
  const end = setInterval(() => work.open.shift()?.(), 1)
  t.teardown(() => clearInterval(end))
  for (const { id } of jobs) t.match(await inStatus(app, id, 'completed'), { attempt: 1 })
  t.equal(work.most, 3)
  t.equal(work.seen.length, 40)
})

t.test('a worker takes jobs from its queues and from no others', async t => {
  const { seen, handlers } = recorder()
  const app = await startWorker(t, server, handlers, { WORKER_QUEUES: 'a, b' })
  const other = await queue.submit({ task: 'x' })
  for (const name of ['a', 'b']) t.match(await runJob(app, { task: 'x', queue: name }), { status: 'completed', queue: name })
  t.match(await queue.get(other.id), { status: 'queued' })
  t.equal(seen.length, 2)
})

t.test('a handler whose lease was lost is told, and what it says then does not count', async t => {
  let reason: unknown
  const app = await startWorker(t, server, async app => {
    app.handle('*', async (job, { signal }) => {
      if (job.lost > 0) return 'second'
      await new Promise<void>(resolve => signal.addEventListener('abort', () => { reason = signal.reason; resolve() }))
      return 'first'
    })
  }, { LEASE_SECONDS: '1' })
  const { id } = await queue.submit({ task: 'x' })
  await inStatus(app, id, 'active')
  await expire(engine, app.loop.info.id)
  t.match(await inStatus(app, id, 'completed'), { result: '"second"', attempt: 1, lost: 1, errors: [{ reason: 'lost_lease' }] })
  t.match(reason, { name: 'LeaseLostError' })
  t.match((await queue.stats('default'))?.totals, { completed: 1, lost: 1 })
})

t.test('long jobs keep their leases', async t => {
  const work = recorder()
  const app = await startWorker(t, server, work.handlers, { LEASE_SECONDS: '1' })
  const { id } = await queue.submit({ task: 'wait' })
  await until(() => work.open.length === 1)
  // Two whole leases by the clock of Redis.
  const start = Number((await redis.time())[0])
  await until(async () => Number((await redis.time())[0]) > start + 2)
  t.match(await queue.get(id), { status: 'active', lost: 0 })
  work.open[0]!()
  t.match(await inStatus(app, id, 'completed'), { attempt: 1, lost: 0 })
})

t.test('what still runs when the grace is over is handed back unharmed, ahead of the others', async t => {
  const work = recorder()
  const reasons: unknown[] = []
  const app = await startWorker(t, server, async app => {
    app.handle('*', async (_job, { signal }) => {
      work.open.push(() => {})
      await new Promise<void>(resolve => signal.addEventListener('abort', () => { reasons.push(signal.reason); resolve() }))
    })
  }, { WORKER_CONCURRENCY: '2' })
  const ids = (await Promise.all(['a', 'b', 'c'].map(task => queue.submit({ task })))).map(({ id }) => id)
  await until(() => work.open.length === 2)
  await app.close()
  t.equal(reasons.length, 2)
  t.match(reasons[0], { name: 'ShutdownError' })
  for (const id of ids) t.match(await queue.get(id), { status: 'queued', attempt: 0, lost: 0, errors: [] })
  const next = recorder()
  await startWorker(t, server, next.handlers, { WORKER_CONCURRENCY: '1' })
  await until(() => next.seen.length === 3)
  t.same(next.seen.map(({ task }) => task), ['a', 'b', 'c'])
})

t.test('within the grace running jobs finish, and nothing more is leased', async t => {
  const work = recorder()
  const app = await startWorker(t, server, work.handlers, { WORKER_CONCURRENCY: '1', SHUTDOWN_GRACE_SECONDS: '10' })
  const first = await queue.submit({ task: 'wait' })
  const second = await queue.submit({ task: 'wait' })
  await until(() => work.open.length === 1)
  const closed = app.close()
  work.open[0]!()
  await closed
  t.match(await queue.get(first.id), { status: 'completed' })
  t.match(await queue.get(second.id), { status: 'queued', attempt: 0, lost: 0 })
})
