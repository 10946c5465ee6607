import type { FastifyInstance, FastifyReply } from 'fastify'
import { test, type Test } from 'tap'
import type * as schemas from '../../src/contract/schemas.ts'
import { allServed, serve } from '../../src/contract/serve.ts'
import { Problem } from '../../src/problems.ts'
import { buildApp, post } from '../http/helper.ts'
import { examplesOf, operations } from './contract.ts'

// Handlers that answer with the contract's own examples: what is left is what the contract does to a request and a reply.

function example<T> (operationId: string, status: number): T {
  const { content } = operations.find(operation => operation.operationId === operationId)!.value.responses[status]
  return examplesOf(content['application/json'] ?? content['text/plain'] ?? content['text/event-stream'])[0] as T
}

/** Handlers of all operations of a tag that answer what the contract's example says. */
function answering<T extends Parameters<typeof serve>[0]> (tag: T): Parameters<typeof serve<T>>[1] {
  const ofTag = operations.filter(({ value }) => value.tags.includes(tag))
  return Object.fromEntries(ofTag.map(({ operationId, value }) => [operationId, async (_request: unknown, reply: FastifyReply) => {
    const status = Number(Object.keys(value.responses)[0])
    return reply.code(status).send(status === 204 ? null : example(operationId, status))
  }])) as never
}

const seen: unknown[] = []

const tags = {
  submit: serve('submit', {
    async submitTask ({ body }, reply) {
      seen.push(body)
      if (body.task === 'away') throw new Problem('unavailable', 'not now')
      return reply.code(202).send(example('submitTask', 202))
    }
  }),
  jobs: serve('jobs', {
    ...answering('jobs'),
    async createJob ({ body }, reply) {
      seen.push(body)
      return reply.header('location', '/jobs/1').code(200).send(example('createJob', 200))
    },
    async createJobs ({ body }, reply) {
      seen.push(body)
      return reply.code(201).send(example('createJobs', 201))
    }
  }),
  queues: serve('queues', {
    ...answering('queues'),
    async listQueues ({ query }) {
      seen.push(query)
      return example<schemas.QueuePage>('listQueues', 200)
    },
    async getQueue () { return example<schemas.Queue>('getQueue', 200) },
    async updateQueue () { return example<schemas.Queue>('updateQueue', 200) },
    async pauseQueue () { return example<schemas.Queue>('pauseQueue', 200) },
    async resumeQueue () { return example<schemas.Queue>('resumeQueue', 200) },
    async purgeQueue () { return example<schemas.Purged>('purgeQueue', 200) },
    async listDeadLetters () { return example<schemas.JobPage>('listDeadLetters', 200) },
    async redriveDeadLetters ({ body }) {
      seen.push(body)
      return example<schemas.Redriven>('redriveDeadLetters', 200)
    }
  }),
  events: serve('events', {
    async followJob (_request, reply) { return reply.type('text/event-stream').code(200).send(example('followJob', 200)) },
    async followEvents (_request, reply) { return reply.type('text/event-stream').code(200).send(example('followEvents', 200)) }
  }),
  schedules: serve('schedules', answering('schedules')),
  webhooks: serve('webhooks', answering('webhooks')),
  leases: serve('leases', answering('leases')),
  workers: serve('workers', answering('workers')),
  health: serve('health', {
    async getHealth (_request, reply) { return reply.code(503).send(example('getHealth', 503)) },
    async getLiveness () { return { status: 'ok' } },
    async getReadiness () { return example<schemas.Health>('getReadiness', 200) }
  }),
  metrics: serve('metrics', { async getMetrics (_request, reply) { return reply.type('text/plain').code(200).send(example('getMetrics', 200)) } })
}

async function build (t: Test): Promise<FastifyInstance> {
  seen.length = 0
  const app = await buildApp(t)
  for (const routes of Object.values(tags)) await app.register(routes)
  await app.register(allServed)
  return app
}

const ID = '01940b6e-5c1f-7a3d-9c0e-3f5a7b2d4e61'

const WORKER = { id: 'w' }
const bodies: Record<string, object> = { '/leases': { worker: WORKER, queues: ['default'] }, '/leases/heartbeat': { worker: WORKER, leases: [] }, '/leases/settle': { worker: WORKER, settlements: [] }, '/jobs/{id}/complete': { lease_token: 'x' }, '/jobs/{id}/fail': { lease_token: 'x', error: { message: 'x' } }, '/jobs/{id}/release': { lease_token: 'x' }, '/jobs/{id}/heartbeat': { lease_token: 'x' }, '/jobs/{id}/logs': { lease_token: 'x', lines: [{ message: 'x' }] }, '/jobs/actions': { action: 'cancel', filter: { tag: 'a' } }, '/jobs/bulk': { jobs: [{ task: 'x' }] }, '/queues/{queue}/dlq/redrive': {}, '/queues/{queue}': {}, '/queues/{queue}/purge': {}, '/jobs/{id}': { priority: 'low' }, '/webhooks': { url: 'https://example.com' }, '/webhooks/{id}': { enabled: true }, '/webhooks/{id}/rotate': {}, '/schedules/{name}': { every_seconds: 1, job: { task: 'x' } } }

