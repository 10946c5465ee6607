import t from 'tap'
import { startTestRedis } from '../helper/redis.ts'
import { inStatus, runJob, startWorker } from '../helper/worker.ts'

const server = await startTestRedis(t)
const app = await startWorker(t, server, async app => {
  app.handle('answer', job => job.input)
  app.handle('fail', () => { throw Object.assign(new Error('no'), { retry: false }) })
  app.handle('sum', async (job, ctx) => ({ ids: job.depends_on, parents: await ctx.parents() }))
})

t.test('a job reads what its parents returned', async t => {
  const parents = await Promise.all(['1', '"two"', undefined].map(input => app.queue.submit({ task: 'answer', input })))
  const failed = await app.queue.submit({ task: 'fail', queue: 'default' })
  const ids = [...parents, failed].map(({ id }) => id)
  const { result } = await runJob(app, { task: 'sum', depends_on: ids, on_parent_failure: 'run' })
  t.same(JSON.parse(result!), {
    ids,
    parents: [
      { id: ids[0], status: 'completed', result: 1 },
      { id: ids[1], status: 'completed', result: 'two' },
      { id: ids[2], status: 'completed', result: null },
      { id: ids[3], status: 'failed', error: 'no' }
    ]
  })
})

t.test('also one that is no longer kept', async t => {
  const parent = await app.queue.submit({ task: 'fail' })
  await inStatus(app, parent.id, 'failed')
  const child = await app.queue.submit({ task: 'sum', depends_on: [parent.id], on_parent_failure: 'run', delay_ms: 50 })
  await app.queue.control('default', 'delete', [parent.id])
  const { result } = await inStatus(app, child.id, 'completed')
  t.same(JSON.parse(result!).parents, [{ id: parent.id }])
})

t.test('a chain runs by itself', async t => {
  const first = await app.queue.submit({ task: 'answer', input: '0' })
  let last = first
  for (let i = 1; i <= 20; i++) last = await app.queue.submit({ task: 'sum', depends_on: [last.id] })
  await inStatus(app, last.id, 'completed')
  t.match(await app.queue.stats('default'), { blocked: 0, queued: 0 })
})
