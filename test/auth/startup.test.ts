import { mkdtemp, rename, rm, unlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Fastify from 'fastify'
import t from 'tap'
import { newKey } from '../../src/auth/keys.ts'
import { ConfigError, loadConfig } from '../../src/config.ts'
import { startApi } from '../helper/api.ts'
import { startEngine, until } from '../helper/engine.ts'
import { startProcess } from '../helper/service.ts'

const dir = await mkdtemp(join(tmpdir(), 'bellhop-keys-'))
t.teardown(() => rm(dir, { recursive: true, force: true }))
const { server } = await startEngine(t)
const one = newKey({ id: 'one', scopes: ['read'] })
const two = newKey({ id: 'two', scopes: ['read'] })
const jwt = { JWT_ISSUER: 'i', JWT_AUDIENCE: 'a', JWT_JWKS_URL: 'https://id.example.com/jwks' }

function why (env: NodeJS.ProcessEnv): string {
  try {
    loadConfig(env)
    return ''
  } catch (error) {
    if (error instanceof ConfigError) return error.message
    throw error
  }
}

t.test('without keys it listens on loopback alone, unless it may on others', async t => {
  for (const HOST of ['127.0.0.1', '127.1.2.3', '::1', 'localhost']) t.equal(why({ HOST }), '', HOST)
  for (const HOST of ['0.0.0.0', '::', '10.0.0.1', 'example.com', '127.0.0.1.example.com']) {
    t.match(why({ HOST }), /^HOST is ".*", where others can reach it, and there are no keys: set API_KEYS .* ALLOW_ANONYMOUS=true/, HOST)
    t.equal(why({ HOST, ALLOW_ANONYMOUS: 'true' }), '')
    t.match(why({ HOST, ALLOW_ANONYMOUS: 'false' }), /^HOST is/)
    t.equal(why({ HOST, API_KEYS: one.entry }), '')
    t.equal(why({ HOST, API_KEYS_FILE: 'keys' }), '')
    t.equal(why({ HOST, ...jwt }), '')
  }
  t.match(why({ ALLOW_ANONYMOUS: 'yes' }), /^ALLOW_ANONYMOUS is "yes"; allowed: true or false/)
})

for (const entry of ['src/server.ts', 'worker/main.ts', 'src/start.ts']) {
  t.test(`${entry} does not start where others can reach it`, async t => {
    const env = { ...server.env, HOST: '0.0.0.0', PORT: '0', WORKER_PORT: '0' }
    await t.rejects(startProcess(t, entry, env), { message: /ended \(1\):\nHOST is "0\.0\.0\.0"/ })
  })
}

t.test('bad settings are named, without a secret', async t => {
  t.match(why({ API_KEYS: `${one.entry},two:hunter2:read` }), /^API_KEYS: entry 2: the hash of two must be/)
  t.notMatch(why({ API_KEYS: 'two:hunter2:read' }), 'hunter2')
  t.equal(why({ API_KEYS: `${one.entry}, ${two.entry}` }), '')
  t.equal(why({ JWT_ISSUER: 'i' }), 'JWT_AUDIENCE and JWT_JWKS_URL: must be set too, to take JWTs')
  for (const url of ['http://id.example.com/jwks', 'ftp://id', 'id.example.com']) t.match(why({ ...jwt, JWT_JWKS_URL: url }), /^JWT_JWKS_URL is .*; allowed: an https/, url)
  for (const url of ['http://127.0.0.1:8/j', 'http://[::1]/j', 'http://localhost/j']) t.equal(why({ ...jwt, JWT_JWKS_URL: url }), '', url)
  for (const origins of ['example.com', 'https://example.com/', 'https://a.example.com,x', 'null']) t.match(why({ CORS_ORIGINS: origins }), /^CORS_ORIGINS is/, origins)
  for (const name of ['TRUST_PROXY', 'ALLOWED_PRIVATE_NETWORKS']) {
    for (const network of ['proxy', '10', '10.0.0.0/33', '10.0.0.0/8/8', '10.0.0.0/', '10.0.0.0/x', '/8', 'fd00::/129', '10.0.0.1,x']) t.match(why({ [name]: network }), new RegExp(`^${name} is`), network)
    for (const network of ['10.0.0.0/8', '10.0.0.1', '::1', 'fd00::/8', '10.0.0.1, fd00::1']) t.equal(why({ [name]: network }), '', network)
  }
  for (const hosts of ['api:3000', 'http://api', 'a b', '-']) t.match(why({ ALLOWED_HOSTS: hosts }), /^ALLOWED_HOSTS is/, hosts)
  t.equal(why({ ALLOWED_HOSTS: 'api, jobs.example.com,*' }), '')
  t.equal(why({ CORS_ORIGINS: 'https://example.com, http://localhost:8080', TRUST_PROXY: '10.0.0.0/8, ::1' }), '')
  for (const proxy of ['10/8', '10.0.0.1', 'fe80::1%eth0', 'fd00::/8']) t.doesNotThrow(() => why({ TRUST_PROXY: proxy }) !== '' || Fastify({ trustProxy: [proxy] }), 'what is let through can be used')
})

t.test('a file of keys that cannot be used stops the start and is named', async t => {
  await t.rejects(startApi(t, server, { API_KEYS_FILE: join(dir, 'none') }), { message: /none/ })
  await writeFile(join(dir, 'bad'), `# ours\n${one.entry}\ntwo:hunter2:read\n`)
  await t.rejects(startApi(t, server, { API_KEYS_FILE: join(dir, 'bad') }), { message: /bad, line 3: the hash of two must be/ })
  await writeFile(join(dir, 'twice'), `${one.entry}\n`)
  await t.rejects(startApi(t, server, { API_KEYS_FILE: join(dir, 'twice'), API_KEYS: one.entry }), { message: /another key with the id one/ })
})

t.test('a file of keys is read again when it changes, and a bad one changes nothing', async t => {
  const path = join(dir, 'keys')
  await writeFile(path, one.entry)
  const service = await startProcess(t, 'src/server.ts', { ...server.env, PORT: '0', API_KEYS_FILE: path })
  const status = async ({ token }: typeof one) => (await fetch(`${service.address}/jobs`, { headers: { authorization: `Bearer ${token}` } })).status
  const logged = async (message: string, count: number) => await until(async () => service.logs.filter(({ msg }) => msg === message).length >= count)
  t.same([await status(one), await status(two)], [200, 401])

  await writeFile(join(dir, 'next'), `${two.entry}\n`)
  await rename(join(dir, 'next'), path)
  await until(async () => await status(two) === 200)
  t.equal(await status(one), 401, 'a key that is taken out is refused')

  await writeFile(path, 'two:hunter2:read')
  await logged('API_KEYS_FILE cannot be used: the keys stay as they were', 1)
  t.same([await status(one), await status(two)], [401, 200])
  await unlink(path)
  await logged('API_KEYS_FILE cannot be used: the keys stay as they were', 2)
  t.equal(await status(two), 200)

  await writeFile(path, `${one.entry}\n${two.entry}\n`)
  await until(async () => await status(one) === 200)
  t.notMatch(service.output(), /hunter2/)
  for (const { token, entry } of [one, two]) for (const secret of [token.slice(-43), entry.split(':')[1]!]) t.notOk(service.output().includes(secret), 'neither a secret nor a hash is in the log')
})
