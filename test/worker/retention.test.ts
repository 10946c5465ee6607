import t from 'tap'
import type { FastifyInstance } from 'fastify'
import { startApi } from '../helper/api.ts'
import { completed, dead, startEngine, submitMany, until } from '../helper/engine.ts'
import { startWorker } from '../helper/worker.ts'

const engine = await startEngine(t)
const { server, queue, worker } = engine

async function handlers (app: FastifyInstance): Promise<void> {
  app.handle('x', () => {})
  app.handle('bad', () => { throw new Error('no') })
}

t.test('a worker keeps as many ended jobs as the settings of the queue say, from one turn to the next', async t => {
  const app = await startWorker(t, server, handlers, { SWEEP_INTERVAL_MS: '60000' })
  await app.queueSettings.change('default', { completed_max: 2, dlq_max: 1 })
  await submitMany(engine, 5)
  await submitMany(engine, 5, { task: 'bad', max_attempts: 1 })
  await until(async () => (await queue.stats('default'))!.totals.failed === 5 && (await queue.stats('default'))!.totals.completed === 5)
  t.match(await queue.stats('default'), { completed: 2, failed: 1 })
  await app.queueSettings.change('default', { completed_max: null })
  await submitMany(engine, 5)
  await until(async () => (await queue.stats('default'))!.totals.completed === 10)
  t.match(await queue.stats('default'), { completed: 7 })
})

t.test('what is there already goes with the next sweep', async t => {
  const { client } = await startApi(t, server, { SWEEP_INTERVAL_MS: '50' })
  for (const settle of [completed, dead]) {
    await submitMany(engine, 5)
    await worker().turn({ settlements: settle(await worker().turn({ max: 5 })) })
  }
  const set = async (body: object) => await client.PATCH('/queues/{queue}', { params: { path: { queue: 'default' } }, body })
  await set({ completed_max: 3, dlq_max: 2 })
  await until(async () => (await queue.stats('default'))!.completed === 3 && (await queue.stats('default'))!.failed === 2)
  await set({ completed_retention_seconds: 1, dlq_retention_seconds: 1 })
  await until(async () => (await queue.stats('default'))!.completed === 0 && (await queue.stats('default'))!.failed === 0)
  t.pass()
})
