import { test } from 'tap'
import { buildEcho, exchange, listen, post } from './helper.ts'

const VALID = '{"task":"a"}'
const INVALID = '{"task":"a","max_attempts":1000,"zz":1}'

test('every spelling of the JSON type is read and validated', async t => {
  const app = await buildEcho(t)
  for (const type of [
    'application/json', 'application/json; charset=utf-8', ' application/json', 'application/json;', 'application/JSON', 'Application/Json ;charset=UTF-8',
    'application/json\t', '\tapplication/json', 'application/json\t;charset=utf-8', 'application/json; charset="utf-8"; x=y', 'application/json;;', 'application/json;a'
  ]) {
    t.equal((await post(app, '/items', VALID, { 'content-type': type })).statusCode, 201, JSON.stringify(type))
    t.match((await post(app, '/items', INVALID, { 'content-type': type })).json(), { status: 400, errors: [{ path: '/zz' }, { path: '/max_attempts' }] }, JSON.stringify(type))
  }
})

test('every other type is refused before the handler', async t => {
  const app = await buildEcho(t)
  for (const type of [
    'text/plain', 'text/json', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/jsonx', 'application/problem+json',
    'application/json-patch+json', 'application/json,text/plain', 'application /json', 'application/ json', 'json', '*/*', '*', '/', ';', 'undefined', 'application/json x'
  ]) {
    for (const body of [VALID, INVALID]) {
      const response = await post(app, '/items', body, { 'content-type': type })
      t.equal(response.statusCode, 415, JSON.stringify(type))
      t.match(response.json(), { type: 'urn:bellhop:problem:unsupported-media-type', detail: /application\/json/ })
    }
  }
  t.equal((await post(app, '/items', VALID, {})).statusCode, 415, 'no type')
})

test('a body that is compressed is refused', async t => {
  const app = await buildEcho(t)
  for (const encoding of ['gzip', 'br', 'zstd', 'gzip, gzip']) {
    const response = await post(app, '/items', VALID, { 'content-type': 'application/json', 'content-encoding': encoding })
    t.equal(response.statusCode, 415, encoding)
    t.match(response.json(), { detail: /must not be compressed/ })
  }
  t.equal((await post(app, '/items', VALID, { 'content-type': 'application/json', 'content-encoding': 'identity' })).statusCode, 201)
})

test('the same over a socket, where no client tidies the header', async t => {
  const app = await buildEcho(t)
  const port = await listen(app)
  const send = async (header: string, body = INVALID) => {
    const answer = await exchange(port, `POST /items HTTP/1.1\r\nhost: x\r\nconnection: close\r\n${header}content-length: ${body.length}\r\n\r\n${body}`)
    return Number(answer.slice(9, 12))
  }
  t.equal(await send('content-type: application/json\r\n', VALID), 201)
  t.equal(await send('content-type:\tapplication/json\t\r\n', VALID), 201)
  t.equal(await send('content-type: application/json\r\n'), 400)
  t.equal(await send('content-type:\tapplication/json\t\r\n'), 400)
  t.equal(await send('content-type: application/json\r\ncontent-type: text/plain\r\n'), 400, 'the first of two counts')
  t.equal(await send('content-type: text/plain\r\ncontent-type: application/json\r\n'), 415)
  t.equal(await send('content-type: application/json\u00a0\r\n'), 415)
  t.equal(await send('content-type: \r\n'), 415)
  t.equal(await send(''), 415)
})
