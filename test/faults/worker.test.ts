import t from 'tap'
import { until } from '../helper/engine.ts'
import { startFleet } from '../helper/fleet.ts'
import { inStatus } from '../helper/worker.ts'

const fleet = await startFleet(t)
const { queue, redis } = fleet
t.beforeEach(fleet.clear)

/** Waits until so many handlers have started. */
const started = (count: number) => until(async () => {
  const starts = await fleet.starts()
  return starts.length >= count && starts
})

t.test('kill -9 in mid-job: the job runs again within lease and sweep, and completes once', async t => {
  const first = await fleet.worker()
  const { id } = await queue.submit({ task: 'long' })
  await started(1)
  first.signal('SIGKILL')
  await first.exited
  const second = await fleet.worker()
  const job = await inStatus(fleet, id, 'completed')
  t.match(job, { attempt: 1, lost: 1, result: `${second.pid}`, errors: [{ reason: 'lost_lease', attempt: 1 }] })
  t.same((await fleet.starts()).map(({ lost }) => lost), [0, 1])
  t.match((await queue.stats('default'))?.totals, { submitted: 1, completed: 1, lost: 1 })
  // A lease of 1 s, a sweep each 0.1 s, and the start of a process.
  t.ok(job.started_at! - job.errors[0]!.at < 2500, `${job.started_at! - job.errors[0]!.at} ms after the lease ended`)
})

t.test('a job that kills its worker each time is dead-lettered after three', async t => {
  const { id } = await queue.submit({ task: 'poison' })
  for (let i = 0; i < 3; i++) t.equal(await (await fleet.worker()).exited, 'SIGKILL')
  await fleet.worker()
  t.match(await inStatus(fleet, id, 'failed'), { attempt: 0, lost: 3, errors: Array.from({ length: 3 }, () => ({ reason: 'lost_lease' })) })
  t.equal((await fleet.starts()).length, 3)
})

t.test('an error that nobody catches ends the worker with 1; what ran with it counts as lost, the rest is handed back', async t => {
  const worker = await fleet.worker({ WORKER_CONCURRENCY: '1' })
  const crash = await queue.submit({ task: 'crash' })
  const other = await queue.submit({ task: 'nap' })
  t.equal(await worker.exited, 1)
  t.ok(worker.logs.some(({ level, msg }) => level === 60 && msg.includes('nobody caught')))
  await fleet.api()
  t.match(await inStatus(fleet, crash.id, 'queued'), { lost: 1, attempt: 0 })
  t.match(await queue.get(other.id), { status: 'queued', lost: 0, attempt: 0, errors: [] })
})

t.test('SIGTERM: what ends within the grace completes, the rest is handed back unharmed, exit 0', async t => {
  const worker = await fleet.worker({ WORKER_CONCURRENCY: '2' })
  const nap = await queue.submit({ task: 'until stopped' })
  const deaf = await queue.submit({ task: 'deaf' })
  const waiting = await queue.submit({ task: 'nap' })
  await started(2)
  worker.signal('SIGTERM')
  t.equal(await worker.exited, 0)
  t.match(await queue.get(nap.id), { status: 'completed', attempt: 1 })
  for (const { id } of [deaf, waiting]) t.match(await queue.get(id), { status: 'queued', attempt: 0, lost: 0, errors: [] })
  t.same(await redis.zrange('workers:seen', '0', '-1'), [], 'it has left the list of workers')
})

t.test('a second signal ends it at once', async t => {
  const worker = await fleet.worker({ SHUTDOWN_GRACE_SECONDS: '60' })
  await queue.submit({ task: 'deaf' })
  await started(1)
  worker.signal('SIGTERM')
  await until(() => worker.logs.some(({ msg }) => msg.includes('SIGTERM: stopping')))
  worker.signal('SIGTERM')
  t.not(await worker.exited, 0)
})

t.test('a worker that was frozen past its lease: another completes the job, and what the first says is refused', async t => {
  const first = await fleet.worker()
  const { id } = await queue.submit({ task: 'nap', input: '600' })
  await started(1)
  first.signal('SIGSTOP')
  const second = await fleet.worker()
  t.match(await inStatus(fleet, id, 'completed'), { result: `${second.pid}`, lost: 1, attempt: 1 })
  first.signal('SIGCONT')
  await until(() => first.logs.some(({ msg, job_id }) => job_id !== undefined && /lease of a job was lost|Late/.test(msg)))
  t.match(await queue.get(id), { result: `${second.pid}` })
  t.match((await queue.stats('default'))?.totals, { completed: 1 })
  // And it goes on working.
  second.signal('SIGTERM')
  await second.exited
  t.match(await inStatus(fleet, (await queue.submit({ task: 'nap' })).id, 'completed'), { result: `${first.pid}` })
})

t.test('three workers share 300 jobs: each runs once, each worker has its share', async t => {
  const workers = await Promise.all([1, 2, 3].map(() => fleet.worker()))
  await Promise.all(Array.from({ length: 300 }, () => queue.submit({ task: 'nap', input: '10' })))
  await until(async () => (await queue.stats('default'))?.completed === 300)
  const starts = await fleet.starts()
  t.equal(starts.length, 300)
  t.equal(new Set(starts.map(({ id }) => id)).size, 300)
  for (const { pid } of workers) {
    const share = starts.filter(start => start.pid === pid).length
    t.ok(share > 50, `${share} of 300`)
  }
})
