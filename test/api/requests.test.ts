import type { InjectOptions } from 'fastify'
import t from 'tap'
import { contract, operations } from '../contract/contract.ts'
import { startApi } from '../helper/api.ts'
import { startEngine } from '../helper/engine.ts'

const { server, redis, queue } = await startEngine(t)
const { send, post } = await startApi(t, server)

const MIB = 1024 * 1024
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const
const ID = '01940b6e-5c1f-7a3d-9c0e-3f5a7b2d4e61'
const urlOf = (path: string) => path.replace('{id}', ID).replace('{queue}', 'default')
const withBody = operations.filter(({ value, method }) => value.requestBody && method === 'POST').map(({ path }) => urlOf(path))

t.test('every path: other methods are 405, and told which there are', async t => {
  for (const [path, item] of Object.entries<object>(contract.paths)) {
    // A path such as /jobs/bulk is one of /jobs/{id} too.
    const alike = Object.entries<object>(contract.paths).filter(([other]) => new RegExp(`^${other.replaceAll(/{\w+}/g, '[^/]+')}$`).test(path))
    const has = [...new Set([item, ...alike.map(([, other]) => other)].flatMap(one => Object.keys(one)))].map(method => method.toUpperCase())
    const allow = [...has, ...(has.includes('GET') ? ['HEAD'] : []), 'OPTIONS']
    const url = urlOf(path)
    for (const method of METHODS.filter(method => !allow.includes(method))) {
      const response = await send({ method, url })
      t.equal(response.status, 405, `${method} ${url}`)
      t.same(response.headers.get('allow')!.split(', ').sort(), allow.sort())
      if (method !== 'HEAD') t.match(await response.json(), { type: 'urn:bellhop:problem:method-not-allowed', status: 405 })
    }
    const options = await send({ method: 'OPTIONS', url })
    t.equal(options.status, 204)
    t.same(options.headers.get('allow')!.split(', ').sort(), allow.sort())
  }
})

t.test('every path that takes GET takes HEAD, with the same headers and no body', async t => {
  const { id } = await queue.submit({ task: 'x' })
  // A stream has no end that could be waited for.
  const isStream = ({ value }: typeof operations[number]) => value.responses[200].content['text/event-stream'] !== undefined
  for (const { path } of operations.filter(operation => operation.method === 'GET' && !isStream(operation))) {
    const url = path.replace('{id}', id).replace('{queue}', 'default')
    const [get, head] = [await send({ url }), await send({ method: 'HEAD', url })]
    t.equal(head.status, get.status, url)
    t.equal(head.headers.get('content-type'), get.headers.get('content-type'))
  }
})

t.test('paths that are not there', async t => {
  for (const url of ['/', '/nope', '/submit/', '/Submit', `/jobs/${ID}/`, `/jobs/${ID}/x`, '/queues/default/', '/queues/default/nope', '/health/', '/health/x', '//submit', '/v1/jobs', '/.env', '/openapi.yml']) {
    const response = await send({ url })
    t.equal(response.status, 404, url)
    t.equal(response.headers.get('content-type')?.split(';')[0], 'application/problem+json')
  }
  for (const url of ['/jobs/', '/queues/', '/queues//dlq']) t.match(await (await send({ url })).json(), { status: 400, errors: [{ path: /^\/path\/(id|queue)$/ }] }, 'a part of the path is empty')
  t.equal((await post('/nope', '{')).status, 404, 'whatever the body')
  for (const url of ['/jobs/%zz', '/jobs/%ff', '/queues/%c0%ae', `/queues/${'a'.repeat(300)}`]) t.equal((await send({ url })).status, 400, url)
})

t.test('a query that is not known', async t => {
  for (const url of ['/queues?page=2', '/workers?limit=', '/workers?limit=1&limit=2', '/workers?cursor=', `/workers?cursor=${'x'.repeat(257)}`, '/queues/default/dlq?limit=1e2x', '/queues/default/dlq?offset=1']) {
    const response = await send({ url })
    t.equal(response.status, 400, url)
    t.match(await response.json(), { type: 'urn:bellhop:problem:validation', errors: [{ path: /^\/query\/\w+/ }] }, url)
  }
})

