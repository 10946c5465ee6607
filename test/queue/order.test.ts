import t from 'tap'
import type { Priority } from '../../src/queue/job.ts'
import { toUuid } from '../../src/queue/ids.ts'
import { HOUR_MS, makeDue, startEngine } from '../helper/engine.ts'

const engine = await startEngine(t)
const { queue, worker } = engine

async function leaseAll (max: number): Promise<string[]> {
  const order: string[] = []
  for (let leased; (leased = (await worker().turn({ max })).leased).length > 0;) order.push(...leased.map(({ id }) => toUuid(id)))
  return order
}

t.test('first in, first out, whatever the batches', async t => {
  const ids: string[] = []
  for (const count of [1, 2, 700, 3]) {
    const jobs = await Promise.all(Array.from({ length: count }, () => queue.submit({ task: 'x' })))
    ids.push(...jobs.map(({ id }) => id))
  }
  t.same(await leaseAll(150), ids)
})

t.test('high before normal before low, and first in, first out within each', async t => {
  const ids: Record<Priority, string[]> = { high: [], normal: [], low: [] }
  for (let i = 0; i < 60; i++) {
    const priority = (['low', 'high', 'normal'] as const)[i % 3]!
    ids[priority].push((await queue.submit({ task: 'x', priority })).id)
  }
  t.same(await leaseAll(7), [...ids.high, ...ids.normal, ...ids.low])
})

t.test('a job of high priority that comes late is leased next', async t => {
  await Promise.all(Array.from({ length: 10 }, () => queue.submit({ task: 'x' })))
  await worker().turn({ max: 3 })
  const { id } = await queue.submit({ task: 'x', priority: 'high' })
  t.equal(toUuid((await worker().turn({ max: 1 })).leased[0]!.id), id)
})

t.test('scheduled jobs queue up in the order of their due times', async t => {
  const third = await queue.submit({ task: 'x', delay_ms: 3 * HOUR_MS })
  const first = await queue.submit({ task: 'x', delay_ms: HOUR_MS })
  const second = await queue.submit({ task: 'x', run_at: Date.now() + 2 * HOUR_MS })
  t.same([third.status, first.status, second.status], ['scheduled', 'scheduled', 'scheduled'])
  t.equal(first.run_at, first.created_at + HOUR_MS)
  t.same(await leaseAll(10), [], 'nothing runs early')
  await makeDue(engine, ':scheduled')
  t.same(await leaseAll(10), [first.id, second.id, third.id])
})

t.test('a time in the past is now', async t => {
  const { id, status, run_at } = await queue.submit({ task: 'x', run_at: Date.now() - 1000 })
  t.same([status, run_at], ['queued', undefined])
  t.same(await leaseAll(1), [id])
})

t.test('queues do not see each other', async t => {
  const { id } = await queue.submit({ task: 'x', queue: 'other' })
  t.same(await leaseAll(10), [])
  t.same((await worker('w1', { queue: 'other' }).turn({ max: 1 })).leased.map(job => toUuid(job.id)), [id])
  t.equal((await queue.get(id))?.status, 'active')
  t.same(await queue.names(), ['default', 'other'])
})
