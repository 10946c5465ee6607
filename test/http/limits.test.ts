import { once } from 'node:events'
import { connect } from 'node:net'
import { test } from 'tap'
import { serverOptions } from '../../plugins/limits.ts'
import { buildApp, buildEcho, exchange, listen } from './helper.ts'

const MIB = 1024 * 1024

function problemOf (answer: string) {
  const [head, body] = answer.split('\r\n\r\n') as [string, string]
  return { status: Number(head.slice(9, 12)), head: head.toLowerCase(), problem: JSON.parse(body) }
}

test('headers of more than 16 KiB are refused', async t => {
  const port = await listen(await buildEcho(t))
  const { status, head, problem } = problemOf(await exchange(port, `GET / HTTP/1.1\r\nhost: x\r\nx-long: ${'a'.repeat(17 * 1024)}\r\n\r\n`))
  t.equal(status, 431)
  t.match(head, /content-type: application\/problem\+json/)
  t.match(problem, { type: 'urn:bellhop:problem:headers-too-large', status: 431 })
})

test('more than 100 headers are refused', async t => {
  const app = await buildApp(t)
  app.get('/', async () => 'ok')
  const port = await listen(app)
  const get = (headers: number) => exchange(port, `GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n${'a: b\r\n'.repeat(headers - 2)}\r\n`)
  t.match(await get(100), /^HTTP\/1.1 200 /)
  t.match(problemOf(await get(101)), { status: 431, problem: { detail: 'The request has more than 100 headers' } })
  t.match(await get(2500), /^HTTP\/1.1 431 /, 'more than Node hands on')
})

test('a body that does not arrive in time is refused, and so are headers', async t => {
  const app = await buildEcho(t, { requestTimeout: 300, http: { ...serverOptions.http, headersTimeout: 200, connectionsCheckingInterval: 50 } })
  const port = await listen(app)
  for (const part of [
    'POST /items HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{"task":',
    'POST /items HTTP/1.1\r\nhost: x\r\ncontent-ty'
  ]) {
    t.match(problemOf(await exchange(port, part)), {
      status: 408, head: /connection: close/, problem: { type: 'urn:bellhop:problem:timeout', title: 'The request took too long to arrive' }
    })
  }
})

test('exactly 1 MiB is accepted, one byte more is not, with and without a length', async t => {
  const app = await buildEcho(t)
  const port = await listen(app)
  const bodyOf = (size: number) => {
    const frame = '{"task":"a","input":""}'
    return frame.replace('""', `"${'x'.repeat(size - frame.length)}"`)
  }
  const head = 'POST /items HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: application/json\r\n'
  const withLength = (body: string) => exchange(port, `${head}content-length: ${body.length}\r\n\r\n${body}`)
  const chunked = (body: string) => {
    const half = body.length >> 1
    const chunks = [body.slice(0, half), body.slice(half)].map(chunk => `${chunk.length.toString(16)}\r\n${chunk}\r\n`)
    return exchange(port, `${head}transfer-encoding: chunked\r\n\r\n${chunks.join('')}0\r\n\r\n`)
  }
  for (const send of [withLength, chunked]) {
    const accepted = await send(bodyOf(MIB))
    t.match(accepted.slice(0, 20), /^HTTP\/1.1 201 /)
    t.ok(accepted.includes('x'.repeat(MIB - 30)))
    t.match(problemOf(await send(bodyOf(MIB + 1))), {
      status: 413, problem: { type: 'urn:bellhop:problem:payload-too-large', detail: 'The body is larger than 1048576 bytes' }
    })
  }
})

test('a body that is much too large is read before it is refused: who still sends when the connection is closed sees no answer', async t => {
  const port = await listen(await buildEcho(t))
  const socket = connect(port, '127.0.0.1')
  t.teardown(() => socket.destroy())
  let isSent = false
  const answer = once(socket, 'data').then(([data]) => ({ text: String(data), isSent }))
  socket.write(`POST /items HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: ${8 * MIB}\r\n\r\n`)
  for (let i = 0; i < 8; i++) await new Promise(resolve => socket.write('x'.repeat(MIB), resolve))
  isSent = true
  t.match(await answer, { text: /^HTTP\/1.1 413 /, isSent: true })
})

test('what is not HTTP gets a problem, too', async t => {
  const app = await buildEcho(t)
  const port = await listen(app)
  for (const junk of ['hello\r\n\r\n', 'GET / HTTP/9.9\r\n\r\n', 'FOO / HTTP/1.1\r\nhost: x\r\n\r\n', 'GET / HTTP/1.1\r\nhost: x\r\nbad header\r\n\r\n',
    'POST /items HTTP/1.1\r\nhost: x\r\ncontent-length: 3\r\ntransfer-encoding: chunked\r\n\r\n{}\r\n']) {
    t.match(problemOf(await exchange(port, junk)), { status: 400, problem: { type: 'urn:bellhop:problem:malformed', status: 400 } }, JSON.stringify(junk))
  }
})

test('junk during an answer does not get into it', async t => {
  const app = await buildApp(t)
  app.get('/', (_request, reply) => {
    reply.hijack()
    reply.raw.writeHead(200, { 'content-length': '4' })
    reply.raw.write('ab')
  })
  const answer = await exchange(await listen(app), 'GET / HTTP/1.1\r\nhost: x\r\n\r\n', (socket, received) => {
    if (received.endsWith('ab')) socket.write('junk\r\n\r\n')
  })
  t.match(answer, /\r\n\r\nab$/)
})

test('while closing, what runs is finished and what comes is refused', async t => {
  const app = await buildApp(t)
  let closed: Promise<void> | undefined
  const isClosing = new Promise<void>(resolve => app.addHook('preClose', async () => resolve()))
  const secondArrived = new Promise<void>(resolve => app.server.on('request', ({ url }) => { if (url === '/') resolve() }))
  app.get('/', async () => 'ok')
  app.get('/slow', async (_request, reply) => {
    closed = app.close()
    await isClosing
    reply.raw.writeProcessing()
    await secondArrived
    return 'done'
  })
  const answer = await exchange(await listen(app), 'GET /slow HTTP/1.1\r\nhost: x\r\n\r\n', (socket, received) => {
    if (received.endsWith('102 Processing\r\n\r\n')) socket.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n')
  })
  await closed
  t.match(answer, /HTTP\/1.1 200 [^]*\r\n\r\ndone/)
  t.match(problemOf(answer.slice(answer.indexOf('HTTP/1.1 503'))), {
    status: 503, head: /retry-after: 1\r\n/, problem: { type: 'urn:bellhop:problem:unavailable', detail: 'The server is shutting down: try again' }
  })
})

test('a request id is taken from the caller only if it is harmless', async t => {
  const app = await buildApp(t)
  app.get('/', async request => request.id)
  const idFor = async (id: string) => (await app.inject({ url: '/', headers: { 'x-request-id': id } })).body
  t.equal(await idFor('trace-1.a_B'), 'trace-1.a_B')
  const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4/
  for (const id of ['', 'a b', 'a\tb', '"x"', 'x'.repeat(65), 'é']) t.match(await idFor(id), uuid)
  t.not((await app.inject('/')).body, (await app.inject('/')).body)
})
