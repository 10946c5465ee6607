import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import t from 'tap'
import { newKey } from '../../src/auth/keys.ts'
import { operations } from '../contract/contract.ts'
import { startApi } from '../helper/api.ts'
import { startEngine } from '../helper/engine.ts'
import { startProcess } from '../helper/service.ts'

// What pages of other sites could make a browser do here.

const UNKNOWN = '01940b6e-5c1f-7a3d-9c0e-3f5a7b2d4e61'
const OTHER_SITE = { type: 'urn:bellhop:problem:forbidden', title: 'This is not allowed', detail: 'A page of another site sent this: CORS_ORIGINS names those that may' }
const { server, redis, key } = await startEngine(t)
const api = await startApi(t, server)

const changing = operations.filter(({ method }) => method !== 'GET')
const url = (path: string) => path.replace('{id}', UNKNOWN).replace(/\{\w+\}/g, 'default')
/** What browsers say of who asks. */
const pages = {
  'another site': { host: 'localhost:3000', origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
  'another port': { host: 'localhost:3000', origin: 'http://localhost:8080', 'sec-fetch-site': 'same-site' },
  'nobody, in a frame': { host: 'localhost:3000', origin: 'null', 'sec-fetch-site': 'cross-site' },
  'another site, in an old browser or without TLS': { host: '192.0.2.1:3000', origin: 'http://evil.example' },
  'another port, likewise': { host: '192.0.2.1:3000', origin: 'http://192.0.2.1' },
  'another site, without its origin': { host: 'localhost:3000', 'sec-fetch-site': 'cross-site' }
}

for (const { operationId, method, path } of changing) {
  t.test(`${operationId} is not for the pages of others`, async t => {
    for (const [page, headers] of Object.entries(pages)) {
      const answer = await api.send({ method: method as 'POST', url: url(path), headers: { ...headers, 'content-type': 'text/plain' } })
      t.equal(answer.status, 403, page)
      if (path === '/submit') t.same(await answer.json(), { error: OTHER_SITE.detail }, page)
      else t.match(await answer.json(), OTHER_SITE, page)
    }
  })
}

t.test('nothing came of all that', async t => {
  t.ok(changing.length > 15)
  t.same(await redis.keys(key('*')), [])
})

t.test('our own page, other programs, and sites that may', async t => {
  const purge = async (headers: Record<string, string>, { send } = api) => (await send({ method: 'POST', url: '/queues/mail/pause', headers })).status
  t.equal(await purge({}), 200, 'no browser')
  t.equal(await purge({ host: 'localhost:3000', origin: 'http://localhost:3000', 'sec-fetch-site': 'same-origin' }), 200, '/docs')
  t.equal(await purge({ host: '192.0.2.1:3000', origin: 'http://192.0.2.1:3000' }), 200, '/docs from elsewhere')
  t.equal(await purge({ host: '127.0.0.1:3000', origin: 'https://bellhop.example', 'sec-fetch-site': 'same-origin' }), 200, '/docs behind a proxy with a name of its own')
  const named = await startApi(t, server, { CORS_ORIGINS: 'https://a.example' })
  t.equal(await purge({ origin: 'https://a.example', 'sec-fetch-site': 'cross-site' }, named), 200)
  t.equal(await purge({ origin: 'https://b.example', 'sec-fetch-site': 'cross-site' }, named), 403)
  t.equal(await purge({ 'sec-fetch-site': 'cross-site' }, named), 403)
  const all = await startApi(t, server, { CORS_ORIGINS: '*' })
  t.equal(await purge({ origin: 'https://b.example', 'sec-fetch-site': 'cross-site' }, all), 200)
  const proxied = await startApi(t, server, { TRUST_PROXY: '127.0.0.1' })
  t.equal(await purge({ origin: 'https://bellhop.example', 'x-forwarded-host': 'bellhop.example' }, proxied), 200)
  t.equal(await purge({ origin: 'https://bellhop.example', 'x-forwarded-host': 'bellhop.example' }), 403, 'nobody else says which host that was')

  const { token, entry } = newKey({ scopes: ['admin'] })
  const guarded = await startApi(t, server, { API_KEYS: entry })
  const authorization = `Bearer ${token}`
  t.equal(await purge({ authorization, origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }, guarded), 403, 'with a key that somebody gave it, too')
  t.equal((await api.send({ url: '/queues', headers: { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' } })).headers.get('access-control-allow-origin'), null, 'reading changes nothing, and the browser keeps the answer to itself')
  t.equal((await api.send({ method: 'POST', url: '/nothing', headers: pages['another site'] })).status, 404)
})

t.test('a name that another site has made to mean this host', async t => {
  const ask = async (host: string, url = '/jobs', { send } = api) => (await send({ url, headers: { host } })).status
  for (const host of ['rebind.evil.example', 'rebind.evil.example:3000', 'localhost.evil.example', '127.0.0.1.evil.example', 'api', '[::1].evil.example', '@localhost', 'evil.example:80:3000']) {
    t.equal(await ask(host), 403, host)
    t.equal((await api.send({ method: 'POST', url: '/submit', payload: { task: 'x' }, headers: { host } })).status, 403, host)
  }
  t.match(await (await api.send({ url: '/jobs', headers: { host: 'x' } })).json(), { title: 'This is not allowed', detail: /ALLOWED_HOSTS/ })
  t.match(await (await api.post('/submit', '{"task":"x"}', { host: 'x', 'content-type': 'application/json' })).json(), { error: /ALLOWED_HOSTS/ })
  for (const host of ['localhost', 'LocalHost:3000', '127.0.0.1', '127.0.0.1:3000', '192.0.2.7:8080', '[::1]', '[::1]:3000', '[2001:db8::1]:3000']) t.equal(await ask(host), 200, host)
  for (const url of ['/health', '/health/live', '/health/ready', '/docs', '/openapi.json']) t.equal(await ask('probe.example', url), 200, url)

  const named = await startApi(t, server, { ALLOWED_HOSTS: 'api, Jobs.internal', HOST: 'bellhop.internal', ALLOW_ANONYMOUS: 'true' })
  for (const host of ['api:3000', 'jobs.internal', 'bellhop.internal:3000', 'localhost']) t.equal(await ask(host, '/jobs', named), 200, host)
  t.equal(await ask('x.jobs.internal', '/jobs', named), 403)
  t.equal(await ask('any.example', '/jobs', await startApi(t, server, { ALLOWED_HOSTS: '*' })), 200)
  t.equal(await ask('any.example', '/jobs', await startApi(t, server, { API_KEYS: newKey({ scopes: ['read'] }).entry })), 401, 'with keys the name is no matter')
  const forwarded = await startApi(t, server, { TRUST_PROXY: '127.0.0.1' })
  t.equal((await forwarded.send({ url: '/jobs', headers: { host: 'rebind.evil.example', 'x-forwarded-host': 'localhost' } })).status, 403, 'a page could send that')
})

t.test('the port of a worker is as careful', async t => {
  const worker = await startProcess(t, 'worker/main.ts', { ...server.env, WORKER_PORT: '0' })
  const { port } = new URL(worker.address)
  const status = async (path: string, host: string) => {
    const socket = connect(Number(port), '127.0.0.1')
    socket.write(`GET ${path} HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\n\r\n`)
    return Number((await text(socket)).slice(9, 12))
  }
  t.same([await status('/metrics', `localhost:${port}`), await status('/metrics', 'rebind.evil.example'), await status('/health', 'worker')], [200, 403, 200])
})
