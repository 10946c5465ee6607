import t from 'tap'
import { newKey } from '../../src/auth/keys.ts'
import { scopes } from '../../src/contract/operations.ts'
import { startApi } from '../helper/api.ts'
import { startEngine } from '../helper/engine.ts'
import { follow } from '../helper/follow.ts'

const all = newKey({ id: 'all', scopes })
const mail = newKey({ id: 'mail', scopes, queues: ['mail', 'letters'] })
const images = newKey({ id: 'images', scopes, queues: ['images'] })
const { server, queue } = await startEngine(t)
const api = await startApi(t, server, { API_KEYS: [all, mail, images].map(({ entry }) => entry).join(), SWEEP_INTERVAL_MS: '60000' })

type Key = typeof all
const ask = async (key: Key, url: string, body?: object, headers = {}) => await api.send({
  url,
  method: body ? 'POST' : 'GET',
  headers: { authorization: `Bearer ${key.token}`, ...headers, ...(body && { 'content-type': 'application/json' }) },
  ...(body && { payload: JSON.stringify(body) })
})
const json = async (answer: Promise<Response>) => await (await answer).json() as any

let mailed: string
let drawn: string
t.beforeEach(async () => {
  mailed = (await queue.submit({ task: 'a', queue: 'mail' })).id
  // Jobs of the same millisecond have no order that a test could know.
  await new Promise(resolve => setTimeout(resolve, 2))
  drawn = (await queue.submit({ task: 'b', queue: 'images' })).id
})

t.test('submitting: only to its queues', async t => {
  for (const url of ['/submit', '/jobs']) {
    t.match(await ask(mail, url, { task: 'x', queue: 'letters' }), { status: url === '/submit' ? 202 : 201 })
    t.equal((await ask(mail, url, { task: 'x', queue: 'images' })).status, 403)
    t.equal((await ask(mail, url, { task: 'x' })).status, 403, 'the default queue is one, too')
  }
  t.same(await json(ask(mail, '/submit', { task: 'x', queue: 'images' })), { error: 'This key is not for the queue images' })
  const before = await queue.stats('letters')
  t.equal((await ask(mail, '/jobs/bulk', { jobs: [{ task: 'x', queue: 'letters' }, { task: 'x', queue: 'images' }] })).status, 403)
  t.same((await queue.stats('letters'))!.totals, before!.totals, 'all or none')
  t.equal((await ask(mail, '/jobs/bulk', { jobs: [{ task: 'x', queue: 'letters' }, { task: 'x', queue: 'mail' }] })).status, 201)
})

t.test('waiting for a job of another queue: as if there were none', async t => {
  const missing = '01940b6e-5c1f-7a3d-9c0e-000000000000'
  const on = (parent: string) => ({ task: 'x', queue: 'mail', depends_on: [mailed, parent] })
  const [foreign, none] = [await ask(mail, '/jobs', on(drawn)), await ask(mail, '/jobs', on(missing))]
  t.equal(foreign.status, 400)
  t.same(await foreign.json(), await none.json())
  t.match(await json(ask(mail, '/jobs/bulk', { jobs: [{ task: 'x', queue: 'mail' }, on(drawn)] })), { errors: [{ path: '/jobs/1/depends_on/1' }] })
  t.equal((await ask(mail, '/jobs', on(mailed))).status, 400, 'given twice')
  t.equal((await ask(mail, '/jobs', { task: 'x', queue: 'mail', depends_on: [mailed] })).status, 201)
  t.equal((await ask(all, '/jobs', { task: 'x', queue: 'mail', depends_on: [mailed, drawn] })).status, 201, 'who may use both queues may')
})

t.test('lists show what is in its queues', async t => {
  await queue.submit({ task: 'c', queue: 'letters' })
  const { items } = await json(ask(mail, '/jobs?limit=200'))
  t.same(new Set(items.map(({ queue }: { queue: string }) => queue)), new Set(['mail', 'letters']))
  t.same((await json(ask(images, '/jobs'))).items.map(({ id }: { id: string }) => id), [drawn])
  t.same((await json(ask(mail, `/jobs?q=${drawn}`))).items, [], 'nor is it found by its id')
  t.same((await json(ask(mail, '/queues'))).items.map(({ name }: { name: string }) => name), ['letters', 'mail'])
  t.same((await json(ask(images, '/queues'))).items.map(({ name }: { name: string }) => name), ['images'])
  const none = newKey({ id: 'none', scopes, queues: ['never'] })
  const other = await startApi(t, server, { API_KEYS: none.entry })
  for (const status of ['', '?status=completed', '?status=active']) {
    t.match(await (await other.send({ url: `/jobs${status}`, headers: { authorization: `Bearer ${none.token}` } })).json(), { items: [], next_cursor: null, searched: 0 })
  }
})

