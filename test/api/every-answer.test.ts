import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { FastifyInstance, InjectOptions } from 'fastify'
import t from 'tap'
import type { Test } from 'tap'
import { newKey } from '../../src/auth/keys.ts'
import { operations } from '../contract/contract.ts'
import { answered, startApi } from '../helper/api.ts'
import type { Api } from '../helper/api.ts'
import { completed, startEngine, until } from '../helper/engine.ts'
import { follow } from '../helper/follow.ts'

// Every operation is made to give every answer that the contract says it has, but these: they do nothing that could go wrong so.
const CANNOT = ['getHealth 500', 'getLiveness 500', 'getMetrics 500']

const UNKNOWN = '01940b6e-5c1f-7a3d-9c0e-3f5a7b2d4e61'
const json = (url: string, body: string, method: 'POST' | 'PATCH' | 'PUT' = 'POST'): InjectOptions => ({ method, url, headers: { 'content-type': 'application/json' }, payload: body })

/** For each operation: what goes well, what is not valid, what is not there. */
const MISSING = '01940b6e-5c1f-7a3d-9c0e-000000000000'
const ofJob = (method: 'POST' | 'DELETE', action = '') => {
  const request = (id: string): InjectOptions => ({ method, url: `/jobs/${id}${action}` })
  return { good: request(UNKNOWN), bad: request('x'), missing: request(MISSING) }
}

const WEBHOOK = json('/webhooks', '{"url":"https://93.184.215.14/hook"}')
const ofWebhook = (method: 'GET' | 'POST' | 'DELETE', action = '') => {
  const request = (id: string): InjectOptions => ({ method, url: `/webhooks/${id}${action}` })
  return { good: request(UNKNOWN), bad: request('x'), missing: request(MISSING) }
}
/** What is said of a leased job; TOKEN is to be its token. */
const ofLease = (action: string, more = '') => {
  const request = (id: string, body = `{"lease_token":"TOKEN"${more}}`) => json(`/jobs/${id}/${action}`, body)
  return { good: request(UNKNOWN), bad: request(UNKNOWN, '{}'), missing: request(MISSING) }
}
const LEASED = ['completeJob', 'failJob', 'releaseJob', 'heartbeatJob', 'addJobLog']
const ofWorker = (action: string) => {
  const request = (id: string): InjectOptions => ({ method: 'POST', url: `/workers/${id}/${action}` })
  return { good: request('w'), bad: request('-'), missing: request('never') }
}
const SCHEDULE = json('/schedules/s', '{"every_seconds":3600,"job":{"task":"x"}}', 'PUT')
const ofSchedule = (method: 'GET' | 'POST' | 'DELETE', action = '') => {
  const request = (name: string): InjectOptions => ({ method, url: `/schedules/${name}${action}` })
  return { good: request('s'), bad: request('S'), missing: request('never') }
}

