import { execFile } from 'node:child_process'
import { readFileSync, readdirSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import t from 'tap'
import type * as Package from '../../clients/typescript/src/index.ts'
import type { WorkerOptions } from '../../clients/typescript/src/index.ts'
import { until } from '../helper/engine.ts'
import { startFleet } from '../helper/fleet.ts'
import { installClient } from '../helper/typescript-client.ts'

const dir = await installClient(t)
const { CancelledError, HandlerError, LeaseLostError, RequestError, ShutdownError, TimedOutError, createClient, createWorker } =
  await import(pathToFileURL(join(dir, 'node_modules/@bellhop/client/dist/index.js')).href) as typeof Package
const fleet = await startFleet(t)
const { address: url } = await fleet.api()
const client = createClient({ url })

/** A worker that is stopped at the end of the test. */
function start (t: { teardown: (fn: () => Promise<void>) => void }, options: Omit<WorkerOptions, 'url'>) {
  const worker = createWorker({ url, signals: [], graceSeconds: 0, leaseSeconds: 3, ...options })
  const ended = worker.run()
  t.teardown(() => worker.stop())
  return Object.assign(worker, { ended })
}
const submit = async (queue: string, task: string, input?: unknown, more = {}) =>
  (await client.POST('/jobs', { body: { queue, task, input, max_attempts: 1, ...more } })).data!.id
const read = async (id: string, wait = 30) =>
  (await client.GET('/jobs/{id}', { params: { path: { id }, header: { Prefer: `wait=${wait}` } } })).data!
const run = async (queue: string, task: string, input?: unknown, more = {}) => await read(await submit(queue, task, input, more))

t.test('the package is whole, and needs nothing that only Node.js has', async t => {
  const { dependencies, version, exports } = JSON.parse(await readFile('clients/typescript/package.json', 'utf8'))
  const { devDependencies } = JSON.parse(await readFile('package.json', 'utf8'))
  for (const [name, range] of Object.entries(dependencies)) t.equal(devDependencies[name], range, `${name} is tested as it is installed`)
  const dist = join(dir, 'node_modules/@bellhop/client/dist')
  for (const path of Object.values<string>(exports['.'])) t.ok(readFileSync(join(dist, '..', path)).length > 0, path)
  for (const name of readdirSync(dist).filter(name => name.endsWith('.js'))) {
    const text = readFileSync(join(dist, name), 'utf8')
    for (const [, from] of text.matchAll(/from '([^']+)'/g)) t.ok(from!.startsWith('./') || from! in dependencies, `${name}: ${from}`)
  }
  t.match(readFileSync(join(dist, 'worker.js'), 'utf8'), `VERSION = '${version}'`)
})

t.test('the types say what is right, and refuse what is not', async t => {
  await writeFile(join(dir, 'package.json'), '{"type":"module"}')
  await writeFile(join(dir, 'use.ts'), await readFile('clients/typescript/test/typed-worker.ts'))
  const compilerOptions = { strict: true, noEmit: true, target: 'es2022', lib: ['es2022', 'dom'], types: [], module: 'nodenext' }
  await writeFile(join(dir, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['use.ts'] }))
  const { stdout } = await promisify(execFile)(resolve('node_modules/.bin/tsc'), ['-p', dir]).catch(error => error)
  t.equal(stdout, '')
})

