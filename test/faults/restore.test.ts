import { execFile } from 'node:child_process'
import { chmod, copyFile, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Redis } from 'ioredis'
import t from 'tap'
import { Keys } from '../../src/queue/keys.ts'
import { Leases } from '../../src/queue/lease.ts'
import { Queue } from '../../src/queue/queue.ts'
import { loadScripts } from '../../src/queue/scripts.ts'
import { startRedisServer } from '../../src/redis-server.ts'
import { request } from '../helper/client.ts'
import { completed, dump, until } from '../helper/engine.ts'
import { startFleet } from '../helper/fleet.ts'
import { startProcess } from '../helper/service.ts'
import { inStatus } from '../helper/worker.ts'

const HOUR_MS = 3_600_000
const keys = new Keys()
const dir = await mkdtemp(join(tmpdir(), 'bellhop-restore-'))
t.teardown(() => rm(dir, { recursive: true, force: true }))
const restore = (snapshot: string, folder: string) => promisify(execFile)('script/restore-redis', [snapshot, folder])
/** What a command that has to fail says. */
const failure = (command: Promise<unknown>) => command.then(() => 'it did not fail', (error: { stderr: string }) => error.stderr)

/** A worker's leases of the default queue, wherever its Redis is. */
function leasesAt (redis: Redis): Leases {
  const keep = { keep_completed: 1000, keep_dead: 1000 }
  return new Leases(redis, keys, 'default', 'elsewhere', HOUR_MS, () => keep)
}

t.test('a snapshot, copied and restored into another Redis: all is there, and jobs and leases go on', async t => {
  const fleet = await startFleet(t)
  const [api, worker] = await Promise.all([fleet.api(), fleet.worker()])
  const post = async (path: string, body: unknown) => (await request(api.address, path, body)).body
  const done = await post('/jobs', { task: 'echo', input: 'done' })
  const dead = await post('/jobs', { task: 'no handler' })
  const later = await post('/jobs', { task: 'echo', delay_seconds: 3600 })
  const child = await post('/jobs', { task: 'echo', depends_on: [later.id] })
  await inStatus(fleet, done.id, 'completed')
  await inStatus(fleet, dead.id, 'failed')
  const running = await post('/jobs', { task: 'long' })
  await until(async () => (await fleet.starts()).some(({ id }) => id === running.id))
  const held = await post('/jobs', { task: 'echo', queue: 'other' })
  // Nobody sweeps, renews or takes jobs while it is looked at.
  worker.signal('SIGKILL')
  api.signal('SIGKILL')
  await Promise.all([worker.exited, api.exited])
  const mine = await fleet.queue.submit({ task: 'held elsewhere', priority: 'high' })
  const turn = await leasesAt(fleet.redis).turn({ max: 1 })
  t.equal(turn.leased.length, 1)
  const queued = await fleet.queue.submit({ task: 'echo', input: '"queued"' })

  await fleet.redis.bgsave()
  await until(async () => /rdb_bgsave_in_progress:0\r/.test(await fleet.redis.info('persistence')))
  const before = await dump(fleet.redis)
  const after = await fleet.queue.submit({ task: 'echo' })
  const snapshot = join(dir, 'copy.rdb')
  await copyFile(join(fleet.server.dir, 'dump.rdb'), snapshot)
  await fleet.server.kill()

  const folder = join(dir, 'data')
  const { stdout } = await restore(snapshot, folder)
  t.match(stdout, /db0:keys=\d+/)
  t.strictSame(await readdir(folder), ['appendonlydir'])
  const server = await startRedisServer({ dir: folder })
  t.teardown(server.stop)
  const redis = new Redis({ path: server.socket })
  t.teardown(async () => { redis.disconnect() })
  const queue = new Queue(redis, keys)
  t.strictSame(await dump(redis), before, 'all of it, and nothing else')
  t.equal(await queue.get(after.id), undefined, 'what came after the snapshot is not there')

  t.strictSame((await leasesAt(redis).turn({ settlements: completed(turn) })).settled, [true], 'a lease of before is good')
  const settings = { REDIS_URL: `unix://${server.socket}`, LEASE_SECONDS: '1', SWEEP_INTERVAL_MS: '100', PORT: '0', WORKER_PORT: '0', WORKER_QUEUES: 'default,other', HANDLERS: 'test/fixture/handlers.mjs', LOG_LEVEL: 'info' }
  const [newApi] = await Promise.all([startProcess(t, 'src/server.ts', settings), startProcess(t, 'worker/main.ts', settings)])
  t.match(await inStatus({ queue }, running.id, 'completed'), { lost: 1 }, 'a lease of nobody ends, and the job runs again')
  for (const { id } of [queued, held]) await inStatus({ queue }, id, 'completed')
  t.match(await request(newApi.address, '/health/ready'), { status: 200, body: { status: 'ok' } })
  for (const [id, status] of [[done.id, 'completed'], [dead.id, 'failed'], [later.id, 'scheduled'], [child.id, 'blocked'], [mine.id, 'completed']]) {
    t.match((await request(newApi.address, `/jobs/${id}`)).body, { id, status })
  }
  t.match((await request(newApi.address, `/jobs/${later.id}/promote`, {})).status, 200)
  await inStatus({ queue }, child.id, 'completed')
})

