import t from 'tap'
import pressure from '../../plugins/pressure.ts'
import { networkOf } from '../../plugins/rate-limit.ts'
import { newKey } from '../../src/auth/keys.ts'
import { scopes } from '../../src/contract/operations.ts'
import { startApi } from '../helper/api.ts'
import { startEngine, until } from '../helper/engine.ts'
import { startProcess } from '../helper/service.ts'
import { buildApp } from '../http/helper.ts'

const one = newKey({ id: 'one', scopes })
const two = newKey({ id: 'two', scopes: ['read'] })
const { server, redis, keys, queue } = await startEngine(t)
const API_KEYS = [one, two].map(({ entry }) => entry).join()
const bearer = ({ token }: typeof one) => ({ authorization: `Bearer ${token}` })

t.test('so many requests a key, over all processes, and so many an address', async t => {
  const env = { API_KEYS, RATE_LIMIT_MAX: '3', RATE_LIMIT_WINDOW_SECONDS: '3600' }
  const [a, b] = [await startApi(t, server, env), await startApi(t, server, env)]
  for (const api of [a, b, a]) t.equal((await api.send({ url: '/jobs', headers: bearer(one) })).status, 200)
  for (const api of [a, b]) {
    const answer = await api.send({ url: '/jobs', headers: bearer(one) })
    t.equal(answer.status, 429)
    t.ok(Number(answer.headers.get('retry-after')) > 3000)
    t.match(await answer.json(), { type: 'urn:bellhop:problem:too-many-requests', detail: 'More than 3 requests in 3600 s: try again later' })
  }
  t.equal((await a.send({ url: '/jobs', headers: bearer(two) })).status, 200, 'another key has its own')
  t.same(await (await a.post('/submit', '{"task":"x"}', { ...bearer(one), 'content-type': 'application/json' })).json(), { error: 'More than 3 requests in 3600 s: try again later' })

  const statuses: number[] = []
  for (let i = 0; i < 5; i++) statuses.push((await a.send({ url: '/jobs', headers: { authorization: 'Bearer bh_guess' } })).status)
  t.same(statuses, [401, 401, 401, 429, 429], 'who guesses is counted by address')
  t.equal((await a.send({ url: '/jobs', remoteAddress: '192.0.2.7' })).status, 401, 'another address is not')
  for (let i = 0; i < 5; i++) t.equal((await a.send({ url: '/health' })).status, 200, 'health is not counted')
  t.same((await redis.keys('*rate-limit*')).sort(), [keys.rateLimit('address:127.0.0.1'), keys.rateLimit('address:192.0.2.7'), keys.rateLimit('key:one'), keys.rateLimit('key:two')])
  t.ok(await redis.pttl(keys.rateLimit('key:one')) > 3_000_000)
})

t.test('a Redis that is away refuses nobody for asking too much', async t => {
  const gone = await startEngine(t)
  const api = await startApi(t, gone.server, { RATE_LIMIT_MAX: '1' })
  await gone.server.kill()
  await until(async () => (await api.send({ url: '/jobs' })).status === 503)
  t.equal((await api.send({ url: '/metrics' })).status, 200)
})

t.test('who asks behind a proxy', async t => {
  const api = await startApi(t, server, { RATE_LIMIT_MAX: '1', TRUST_PROXY: '10.0.0.0/8' })
  const from = async (remoteAddress: string, forwarded: string) => (await api.send({ url: '/jobs', remoteAddress, headers: { 'x-forwarded-for': forwarded } })).status
  t.same([await from('10.0.0.1', '192.0.2.1'), await from('10.0.0.1', '192.0.2.2'), await from('10.0.0.2', '192.0.2.1')], [200, 200, 429])
  t.same([await from('192.0.2.9', '192.0.2.10'), await from('192.0.2.9', '192.0.2.11')], [200, 429], 'others are not believed')
})

