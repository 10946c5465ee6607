import { Writable } from 'node:stream'
import { test } from 'tap'
import { Problem } from '../../src/problems.ts'
import { buildApp, buildEcho, JSON_TYPE, post } from './helper.ts'

const PROBLEM_TYPE = /^application\/problem\+json/

test('a thrown problem is answered as it is', async t => {
  const app = await buildApp(t)
  app.get('/conflict', async () => { throw new Problem('conflict', 'The lease is stale', { errors: [{ path: '/token', message: 'is stale' }] }) })
  const response = await app.inject('/conflict')
  t.equal(response.statusCode, 409)
  t.match(response.headers['content-type'], PROBLEM_TYPE)
  t.same(response.json(), {
    type: 'urn:bellhop:problem:conflict', title: 'Conflict', status: 409, detail: 'The lease is stale', errors: [{ path: '/token', message: 'is stale' }]
  })
})

test('a failure shows nothing, and is logged with the id that it shows', async t => {
  const lines: string[] = []
  const stream = new Writable({ write (chunk, _encoding, done) { lines.push(String(chunk)); done() } })
  const app = await buildApp(t, { logger: { level: 'warn', stream } })
  const secret = 'redis://:hunter2@10.0.0.1'
  app.get('/throws', async () => { throw new Error(secret) })
  app.get('/throws-5xx', async () => { throw Object.assign(new Error(secret), { statusCode: 502 }) })
  app.get('/throws-no-error', async () => { throw secret })
  app.get('/throws-undefined', async () => { throw undefined }) // eslint-disable-line no-throw-literal
  app.get('/unserialisable', async () => ({ secret, n: 1n }))
  app.get('/throws-in-submit', { config: { errors: 'submit' } }, async () => { throw secret })
  const submit = await app.inject('/throws-in-submit')
  t.equal(submit.statusCode, 500)
  t.match(submit.json(), { error: /^The server failed/ })
  for (const url of ['/throws', '/throws-5xx', '/throws-no-error', '/throws-undefined', '/unserialisable']) {
    lines.length = 0
    const response = await app.inject({ url, headers: { 'x-request-id': 'abc-1' } })
    t.equal(response.statusCode, 500, url)
    t.match(response.headers['content-type'], PROBLEM_TYPE)
    t.match(response.json(), { type: 'urn:bellhop:problem:internal', title: 'Internal error', detail: /request id abc-1$/ })
    t.notMatch(response.body, /hunter2|stack/)
    const logged = JSON.parse(lines.at(-1)!)
    t.match(logged, { level: 50, reqId: 'abc-1' })
  }
  await app.inject('/throws')
  t.match(JSON.parse(lines.at(-1)!), { err: { message: secret, stack: /errors\.test/ } }, 'the log has it all')
})

test('a queue that cannot be reached is a 503 with Retry-After', async t => {
  const app = await buildApp(t)
  const away = (retryAfterSeconds?: number) => Object.assign(new Error('ECONNREFUSED 10.0.0.1:6379'), { name: 'QueueUnavailableError', retryAfterSeconds })
  app.get('/', async () => { throw away() })
  app.get('/longer', async () => { throw away(7) })
  app.get('/problem', async () => { throw new Problem('unavailable', 'Redis is full') })
  app.post('/submit', { config: { errors: 'submit' } }, async () => { throw away() })
  const response = await app.inject('/')
  t.equal(response.statusCode, 503)
  t.equal(response.headers['retry-after'], '1')
  t.notMatch(response.body, /6379/)
  t.equal((await app.inject('/longer')).headers['retry-after'], '7')
  t.equal((await app.inject('/problem')).headers['retry-after'], '1')
  const submit = await post(app, '/submit', '{}')
  t.equal(submit.statusCode, 503)
  t.equal(submit.headers['retry-after'], '1')
  t.match(submit.json(), { error: /try again/ })
})

