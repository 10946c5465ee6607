import { execFile } from 'node:child_process'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Redis } from 'ioredis'
import t, { type Test } from 'tap'
import { buildApi } from '../src/api.ts'
import { loadConfig } from '../src/config.ts'
import { startApi } from './helper/api.ts'
import { follow } from './helper/follow.ts'
import { startTestRedis } from './helper/redis.ts'
import type { TestRedis } from './helper/redis.ts'
import { inStatus, startWorker } from './helper/worker.ts'
import { blocks, page } from './docs/markdown.ts'

/** Everything that a service does with Redis: submits, runs, follows, looks, changes, sweeps. */
async function serves (t: Test, server: TestRedis, env: NodeJS.ProcessEnv): Promise<void> {
  const api = await startApi(t, server, env)
  await startWorker(t, server, async app => app.handle('*', async (_job, ctx) => { await ctx.progress(1); return 'done' }), env)
  const stream = await follow(t, api.app, '/events')
  const created = await (await api.post('/jobs', '{"task":"x","unique":{"key":"k"}}')).json() as { id: string }
  t.match(await inStatus(api.app, created.id, 'completed'), { result: '"done"' })
  t.match(await stream.upTo(({ event }) => event === 'completed'), [{ event: 'submitted' }, { event: 'started' }])
  stream.close()
  const bulk = await (await api.post('/jobs/bulk', `{"jobs":[{"task":"y","delay_seconds":0.1},{"task":"z","depends_on":["${created.id}"]}]}`, { 'content-type': 'application/json', 'idempotency-key': 'a' })).json() as { jobs: { id: string }[] }
  for (const { id } of bulk.jobs) await inStatus(api.app, id, 'completed')
  for (const url of ['/jobs', '/jobs?status=completed', '/queues', '/queues/default', '/queues/default/dlq', '/workers', '/health', '/health/ready', '/metrics', `/jobs/${created.id}`]) {
    t.equal((await api.send({ url })).status, 200, url)
  }
  const later = await (await api.post('/jobs', '{"task":"x","delay_seconds":60}')).json() as { id: string }
  for (const url of [`/jobs/${later.id}/promote`, '/queues/default/pause', '/queues/default/resume', '/queues/default/purge', '/queues/default/dlq/redrive', `/jobs/${created.id}/retry`]) {
    const { status } = await api.send({ method: 'POST', url })
    t.equal(status, 200, url)
  }
  t.equal((await api.send({ method: 'PATCH', url: '/queues/default', headers: { 'content-type': 'application/json' }, payload: '{"max_length":100}' })).status, 200)
}

