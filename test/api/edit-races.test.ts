import t from 'tap'
import { until } from '../helper/engine.ts'
import { startFleet } from '../helper/fleet.ts'
import type { Service } from '../helper/service.ts'

// Edits of the same jobs at the same moment, by way of two API processes, and beside a worker's process.

const fleet = await startFleet(t)
const apis = await Promise.all([fleet.api(), fleet.api()])
await fleet.worker({ WORKER_QUEUES: 'worked' })

interface Answer { status: number, etag: string, body: { id: string, status: string, metadata: Record<string, string>, detail: string } }

async function call ({ address }: Service, method: string, path: string, body?: object, headers: Record<string, string> = {}): Promise<Answer> {
  const response = await fetch(address + path, { method, ...(body && { body: JSON.stringify(body) }), headers: { ...(body && { 'content-type': 'application/json' }), ...headers } })
  return { status: response.status, etag: response.headers.get('etag') ?? '', body: await response.json() as Answer['body'] }
}

const api = (i: number) => apis[i % 2]!
const edit = (i: number, id: string, body: object, headers = {}) => call(api(i), 'PATCH', `/jobs/${id}`, body, headers)

function count (answers: Answer[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1
  return counts
}

t.test('of a hundred who have read the same, one edits it', async t => {
  for (let round = 0; round < 3; round++) {
    const { id } = await fleet.queue.submit({ task: 'x' })
    const { etag } = await call(api(0), 'GET', `/jobs/${id}`)
    const answers = await Promise.all(Array.from({ length: 100 }, (_, i) => edit(i, id, { input: i, metadata: { [`k${i}`]: 'x' } }, { 'if-match': etag })))
    t.same(count(answers), { 200: 1, 412: 99 })
    const winner = answers.findIndex(({ status }) => status === 200)
    const job = (await fleet.queue.get(id))!
    t.same([job.input, job.metadata], [`${winner}`, { [`k${winner}`]: 'x' }])
  }
})

t.test('who does not say what he has read loses nothing of the others', async t => {
  for (let round = 0; round < 3; round++) {
    const { id } = await fleet.queue.submit({ task: 'x' })
    const answers = await Promise.all(Array.from({ length: 12 }, (_, i) => edit(i, id, { metadata: { [`k${i}`]: 'x' }, ...(i % 3 === 0 && { priority: ['high', 'low'][i % 2] }), ...(i % 4 === 0 && { delay_seconds: i * 100 }) })))
    t.same(count(answers), { 200: 12 })
    t.equal(Object.keys((await fleet.queue.get(id))!.metadata).length, 12)
  }
  const { queued, scheduled } = (await fleet.queue.stats('default'))!
  t.equal(queued + scheduled, 6, 'and no job is in two places')
})

t.test('an edit and a worker: the worker has the new job, or the edit is refused', async t => {
  const MANY = 300
  await fleet.queue.pause('worked')
  const jobs = await fleet.queue.submitAll(Array.from({ length: MANY }, (_, i) => ({ task: 'echo', queue: 'worked', input: '"old"', ...(i % 5 === 1 && { delay_ms: i }) })))
  let answered = 0
  const results = await Promise.all(jobs.map(async ({ id }, i) => {
    const { status } = await edit(i, id, { input: 'new', ...(i % 2 && { priority: 'high' }), ...(i % 5 === 1 && { run_at: null }) })
    // The worker begins to take them in the midst of it.
    if (++answered === 10) await fleet.queue.resume('worked')
    return { id, status }
  }))
  await until(async () => {
    const { queued, scheduled, active } = (await fleet.queue.stats('worked'))!
    return queued + scheduled + active === 0
  })
  const seen: Record<string, number> = {}
  for (const { id, status } of results) {
    const job = (await fleet.queue.get(id))!
    t.equal(job.result, job.input)
    const key = `${status} ${job.result}`
    seen[key] = (seen[key] ?? 0) + 1
  }
  t.same(Object.keys(seen).filter(key => !['200 "new"', '409 "old"'].includes(key)), [], JSON.stringify(seen))
  t.comment(JSON.stringify(seen))
  const starts = await fleet.starts()
  t.equal(starts.length, MANY, 'each has run once')
  t.equal(new Set(starts.map(({ id }) => id)).size, MANY)
  t.match(await fleet.queue.stats('worked'), { totals: { submitted: MANY, lost: 0 } })
})

t.test('an edit and a cancellation: it is cancelled, and stays that', async t => {
  for (let round = 0; round < 40; round++) {
    const { id } = await fleet.queue.submit({ task: 'x', queue: 'both', ...(round % 3 === 0 && { delay_ms: 60_000 }) })
    const patch = [{ priority: 'high' }, { delay_seconds: 50 }, { run_at: null, input: 1 }, { tags: ['a'] }][round % 4]!
    const [edited, cancelled] = await Promise.all([edit(round, id, patch), call(api(round + 1), 'POST', `/jobs/${id}/cancel`)])
    t.equal(cancelled.status, 200)
    t.ok([200, 409].includes(edited.status), `${edited.status}`)
    if (edited.status === 409) t.match(edited.body.detail, /^The job is cancelled/)
    t.equal((await fleet.queue.get(id))!.status, 'cancelled')
  }
  t.match(await fleet.queue.stats('both'), { queued: 0, scheduled: 0, cancelled: 40 })
})
