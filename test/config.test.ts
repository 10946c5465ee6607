import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import t from 'tap'
import { parse } from 'yaml'
import { ConfigError, loadConfig } from '../src/config.ts'
import { settings } from '../src/settings.ts'
import { execArgv, moduleFile } from './helper/module.ts'

/** The lines of the error that `env` gives. */
function problems (env: Record<string, string>): string[] {
  try {
    loadConfig(env)
  } catch (err) {
    if (err instanceof ConfigError) return err.message.split('\n')
    throw err
  }
  return []
}

t.test('defaults', async (t) => {
  const config = loadConfig({})
  t.match(config, {
    host: '127.0.0.1',
    port: 3000,
    logLevel: 'info',
    redis: { host: '127.0.0.1', port: 6379, db: 0 },
    redisGiven: false,
    redisKeyPrefix: '',
    workerConcurrency: 10,
    workerQueues: ['default'],
    workerPort: 3001,
    leaseSeconds: 30,
    maxLost: 3,
    shutdownGraceSeconds: 30,
    handlers: [],
    placeholderMs: 2000,
    completedRetentionSeconds: 24 * 3600,
    completedMax: 100_000,
    dlqRetentionSeconds: 14 * 24 * 3600,
    dlqMax: 100_000,
    idempotencySeconds: 86_400,
    sweepIntervalMs: 1000,
    dataDir: './data'
  })
  t.ok(Object.isFrozen(config) && Object.isFrozen(config.redis) && Object.isFrozen(config.workerQueues), 'nobody can change a setting later')
  t.same(loadConfig(Object.fromEntries(settings.map(({ name }) => [name, '']))), config, 'an empty value counts as unset')
  t.same(loadConfig(Object.fromEntries(settings.map(({ name }) => [name, ' \t']))), config, 'and so does a blank one')
})

t.test('values are read as their type', async (t) => {
  const config = loadConfig({
    PORT: '0',
    LOG_LEVEL: 'debug',
    LOG_FORMAT: 'pretty',
    WORKER_QUEUES: 'mail, resize ,mail,a.b-c_9',
    HANDLERS: './handlers,/opt/one.js',
    LEASE_SECONDS: '3600',
    REDIS_KEY_PREFIX: 'shop:'
  })
  t.equal(config.port, 0)
  t.equal(config.logLevel, 'debug')
  t.equal(config.logFormat, 'pretty')
  t.same(config.workerQueues, ['mail', 'resize', 'a.b-c_9'])
  t.same(config.handlers, ['./handlers', '/opt/one.js'])
  t.equal(config.leaseSeconds, 3600)
  t.equal(config.redisKeyPrefix, 'shop:')
  t.equal(config.redisGiven, false, 'a prefix alone names no Redis')
})

t.test('which Redis', async (t) => {
  t.same(loadConfig({ REDIS_HOST: 'cache' }).redis, { host: 'cache', port: 6379, db: 0 })
  t.same(loadConfig({ REDIS_PORT: '6380', REDIS_DB: '2' }).redis, { host: '127.0.0.1', port: 6380, db: 2 })
  t.same(loadConfig({ REDIS_URL: 'redis://cache' }).redis, { host: 'cache', port: 6379, db: 0 })
  t.same(loadConfig({ REDIS_URL: 'rediss://me:p%40ss@[::1]:7000/3' }).redis, { username: 'me', password: 'p@ss', host: '::1', port: 7000, db: 3, tls: {} })
  t.same(loadConfig({ REDIS_URL: 'unix:///run/my%20redis.sock' }).redis, { path: '/run/my redis.sock', db: 0 })
  t.same(loadConfig({ REDIS_URL: 'redis://cache/1', REDIS_USERNAME: 'me', REDIS_PASSWORD: 's', REDIS_DB: '2' }).redis,
    { username: 'me', password: 's', host: 'cache', port: 6379, db: 1 }, 'what the URL leaves out is taken from the other settings')
  for (const env of [{ REDIS_HOST: 'x' }, { REDIS_PORT: '1' }, { REDIS_URL: 'redis://x' }, { REDIS_PASSWORD: 'x' }, { REDIS_DB: '0' }]) {
    t.equal(loadConfig(env).redisGiven, true, `${Object.keys(env)} names a Redis`)
  }
})

t.test('every bad setting is named, with its value and what is allowed', async (t) => {
  t.same(problems({ PORT: 'abc', LEASE_SECONDS: '1.5', LOG_LEVEL: 'loud', WORKER_QUEUES: 'ok,Not', MAX_LOST: '101', SWEEP_INTERVAL_MS: '49' }), [
    'PORT is "abc"; allowed: a whole number from 0 to 65535',
    'LOG_LEVEL is "loud"; allowed: fatal, error, warn, info, debug, trace, silent',
    'WORKER_QUEUES is "ok,Not"; allowed: names like [a-z0-9][a-z0-9._-]{0,63}, separated by commas',
    'LEASE_SECONDS is "1.5"; allowed: a whole number from 1 to 3600',
    'MAX_LOST is "101"; allowed: a whole number from 1 to 100',
    'SWEEP_INTERVAL_MS is "49"; allowed: a whole number from 50 to 60000'
  ])
  t.same(problems({ REDIS_URL: 'redis://a', REDIS_HOST: 'b' }), ['REDIS_HOST is "b", but REDIS_URL is set too; allowed: one of the two'])
})

