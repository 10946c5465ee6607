import { setTimeout } from 'node:timers/promises'
import t from 'tap'
import { decodeEntry } from '../../src/queue/event.ts'
import { fromUuid } from '../../src/queue/ids.ts'
import { until } from '../helper/engine.ts'
import { startFleet } from '../helper/fleet.ts'
import type { Service } from '../helper/service.ts'

// Two things that meet, by way of two API processes and two workers: one of both comes first, and nothing is in between.

const fleet = await startFleet(t)
const { queue, redis } = fleet
const apis = await Promise.all([fleet.api(), fleet.api()])
await Promise.all([fleet.worker({ LEASE_SECONDS: '30' }), fleet.worker({ LEASE_SECONDS: '30' })])

type Body = { id: string, status: string, job_id?: string }

async function post (i: number, path: string, body: object = {}): Promise<{ status: number, body: Body }> {
  const { address } = apis[i % 2] as Service
  const response = await fetch(address + path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })
  return { status: response.status, body: await response.json() as Body }
}

/** Waits until nothing of the queue waits or runs. */
async function quiet (): Promise<void> {
  for (const end = Date.now() + 60_000; Date.now() < end; await setTimeout(5)) {
    const { blocked, queued, scheduled, retrying, active } = (await queue.stats('default'))!
    if (blocked + queued + scheduled + retrying + active === 0) return
  }
  throw new Error(`not done in time: ${JSON.stringify(await queue.stats('default'))}`)
}

const status = async (id: string) => (await queue.get(id))!.status
const many = (count: number, act: (i: number) => Promise<void>) => Promise.all(Array.from({ length: count }, (_, i) => act(i)))

t.beforeEach(async () => { await redis.del('test:starts') })

t.test('two hundred submits with one unique key', async t => {
  const made = new Set<string>()
  let created = 0
  await many(200, async i => {
    const { status, body } = await post(i, '/jobs', { task: 'nap', input: 1, unique: { key: 'one', until: 3600 } })
    if (status === 201) created++
    made.add(body.id)
  })
  t.same([created, made.size], [1, 1], [...made].join())
  await quiet()
  t.equal((await fleet.starts()).length, 1)
})

t.test('cancel against complete: the answer says what came of it', async t => {
  const counts = { 200: 0, 409: 0 }
  await many(200, async i => {
    const { body: { id } } = await post(i, '/jobs', { task: 'nap', input: i % 3 })
    const cancelled = await post(i + 1, `/jobs/${id}/cancel`)
    counts[cancelled.status as 200 | 409]++
    t.equal(await status(id), cancelled.status === 200 ? 'cancelled' : 'completed')
  })
  await quiet()
  t.equal(counts[200] + counts[409], 200)
  const { completed, cancelled } = (await queue.stats('default'))!
  t.ok(cancelled >= counts[200] && completed >= counts[409])
})

t.test('replace against lease: whoever was replaced never started, and the last one runs', async t => {
  const kept: string[] = []
  await many(100, async i => {
    const { status, body } = await post(i, '/jobs', { task: 'nap', input: 0, unique: { key: 'latest', until: i % 2 ? 'started' : 'completed', on_conflict: 'replace' } })
    if (status === 201) kept.push(body.id)
    else t.same([status, typeof body.job_id], [409, 'string'])
  })
  await quiet()
  const started = new Set((await fleet.starts()).map(({ id }) => id))
  t.ok(started.size >= 1)
  for (const id of kept) t.equal(await status(id), started.has(id) ? 'completed' : 'cancelled')
  t.same(await redis.keys('job_queue:unique:*').then(keys => keys.length), 1, 'only the key of the first test is held')
})

t.test('pause against lease: once it is answered nothing starts', async t => {
  for (let round = 0; round < 5; round++) {
    await queue.submitAll(Array.from({ length: 300 }, () => ({ task: 'nap', input: '1' })))
    await post(round, '/queues/default/pause')
    const [last] = await redis.xrevrange('events', '+', '-', 'COUNT', 1)
    // Whatever comes now: submits, ends of jobs, due times.
    await many(20, async i => { await post(i, '/jobs', { task: 'nap', input: 0, ...(i % 2 && { delay_seconds: 0.01 }) }) })
    await until(async () => (await queue.stats('default'))!.active === 0)
    const after = await redis.xrange('events', `(${last![0]}`, '+')
    await post(round, '/queues/default/resume')
    const kinds = after.flatMap(entry => decodeEntry(entry).changes.map(({ kind }) => kind))
    t.ok(kinds.includes('submitted'))
    t.notOk(kinds.includes('started'), 'round ' + round)
    await quiet()
  }
})

t.test('a parent\'s completion against its child\'s submit', async t => {
  const children: string[] = []
  await many(200, async i => {
    const { body: parent } = await post(i, '/jobs', { task: 'nap', input: 0, queue: 'default' })
    const { status, body } = await post(i + 1, '/jobs', { task: 'nap', input: 0, depends_on: [parent.id] })
    t.equal(status, 201)
    children.push(body.id)
  })
  await quiet()
  const counts: Record<string, number> = {}
  for (const { id } of await fleet.starts()) counts[id] = (counts[id] ?? 0) + 1
  for (const id of children) t.same([await status(id), counts[id]], ['completed', 1])
  t.same(await redis.exists('parents', 'settling', 'job_queue:blocked'), 0)
})

t.test('redrive against trim: each dead letter is redriven or forgotten', async t => {
  await fetch(`${apis[0].address}/queues/default`, { method: 'PATCH', headers: { 'content-type': 'application/json' }, body: '{"dlq_max":20}' })
  const jobs = await queue.submitAll(Array.from({ length: 200 }, () => ({ task: 'no such task', max_attempts: 1 })))
  const redrives: Promise<unknown>[] = []
  for (const end = Date.now() + 20_000; Date.now() < end && (await queue.stats('default'))!.queued > 0;) redrives.push(post(redrives.length, '/queues/default/dlq/redrive', { limit: 5 }))
  await Promise.all(redrives)
  await quiet()
  // Every process knows the setting within a second.
  await until(async () => await redis.zcard('job_queue:dlq') <= 20)
  const dead = await redis.zrange('job_queue:dlq', '0', '-1')
  t.ok(dead.length <= 20)
  const known = await redis.hmget('jobs', ...jobs.map(({ id }) => fromUuid(id)))
  t.same(jobs.map(({ id }) => fromUuid(id)).filter((_, i) => known[i] !== null).sort(), dead.filter(id => jobs.some(job => fromUuid(job.id) === id)).sort(), 'what is kept is in the dead letters')
})
