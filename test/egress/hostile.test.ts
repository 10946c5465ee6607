import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createServer as createTcpServer } from 'node:net'
import t from 'tap'
import { parseNetworks } from '../../src/egress/address.ts'
import { Egress, ForbiddenAddressError } from '../../src/egress/egress.ts'
import type { Resolve } from '../../src/egress/egress.ts'
import { until } from '../helper/engine.ts'

// Nothing that a client can write down makes a connection to what is not public. A listener on this host counts the connections.

let connections = 0
const listen = async (host: string): Promise<number> => {
  const server = createTcpServer(socket => {
    connections++
    socket.destroy()
  })
  await new Promise<void>(resolve => { server.listen(0, host, resolve) })
  t.teardown(() => new Promise<void>(resolve => { server.close(() => resolve()) }))
  return (server.address() as AddressInfo).port
}
// On all addresses of this host, of both families.
const port = await listen('::')
const own = `:${port}/hook`

const names: Record<string, string[]> = {
  'rebound.example.com': ['127.0.0.1'],
  'mixed.example.com': ['93.184.215.14', '127.0.0.1'],
  'six.example.com': ['::1'],
  'mapped.example.com': ['::ffff:127.0.0.1'],
  'metadata.example.com': ['169.254.169.254'],
  'nat64.example.com': ['64:ff9b::7f00:1'],
  'empty.example.com': [],
  // As the resolvers of the system have it.
  'zone.example.com': ['fe80::1%lo']
}
const asked: string[] = []
const resolve: Resolve = (host, _options, done) => {
  asked.push(host)
  const addresses = names[host.replace(/\.$/, '')]
  if (!addresses) return done(Object.assign(new Error(`getaddrinfo ENOTFOUND ${host}`), { code: 'ENOTFOUND' }), [])
  done(null, addresses.map(address => ({ address, family: address.includes(':') ? 6 : 4 })))
}
const egress = new Egress({ resolve, timeout_ms: 5000 })
t.teardown(() => egress.close())

const hostile = [
  // this host, as it can be written
  `http://127.0.0.1${own}`, `http://127.1${own}`, `http://127.0.1${own}`, `http://2130706433${own}`, `http://0x7f000001${own}`, `http://0x7f.0.0.1${own}`,
  `http://0177.0.0.1${own}`, `http://0177.0x0.0.1${own}`, `http://017700000001${own}`, `http://127.0.0.1.${own}`, `http://①②⑦.⓪.⓪.①${own}`, `http://127。0。0。1${own}`,
  `http://%31%32%37.0.0.1${own}`, `http://127.255.255.254${own}`, `http://0.0.0.0${own}`, `http://0${own}`, `http://00${own}`, `http://localhost${own}`, `http://LOCALHOST${own}`,
  `http://localhost.${own}`, `http://foo.localhost${own}`, `http://ⓛocalhost${own}`, `http://localhost.localdomain${own}`,
  `http://[::1]${own}`, `http://[0:0:0:0:0:0:0:1]${own}`, `http://[::]${own}`, `http://[::ffff:127.0.0.1]${own}`, `http://[::ffff:7f00:1]${own}`, `http://[::127.0.0.1]${own}`,
  `http://[64:ff9b::127.0.0.1]${own}`, `http://[64:ff9b:1::7f00:1]${own}`, `http://[2002:7f00:1::]${own}`, `http://[2001:0:7f00:1::1]${own}`, `http://[::ffff:0:127.0.0.1]${own}`, `http://[fe80::1%25lo]${own}`,
  // this network, and others that are nobody's business
  'http://10.0.0.1/', 'http://172.16.0.1/', 'http://172.31.255.255/', 'http://192.168.1.1/', 'http://100.64.0.1/', 'http://169.254.169.254/latest/meta-data/', 'http://[fd00:ec2::254]/latest/',
  'http://2852039166/', 'http://[::ffff:169.254.169.254]/', 'http://192.0.0.192/', 'http://198.18.0.1/', 'http://192.0.2.1/', 'http://203.0.113.9/', 'http://224.0.0.1/', 'http://240.0.0.1/', 'http://255.255.255.255/', 'http://168.63.129.16/', 'http://[3ffe::1]/',
  'http://[fc00::1]/', 'http://[fe80::1]/', 'http://[fec0::1]/', 'http://[ff02::1]/', 'http://[2001:db8::1]/', 'http://[100::1]/', 'http://[2001:10::1]/', 'http://[3fff::1]/', 'http://[5f00::1]/', 'http://[4000::1]/',
  'http://metadata.google.internal/computeMetadata/v1/', 'http://redis/', 'http://kubernetes/', 'http://printer.local/', 'http://router.lan/', 'http://nas.home.arpa/',
  // by name, as a resolver has it
  `http://rebound.example.com${own}`, `http://rebound.example.com.${own}`, `http://mixed.example.com${own}`, `http://six.example.com${own}`, `http://mapped.example.com${own}`, 'http://metadata.example.com/', 'http://nat64.example.com/', 'http://empty.example.com/', 'http://zone.example.com/',
  // no place of its own
  `http://user:secret@127.0.0.1${own}`, `http://example.com@127.0.0.1${own}`, `http://127.0.0.1${own}@example.com/`, 'https://user@example.com/', 'https://@example.com/', 'https://:@example.com/', `http:\\\\127.0.0.1${own}`, `http:/127.0.0.1${own}`, `http:127.0.0.1${own}`, `http:///127.0.0.1${own}`, `//127.0.0.1${own}`,
  `http://127.0.0.1\t${own}`, ` http://127.0.0.1${own}`, `http://example.com\\@127.0.0.1${own}`, `http://127.0.0.1\r\nhost: x${own}`, 'http://example.com:0/', 'http://example.com:99999/',
  // no protocol of ours
  'file:///etc/passwd', 'ftp://example.com/', `gopher://127.0.0.1${own}`, 'data:text/plain,x', 'javascript:alert(1)', 'unix:///var/run/docker.sock', 'ws://example.com/', 'blob:http://example.com/1', 'http://', 'https://', 'http://.', 'http://..', 'http://a..b/', '', 'x', `https://example.com/${'x'.repeat(2048)}`
]