t.test('1 MiB is taken, one byte more is not', async t => {
  const sized = (size: number) => {
    const [start, end] = ['{"task":"x","input":"', '"}']
    return start + 'x'.repeat(size - start.length - end.length) + end
  }
  for (const [url, status] of [['/submit', 202], ['/jobs', 201]] as const) {
    t.equal((await post(url, sized(MIB))).status, status)
    t.equal((await post(url, sized(MIB + 1))).status, 413)
    t.equal((await post(url, `{"task":"x"}${' '.repeat(MIB)}`)).status, 413, 'spaces count')
    // 'é' has two bytes: it is they that count.
    t.equal((await post(url, `{"task":"x","input":"${'é'.repeat(MIB / 2)}"}`)).status, 413)
  }
  t.equal(await redis.llen('job_queue'), 2)
})

t.test('64 levels are taken, 65 are not', async t => {
  const deep = (levels: number, open = '[', close = ']') => `{"task":"x","input":${open.repeat(levels - 1)}${close.repeat(levels - 1)}}`
  const objects = (levels: number) => `{"task":"x","input":${'{"a":'.repeat(levels - 1)}1${'}'.repeat(levels - 1)}}`
  for (const [url, status] of [['/submit', 202], ['/jobs', 201]] as const) {
    for (const body of [deep(64), objects(64), `{"task":"x","input":"${'['.repeat(100)}"}`]) t.equal((await post(url, body)).status, status)
    for (const body of [deep(65), objects(65), deep(500_000), '['.repeat(MIB), '{"a":'.repeat(100_000)]) t.equal((await post(url, body)).status, 400)
  }
  t.match(await (await post('/jobs', deep(65))).json(), { type: 'urn:bellhop:problem:malformed', detail: /deeper than 64 levels/ })
  t.match(await (await post('/submit', deep(65))).json(), { error: /deeper than 64 levels/ })
})

t.test('what is not JSON', async t => {
  const notJson = ['{', '{"task":"x"', '{"task":"x",}', "{'task':'x'}", '{"task":"x"}}', '{"task":"x"} {}', 'task', 'NaN', '{"task":"\n"}', '{"task":"x","input":01}', '{"task":"x","input":1.}', '{"task":"x","input":"\\x"}', '\0']
  const bytes = [Buffer.from('{"task":"\xff"}', 'latin1'), Buffer.from('{"task":"\xed\xa0\x80"}', 'latin1'), Buffer.from('{"task":"x"}', 'utf16le')]
  for (const url of withBody) {
    for (const body of [...notJson, ...bytes]) {
      const response = await post(url, body)
      t.equal(response.status, 400, `${url} ${body}`)
      const { type, error } = await response.json() as { type?: string, error?: string }
      t.ok(type === 'urn:bellhop:problem:malformed' || /^The body /.test(error!), `${url} ${body}: ${type} ${error}`)
    }
  }
  t.equal((await post('/jobs', '\ufeff{"task":"x"}')).status, 201, 'a byte order mark is no fault')
})

t.test('keys that poison are refused at any depth, however they are written', async t => {
  for (const poison of ['{"__proto__":1}', '[{"a":{"__proto__":null}}]', '{"\\u005f_proto__":1}', '{"constructor":{"prototype":1}}']) {
    for (const url of ['/submit', '/jobs']) t.equal((await post(url, `{"task":"x","input":${poison}}`)).status, 400, poison)
  }
  t.equal((await post('/jobs', '{"task":"x","__proto__":{}}')).status, 400)
  t.equal((await post('/jobs', '{"task":"x","input":["__proto__",{"constructor":1}]}')).status, 201)
})

t.test('what is not sent as JSON', async t => {
  for (const url of withBody) {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/xml', 'text/json', 'application/json, text/plain']) {
      const response = await post(url, '{"task":"x"}', { 'content-type': type })
      t.equal(response.status, 415, `${url} ${type}`)
      t.match(await response.text(), /application\/json/)
    }
    t.equal((await post(url, '{"task":"x"}', {})).status, 415, 'no type')
  }
  for (const type of ['application/json; charset=utf-8', 'Application/JSON']) t.equal((await post('/jobs', '{"task":"x"}', { 'content-type': type })).status, 201)
})

t.test('redrive takes no body, an empty one, or none of any type', async t => {
  const url = '/queues/default/dlq/redrive'
  for (const request of [{}, { headers: { 'content-type': 'application/json' } }, { headers: { 'content-type': 'application/json' }, payload: '{}' }, { headers: { 'content-type': 'text/plain' } }] as InjectOptions[]) {
    t.same(await (await send({ method: 'POST', url, ...request })).json(), { redriven: 0, remaining: 0, not_found: [] })
  }
  for (const body of ['[]', 'null', '"x"']) t.equal((await post(url, body)).status, 400, body)
})
