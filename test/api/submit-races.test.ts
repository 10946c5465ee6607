import t from 'tap'
import { until } from '../helper/engine.ts'
import { startFleet } from '../helper/fleet.ts'

// Two hundred clients at once, on two API processes.

const MANY = 200
const fleet = await startFleet(t)
const apis = await Promise.all([fleet.api(), fleet.api()])

interface Answer { status: number, replayed: string | null, body: { id?: string, jobs?: { id: string }[] } }

async function all (request: (i: number) => { path: string, body: object, key?: string }): Promise<Answer[]> {
  return await Promise.all(Array.from({ length: MANY }, async (_, i) => {
    const { path, body, key } = request(i)
    const headers = { 'content-type': 'application/json', ...(key && { 'idempotency-key': key }) }
    const response = await fetch(apis[i % 2]!.address + path, { method: 'POST', headers, body: JSON.stringify(body) })
    return { status: response.status, replayed: response.headers.get('idempotency-replayed'), body: await response.json() as Answer['body'] }
  }))
}

function count (answers: Answer[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { status, replayed } of answers) counts[replayed ? `${status} again` : status] = (counts[replayed ? `${status} again` : status] ?? 0) + 1
  return counts
}

const submitted = async (name: string) => (await fleet.queue.stats(name))!.totals.submitted
const settle = async (name: string, settings: object) => {
  const response = await fetch(`${apis[0].address}/queues/${name}`, { method: 'PATCH', headers: { 'content-type': 'application/json' }, body: JSON.stringify(settings) })
  if (response.status !== 200) throw new Error(await response.text())
}

for (const path of ['/submit', '/jobs']) {
  t.test(`${path} with one key makes one job`, async t => {
    const queue = `one${path.replace('/', '-')}`
    const answers = await all(() => ({ path, body: { task: 'x', queue }, key: queue }))
    t.same(count(answers), { [path === '/jobs' ? 201 : 202]: 1, [`${path === '/jobs' ? 201 : 202} again`]: MANY - 1 })
    t.equal(new Set(answers.map(({ body }) => body.id)).size, 1)
    t.equal(await submitted(queue), 1)
  })
}

t.test('bulks over several queues with one key are one', async t => {
  const jobs = [{ task: 'a', queue: 'bulk-a' }, { task: 'b', queue: 'bulk-b' }, { task: 'c', queue: 'bulk-a' }]
  const answers = await all(() => ({ path: '/jobs/bulk', body: { jobs }, key: 'bulk' }))
  t.same(count(answers), { 201: 1, '201 again': MANY - 1 })
  t.equal(new Set(answers.map(({ body }) => JSON.stringify(body))).size, 1)
  t.same(await Promise.all(['bulk-a', 'bulk-b'].map(submitted)), [2, 1])
})

t.test('of different bodies with one key one wins', async t => {
  const answers = await all(i => ({ path: '/jobs', body: { task: `${i}`, queue: 'bodies' }, key: 'bodies' }))
  t.same(count(answers), { 201: 1, 422: MANY - 1 })
  t.equal(await submitted('bodies'), 1)
})

t.test('max_length is exact, one by one and with bulks', async t => {
  await settle('bounded', { max_length: 70 })
  const answers = await all(() => ({ path: '/jobs', body: { task: 'x', queue: 'bounded' } }))
  t.same(count(answers), { 201: 70, 429: MANY - 70 })
  t.match(await fleet.queue.stats('bounded'), { queued: 70, totals: { submitted: 70 } })

  await settle('bounded', { max_length: 100 })
  // Of three each: ten fit, and none is kept in part. Every other one is for a second queue as well, which has room.
  const three = { task: 'x', queue: 'bounded' }
  const bulks = await all(i => ({ path: '/jobs/bulk', body: { jobs: [three, three, three, ...(i % 4 > 1 ? [{ task: 'x', queue: 'beside' }] : [])] } }))
  t.same(count(bulks), { 201: 10, 429: MANY - 10 })
  t.match(await fleet.queue.stats('bounded'), { queued: 100, totals: { submitted: 100 } })
  const both = bulks.filter(({ status, body }) => status === 201 && body.jobs!.length === 4).length
  t.equal((await fleet.queue.stats('beside'))?.totals.submitted ?? 0, both)
})

t.test('a paused queue with parked workers starts nothing of what comes', async t => {
  const worker = await fleet.worker({ WORKER_QUEUES: 'default,rest' })
  await fetch(`${apis[0].address}/queues/rest/pause`, { method: 'POST' })
  const answers = await all(() => ({ path: '/jobs', body: { task: 'pure', queue: 'rest' } }))
  t.same(count(answers), { 201: MANY })
  // A job of another queue that comes after all of these has run through the same worker.
  await all(() => ({ path: '/jobs', body: { task: 'pure' } }))
  const done = async (name: string, jobs: number) => await until(async () => (await fleet.queue.stats(name))!.completed === jobs)
  t.ok(await done('default', MANY))
  t.match(await fleet.queue.stats('rest'), { paused: true, queued: MANY, active: 0, completed: 0 })
  await fetch(`${apis[1].address}/queues/rest/resume`, { method: 'POST' })
  t.ok(await done('rest', MANY))
  t.match(await fleet.queue.stats('rest'), { paused: false, queued: 0, totals: { lost: 0 } })
  worker.signal('SIGKILL')
})