const requests: Record<string, { good: InjectOptions, bad?: InjectOptions, missing?: InjectOptions }> = {
  submitTask: { good: json('/submit', '{"task":"x"}'), bad: json('/submit', '{}') },
  createJob: { good: json('/jobs', '{"task":"x"}'), bad: json('/jobs', '{}') },
  listJobs: { good: { url: '/jobs' }, bad: { url: '/jobs?status=x' } },
  actOnJobs: { good: json('/jobs/actions', '{"action":"cancel","filter":{"tag":"never"}}'), bad: json('/jobs/actions', '{"action":"cancel","filter":{}}') },
  createJobs: { good: json('/jobs/bulk', '{"jobs":[{"task":"x"}]}'), bad: json('/jobs/bulk', '{"jobs":[]}') },
  getJob: { good: { url: `/jobs/${UNKNOWN}` }, bad: { url: '/jobs/x' }, missing: { url: `/jobs/${MISSING}` } },
  editJob: { good: json(`/jobs/${UNKNOWN}`, '{"priority":"low"}', 'PATCH'), bad: json(`/jobs/${UNKNOWN}`, '{}', 'PATCH'), missing: json(`/jobs/${MISSING}`, '{"priority":"low"}', 'PATCH') },
  deleteJob: ofJob('DELETE'),
  cancelJob: ofJob('POST', '/cancel'),
  retryJob: ofJob('POST', '/retry'),
  promoteJob: ofJob('POST', '/promote'),
  getJobLog: { good: { url: `/jobs/${UNKNOWN}/logs` }, bad: { url: '/jobs/x/logs' }, missing: { url: `/jobs/${MISSING}/logs` } },
  followJob: { good: { url: `/jobs/${UNKNOWN}/events` }, bad: { url: '/jobs/x/events' }, missing: { url: `/jobs/${MISSING}/events` } },
  followEvents: { good: { url: '/events' }, bad: { url: '/events?kind=x' } },
  completeJob: ofLease('complete'),
  failJob: ofLease('fail', ',"error":{"message":"x"}'),
  releaseJob: ofLease('release'),
  heartbeatJob: ofLease('heartbeat'),
  addJobLog: ofLease('logs', ',"lines":[{"message":"x"}]'),
  leaseJobs: { good: json('/leases', '{"worker":{"id":"w"},"queues":["nothing"]}'), bad: json('/leases', '{"worker":{"id":"w"},"queues":["bellhop.webhooks"]}') },
  heartbeatLeases: { good: json('/leases/heartbeat', '{"worker":{"id":"w"},"leases":[]}'), bad: json('/leases/heartbeat', '{"worker":{"id":"w_1"},"leases":[]}') },
  settleLeases: { good: json('/leases/settle', '{"worker":{"id":"w"},"settlements":[]}'), bad: json('/leases/settle', `{"worker":{"id":"w"},"settlements":[{"job_id":"${UNKNOWN}","lease_token":"x","outcome":"failed"}]}`) },
  listQueues: { good: { url: '/queues' }, bad: { url: '/queues?limit=0' } },
  getQueueScale: { good: { url: '/queues/default/scale' }, bad: { url: '/queues/default/scale?concurrency=0' } },
  getQueue: { good: { url: '/queues/default' }, bad: { url: '/queues/Default' }, missing: { url: '/queues/never' } },
  updateQueue: { good: json('/queues/default', '{"max_length":null}', 'PATCH'), bad: json('/queues/default', '{"max_length":0}', 'PATCH'), missing: json('/queues/never', '{}', 'PATCH') },
  pauseQueue: { good: json('/queues/default/pause', '{}'), bad: { method: 'POST', url: '/queues/Default/pause' } },
  resumeQueue: { good: json('/queues/default/resume', '{}'), bad: { method: 'POST', url: '/queues/Default/resume' }, missing: { method: 'POST', url: '/queues/never/resume' } },
  purgeQueue: { good: json('/queues/default/purge', '{}'), bad: json('/queues/default/purge', '{"statuses":["active"]}') },
  listDeadLetters: { good: { url: '/queues/default/dlq' }, bad: { url: '/queues/default/dlq?cursor=x' } },
  redriveDeadLetters: { good: json('/queues/default/dlq/redrive', '{}'), bad: json('/queues/default/dlq/redrive', '{"limit":0}') },
  listWebhooks: { good: { url: '/webhooks' }, bad: { url: '/webhooks?limit=0' } },
  createWebhook: { good: WEBHOOK, bad: json('/webhooks', '{"url":"https://127.0.0.1"}') },
  getWebhook: ofWebhook('GET'),
  updateWebhook: { good: json(`/webhooks/${UNKNOWN}`, '{"enabled":true}', 'PATCH'), bad: json(`/webhooks/${UNKNOWN}`, '{}', 'PATCH'), missing: json(`/webhooks/${MISSING}`, '{"enabled":true}', 'PATCH') },
  deleteWebhook: ofWebhook('DELETE'),
  rotateWebhook: { good: json(`/webhooks/${UNKNOWN}/rotate`, '{}'), bad: json(`/webhooks/${UNKNOWN}/rotate`, '{"secret":"x"}'), missing: json(`/webhooks/${MISSING}/rotate`, '{}') },
  testWebhook: ofWebhook('POST', '/test'),
  listSchedules: { good: { url: '/schedules' }, bad: { url: '/schedules?limit=0' } },
  getSchedule: ofSchedule('GET'),
  putSchedule: { good: SCHEDULE, bad: json('/schedules/s', '{"job":{"task":"x"}}', 'PUT') },
  deleteSchedule: ofSchedule('DELETE'),
  pauseSchedule: ofSchedule('POST', '/pause'),
  resumeSchedule: ofSchedule('POST', '/resume'),
  runSchedule: ofSchedule('POST', '/run'),
  listWorkers: { good: { url: '/workers' }, bad: { url: '/workers?limit=101' } },
  quietWorker: ofWorker('quiet'),
  stopWorker: ofWorker('stop'),
  getHealth: { good: { url: '/health' } },
  getLiveness: { good: { url: '/health/live' } },
  getReadiness: { good: { url: '/health/ready' } },
  getMetrics: { good: { url: '/metrics' } }
}

