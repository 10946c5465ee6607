import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import t from 'tap'
import { loadConfig } from '../../src/config.ts'
import { PutOffError } from '../../worker/errors.ts'
import { buildWorker } from '../../worker/worker.ts'
import { until } from '../helper/engine.ts'
import { startTestRedis } from '../helper/redis.ts'
import { startProcess } from '../helper/service.ts'
import { inStatus, runJob, startWorker } from '../helper/worker.ts'

const server = await startTestRedis(t)
const dir = await mkdtemp(join(tmpdir(), 'bellhop-test-'))
t.teardown(() => rm(dir, { recursive: true, force: true }))
const file = async (name: string, text: string) => {
  const path = join(dir, name)
  await writeFile(path, text)
  return path
}
const handler = (task: string) => `export default async app => { app.handle('${task}', () => '${task}') }`
const configured = (handlers: string) => buildWorker(loadConfig({ ...server.env, LOG_LEVEL: 'silent', HANDLERS: handlers }))

t.test('HANDLERS names modules and folders', async t => {
  await file('a.mjs', handler('a'))
  await file('b.mjs', handler('b'))
  await file('notes.txt', 'not a module')
  for (const handlers of [dir, `${join(dir, 'a.mjs')}, ${join(dir, 'b.mjs')}`]) {
    const app = await configured(handlers)
    t.teardown(() => app.close())
    for (const task of ['a', 'b']) t.equal((await runJob(app, { task })).result, `"${task}"`)
    t.match(await runJob(app, { task: 'c' }), { status: 'failed', errors: [{ reason: 'no_handler' }] })
    await app.close()
  }
})

t.test('without HANDLERS the placeholder takes every task', async t => {
  const app = await buildWorker(loadConfig({ ...server.env, LOG_LEVEL: 'silent', PLACEHOLDER_MS: '5' }))
  t.teardown(() => app.close())
  t.match(await runJob(app, { task: 'anything at all' }), { status: 'completed', result: '{"placeholder":true,"task":"anything at all"}' })
})