t.test('of an IPv6 address the network counts', async t => {
  t.equal(networkOf('192.0.2.1'), '192.0.2.1')
  t.equal(networkOf('::ffff:192.0.2.1'), '192.0.2.1')
  t.equal(networkOf('2001:db8:1:2:3:4:5:6'), '2001:db8:1:2::/64')
  t.equal(networkOf('2001:DB8:1:2::1'), '2001:db8:1:2::/64')
  t.equal(networkOf('2001:db8::1'), '2001:db8:0:0::/64')
  t.equal(networkOf('::1'), '0:0:0:0::/64')
  t.equal(networkOf('fe80::1%eth0'), 'fe80:0:0:0::/64')
})

t.test('browsers are told that answers are no pages, and the docs work under their own policy', async t => {
  const api = await startApi(t, server, { API_KEYS })
  for (const url of ['/health', '/jobs', '/nothing', '/jobs/x']) {
    const { headers } = await api.send({ url })
    t.equal(headers.get('content-security-policy'), "default-src 'none';frame-ancestors 'none'", url)
    t.equal(headers.get('x-content-type-options'), 'nosniff', url)
    t.equal(headers.get('referrer-policy'), 'no-referrer', url)
    t.equal(headers.get('cross-origin-resource-policy'), 'same-origin', url)
    t.equal(headers.get('access-control-allow-origin'), null, 'no other site may ask')
    t.equal(headers.get('server') ?? headers.get('x-powered-by'), null)
  }
  for (const url of ['/docs/', '/docs/static/swagger-ui.css', '/docs/static/swagger-ui-bundle.js']) {
    const { status, headers } = await api.send({ url })
    t.equal(status, 200, url)
    t.match(headers.get('content-security-policy'), /script-src 'self'; style-src 'self'/, url)
    t.equal(headers.get('x-content-type-options'), 'nosniff', url)
  }
})