t.test('nothing is called that is not public', async t => {
  t.ok(hostile.length >= 40, `${hostile.length} URLs`)
  for (const url of hostile) {
    const error = await egress.post(url, {}, '{}').catch(error => error)
    t.ok(error instanceof ForbiddenAddressError, `${JSON.stringify(url.slice(0, 80))}: ${error instanceof Error ? error.message : 'was called'}`)
  }
  t.ok(asked.includes('rebound.example.com') && asked.includes('empty.example.com'), 'names are looked at as they are resolved')
  t.notOk(asked.some(host => /^[\d.:]+$/.test(host)), 'an address needs no resolver')
  t.equal(connections, 0, 'no connection was made')
})

t.test('also when it is registered, without calling it', async t => {
  for (const url of hostile) {
    if (/empty\.example/.test(url)) continue // nobody knows yet
    t.type(await egress.problem(url), 'string', url.slice(0, 80))
  }
  t.equal(connections, 0)
})

t.test('a name that is public when it is registered and is not when it is called', async t => {
  const answers = [['93.184.215.14'], ['127.0.0.1']]
  const rebinding = new Egress({ resolve: (_host, _options, done) => done(null, answers.shift()!.map(address => ({ address, family: 4 }))) })
  t.teardown(() => rebinding.close())
  t.equal(await rebinding.problem(`http://rebinding.example.com${own}`), undefined)
  await t.rejects(rebinding.post(`http://rebinding.example.com${own}`, {}, '{}'), ForbiddenAddressError)
  t.equal(connections, 0)
})

t.test('what is public is not refused', async t => {
  for (const url of ['https://example.com/hook', 'http://example.com', 'HTTPS://EXAMPLE.COM:8443/a?b=c#d', 'https://93.184.215.14/', 'https://[2606:2800:21f:cb07:6820:80da:af6b:8b2c]/', 'https://xn--bcher-kva.example.com/', 'https://bücher.example.com/', 'https://example.com./', 'https://example.com/a@b', 'https://172.32.0.1/', 'https://100.128.0.1/', 'https://11.0.0.1/']) {
    t.equal(egress.urlProblem(url), undefined, url)
  }
})

