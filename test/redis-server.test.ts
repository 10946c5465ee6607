import { fork } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { Redis } from 'ioredis'
import t, { type Test } from 'tap'
import { startRedisServer, type RedisServer } from '../src/redis-server.ts'
import { execArgv, moduleFile } from './helper/module.ts'
import { gone } from './helper/processes.ts'
import { startTestRedis } from './helper/redis.ts'

async function folder (t: Test): Promise<string> {
  // a space and a deep path must do no harm
  const top = await mkdtemp(join(tmpdir(), 'bellhop test-'))
  t.teardown(() => rm(top, { recursive: true, force: true }))
  return join(top, 'a folder whose path is longer than the path of a unix socket may be'.repeat(2), 'data')
}

async function ask<T> (server: { socket: string }, question: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis({ path: server.socket, retryStrategy: null })
  try {
    return await question(redis)
  } finally {
    redis.disconnect()
  }
}

/** Starts a Redis on `dir` in a process of its own. */
async function owner (dir: string): Promise<{ kill: () => Promise<void>, server: Pick<RedisServer, 'socket' | 'pid'> }> {
  const child = fork(moduleFile('test/fixture/redis-owner.ts'), [dir], { execArgv })
  const [server] = await once(child, 'message')
  return {
    server,
    async kill () {
      if (child.kill('SIGKILL')) await once(child, 'exit')
    }
  }
}

/** PATH with only what is given: a script a command. */
async function fakePath (t: Test, commands: Record<string, string>): Promise<void> {
  const bin = await mkdtemp(join(tmpdir(), 'bellhop-bin-'))
  for (const [name, output] of Object.entries(commands)) {
    await writeFile(join(bin, name), `#!/bin/sh\necho '${output}'\n`)
    await chmod(join(bin, name), 0o755)
  }
  const before = process.env.PATH
  process.env.PATH = bin
  t.teardown(async () => {
    process.env.PATH = before
    await rm(bin, { recursive: true })
  })
}

t.test('a private, durable server that never evicts', async (t) => {
  const dir = await folder(t)
  const server = await startRedisServer({ dir })
  const config = await ask(server, (redis) => redis.config('GET', 'appendonly', 'appendfsync', 'auto-aof-rewrite-min-size', 'save', 'maxmemory-policy', 'port', 'dir'))
  t.match(Object.fromEntries(chunks(config as string[])), {
    appendonly: 'yes', appendfsync: 'always', 'auto-aof-rewrite-min-size': `${256 * 1024 * 1024}`, save: '', 'maxmemory-policy': 'noeviction', port: '0', dir
  })
  t.equal((await stat(dirname(server.socket))).mode & 0o777, 0o700, 'nobody else reaches the socket')
  t.equal((await stat(dir)).mode & 0o777, 0o700)

  await ask(server, (redis) => redis.set('kept', 'yes'))
  await server.stop()
  await server.stop()
  t.same(await server.exited.then(({ code, signal }) => ({ code, signal })), { code: 0, signal: null })
  await t.rejects(stat(dirname(server.socket)), { code: 'ENOENT' }, 'the socket\'s folder is gone')
  t.same((await readdir(dir)).filter((name) => name.includes('lock')), [])

  const again = await startRedisServer({ dir })
  t.teardown(() => again.stop())
  t.equal(await ask(again, (redis) => redis.get('kept')), 'yes')
})

t.test('one start at a time has a folder', async (t) => {
  const dir = await folder(t)
  const results = await Promise.allSettled(Array.from({ length: 5 }, () => startRedisServer({ dir })))
  const servers = results.flatMap((result) => result.status === 'fulfilled' ? [result.value] : [])
  t.teardown(() => Promise.all(servers.map((server) => server.stop())).then(() => {}))
  t.equal(servers.length, 1)
  for (const result of results) {
    if (result.status === 'rejected') t.match(result.reason, { message: `The data folder ${dir} is in use by process ${process.pid}: stop that one, or set DATA_DIR to another folder` })
  }
  t.equal(await ask(servers[0]!, (redis) => redis.ping()), 'PONG', 'the one that has it is not disturbed')
})

t.test('a Redis whose owner was killed is stopped before a new one opens its file', async (t) => {
  const dir = await folder(t)
  const first = await owner(dir)
  t.teardown(first.kill)
  await t.rejects(startRedisServer({ dir }), { message: /is in use by process/ }, 'not while the owner lives')

  await ask(first.server, (redis) => redis.set('kept', 'yes'))
  await first.kill()
  t.equal(await ask(first.server, (redis) => redis.ping()), 'PONG', 'it outlives its owner')

  const [won, ...lost] = (await Promise.allSettled([startRedisServer({ dir }), startRedisServer({ dir })])).sort((a, b) => a.status < b.status ? -1 : 1)
  if (won?.status !== 'fulfilled') return t.fail(String(won?.reason))
  t.teardown(won.value.stop)
  t.match(lost, [{ status: 'rejected', reason: /is in use by process/ }], 'also when two start at once')
  await gone(first.server.pid)
  t.not(won.value.pid, first.server.pid)
  t.equal(await ask(won.value, (redis) => redis.get('kept')), 'yes')
})

