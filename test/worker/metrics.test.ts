import t from 'tap'
import { startEngine, until } from '../helper/engine.ts'
import { inStatus, runJob, startWorker } from '../helper/worker.ts'

const { server } = await startEngine(t)

t.test('how jobs fare, by queue and task; only the first tasks by name', async t => {
  const app = await startWorker(t, server, async app => {
    app.handle('fails', () => { throw Object.assign(new Error('no'), { retryAfterSeconds: 0 }) })
    app.handle('*', () => {})
  }, { METRICS_TASKS: '2' })
  for (const task of ['fine', 'fails', 'third', 'fine', 'fourth']) await runJob(app, { task, max_attempts: 2 })
  await runJob(app, { task: 'fine', delay_ms: 20 })
  const parent = await runJob(app, { task: 'fine' })
  await runJob(app, { task: 'fine', depends_on: [parent.id] })
  const text = await app.metricsRegistry.metrics()
  for (const line of [
    'bellhop_task_attempts_total{queue="default",task="fine",outcome="completed"} 5',
    'bellhop_task_attempts_total{queue="default",task="fails",outcome="retried"} 1',
    'bellhop_task_attempts_total{queue="default",task="fails",outcome="failed"} 1',
    'bellhop_task_attempts_total{queue="default",task="_other",outcome="completed"} 2',
    'bellhop_job_running_seconds_count{queue="default",task="fails"} 2',
    'bellhop_job_waiting_seconds_count{queue="default",task="fails"} 1',
    'bellhop_job_waiting_seconds_count{queue="default",task="fine"} 4',
    'bellhop_job_waiting_seconds_bucket{queue="default",task="fine",le="+Inf"} 4'
  ]) t.ok(text.includes(`${line}\n`), line)
  t.notMatch(text, /third|fourth/)
})

t.test('an attempt that is cancelled counts when its handler has ended', async t => {
  let started: (() => void) | undefined
  const begun = new Promise<void>(resolve => { started = resolve })
  const app = await startWorker(t, server, async app => {
    app.handle('*', async (_job, { signal }) => {
      started!()
      await new Promise(resolve => signal.addEventListener('abort', resolve))
    })
  })
  const { id } = await app.queue.submit({ task: 'slow' })
  await begun
  await app.queue.control('default', 'cancel', [id])
  t.ok(await until(async () => (await app.metricsRegistry.metrics()).includes('bellhop_task_attempts_total{queue="default",task="slow",outcome="stale"} 1\n')))
})

t.test('a job waits from when it is due', async t => {
  const app = await startWorker(t, server, async app => { app.handle('*', () => {}) })
  await app.queue.pause('default')
  const { id } = await app.queue.submit({ task: 'late', run_at: Date.now() - 100_000 })
  const spec = { task: 'early', delay_ms: 3_600_000 }
  const early = await app.queue.submit(spec)
  await app.queue.control('default', 'promote', [early.id])
  await app.queue.resume('default')
  for (const each of [id, early.id]) await inStatus(app, each, 'completed')
  const text = await app.metricsRegistry.metrics()
  t.match(text, 'bellhop_job_waiting_seconds_sum{queue="default",task="early"} 0\n', 'nobody waited for one that was promoted before its time')
  t.match(text, /bellhop_job_waiting_seconds_bucket\{le="60",queue="default",task="late"\} 1|bellhop_job_waiting_seconds_bucket\{queue="default",task="late",le="60"\} 1/, 'a time that is over means at once')
})