t.test('an address that a name has shows in no message, but whoever runs the service is told', async t => {
  const told: string[] = []
  const own = new Egress({ resolve, onForbidden: (host, address) => told.push(`${host} ${address}`) })
  t.teardown(() => own.close())
  t.equal(await own.problem('http://metadata.example.com/'), 'must not lead to metadata.example.com, whose address is not public')
  await t.rejects(own.post('http://mixed.example.com/', {}, ''), { message: "The URL's host mixed.example.com leads to an address that is not public" })
  t.strictSame(told, ['metadata.example.com 169.254.169.254', 'mixed.example.com 127.0.0.1'])
  // Also where it may be called, and nobody is there.
  for (const addresses of [['127.0.0.3'], ['127.0.0.3', '127.0.0.4']]) {
    const allowing = new Egress({ allowed: parseNetworks(['127.0.0.0/8'])!, resolve: (_host, _options, done) => done(null, addresses.map(address => ({ address, family: 4 }))) })
    t.teardown(() => allowing.close())
    const error = await allowing.post('http://inside.example.com:1/', {}, '').catch(error => error)
    t.equal(error.message, 'no answer from inside.example.com:1: ECONNREFUSED')
    t.notMatch(error.stack.split('\n    at ')[0], /127\.0/)
  }
})

t.test('a redirect is not followed, and of an answer no more is read than its head', async t => {
  let redirected = 0
  let trickled = 0
  const closed: string[] = []
  const server = createServer((request, response) => {
    response.on('close', () => closed.push(request.url!))
    if (request.url === '/redirect') response.writeHead(307, { location: `http://127.0.0.1:${port}/hook` }).end()
    else if (request.url === '/again') response.writeHead(301, { location: '/target' }).end()
    else if (request.url === '/target') redirected++
    else if (request.url === '/endless') response.writeHead(200).write('x'.repeat(100_000))
    else if (request.url === '/trickle') {
      response.writeHead(200).write('x')
      const timer = setInterval(() => { trickled++; response.write('x') }, 20)
      response.on('close', () => clearInterval(timer))
    } // else never an answer
  })
  await new Promise<void>(resolve => { server.listen(0, '127.0.0.2', resolve) })
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = `http://127.0.0.2:${(server.address() as AddressInfo).port}`
  const allowing = new Egress({ allowed: parseNetworks(['127.0.0.2/32'])!, timeout_ms: 2000 })
  t.teardown(() => allowing.close())
  t.match(await allowing.post(`${address}/redirect`, {}, '{}'), { status: 307 })
  t.match(await allowing.post(`${address}/again`, {}, '{}'), { status: 301 })
  t.equal(redirected + connections, 0)
  for (const path of ['/endless', '/trickle']) {
    t.match(await allowing.post(address + path, {}, '{}'), { status: 200 }, 'what answers has answered, whatever its body does')
    // And holds no connection for it.
    await until(() => closed.includes(path))
  }
  t.ok(trickled > 0)
  await t.rejects(allowing.post(`${address}/silent`, {}, '{}'), { message: 'no answer within 2000 ms' })
  await t.rejects(allowing.post(`http://127.0.0.1${own}`, {}, '{}'), ForbiddenAddressError, 'what is allowed is no more than that')
})

t.test('more calls to one host than ever wait for nothing but the host', async t => {
  let waiting: (() => void)[] = []
  const server = createServer((_request, response) => { waiting.push(() => response.writeHead(204).end()) })
  await new Promise<void>(resolve => { server.listen(0, '127.0.0.2', resolve) })
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  const allowing = new Egress({ allowed: parseNetworks(['127.0.0.2/32'])! })
  t.teardown(() => allowing.close())
  const calls = Array.from({ length: 40 }, () => allowing.post(`http://127.0.0.2:${(server.address() as AddressInfo).port}/`, {}, '{}'))
  await until(() => waiting.length === 40)
  waiting.forEach(answer => answer())
  waiting = []
  for (const { status } of await Promise.all(calls)) t.equal(status, 204)
})