t.test('a lock that was left behind is no obstacle', async (t) => {
  const dir = await folder(t)
  await mkdir(dir, { recursive: true })
  // the pid is alive, but no longer the one that wrote this
  for (const text of [JSON.stringify({ pid: process.pid, alive: '/nowhere/alive.sock', redis: '/nowhere/redis.sock' }), '{"pid":', '']) {
    await writeFile(join(dir, 'bellhop.lock'), text)
    const server = await startRedisServer({ dir })
    t.match(JSON.parse(await readFile(join(dir, 'bellhop.lock'), 'utf8')), { pid: process.pid, redis: server.socket })
    await server.stop()
  }
})

t.test('a start waits until the data is loaded, or until it is told not to', async (t) => {
  const redis = await startTestRedis(t, { appendonly: true })
  await ask(redis, async (client) => {
    await client.call('DEBUG', 'POPULATE', '500')
    await client.bgrewriteaof()
    while (!/aof_rewrite_in_progress:0/.test(await client.info('persistence'))) await client.ping()
  })
  await redis.stop()
  const slowly = { dir: redis.dir, extraArgs: ['--key-load-delay', '2000', '--loading-process-events-interval-bytes', '1024'] }

  await t.rejects(startRedisServer({ ...slowly, signal: AbortSignal.timeout(300) }), { name: 'TimeoutError' })
  const server = await startRedisServer(slowly)
  t.teardown(server.stop)
  const [size, persistence] = await ask(server, (client) => Promise.all([client.dbsize(), client.info('persistence')]))
  t.equal(size, 500)
  t.match(persistence, 'loading:0')
  t.match(await ask(server, (client) => client.config('GET', 'key-load-delay')), ['key-load-delay', '2000'], 'it took its time')
})

t.test('a server that does not start says why, and leaves nothing', async (t) => {
  const dir = await folder(t)
  await t.rejects(startRedisServer({ dir, extraArgs: ['--no-such-setting', '1'] }), { message: /did not start:\n[^]*no-such-setting/ })
  await t.rejects(startRedisServer({ dir, signal: AbortSignal.abort(new Error('stopped meanwhile')) }), { message: 'stopped meanwhile' })
  t.same((await readdir(dir)).filter((name) => name.includes('lock')), [])
})

t.test('the end of the process is told, whoever ended it', async (t) => {
  const redis = await startTestRedis(t, { appendonly: true })
  const dir = await folder(t)
  const server = await startRedisServer({ dir })
  process.kill(server.pid, 'SIGKILL')
  t.match(await server.exited, { code: null, signal: 'SIGKILL', log: /ready to accept connections/ })
  await server.stop()

  await ask(redis, (client) => client.set('kept', 'yes'))
  const { pid, socket } = redis
  await redis.kill()
  await redis.start()
  t.not(redis.pid, pid)
  t.equal(redis.socket, socket, 'a test can start it again where its clients look for it')
  t.equal(await ask(redis, (client) => client.get('kept')), 'yes')
})

t.test('without a server, or with an old one, the message says what to install', async (t) => {
  await t.test('none', async (t) => {
    await fakePath(t, { 'apt-get': '' })
    await t.rejects(startRedisServer({ dir: await folder(t) }), { message: /^Redis \(or Valkey\) 7 or newer is needed, and neither redis-server nor valkey-server is on PATH\. To install it: sudo apt-get install redis-server\. .* REDIS_URL/ })
  })
  await t.test('an old one', async (t) => {
    await fakePath(t, { 'redis-server': 'Redis server v=6.2.14 sha=0:0', brew: '' })
    await t.rejects(startRedisServer({ dir: await folder(t) }), { message: /redis-server 6\.2\.14 on PATH is too old\. To install it: brew install redis\./ })
  })
  await t.test('an old one and a newer Valkey', async (t) => {
    await fakePath(t, { 'redis-server': 'Redis server v=6.2.14 sha=0:0', 'valkey-server': 'Valkey server v=8.0.1 sha=0:0' })
    await t.rejects(startRedisServer({ dir: await folder(t) }), { message: /^valkey-server did not start:\nValkey server v=8/ }, 'takes the newer one (here a stand-in that ends at once)')
  })
})

function chunks (flat: string[]): Array<[string, string]> {
  return flat.flatMap((name, i) => i % 2 === 0 ? [[name, flat[i + 1] as string]] : [])
}