t.test('the client waits as long as it is told, and repeats only what does no harm', async t => {
  const asked: { method: string, at: number, key: unknown }[] = []
  let status = 429
  const server = createServer((request, response) => {
    asked.push({ method: request.method!, at: performance.now(), key: request.headers.authorization })
    request.resume().on('end', () => {
      if (asked.length === 1) response.writeHead(status, { 'retry-after': '1', 'content-type': 'application/problem+json' }).end('{}')
      else response.writeHead(200, { 'content-type': 'application/json' }).end('{"id":"x"}')
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => server.close())
  const other = createClient({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, apiKey: 'k' })
  const statusOf = async (call: Promise<{ response: Response }>) => {
    asked.length = 0
    return (await call).response.status
  }
  const body = { task: 'x' }
  t.equal(await statusOf(other.POST('/jobs', { body })), 200, '429: nothing was done')
  t.ok(asked[1]!.at - asked[0]!.at >= 999, 'not before')
  t.equal(asked[1]!.key, 'Bearer k')
  status = 503
  t.equal(await statusOf(other.GET('/queues')), 200)
  t.equal(await statusOf(other.POST('/jobs', { body, params: { header: { 'Idempotency-Key': 'a' } } })), 200)
  t.equal(await statusOf(other.POST('/jobs', { body })), 503, 'it may have been kept')
  t.equal(asked.length, 1)
  status = 500
  t.equal(await statusOf(other.GET('/queues')), 500)
})

t.test('a worker for all types is given those that are to be posted with their URL', async t => {
  start(t, { queues: ['types'], type: '*', handlers: { '*': ({ type, http }) => ({ type, url: http?.url }) } })
  const url = 'https://example.com/run'
  t.match(await run('types', 'x', 0, { type: 'http', http: { url } }), { status: 'completed', result: { type: 'http', url } })
  t.match(await run('types', 'x', 0, { type: 'other' }), { status: 'completed', result: { type: 'other' } })
  t.match(await run('types', 'x'), { status: 'completed', result: { type: 'task' } })
})

t.test('what comes of a handler comes of its job', async t => {
  const errors: string[] = []
  start(t, {
    queues: ['outcomes'],
    concurrency: 4,
    onError: (error, job) => errors.push(`${job?.task}: ${error.message}`),
    handlers: {
      echo: job => job.input,
      nothing: () => {},
      throws: () => { throw new RangeError('too far') },
      final: () => { throw new HandlerError('never', { retry: false, reason: 'invalid_input' }) },
      later: () => { throw Object.assign(new Error('busy'), { retryAfterSeconds: 1000 }) },
      odd: () => { throw Object.assign(new Error('odd'), { retryAfterSeconds: NaN, reason: 'because' }) },
      bigint: () => 1n,
      large: () => 'x'.repeat(1024 * 1024),
      slow: async (_, { signal }) => await new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('told')))),
      deaf: async () => await new Promise(() => {}),
      logs: (job, { log }) => {
        for (let i = 0; i < 600; i++) log(`line ${i}`, { level: 'warn', fields: { i } })
        return job.id
      }
    }
  })
  const more = { max_attempts: 3 }
  t.match(await run('outcomes', 'echo', { a: [1, 'ü', null] }), { status: 'completed', result: { a: [1, 'ü', null] } })
  t.match(await run('outcomes', 'nothing'), { status: 'completed' })
  t.match(await run('outcomes', 'throws'), { status: 'failed', error: { reason: 'failed', type: 'RangeError', message: 'too far', stack: /too far/ } })
  t.match(await run('outcomes', 'final', 0, more), { status: 'failed', attempt: 1, error: { reason: 'invalid_input' } })
  t.match(await run('outcomes', 'odd'), { status: 'failed', error: { reason: 'failed', message: 'odd' } })
  t.match(await run('outcomes', 'bigint', 0, more), { status: 'failed', attempt: 1, error: { message: /BigInt/ } })
  t.match(await run('outcomes', 'large', 0, more), { status: 'failed', attempt: 1, error: { message: /1048578 bytes/ } })
  t.match(await run('outcomes', 'no such', 0, more), { status: 'failed', attempt: 1, error: { reason: 'no_handler' } })
  t.match(await run('outcomes', 'toString', 0, more), { status: 'failed', error: { reason: 'no_handler' } })
  t.match(await run('outcomes', 'echo', 0, { ...more, type: 'other' }), { status: 'failed', error: { reason: 'no_handler' } })
  for (const task of ['slow', 'deaf']) t.match(await run('outcomes', task, 0, { timeout_seconds: 1 }), { status: 'failed', error: { reason: 'timed_out' } }, task)
  const later = await submit('outcomes', 'later', 0, more)
  const retrying = await until(async () => {
    const job = await read(later, 0)
    return job.status === 'retrying' && job
  })
  t.ok(Date.parse(retrying.run_at!) - Date.now() > 900_000)
  const { id } = await run('outcomes', 'logs', 0, { keep_logs: true })
  const { data } = await client.GET('/jobs/{id}/logs', { params: { path: { id }, query: { limit: 1000 } } })
  t.strictSame(data!.items.map(({ message, level, fields }) => [message, level, fields]), Array.from({ length: 600 }, (_, i) => [`line ${i}`, 'warn', { i }]))
  t.ok(errors.includes('throws: too far'))
})

t.test('as many run as it has hands, and all of them go through', async t => {
  let [running, most] = [0, 0]
  start(t, {
    queues: ['many'],
    concurrency: 7,
    handlers: {
      '*': async job => {
        most = Math.max(most, ++running)
        await new Promise(resolve => setTimeout(resolve, 1))
        running--
        return job.task
      }
    }
  })
  const jobs = Array.from({ length: 200 }, (_, i) => ({ queue: 'many', task: `${i}` }))
  const { data } = await client.POST('/jobs/bulk', { body: { jobs } })
  for (const [i, { id }] of data!.jobs.entries()) t.match(await read(id), { status: 'completed', result: `${i}`, lost: 0 })
  t.equal(most, 7)
})