const { server, redis, queue, key, keys, worker } = await startEngine(t, { appendonly: true })
const api = await startApi(t, server)

/** Of the operations that declare the status, those not in `except`, each asked with what `request` makes of its entry above. */
async function provoke (t: Test, { send }: Api, status: number, request: (id: string) => InjectOptions | undefined, except: string[] = []): Promise<Map<string, Response>> {
  const answers = new Map<string, Response>()
  for (const { operationId, value } of operations) {
    if (value.responses[status] === undefined || except.includes(operationId)) continue
    answers.set(operationId, await send(request(operationId)!))
  }
  t.same([...answers].filter(([, answer]) => answer.status !== status).map(([id, answer]) => `${id} ${answer.status}`), [], `${answers.size} answers of ${status}`)
  return answers
}

const submits = {
  submitTask: ['/submit', '{"task":"x"}', '{"task":"y"}'],
  createJob: ['/jobs', '{"task":"x"}', '{"task":"y"}'],
  createJobs: ['/jobs/bulk', '{"jobs":[{"task":"x"}]}', '{"jobs":[{"task":"y"}]}']
} as Record<string, [url: string, body: string, other: string]>

const good = (id: string) => requests[id]!.good
/** All operations but those. */
const others = (are: (id: string) => boolean) => operations.map(({ operationId }) => operationId).filter(id => !are(id))

/** A fault of the server, or of Redis, shows neither a place nor a word of what is inside. */
async function showsNothing (t: Test, answers: Map<string, Response>): Promise<void> {
  for (const [id, answer] of answers) {
    const body = await answer.text()
    t.notMatch(body, /WRONGTYPE|NOPERM|Reply|Error:|stack|\.(ts|js|lua)\b|node_modules|redis|key|script|user_/i, id)
  }
}