t.test('a restore overwrites nothing, and says what it cannot load', async t => {
  const bad = join(dir, 'bad.rdb')
  await writeFile(bad, 'no snapshot')
  t.match(await failure(restore(bad, join(dir, 'none'))), /cannot be loaded/)
  t.strictSame(await readdir(join(dir, 'none')), [], 'it can be tried again')
  await writeFile(bad, '')
  t.match(await failure(restore(bad, join(dir, 'none'))), /cannot be loaded/, 'nothing is no snapshot')
  t.match(await failure(restore(join(dir, 'nothing.rdb'), join(dir, 'none'))), /there is no file/)
  const taken = await mkdtemp(join(dir, 'taken-'))
  await writeFile(join(taken, 'appendonly.aof'), '')
  t.match(await failure(restore(bad, taken)), /there is appendonly.aof in .*: move it away first/)
  t.strictSame(await readdir(taken), ['appendonly.aof'])
})

t.test('a snapshot that Redis hands out is restored from standard input', async t => {
  const server = await startRedisServer({ dir: await mkdtemp(join(dir, 'source-')) })
  t.teardown(server.stop)
  const source = new Redis({ path: server.socket })
  t.teardown(async () => { source.disconnect() })
  await loadScripts(source)
  await new Queue(source, keys).submitAll([{ task: 'x' }, { task: 'x', group: 'acme' }])
  await source.set('mark', 'x'.repeat(100_000))
  const folder = join(dir, 'from-input')
  await promisify(execFile)('sh', ['-c', `redis-cli -s ${server.socket} --rdb - | script/restore-redis - ${folder}`])
  t.strictSame(await readdir(folder), ['appendonlydir'])
  const restored = await startRedisServer({ dir: folder })
  t.teardown(restored.stop)
  const redis = new Redis({ path: restored.socket })
  t.teardown(async () => { redis.disconnect() })
  t.strictSame(await dump(redis), await dump(source))
})

t.test('what could not be restored as a whole is not left behind, to be taken for all that there was', async t => {
  const from = await mkdtemp(join(dir, 'source-'))
  const server = await startRedisServer({ dir: from })
  t.teardown(server.stop)
  const source = new Redis({ path: server.socket })
  t.teardown(async () => { source.disconnect() })
  await source.set('mark', 'x')
  await source.save()
  // A Redis that refuses: its client ends well all the same.
  const bin = await mkdtemp(join(dir, 'bin-'))
  const { stdout: client } = await promisify(execFile)('sh', ['-c', 'command -v redis-cli || command -v valkey-cli'])
  await writeFile(join(bin, 'redis-cli'), `#!/bin/sh\ncase "$*" in *'CONFIG SET appendonly yes'*) ${client.trim()} "$@" > /dev/null; echo ERR no space is left;; *) exec ${client.trim()} "$@";; esac\n`)
  await chmod(join(bin, 'redis-cli'), 0o755)
  const folder = join(dir, 'half')
  const run = promisify(execFile)('script/restore-redis', [join(from, 'dump.rdb'), folder], { env: { ...process.env, PATH: `${bin}:${process.env.PATH}` } })
  t.match(await failure(run), /the append-only file could not be written/)
  t.strictSame(await readdir(folder), [])
})