test('an unknown path is 404, whatever is sent to it', async t => {
  const app = await buildEcho(t)
  for (const request of [
    { url: '/nope' }, { url: '/itemsx' }, { url: '/items/' }, { method: 'OPTIONS', url: '/nope' },
    { method: 'POST', url: '/nope', headers: JSON_TYPE, payload: '{' }, { method: 'PUT', url: '/nope', headers: { 'content-type': 'text/plain' }, payload: 'x' }
  ] as const) {
    const response = await app.inject(request)
    t.equal(response.statusCode, 404, JSON.stringify(request))
    t.match(response.headers['content-type'], PROBLEM_TYPE)
    t.match(response.json(), { type: 'urn:bellhop:problem:not-found', status: 404 })
  }
})

test('a known path with another method is 405 and says which there are', async t => {
  const app = await buildEcho(t)
  app.get('/items/:id', async () => ({}))
  app.delete('/items/:id', async () => ({}))
  for (const [method, url, allow] of [
    ['GET', '/items', 'POST, OPTIONS'], ['PUT', '/items?x=1', 'POST, OPTIONS'], ['GET', '/submit', 'POST, OPTIONS'],
    ['POST', '/items/5', 'DELETE, GET, HEAD, OPTIONS']
  ] as const) {
    const response = await app.inject({ method, url })
    t.equal(response.statusCode, 405, `${method} ${url}`)
    t.equal(response.headers.allow, allow)
    t.match(response.json(), { type: 'urn:bellhop:problem:method-not-allowed', detail: `This path takes ${allow}, not ${method}` })
  }
  const options = await app.inject({ method: 'OPTIONS', url: '/items/5' })
  t.equal(options.statusCode, 204)
  t.equal(options.headers.allow, 'DELETE, GET, HEAD, OPTIONS')
  const head = await app.inject({ method: 'HEAD', url: '/items/5' })
  t.equal(head.statusCode, 200)
  t.equal((await app.inject({ method: 'HEAD', url: '/items' })).statusCode, 405)
})

test('a path that cannot be read is 400', async t => {
  const app = await buildEcho(t)
  app.get('/items/:id', async () => ({}))
  for (const url of ['/items/%zz', '/items/%ff', '/%', `/items/${'x'.repeat(300)}`]) {
    const response = await app.inject(url)
    t.equal(response.statusCode, 400, url)
    t.match(response.headers['content-type'], PROBLEM_TYPE)
    t.match(response.json(), { type: 'urn:bellhop:problem:malformed' })
  }
})

test('/submit answers all its errors in its own form', async t => {
  const app = await buildEcho(t)
  const missing = { error: "Missing 'task' field" }
  for (const body of ['', '{}', '[]', '[1]', '"task"', 'null', '5', 'true', '{"input":1}', '{"Task":"a","max_attempts":1000}']) {
    const response = await post(app, '/submit', body)
    t.equal(response.statusCode, 400, body)
    t.match(response.headers['content-type'], /^application\/json/)
    t.same(response.json(), missing, body)
  }
  t.same((await app.inject({ method: 'POST', url: '/submit' })).json(), missing, 'no body, no type')
  t.same((await post(app, '/submit', '', { 'content-type': 'application/x-www-form-urlencoded' })).json(), missing, 'no body, another type')

  for (const [body, status, error] of [
    ['{"task":"a","max_attempts":101}', 400, 'max_attempts must be <= 100'],
    ['{"task":""}', 400, 'task must have at least 1 character'],
    ['{"task":null}', 400, 'task must be a string'],
    ['{"task":"a","priority":"urgent","foo":1}', 400, 'foo is not a known field; priority must be one of high, normal, low'],
    ['{"task":"a","backoff":{"type":1}}', 400, 'backoff.type must be a string'],
    ['{"task":', 400, 'The body is not valid JSON: Unexpected end of JSON input'],
    [' '.repeat(1024 * 1024 + 1), 413, 'The body is larger than 1048576 bytes']
  ] as const) {
    const response = await post(app, '/submit', body)
    t.equal(response.statusCode, status)
    t.match(response.headers['content-type'], /^application\/json/)
    t.same(response.json(), { error })
  }
  t.equal((await post(app, '/submit', 'task=a', { 'content-type': 'application/x-www-form-urlencoded' })).statusCode, 415)
  t.equal((await post(app, '/submit', '{"task":"a"}')).statusCode, 202)
})
