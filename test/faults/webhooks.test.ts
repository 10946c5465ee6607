import t from 'tap'
import { DELIVERIES } from '../../src/queue/keys.ts'
import { until } from '../helper/engine.ts'
import { startFleet } from '../helper/fleet.ts'
import { startReceiver } from '../helper/receiver.ts'

const fleet = await startFleet(t)
const { queue, redis } = fleet
t.beforeEach(fleet.clear)
const ALLOWED_PRIVATE_NETWORKS = '127.0.0.0/8'

async function inStatus (id: string, status: string): Promise<void> {
  await until(async () => (await queue.get(id))?.status === status)
}

t.test('a worker that is killed between the end of a job and its delivery', async t => {
  const receiver = await startReceiver(t)
  // It makes no deliveries, and sweeps too seldom to relay.
  const mute = await fleet.worker({ WEBHOOK_CONCURRENCY: '0', SWEEP_INTERVAL_MS: '60000', HANDLERS: '', PLACEHOLDER_MS: '1' })
  const jobs = await queue.submitAll(Array.from({ length: 20 }, () => ({ task: 'x', callback_url: receiver.url() })))
  for (const { id } of jobs) await inStatus(id, 'completed')
  mute.signal('SIGKILL')
  await mute.exited
  t.equal(receiver.received.length, 0)
  await fleet.worker({ ALLOWED_PRIVATE_NETWORKS })
  await until(() => receiver.received.length >= jobs.length)
  t.strictSame(receiver.received.map(({ body }) => body.data.id).sort(), jobs.map(({ id }) => id).sort())
})

t.test('a worker that is killed while it delivers: the next one does, under the same id', async t => {
  const receiver = await startReceiver(t)
  receiver.plan.push('hang')
  const first = await fleet.worker({ ALLOWED_PRIVATE_NETWORKS, HANDLERS: '', PLACEHOLDER_MS: '1' })
  const { id } = await queue.submit({ task: 'x', callback_url: receiver.url() })
  const hanging = await receiver.nth(0)
  first.signal('SIGKILL')
  await first.exited
  await fleet.worker({ ALLOWED_PRIVATE_NETWORKS })
  const again = await receiver.nth(1)
  t.strictSame([again.headers['webhook-id'], again.text], [hanging.headers['webhook-id'], hanging.text])
  t.equal(again.body.data.id, id)
  await inStatus(again.headers['webhook-id']!, 'completed')
  t.match(await queue.get(again.headers['webhook-id']!), { attempt: 1, lost: 1 })
})

t.test('workers that are killed over and over lose no callback', async t => {
  const receiver = await startReceiver(t)
  const env = { ALLOWED_PRIVATE_NETWORKS, HANDLERS: '', PLACEHOLDER_MS: '20', MAX_LOST: '100' }
  const jobs = await queue.submitAll(Array.from({ length: 150 }, () => ({ task: 'x', callback_url: receiver.url() })))
  for (const share of [10, 60, 100]) {
    const worker = await fleet.worker(env)
    await until(() => receiver.received.length >= share)
    worker.signal('SIGKILL')
    await worker.exited
  }
  await fleet.worker(env)
  await until(() => new Set(receiver.received.map(({ body }) => body.data.id)).size === jobs.length)
  t.strictSame([...new Set(receiver.received.map(({ body }) => body.data.id))].sort(), jobs.map(({ id }) => id).sort())
  const ids = new Map(receiver.received.map(({ headers, body }) => [headers['webhook-id'], body.data.id]))
  t.equal(ids.size, jobs.length, 'one delivery each: what came twice came under the same id')
  await until(async () => (await queue.stats(DELIVERIES))!.completed === jobs.length)
  t.equal(await redis.exists('outbox'), 0)
})