test('every operation is there, and its answer comes out as it went in', async t => {
  const app = await build(t)
  for (const { operationId, method, path, value } of operations) {
    const url = path.replace('{id}', ID).replace('{queue}', 'default').replace('{name}', 's')
    const response = await app.inject({ method: method as 'GET', url, ...(['POST', 'PATCH', 'PUT'].includes(method) && { payload: bodies[path] ?? { task: 'x' } }) })
    const status = operationId === 'getHealth' ? 503 : Number(Object.keys(value.responses)[0])
    t.equal(response.statusCode, status, operationId)
    if (status === 204) {
      t.equal(response.body, '', operationId)
      continue
    }
    const sent = example(operationId, status)
    t.strictSame(typeof sent === 'string' ? response.body : response.json(), sent, operationId)
  }
})

test('what is not sent: defaults in a query, nothing in a body, where the engine knows them', async t => {
  const app = await build(t)
  await post(app, '/jobs', '{"task":"x","backoff":{"jitter":0}}')
  t.strictSame(seen.pop(), { task: 'x', backoff: { jitter: 0 } })
  await app.inject('/queues')
  t.strictSame({ ...seen.pop() as object }, { limit: 50 })
  await app.inject('/queues?limit=7&cursor=images')
  t.strictSame({ ...seen.pop() as object }, { limit: 7, cursor: 'images' })
})

test('a body that need not be there', async t => {
  const app = await build(t)
  const url = '/queues/default/dlq/redrive'
  t.equal((await app.inject({ method: 'POST', url })).statusCode, 200)
  t.strictSame(seen.pop(), {})
  t.equal((await post(app, url, '')).statusCode, 200, 'nor be in it when its type is named')
  t.equal((await post(app, url, '{"ids":[]}')).statusCode, 400)
  t.equal((await post(app, url, '[]')).statusCode, 400)
  t.equal((await post(app, '/jobs', '')).statusCode, 400, 'of another operation it must be there')
})

const invalid: [field: string, value: unknown][] = [
  ['task', ''], ['task', 'x'.repeat(257)], ['task', 5], ['type', 'Big'], ['queue', 'a b'], ['queue', '-a'], ['queue', 'a'.repeat(65)],
  ['priority', 'urgent'], ['max_attempts', 0], ['max_attempts', 101], ['max_attempts', 1.5], ['max_attempts', '3'],
  ['backoff', { type: 'linear' }], ['backoff', { jitter: 1.1 }], ['backoff', { delay_seconds: -1 }], ['backoff', { delay: 1 }],
  ['timeout_seconds', 0], ['timeout_seconds', 604801], ['delay_seconds', -1], ['delay_seconds', 31536001], ['run_at', 'tomorrow'], ['run_at', '2030-01-31T08:00:00'],
  ['tags', ['a', 'a']], ['tags', ['']], ['tags', Array.from({ length: 21 }, (_, i) => `${i}`)],
  ['metadata', { a: 1 }], ['metadata', { a: 'x'.repeat(513) }], ['metadata', { ['x'.repeat(65)]: '' }], ['metadata', Object.fromEntries(Array.from({ length: 33 }, (_, i) => [i, '']))],
  ['attempts', 3]
]

for (const [field, value] of invalid) {
  test(`refused: ${field} ${JSON.stringify(value).slice(0, 40)}`, async t => {
    const app = await build(t)
    const body = JSON.stringify({ task: 'x', [field]: value })
    const response = await post(app, '/jobs', body)
    t.equal(response.statusCode, 400)
    t.ok(response.json<schemas.Problem>().errors?.every(({ path }) => path.startsWith(`/${field}`)), response.body)
    const submit = await post(app, '/submit', body)
    t.equal(submit.statusCode, 400)
    t.match(submit.json(), { error: new RegExp(`^${field}`) })
    t.equal(seen.length, 0)
  })
}

test('refused: parameters', async t => {
  const app = await build(t)
  for (const [url, path] of [
    ['/jobs/1', '/path/id'], [`/jobs/urn:uuid:${ID}`, '/path/id'], ['/queues/A', '/path/queue'],
    ['/queues?limit=0', '/query/limit'], ['/queues?limit=101', '/query/limit'], ['/queues?limit=x', '/query/limit'], ['/queues?cursor=', '/query/cursor'],
    ['/queues?page=2', '/query/page'], ['/queues/default/dlq?limit=1001', '/query/limit']
  ] as const) {
    const response = await app.inject(url)
    t.equal(response.statusCode, 400, url)
    t.strictSame(response.json<schemas.Problem>().errors?.map(error => error.path), [path], url)
  }
})

test('the errors of /submit have its own form', async t => {
  const app = await build(t)
  for (const body of ['', '{}', '[]', '{"input":1}']) t.strictSame((await post(app, '/submit', body)).json(), { error: "Missing 'task' field" }, body)
  const away = await post(app, '/submit', '{"task":"away"}')
  t.equal(away.statusCode, 503)
  t.equal(away.headers['retry-after'], '1')
  t.strictSame(away.json(), { error: 'not now' })
})

test('the start stops when an operation is not served', async t => {
  const missing = operations.filter(({ value }) => value.tags[0] === 'jobs').map(({ operationId }) => operationId)
  const app = await buildApp(t)
  for (const routes of [tags.submit, tags.events, tags.queues, tags.schedules, tags.webhooks, tags.workers, tags.health, tags.metrics]) await app.register(routes)
  await app.register(allServed)
  await t.rejects(Promise.resolve(app.ready()), { message: `The contract has operations that nothing serves: ${missing.join(', ')}` })
})