t.test('what goes well, what is not valid, what is not there', async t => {
  const { id } = await queue.submit({ task: 'x' })
  const later = (await queue.submit({ task: 'x', delay_ms: 3_600_000 })).id
  const gone = async () => {
    const { id } = await queue.submit({ task: 'x' })
    await queue.control('default', 'cancel', [id])
    return id
  }
  const [toRetry, toDelete] = [await gone(), await gone()]
  const ids: Record<string, string> = { getJob: id, getJobLog: id, editJob: later, cancelJob: (await queue.submit({ task: 'x' })).id, retryJob: toRetry, promoteJob: later, deleteJob: toDelete }
  const webhook = (await (await api.send(WEBHOOK)).json() as { id: string }).id
  for (const of of ['getWebhook', 'updateWebhook', 'deleteWebhook', 'rotateWebhook', 'testWebhook']) ids[of] = webhook
  const tokens: Record<string, string> = {}
  for (const of of LEASED) {
    await queue.submit({ task: 'x', queue: 'leased' })
    const answer = await api.send(json('/leases', '{"worker":{"id":"other"},"queues":["leased"]}'))
    const { jobs: [leased] } = await answer.json() as { jobs: [{ id: string, lease_token: string }] }
    ids[of] = leased.id
    tokens[of] = leased.lease_token
  }
  const at = (id: string, of: string) => ({ ...good(of), url: String(good(of).url).replace(UNKNOWN, id), ...(tokens[of] && { payload: String(good(of).payload).replace('TOKEN', tokens[of]) }) })
  await api.send(SCHEDULE)
  for (const status of [200, 201, 202, 204]) {
    if (status === 201) await api.send(good('deleteSchedule'))
    await provoke(t, api, status, of => ids[of] ? at(ids[of], of) : good(of), ['followJob', 'followEvents', 'purgeQueue', ...status === 200 ? ['createJob', 'runSchedule'] : []])
  }
  await provoke(t, api, 304, () => ({ url: `/jobs/${id}`, headers: { 'if-none-match': '*' } }))
  await provoke(t, api, 412, () => ({ ...at(id, 'editJob'), headers: { 'content-type': 'application/json', 'if-match': '"other"' } }))
  await api.send(json('/queues/other/purge', '{}'))
  const { app } = await startApi(t, server)
  for (const url of ['/events', `/jobs/${id}/events`]) (await follow(t, app, url)).close()
  const dead = await gone()
  await queue.control('default', 'retry', [dead])
  const completedJob = (await queue.submit({ task: 'x', priority: 'high' })).id
  await worker().turn({ settlements: completed(await worker().turn({ max: 1 })) })
  const rotated = (await (await api.send(WEBHOOK)).json() as { id: string }).id
  for (let n = 0; n < 4; n++) t.equal((await api.send(at(rotated, 'rotateWebhook'))).status, 200)
  await provoke(t, api, 409, of => of === 'rotateWebhook' ? at(rotated, of) : at(['cancelJob', 'promoteJob', 'editJob'].includes(of) ? completedJob : dead, of), ['updateQueue', 'putSchedule', 'runSchedule', 'createWebhook', ...Object.keys(submits)])
  await provoke(t, api, 400, id => requests[id]!.bad)
  await provoke(t, api, 404, id => requests[id]!.missing)
})

t.test('a body that is too large, or no JSON', async t => {
  await provoke(t, api, 413, id => ({ ...good(id), payload: ' '.repeat(8 * 1024 * 1024 + 1) }))
  await provoke(t, api, 415, id => ({ ...good(id), headers: { 'content-type': 'text/plain' } }))
})

t.test('a unique key that another job has', async t => {
  const unique = (id: string, on_conflict: string) => json(submits[id]![0], submits[id]![1].replace('"x"', `"x","unique":{"key":"k","on_conflict":"${on_conflict}"}`))
  await api.send(unique('createJob', 'return'))
  t.equal((await api.send(unique('createJob', 'return'))).status, 200)
  await provoke(t, api, 409, id => unique(id, 'reject'), others(id => submits[id] !== undefined))
  for (const [on_conflict, status] of [['return', 200], ['reject', 409]] as const) {
    await api.send({ ...SCHEDULE, payload: `{"every_seconds":3600,"job":{"task":"x","unique":{"key":"k","on_conflict":"${on_conflict}"}}}` })
    t.equal((await api.send(good('runSchedule'))).status, status)
  }
})

t.test('an idempotency key that belongs to another request', async t => {
  const keyed = (id: string, body: 1 | 2) => {
    const request = json(submits[id]![0], submits[id]![body])
    return { ...request, headers: { ...request.headers, 'idempotency-key': id } }
  }
  for (const id of Object.keys(submits)) await api.send(keyed(id, 1))
  await provoke(t, api, 422, id => keyed(id, 2))
})

t.test('a queue that is full', async t => {
  await api.send(json('/queues/default', '{"max_length":1}', 'PATCH'))
  await api.send(good('createJob'))
  await api.send(SCHEDULE)
  await provoke(t, api, 429, id => good(id), others(id => submits[id] !== undefined || id === 'runSchedule'))
  await api.send(json('/queues/default', '{"max_length":null}', 'PATCH'))
})