t.test('other sites may ask if the settings name them', async t => {
  const api = await startApi(t, server, { API_KEYS, CORS_ORIGINS: 'https://a.example.com,https://b.example.com' })
  const preflight = async (origin: string, url = '/jobs') => await api.app.inject({ method: 'OPTIONS', url, headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' } })
  const asked = await preflight('https://b.example.com')
  t.equal(asked.statusCode, 204, 'without a key: browsers send none then')
  t.match(asked.headers, { 'access-control-allow-origin': 'https://b.example.com', 'access-control-allow-headers': /Authorization/, 'access-control-allow-methods': /PATCH/ })
  t.equal((await preflight('https://c.example.com')).headers['access-control-allow-origin'], undefined)
  const refused = await api.send({ url: '/jobs', headers: { origin: 'https://a.example.com' } })
  t.equal(refused.status, 401)
  t.equal(refused.headers.get('access-control-allow-origin'), 'https://a.example.com', 'the page can read why')
  t.equal((await api.send({ url: '/nothing' })).status, 404, 'what is not there is still not there')
  t.equal((await api.send({ method: 'DELETE', url: '/jobs' })).status, 405)
  t.equal((await api.app.inject({ method: 'OPTIONS', url: '/jobs' })).statusCode, 204)
})

t.test('503 while the process has more to do than it can, but of probes', async t => {
  const build = async (settings: object, sampleMs = 10) => {
    const app = await buildApp(t)
    app.decorate('config', { maxEventLoopDelayMs: 0, maxHeapPercent: 0, ...settings } as never)
    await app.register(pressure, { sampleMs })
    app.get('/open', { config: { access: 'open' } }, async () => 'x')
    app.get('/metrics', { config: { access: { scope: 'read' } } }, async () => 'x')
    app.get('/guarded', { config: { access: { scope: 'read' } } }, async () => 'x')
    return app
  }
  const full = await build({ maxHeapPercent: 1 })
  const held = Buffer.alloc(1) && Array.from({ length: 3_000_000 }, (_, i) => ({ i }))
  const answer = await until(async () => {
    const answer = await full.inject('/guarded')
    return answer.statusCode === 503 && answer
  })
  t.match(answer.json(), { type: 'urn:bellhop:problem:unavailable', detail: 'The server has more to do than it can: try again shortly' })
  t.equal(answer.headers['retry-after'], '1')
  for (const path of ['/open', '/metrics']) t.equal((await full.inject(path)).statusCode, 200, path)
  t.equal(held.length, 3_000_000)

  const late = await build({ maxEventLoopDelayMs: 100 }, 1000)
  const blocked = setInterval(() => { for (const end = performance.now() + 300; performance.now() < end;); }, 1)
  t.teardown(() => clearInterval(blocked))
  await until(async () => (await late.inject('/guarded')).statusCode === 503)
  t.equal((await late.inject('/open')).statusCode, 200)
  clearInterval(blocked)
  await until(async () => (await late.inject('/guarded')).statusCode === 200)

  const off = await build({})
  t.equal((await off.inject('/guarded')).statusCode, 200)
})

t.test('the log: who asked, and what an administrator did; never a secret', async t => {
  const service = await startProcess(t, 'src/server.ts', { ...server.env, PORT: '0', API_KEYS, LOG_LEVEL: 'trace' })
  const ask = async (method: string, path: string, headers: Record<string, string>, body?: string) =>
    (await fetch(service.address + path, { method, headers: { ...headers, ...(body && { 'content-type': 'application/json' }) }, ...(body && { body }) })).status
  await queue.submit({ task: 'x', queue: 'mail', tags: ['old'] })
  t.equal(await ask('GET', '/jobs', bearer(two)), 200)
  t.equal(await ask('GET', `/jobs?token=${one.token}`, bearer(one)), 400)
  t.equal(await ask('POST', '/queues/mail/pause', bearer(one)), 200)
  t.equal(await ask('POST', '/queues/mail/pause', bearer(two)), 403)
  t.equal(await ask('POST', '/queues/mail/pause', {}), 401)
  t.equal(await ask('POST', '/jobs/actions', bearer(one), '{"action":"cancel","filter":{"tag":"old"}}'), 200)
  t.equal(await ask('POST', '/jobs', bearer(one), '{"task":"x"}'), 201)
  t.equal(await ask('GET', '/queues/mail', bearer(one)), 200)
  t.equal(await ask('GET', '/webhooks?limit=5', bearer(one)), 200)
  t.equal(await ask('HEAD', '/webhooks', bearer(two)), 403)

  const requests = await until(async () => {
    const requests = service.logs.filter(({ msg }) => msg === 'Request')
    return requests.length === 10 && requests
  })
  t.same(requests.map(({ client }) => client), ['two', 'one', 'one', 'two', undefined, 'one', 'one', 'one', 'one', 'two'])
  const audited = service.logs.filter(({ audit }) => audit === true)
  t.match(audited, [
    { msg: 'Audit', client: 'one', address: '127.0.0.1', operation: 'pauseQueue', path: '/queues/mail/pause', outcome: 'done', status_code: 200 },
    { client: 'two', operation: 'pauseQueue', outcome: 'refused', status_code: 403 },
    { client: 'anonymous', operation: 'pauseQueue', outcome: 'refused', status_code: 401 },
    { client: 'one', operation: 'actOnJobs', path: '/jobs/actions', action: 'cancel', filter: { tag: 'old' }, changed: 1, outcome: 'done' },
    { client: 'one', operation: 'listWebhooks', path: '/webhooks', outcome: 'done', status_code: 200 },
    { client: 'two', operation: 'listWebhooks', path: '/webhooks', outcome: 'refused', status_code: 403 }
  ])
  t.equal(audited.length, 6, 'what is not an administrator\'s is not audited')
  for (const { token, entry } of [one, two]) {
    for (const secret of [token.slice(-43), entry.split(':')[1]!]) t.notOk(service.output().includes(secret), 'neither a secret nor a hash')
  }
})

t.test('a worker\'s own port: health for all, metrics with a key', async t => {
  const worker = await startProcess(t, 'worker/main.ts', { ...server.env, WORKER_PORT: '0', API_KEYS })
  const status = async (path: string, headers = {}) => (await fetch(worker.address + path, { headers })).status
  t.same([await status('/health'), await status('/metrics'), await status('/metrics', bearer(two))], [200, 401, 200])
})