t.test('a long job is kept alive, says how far it is, and hears that it is cancelled', async t => {
  const reasons: unknown[] = []
  start(t, {
    queues: ['long'],
    concurrency: 1,
    leaseSeconds: 1,
    handlers: {
      long: async (_, { signal, progress }) => {
        progress(42, 'half')
        await new Promise(resolve => signal.addEventListener('abort', resolve))
        reasons.push(signal.reason)
      },
      short: () => 1
    }
  })
  const id = await submit('long', 'long')
  await until(async () => (await read(id, 0)).progress?.percent === 42)
  const first = Date.parse((await read(id, 0)).started_at!)
  await until(() => Date.now() > first + 2500)
  t.match(await read(id, 0), { status: 'active', lost: 0, progress: { message: 'half' } })
  await client.POST('/jobs/{id}/cancel', { params: { path: { id } } })
  t.match(await run('long', 'short'), { status: 'completed' }, 'its hand is free again')
  t.ok(reasons[0] instanceof CancelledError)
  t.match(await read(id, 0), { status: 'cancelled' })
})

t.test('what the server refuses of one job does no harm to the others', async t => {
  // No JSON that the server takes: more levels than it allows.
  const deep = () => JSON.parse('['.repeat(100) + ']'.repeat(100))
  start(t, { queues: ['refused'], concurrency: 3, handlers: { deep, echo: job => job.input } })
  const tasks = ['echo', 'deep', 'echo', 'deep', 'echo']
  const { data } = await client.POST('/jobs/bulk', { body: { jobs: tasks.map(task => ({ queue: 'refused', task, input: task, max_attempts: 1 })) } })
  const jobs = await Promise.all(data!.jobs.map(({ id }) => read(id)))
  t.match(jobs, tasks.map(task => task === 'echo' ? { status: 'completed' } : { status: 'failed', error: { message: /refused its outcome: 400/ } }))
})

t.test('stopping: what can end does, the rest is handed back', async t => {
  const reasons: unknown[] = []
  let finish = () => {}
  const worker = start(t, {
    queues: ['stop'],
    concurrency: 2,
    graceSeconds: 1,
    handlers: {
      ends: async () => await new Promise<void>(resolve => { finish = resolve }),
      stays: async (_, { signal }) => await new Promise<void>(resolve => signal.addEventListener('abort', () => { reasons.push(signal.reason); resolve() }))
    }
  })
  const [ends, stays] = [await submit('stop', 'ends'), await submit('stop', 'stays')]
  await until(() => worker.running === 2)
  const stopped = worker.stop()
  finish()
  await stopped
  await worker.ended
  t.match(await read(ends, 0), { status: 'completed' })
  const job = await read(stays, 0)
  t.match(job, { status: 'queued', lost: 0 })
  t.ok(reasons[0] instanceof ShutdownError)
  t.equal(worker.running, 0)
})

t.test('operators: quiet takes no more, stop ends it', async t => {
  let finish = () => {}
  const handlers = { waits: async () => await new Promise<void>(resolve => { finish = resolve }) }
  const worker = start(t, { queues: ['orders'], concurrency: 1, leaseSeconds: 1, graceSeconds: 30, handlers })
  const first = await submit('orders', 'waits')
  await until(() => worker.running === 1)
  const order = async (what: 'quiet' | 'stop') => await client.POST(`/workers/{id}/${what}`, { params: { path: { id: worker.id } } })
  await order('quiet')
  const second = await submit('orders', 'waits')
  await until(async () => (await client.GET('/workers')).data!.items.some(({ id, state }) => id === worker.id && state === 'quiet'))
  finish()
  t.match(await read(first), { status: 'completed' })
  await order('stop')
  await worker.ended
  t.match(await read(second, 0), { status: 'queued' })
})

t.test('a lease that was lost: the handler is told, the outcome is not', async t => {
  let reason: unknown
  let isDown = false
  const worker = start(t, {
    queues: ['lost'],
    concurrency: 1,
    leaseSeconds: 1,
    fetch: async request => isDown ? new Response('{}', { status: 503, headers: { 'retry-after': '0' } }) : await fetch(request),
    handlers: {
      waits: async (job, { signal }) => {
        if (job.lost > 0) return 'second'
        await new Promise(resolve => signal.addEventListener('abort', resolve))
        reason = signal.reason
        return 'first'
      }
    }
  })
  const id = await submit('lost', 'waits')
  await until(() => worker.running === 1)
  isDown = true
  await until(async () => (await read(id, 0)).lost === 1)
  isDown = false
  t.match(await read(id), { status: 'completed', result: 'second', lost: 1 })
  t.ok(reason instanceof LeaseLostError)
})

t.test('it ends when it is refused for good', async t => {
  const worker = createWorker({ url, queues: ['Not A Name'], signals: [], handlers: {} })
  await t.rejects(worker.run(), RequestError)
  t.ok(new TimedOutError('x') instanceof Error)
})