t.test('no key, too little, too often', async t => {
  const [worker, reader] = [newKey({ scopes: ['work'] }), newKey({ scopes: ['read'] })]
  const guarded = await startApi(t, server, { API_KEYS: [worker.entry, reader.entry].join() })
  await provoke(t, guarded, 401, good)
  const isWork = (id: string) => operations.find(({ operationId }) => operationId === id)!.value.tags[0] === 'leases'
  await provoke(t, guarded, 403, id => ({ ...good(id), headers: { ...good(id).headers, authorization: `Bearer ${(isWork(id) ? reader : worker).token}` } }))
  const limited = await startApi(t, server, { RATE_LIMIT_MAX: '1' })
  await limited.send({ url: '/jobs' })
  await provoke(t, limited, 429, good)
})

t.test('settings of too many queues', async t => {
  await redis.hset(keys.settings, Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`q${i}`, '{}'])))
  await provoke(t, api, 409, () => json('/queues/default', '{"max_length":1}', 'PATCH'), others(id => id === 'updateQueue'))
  await redis.del(keys.settings)
})

t.test('too many schedules', async t => {
  await redis.sadd(keys.schedules, ...Array.from({ length: 1000 }, (_, i) => `s${i}`))
  await provoke(t, api, 409, () => SCHEDULE, operations.map(({ operationId }) => operationId).filter(id => id !== 'putSchedule'))
})

t.test('too many webhooks', async t => {
  await redis.hset(keys.webhooks, Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`w${i}`, '{"events":[]}'])))
  await provoke(t, api, 409, () => WEBHOOK, operations.map(({ operationId }) => operationId).filter(id => id !== 'createWebhook'))
})

t.test('a fault inside: 500 that says nothing of it', async t => {
  // Keys of another type than the scripts expect are nobody's doing that was foreseen.
  const fresh = await startApi(t, server)
  const broken = [...keys.derived('default'), keys.workersSeen, keys.settingsVersions, keys.schedules, keys.schedule('s'), keys.webhooks]
  await redis.mset(broken.flatMap(name => [name, 'x']))
  await redis.call('ACL', 'SETUSER', 'default', '-info')
  t.teardown(async () => { await redis.call('ACL', 'SETUSER', 'default', '+info') })
  const answers = await provoke(t, fresh, 500, good, CANNOT.map(one => one.split(' ')[0]!))
  for (const [id, answer] of answers) {
    const body = await answer.clone().json() as { error?: string, detail?: string }
    t.match(body.detail ?? body.error, /^The server failed to answer; its log has the cause under the request id [\w-]+$/, id)
  }
  await showsNothing(t, answers)
  t.equal(await redis.get(key()), 'x', 'and nothing was changed')
})

t.test('Redis away: 503', async t => {
  const gone = await startEngine(t)
  const without = await startApi(t, gone.server)
  await gone.server.kill()
  const healths = ['getHealth', 'getReadiness']
  await showsNothing(t, await provoke(t, without, 503, good, [...healths, 'getLiveness', 'getMetrics']))
  await provoke(t, without, 503, good, others(id => healths.includes(id)))
})

t.test('shutting down: 503 of all', async t => {
  // Requests wait at the door until the server has begun to close.
  let waiting = 0
  let open = () => {}
  const gate = new Promise<void>(resolve => { open = resolve })
  const watch = (message: unknown) => {
    const { fastify } = message as { fastify: FastifyInstance }
    fastify.addHook('onRequest', async () => {
      waiting++
      await gate
    })
    fastify.addHook('onClose', async () => open())
  }
  subscribe('fastify.initialization', watch)
  const closing = await startApi(t, server)
  unsubscribe('fastify.initialization', watch)
  const asked = operations.map(({ operationId }) => closing.send(good(operationId)))
  await until(() => waiting === asked.length)
  const closed = closing.app.close()
  for (const answer of await Promise.all(asked)) {
    t.equal(answer.status, 503)
    t.equal(answer.headers.get('retry-after'), '1')
    t.match(await answer.text(), /"The server is shutting down: try again"/)
  }
  await closed
})

t.test('every operation has given every answer that the contract says it has', async t => {
  const declared = operations.flatMap(({ operationId, value }) => Object.keys(value.responses).map(status => `${operationId} ${status}`))
  t.ok(declared.length > 50)
  t.same(declared.filter(answer => !answered.has(answer)), CANNOT)
})