t.test('a cursor of somebody else leads to nothing more', async t => {
  const { next_cursor } = await json(ask(all, '/jobs?limit=1&order=oldest'))
  const { items } = await json(ask(images, `/jobs?order=oldest&cursor=${next_cursor}`))
  t.same(items.map(({ id }: { id: string }) => id), [drawn])
})

t.test('an action on many does it to what is in its queues', async t => {
  t.equal((await ask(images, '/jobs/actions', { action: 'cancel', filter: { queue: 'mail' } })).status, 403)
  t.match(await json(ask(images, '/jobs/actions', { action: 'cancel', filter: { status: ['queued'] } })), { matched: 1, changed: 1 })
  t.equal((await queue.get(drawn))!.status, 'cancelled')
  t.equal((await queue.get(mailed))!.status, 'queued')
})

t.test('events are those of its queues', async t => {
  const authorization = { authorization: `Bearer ${images.token}` }
  const stream = await follow(t, api.app, '/events', authorization)
  await queue.submit({ task: 'secret', queue: 'mail' })
  const { id } = await queue.submit({ task: 'c', queue: 'images' })
  const first = await stream.next()
  t.match(first, { event: 'submitted', data: { job_id: id, queue: 'images' } })
  stream.close()
  const again = await follow(t, api.app, '/events', { ...authorization, 'last-event-id': '1-0.0' })
  await again.upTo(({ data }) => data.job_id === id)
  t.notMatch(again.text(), /"queue":"(mail|letters|default)"/, 'nor in the history')
})

t.test('a worker takes jobs of its queues alone, and has no say about others', async t => {
  const worker = { id: 'w' }
  t.equal((await ask(images, '/leases', { worker, queues: ['images', 'mail'] })).status, 403)
  t.equal((await ask(images, '/leases/settle', { worker, settlements: [], lease: { queues: ['mail'] } })).status, 403)
  t.equal((await queue.get(mailed))!.status, 'queued')
  const { jobs: [leased] } = await json(ask(mail, '/leases', { worker, queues: ['mail'] }))
  const hold = { job_id: mailed, lease_token: leased.lease_token }
  t.same((await json(ask(images, '/leases/heartbeat', { worker, leases: [hold] }))).leases, [{ job_id: mailed, state: 'lost' }], 'although it knows the token')
  t.same((await json(ask(images, '/leases/settle', { worker, settlements: [{ ...hold, outcome: 'completed' }] }))).settled, [{ job_id: mailed, state: 'unknown' }])
  t.equal((await ask(images, `/jobs/${mailed}/complete`, { lease_token: leased.lease_token })).status, 404)
  t.equal((await queue.get(mailed))!.status, 'active')
  t.same((await json(ask(mail, '/leases/settle', { worker, settlements: [{ ...hold, outcome: 'completed' }] }))).settled, [{ job_id: mailed, state: 'ok' }])
})

t.test('whether another queue has a job does not show in how long it takes', async t => {
  const { id } = await queue.submit({ task: 'x', queue: 'mail' })
  const start = performance.now()
  t.equal((await ask(images, `/jobs/${id}`, undefined, { prefer: 'wait=60' })).status, 404)
  t.ok(performance.now() - start < 30_000, 'it does not wait for the end of the job')
})

t.test('two clients may choose the same idempotency key', async t => {
  const headers = { 'idempotency-key': 'order-1' }
  const first = await json(ask(mail, '/jobs', { task: 'x', queue: 'mail' }, headers))
  t.equal((await ask(images, '/jobs', { task: 'x', queue: 'images' }, headers)).status, 201)
  t.equal((await json(ask(mail, '/jobs', { task: 'x', queue: 'mail' }, headers))).id, first.id)
})

t.test('what is its own, it may have', async t => {
  t.equal((await ask(mail, `/jobs/${mailed}`)).status, 200)
  t.equal((await ask(mail, `/jobs/${mailed}/cancel`, {})).status, 200)
  t.equal((await ask(mail, '/queues/mail/pause', {})).status, 200)
  t.equal((await ask(mail, '/queues/mail/resume', {})).status, 200)
})