t.test('handlers that cannot be loaded stop the start, and the error says which', async t => {
  const empty = await mkdtemp(join(dir, 'empty-'))
  const cases: [string, RegExp][] = [
    ['./not-there.mjs', /^HANDLERS names '\.\/not-there\.mjs', but there is no such file or folder/],
    ['no-such-package', /^HANDLERS: 'no-such-package' cannot be loaded/],
    [empty, /^HANDLERS names the folder .*, but there is no module in it/],
    [await file('broken.cjs', 'this is not code'), /^HANDLERS: .*broken\.cjs' cannot be loaded/],
    [await file('none.cjs', 'module.exports = 5'), /has no default export that is a Fastify plugin/],
    [await file('throws.cjs', 'module.exports = async () => { throw new Error("my own start failed") }'), /my own start failed/],
    [await file('twice.cjs', "module.exports = async app => { app.handle('x', () => {}); app.handle('x', () => {}) }"), /app\.handle\('x'\): there is a handler for it already/],
    [await file('nothing.cjs', "module.exports = async app => { app.handle('x') }"), /app\.handle\('x'\): the handler must be a function/],
    [await file('noname.cjs', "module.exports = async app => { app.handle('', () => {}) }"), /the task must be a non-empty string/],
    [await file('schema.cjs', "module.exports = async app => { app.handle('x', { input: { type: 'nonsense' } }, () => {}) }"), /app\.handle\('x'\): the schema of its input is not valid/]
  ]
  for (const [handlers, message] of cases) await t.rejects(configured(handlers), { message }, handlers)
})

t.test('a worker answers on its own port, and on another when that is taken', async t => {
  const taken = createServer()
  await new Promise<void>(resolve => taken.listen(0, '127.0.0.1', resolve))
  t.teardown(async () => { taken.close() })
  const { port } = taken.address() as AddressInfo
  const worker = await startProcess(t, 'worker/main.ts', { ...server.env, WORKER_PORT: `${port}`, PLACEHOLDER_MS: '0', LOG_LEVEL: 'info' })
  t.not(new URL(worker.address).port, `${port}`)
  await until(() => worker.logs.some(({ msg }) => msg.includes(`WORKER_PORT ${port} is taken`) && msg.includes(worker.address)))
  const health = await fetch(`${worker.address}/health`)
  t.equal(health.status, 200)
  t.match(await health.json(), { status: 'ok', checks: { redis: { status: 'ok' }, worker: { status: 'ok' } } })
})

t.test('its metrics count its attempts by what became of them', async t => {
  const app = await startWorker(t, server, async app => {
    app.handle('good', () => {})
    app.handle('bad', () => { throw new Error('no') })
    app.handle('later', () => { throw new PutOffError(3600) })
  })
  await runJob(app, { task: 'good' })
  await inStatus(app, (await app.queue.submit({ task: 'later' })).id, 'scheduled')
  await runJob(app, { task: 'bad', max_attempts: 2, backoff: { type: 'fixed', delay_seconds: 0 } })
  const text = (await app.inject('/metrics')).body
  for (const [outcome, count] of Object.entries({ completed: 1, retried: 1, failed: 1, put_off: 1, released: 0, stale: 0 })) {
    t.match(text, `worker_attempts_total{queue="default",outcome="${outcome}"} ${count}\n`)
  }
  t.match(text, 'worker_jobs_running 0\n')
})

t.test('it is among the workers while it lives', async t => {
  const app = await startWorker(t, server, async app => {
    app.handle('wait', (_job, { signal }) => new Promise<void>(resolve => signal.addEventListener('abort', () => resolve())))
  }, { WORKER_QUEUES: 'default,other', WORKER_CONCURRENCY: '7' })
  const { id } = await app.queue.submit({ task: 'wait' })
  await inStatus(app, id, 'active')
  const { items } = await app.workers.list(100)
  t.match(items.find(worker => worker.id === app.loop.info.id), { pid: process.pid, queues: ['default', 'other'], concurrency: 7, running: 1, jobs: [id] })
  await app.close()
  const other = await startWorker(t, server, async () => {})
  const ids = (await other.workers.list(100)).items.map(worker => worker.id)
  t.ok(ids.includes(other.loop.info.id))
  t.notOk(ids.includes(app.loop.info.id))
})

t.test('logs are JSON lines that say which job, and never a secret', async t => {
  const secret = 'wonderful-secret'
  const locked = await startTestRedis(t)
  const owner = new Redis(locked.redisOptions)
  await owner.config('SET', 'requirepass', secret)
  owner.disconnect()
  const worker = await startProcess(t, 'worker/main.ts', { REDIS_URL: locked.env.REDIS_URL, REDIS_PASSWORD: secret, PLACEHOLDER_MS: '0', LOG_LEVEL: 'trace', WORKER_PORT: '0' })
  const api = await startProcess(t, 'src/server.ts', { REDIS_URL: locked.env.REDIS_URL, REDIS_PASSWORD: secret, PORT: '0', LOG_LEVEL: 'trace' })
  const answer = await fetch(`${api.address}/submit`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"task":"x"}' })
  const { id } = await answer.json() as { id: string }
  const done = await until(() => worker.logs.find(({ msg }) => msg === 'Job completed'))
  t.match(done, { level: 30, job_id: id, task: 'x', queue: 'default', attempt: 1, duration_ms: Number })
  for (const msg of ['Processing x', 'Finished x']) t.ok(worker.logs.some(line => line.msg === msg && line.job_id === id), msg)
  t.match(await until(() => api.logs.find(({ msg }) => msg === 'Request')), { job_id: id, status_code: 202, path: '/submit', method: 'POST' })
  for (const { output } of [worker, api]) t.notOk(output().includes(secret))
})