t.test('each number refuses what is no number or out of its range', async (t) => {
  const numbers = settings.map(({ name, allowed }) => ({ name, range: /^a whole number from (\d+) to (\d+)$/.exec(allowed) })).filter(({ range }) => range)
  t.ok(numbers.length >= 14)
  for (const { name, range } of numbers) {
    const [min, max] = [Number(range?.[1]), Number(range?.[2])]
    for (const bad of ['x', '1.5', 'NaN', '10s', 'true', String(min - 1), String(max + 1)]) {
      t.match(problems({ [name]: bad }), [new RegExp(`^${name} is "${bad}"`)], `${name}=${bad}`)
    }
    for (const good of [min, max]) t.same(problems({ [name]: String(good) }), [], `${name}=${good}`)
  }
})

t.test('a bad URL of Redis is refused, and no credentials are shown', async (t) => {
  const urls = ['http://u:hunter2@x', 'hunter2', 'redis://', 'redis://u:hunter2@x/notadb', 'redis://x/1?password=hunter2', 'unix://hunter2/x', 'redis://:hunter2', 'redis://u:%zzhunter2@x', 'redis://x\nhunter2@y z']
  for (const url of urls) {
    const lines = problems({ REDIS_URL: url, REDIS_PASSWORD: 'hunter2', PORT: 'x' })
    t.equal(lines.length, 2, url)
    t.match(lines, [/^PORT is "x"/, /^REDIS_URL is "([a-z]+:\/\/)?\*\*\*"; allowed: redis:/])
    t.notMatch(lines.join(), /hunter2/)
  }
})

t.test('a process with a bad setting prints one line for each and exits with 1', async (t) => {
  const module = JSON.stringify(moduleFile('src/config.ts'))
  const run = promisify(execFile)(process.execPath, [...execArgv, '--input-type=module', '-e', `import { loadConfigOrExit } from ${module}; loadConfigOrExit()`],
    { env: { ...process.env, PORT: 'x', DLQ_MAX: '-1' } })
  await t.rejects(run, { code: 1, stdout: '', stderr: /^PORT is "x"; allowed: .*\nDLQ_MAX is "-1"; allowed: .*\n$/ })
})

t.test('each setting has a meaning', async (t) => {
  for (const { name, meaning, allowed } of settings) t.ok(meaning.length > 10 && allowed, name)
})