t.test('a user with the rights that the docs name can do everything, and nothing beyond its prefix', async t => {
  const server = await startTestRedis(t)
  const admin = new Redis(server.redisOptions)
  t.teardown(async () => admin.disconnect())
  const [rule] = blocks(page('docs/security.md'), 'text').filter(text => text.startsWith('ACL SETUSER')) as [string]
  const [command, ...args] = rule.trim().split(/\s+/) as [string, ...string[]]
  t.equal(await admin.call(command, ...args), 'OK')
  const [, password] = />(\S+)/.exec(rule)!
  const [, prefix] = /~(\S+)\*/.exec(rule)!
  const env = { REDIS_USERNAME: args[1]!, REDIS_PASSWORD: password!, REDIS_KEY_PREFIX: prefix!, RATE_LIMIT_MAX: '10000' }
  await serves(t, server, env)
  const refused = (await admin.acl('LOG') as (string | number)[][]).map(entry => entry[entry.indexOf('object') + 1])
  t.same([...new Set(refused)].filter(object => object !== 'config|get'), [], 'nothing that it needs was refused; CONFIG it only asks to say more')
  const user = new Redis({ ...server.redisOptions, username: args[1]!, password: password! })
  t.teardown(async () => user.disconnect())
  await t.rejects(user.set('other', 'x'), { message: /NOPERM/ })
  for (const [name, ...rest] of [['flushall'], ['config', 'set', 'save', ''], ['keys', '*'], ['shutdown'], ['acl', 'list']] as [string, ...string[]][]) await t.rejects(user.call(name, ...rest), { message: /NOPERM/ }, name)
  await t.rejects(buildApi(loadConfig({ ...server.env, LOG_LEVEL: 'silent', REDIS_USERNAME: args[1]!, REDIS_PASSWORD: 'wrong' })), { message: /does not answer \(WRONGPASS/ })
})

t.test('TLS', async t => {
  const dir = t.testdir({})
  const run = promisify(execFile)
  const port = await freePort()
  const file = (name: string) => join(dir, name)
  try {
    await run('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '1', '-subj', '/CN=test ca', '-keyout', file('ca.key'), '-out', file('ca.crt')])
    await run('openssl', ['req', '-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=localhost', '-keyout', file('redis.key'), '-out', file('redis.csr')])
    await run('sh', ['-c', `printf 'subjectAltName=DNS:localhost,IP:127.0.0.1' > ${file('san')} && openssl x509 -req -in ${file('redis.csr')} -CA ${file('ca.crt')} -CAkey ${file('ca.key')} -CAcreateserial -days 1 -extfile ${file('san')} -out ${file('redis.crt')}`])
  } catch (error) {
    return t.comment(`SKIPPED: no certificate without openssl: ${(error as Error).message}`)
  }
  const server = await startTestRedis(t, { extraArgs: ['--tls-port', String(port), '--tls-cert-file', file('redis.crt'), '--tls-key-file', file('redis.key'), '--tls-ca-cert-file', file('ca.crt'), '--tls-auth-clients', 'yes', '--bind', '127.0.0.1'] }).catch(error => error as Error)
  if (server instanceof Error) return t.comment(`SKIPPED: this redis-server has no TLS: ${server.message.split('\n')[0]}`)

  const ours = { REDIS_TLS_CA_FILE: file('ca.crt'), REDIS_TLS_CERT_FILE: file('redis.crt'), REDIS_TLS_KEY_FILE: file('redis.key') }
  const none = { ...server, env: {} } as unknown as TestRedis
  await t.test('by a URL', async t => await serves(t, none, { ...ours, REDIS_URL: `rediss://localhost:${port}` }))
  await t.test('by host and port', async t => {
    const api = await startApi(t, none, { ...ours, REDIS_HOST: '127.0.0.1', REDIS_PORT: String(port), REDIS_TLS: 'true' })
    t.equal((await api.send({ url: '/health' })).status, 200)
  })
  await t.test('a Redis that cannot show who it is, or to which we do not, is not used', async t => {
    const start = (env: NodeJS.ProcessEnv) => buildApi(loadConfig({ LOG_LEVEL: 'silent', REDIS_URL: `rediss://localhost:${port}`, ...env }))
    const { REDIS_TLS_CA_FILE, ...certificate } = ours
    await t.rejects(start(certificate), { message: /does not answer \(.*certificate/ })
    await t.rejects(start({ REDIS_TLS_CA_FILE }), { message: /does not answer/ })
    await t.rejects(start({ ...ours, REDIS_URL: `redis://localhost:${port}`, REDIS_TLS_CA_FILE: '', REDIS_TLS_CERT_FILE: '', REDIS_TLS_KEY_FILE: '' }), { message: /does not answer/ })
  })
})

t.test('settings of TLS that make no sense are named', async t => {
  const why = (env: NodeJS.ProcessEnv) => {
    try {
      loadConfig(env)
    } catch (error) {
      return (error as Error).message
    }
  }
  t.match(why({ REDIS_TLS: 'true', REDIS_TLS_CA_FILE: '/no/such/file' }), /^REDIS_TLS_CA_FILE is "\/no\/such\/file"; allowed: a file that can be read/)
  t.match(why({ REDIS_TLS_CA_FILE: 'package.json' }), /^REDIS_TLS_CA_FILE is set, but TLS is off/)
  t.match(why({ REDIS_TLS: 'true', REDIS_URL: 'unix:///tmp/x' }), /^REDIS_TLS is true, but REDIS_URL is a socket/)
  t.match(loadConfig({ REDIS_TLS: 'true', REDIS_HOST: 'x' }), { redis: { host: 'x', tls: {} }, redisGiven: true })
})

async function freePort (): Promise<number> {
  const server = createServer()
  await new Promise<void>(resolve => { server.listen(0, '127.0.0.1', resolve) })
  const { port } = server.address() as AddressInfo
  await new Promise(resolve => server.close(resolve))
  return port
}
