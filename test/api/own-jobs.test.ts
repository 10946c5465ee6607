import type { InjectOptions } from 'fastify'
import t from 'tap'
import { newKey } from '../../src/auth/keys.ts'
import type { Scope } from '../../src/auth/client.ts'
import { DELIVERIES } from '../../src/queue/keys.ts'
import { deliverySpec } from '../../src/webhooks/delivery.ts'
import { startApi } from '../helper/api.ts'
import { completed, startEngine } from '../helper/engine.ts'

// The service's own jobs are deliveries: who could change one could have anything signed with the secret of any webhook.

const { server, queue, worker } = await startEngine(t)
const key = (id: string, scopes: Scope[], queues?: string[]) => newKey({ id, scopes, queues })
const keys = { submit: key('submit', ['submit', 'read']), bound: key('bound', ['submit'], [DELIVERIES]), admin: key('admin', ['submit', 'admin']) }
const env = { SWEEP_INTERVAL_MS: '60000' }
const guarded = await startApi(t, server, { ...env, API_KEYS: Object.values(keys).map(({ entry }) => entry).join() })
const open = await startApi(t, server, env)

const PAYLOAD = '{"type":"job.completed","timestamp":"2025-01-01T09:30:00.000Z","data":{}}'
const deliver = async () => (await queue.submit({ ...deliverySpec('job.completed', PAYLOAD, { webhook_id: 'a' }), delay_ms: 3_600_000 })).id
const delivered = async () => {
  const id = await deliver()
  await queue.control(DELIVERIES, 'promote', [id])
  const leases = worker('w', { queue: DELIVERIES })
  await leases.turn({ settlements: completed(await leases.turn({ max: 1 })) })
  return id
}
const as = (name: keyof typeof keys, request: InjectOptions) => guarded.send({ ...request, headers: { ...request.headers, authorization: `Bearer ${keys[name].token}` } })
const edit = (id: string, patch: object): InjectOptions => ({ method: 'PATCH', url: `/jobs/${id}`, headers: { 'content-type': 'application/json' }, payload: JSON.stringify(patch) })
const acts: [what: string, make: () => Promise<string>, request: (id: string) => InjectOptions, status: number][] = [
  ['cancel', deliver, id => ({ method: 'POST', url: `/jobs/${id}/cancel` }), 200],
  ['promote', deliver, id => ({ method: 'POST', url: `/jobs/${id}/promote` }), 200],
  ['retry', delivered, id => ({ method: 'POST', url: `/jobs/${id}/retry` }), 200],
  ['delete', delivered, id => ({ method: 'DELETE', url: `/jobs/${id}` }), 204]
]

t.test('that no worker makes it is not known', async t => {
  const job: any = await (await open.send({ url: `/jobs/${await deliver()}` })).json()
  t.match(job.waiting_for, [{ reason: 'due' }])
  t.equal(job.waiting_for.length, 1)
})

t.test('nobody edits one', async t => {
  for (const patch of [{ input: { type: 'forged' } }, { metadata: { webhook_id: 'b' } }, { priority: 'high' }]) {
    const id = await deliver()
    const before = await queue.get(id)
    t.equal((await as('submit', edit(id, patch))).status, 403)
    for (const answer of [await as('admin', edit(id, patch)), await open.send(edit(id, patch))]) {
      t.match([answer.status, await answer.json()], [409, { detail: `The job is the service's own, of the queue ${DELIVERIES}; such jobs cannot be edited` }])
    }
    t.strictSame(await queue.get(id), before)
  }
})

for (const [what, make, request, status] of acts) {
  t.test(`to ${what} one takes an administrator, where there are keys`, async t => {
    const [id, second] = [await make(), await make()]
    const before = await queue.get(id)
    for (const name of ['submit', 'bound'] as const) {
      const answer = await as(name, request(id))
      t.equal(answer.status, 403)
      t.equal(answer.headers.get('www-authenticate'), 'Bearer realm="bellhop", error="insufficient_scope", scope="admin"')
    }
    t.strictSame(await queue.get(id), before)
    t.equal((await as('admin', request(id))).status, status)
    t.equal((await open.send(request(second))).status, status)
    t.equal((await as('submit', { url: `/jobs/${await deliver()}` })).status, 200, 'to read one does not')
    const { id: other } = await queue.submit({ task: 'x', delay_ms: 3_600_000 })
    if (what === 'cancel' || what === 'promote') t.equal((await as('submit', request(other))).status, 200, 'other jobs are anybody\'s who submits')
  })
}

t.test('nor by a filter', async t => {
  const id = await deliver()
  const act: InjectOptions = { method: 'POST', url: '/jobs/actions', headers: { 'content-type': 'application/json' }, payload: JSON.stringify({ action: 'cancel', filter: { type: 'webhook' } }) }
  t.equal((await as('submit', act)).status, 403)
  t.equal((await queue.get(id))!.status, 'scheduled')
  t.match(await (await as('admin', act)).json(), { changed: 1 })
})

t.test('their type is not for clients', async t => {
  const job = { task: 'x', type: 'webhook' }
  t.match((await open.client.POST('/jobs', { body: job as never })).error, { status: 400, errors: [{ path: '/type', message: /must not be webhook/ }] })
  t.match((await open.client.POST('/jobs/bulk', { body: { jobs: [{ task: 'x' }, job] } as never })).error, { status: 400, errors: [{ path: '/jobs/1/type' }] })
  t.match((await open.client.POST('/submit', { body: job as never })).error, { error: /type/ })
  t.match((await open.client.PUT('/schedules/{name}', { params: { path: { name: 's' } }, body: { every_seconds: 60, job } as never })).error, { status: 400, errors: [{ path: '/job/type' }] })
})