t.test('.env.example shows settings that exist, with their defaults', async (t) => {
  // STOP_GRACE_PERIOD, REDIS_MAXMEMORY and REDIS_USER are docker compose's own, and there the service is published, its parts have names, and Redis is the bundled one
  const elsewhere = new Map([['PUBLISH', '127.0.0.1:3000'], ['ALLOWED_HOSTS', 'api,worker'], ['STOP_GRACE_PERIOD', '45s'], ['REDIS_MAXMEMORY', '0'], ['REDIS_USER', '999:999'], ['REDIS_URL', 'redis://redis:6379']])
  const defaults = new Map([...settings.map(({ name, default: value }) => [name, value] as const), ...elsewhere])
  const lines = (await readFile('.env.example', 'utf8')).matchAll(/^# ([A-Z_]+)=(.*)$/gm)
  const shown = [...lines].map(([, name, value]) => [name, value])
  t.ok(shown.length > 15)
  for (const [name, value] of shown) t.equal(value, defaults.get(name as string), String(name))
})

t.test('what the compose file publishes where others can reach it needs keys', async (t) => {
  const compose = parse(await readFile('docker-compose.yml', 'utf8'), { merge: true })
  const filledIn = (text: string, given: Record<string, string>) => text.replace(/\$\{(\w+):?-([^${}]*)\}/g, (_, name, otherwise) => given[name] || otherwise)
  for (const name of ['api', 'worker']) {
    const start = (given: Record<string, string> = {}) => {
      const settings = Object.entries(compose.services[name].environment).map(([name, value]) => [name, filledIn(String(value), given)])
      t.notMatch(settings.flat().join(), /\$/, 'each is filled in')
      return problems({ ...given, ...Object.fromEntries(settings) })
    }
    for (const PUBLISH of [undefined, '127.0.0.1:3000', '127.0.0.1:0', '[::1]:8080']) t.same(start(PUBLISH ? { PUBLISH } : {}), [], String(PUBLISH))
    for (const PUBLISH of ['0.0.0.0:3000', '3000', '192.168.0.7:80', '[::]:3000', '[2001:db8::1]:3000']) {
      t.match(start({ PUBLISH }), [/^PUBLISH is ".*", where others can reach it, and there are no keys: set API_KEYS .* publish it on 127\.0\.0\.1, or set ALLOW_ANONYMOUS=true/], PUBLISH)
      t.same(start({ PUBLISH, ALLOW_ANONYMOUS: 'true' }), [])
      t.same(start({ PUBLISH, API_KEYS_FILE: 'keys' }), [])
    }
    t.equal(start({ PUBLISH: 'everywhere' }).length, 1)
  }
  t.same(compose.services.api.ports.map((port: string) => filledIn(port, {})), ['127.0.0.1:3000:3000'], 'it is published there')
  t.same(compose.services.api.ports.map((port: string) => filledIn(port, { PUBLISH: '3000' })), ['3000:3000'])
  t.equal(compose.services.worker.ports, undefined)
})

t.test('each secret can come from a file', async t => {
  const dir = t.testdir({ password: 'a b:c\n', empty: '\n', url: 'redis://cache/3\n', callback: `whsec_${'A'.repeat(32)}\n` })
  const secrets = settings.map(({ name }) => name).filter(name => name.endsWith('_FILE') && settings.some(other => `${other.name}_FILE` === name))
  t.same(secrets, ['API_KEYS_FILE', 'REDIS_URL_FILE', 'REDIS_PASSWORD_FILE', 'REDIS_SENTINEL_PASSWORD_FILE', 'CALLBACK_SECRET_FILE', 'AI_API_KEY_FILE'])
  t.match(loadConfig({ REDIS_PASSWORD_FILE: `${dir}/password` }), { redis: { password: 'a b:c' }, redisGiven: true })
  t.match(loadConfig({ REDIS_URL_FILE: `${dir}/url` }).redis, { host: 'cache', db: 3 })
  t.same(loadConfig({ CALLBACK_SECRET_FILE: `${dir}/callback` }).callbackSecrets, [`whsec_${'A'.repeat(32)}`])
  t.match(loadConfig({ REDIS_SENTINELS: 'a', REDIS_SENTINEL_PASSWORD_FILE: `${dir}/password` }).redis, { sentinelPassword: 'a b:c' })
  for (const file of [`${dir}/none`, `${dir}/empty`, dir]) {
    t.same(problems({ REDIS_PASSWORD_FILE: file }), [`REDIS_PASSWORD_FILE is "${file}"; allowed: a file that can be read and is not empty`])
  }
  t.same(problems({ REDIS_PASSWORD_FILE: `${dir}/password`, REDIS_PASSWORD: 'hunter2' }), [`REDIS_PASSWORD_FILE is "${dir}/password", but REDIS_PASSWORD is set too; allowed: one of the two`])
  t.same(problems({ REDIS_URL_FILE: `${dir}/password` }), ['REDIS_URL is "***"; allowed: redis://[user:password@]host[:port][/db], the same with rediss:// for TLS, or unix:///path/to/socket'], 'and what is in it is not shown')
})

t.test('Sentinels', async t => {
  const env = { REDIS_SENTINELS: 'a, b:7000,[::1]:7001,[fe80::2]', REDIS_PASSWORD: 'p', REDIS_DB: '2' }
  t.match(loadConfig(env), { redisGiven: true, redis: { name: 'mymaster', password: 'p', db: 2, host: undefined, sentinelPassword: undefined, sentinelTLS: undefined } })
  t.same(loadConfig(env).redis.sentinels, [{ host: 'a', port: 26379 }, { host: 'b', port: 7000 }, { host: '::1', port: 7001 }, { host: 'fe80::2', port: 26379 }])
  t.match(loadConfig({ ...env, REDIS_SENTINEL_NAME: 'jobs', REDIS_SENTINEL_USERNAME: 'u', REDIS_SENTINEL_PASSWORD: 's', REDIS_TLS: 'true' }).redis,
    { name: 'jobs', sentinelUsername: 'u', sentinelPassword: 's', tls: {}, enableTLSForSentinelMode: true, sentinelTLS: {} })
  t.doesNotThrow(() => structuredClone(loadConfig(env).redis), 'a thread can be given it')
  for (const REDIS_SENTINELS of ['a:0', 'a:65536', 'a:b', 'redis://a', 'a b', ',']) {
    t.same(problems({ REDIS_SENTINELS }), [`REDIS_SENTINELS is ${JSON.stringify(REDIS_SENTINELS)}; allowed: host[:port], separated by commas; the port is 26379 if none is given`])
  }
  t.same(problems({ REDIS_SENTINELS: 'a', REDIS_HOST: 'b', REDIS_URL_FILE: '' }), ['REDIS_HOST is "b", but REDIS_SENTINELS is set too; allowed: one of the two'])
  t.same(problems({ REDIS_SENTINEL_NAME: 'jobs' }), ['REDIS_SENTINEL_NAME is set, but REDIS_SENTINELS is not; set both or none'])
})
