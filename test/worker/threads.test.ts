import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { fileURLToPath, pathToFileURL } from 'node:url'
import t from 'tap'
import { startEngine, until } from '../helper/engine.ts'
import { inStatus, runJob, startWorker } from '../helper/worker.ts'

const { server, queue } = await startEngine(t)
const module = pathToFileURL('test/fixture/thread.mjs')
const app = await startWorker(t, server, async app => {
  app.handle('work', { thread: true, module })
  app.handle('checked', { thread: true, module: fileURLToPath(module), input: { type: 'object', required: ['act'] } })
  app.handle('main', job => job.input)
}, { WORKER_THREADS: '2', THREAD_MEMORY_MB: '32', LEASE_SECONDS: '2' })
const run = async (input: unknown, spec = {}) => await runJob(app, { task: 'work', input: JSON.stringify(input), max_attempts: 1, ...spec })

/** Threads that connect here and are gone again. */
let ended = 0
let begun = 0
const listener = createServer(socket => {
  begun++
  socket.on('close', () => { ended++ }).on('error', () => {})
})
await new Promise<void>(resolve => { listener.listen(0, '127.0.0.1', resolve) })
t.teardown(async () => { listener.close() })
const { port } = listener.address() as AddressInfo
t.beforeEach(() => {
  begun = 0
  ended = 0
})

t.test('it runs in another thread, has what a handler has, and what it returns is the result', async t => {
  const job = await run({ act: 'say', n: 1 }, { tags: ['a'], metadata: { b: 'c' } })
  const { threadId, job: seen, date } = JSON.parse(job.result!)
  t.ok(threadId > 0)
  t.match(seen, { id: job.id, task: 'work', type: 'task', queue: 'default', priority: 'normal', tags: ['a'], metadata: { b: 'c' }, attempt: 1, max_attempts: 1, lost: 0, depends_on: [], input: { act: 'say', n: 1 }, inputText: '{"act":"say","n":1}' })
  t.equal(date, '1970-01-01T00:00:00.000Z')
})

t.test('what it throws counts as anywhere', async t => {
  t.match(await run({ act: 'throw' }), { status: 'failed', errors: [{ reason: 'failed', message: 'too far', stack: /thread\.mjs/ }] })
  t.match(await run({ act: 'throw', retry: false }, { max_attempts: 3 }), { status: 'failed', attempt: 1 })
  const { id } = await queue.submit({ task: 'work', input: '{"act":"throw","retryAfterSeconds":1000}' })
  const later = await inStatus(app, id, 'retrying')
  t.equal(later.run_at! - later.errors[0]!.at, 1_000_000)
  const off = await queue.submit({ task: 'work', input: '{"act":"throw","retryAfterSeconds":1000,"counts":false}' })
  t.match(await inStatus(app, off.id, 'scheduled'), { attempt: 0 })
  t.match(await run({ act: 'throw text' }), { status: 'failed', errors: [{ message: 'just text' }] })
  t.match(await run({ act: 'no json' }), { status: 'failed', errors: [{ message: /BigInt/ }] })
  t.match(await run({ act: 'big' }), { status: 'failed', errors: [{ message: /larger than 1048576 bytes/ }] })
  t.match(await run({ act: 'progress 101' }), { status: 'failed', errors: [{ message: /percent is 101/ }] })
  t.match(await runJob(app, { task: 'checked', input: '{}' }), { status: 'failed', errors: [{ reason: 'invalid_input' }] })
})

t.test('the main thread, and with it the leases, stay alive while all threads compute', async t => {
  const jobs = await queue.submitAll(Array.from({ length: 2 }, () => ({ task: 'work', input: JSON.stringify({ act: 'spin', port }), timeout_seconds: 10, max_attempts: 1 })))
  await until(() => begun === 2)
  // Longer than their lease.
  for (const end = Date.now() + 3000; Date.now() < end;) t.equal((await runJob(app, { task: 'main', input: '1' })).status, 'completed')
  for (const { id } of jobs) t.match(await inStatus(app, id, 'failed'), { lost: 0, attempt: 1, errors: [{ reason: 'timed_out' }] })
  await until(() => ended === 2)
})

t.test('a time-out and a cancellation end the thread, whatever it does, and there is another for the next', async t => {
  // So that there is a thread: to start one takes its time, which counts.
  await run({})
  t.match(await run({ act: 'spin', port }, { timeout_seconds: 2 }), { status: 'failed', errors: [{ reason: 'timed_out' }] })
  await until(() => ended === 1)
  const { id } = await queue.submit({ task: 'work', input: JSON.stringify({ act: 'spin', port }) })
  await until(() => begun === 2)
  await queue.control('default', 'cancel', [id])
  await until(() => ended === 2)
  t.equal((await run({})).status, 'completed')
})

t.test('one that waits for a thread is cancelled before it has begun', async t => {
  const spins = await queue.submitAll(Array.from({ length: 3 }, () => ({ task: 'work', input: JSON.stringify({ act: 'spin', port }) })))
  await until(async () => (await queue.stats('default'))!.active === 3 && begun === 2)
  await queue.control('default', 'cancel', spins.map(({ id }) => id))
  await until(() => ended === 2)
  t.equal((await run({})).status, 'completed')
  t.equal(begun, 2)
})

t.test('one that needs too much memory, ends its thread or its process fails alone', async t => {
  t.match(await run({ act: 'fill' }), { status: 'failed', errors: [{ message: /memory limit/ }] })
  t.match(await run({ act: 'exit' }), { status: 'failed', errors: [{ message: /exit/ }] })
  t.match(await run({ act: 'nobody catches' }), { status: 'failed', errors: [{ message: 'out of reach' }] })
  t.equal((await run({})).status, 'completed')
})

t.test('what a handler has left behind, and fails after its end, ends the thread and nothing else', async t => {
  t.equal((await run({ act: 'leaves a failure', port })).status, 'completed')
  await until(() => ended === 1)
  t.equal((await run({})).status, 'completed')
})

t.test('progress, parents and logs', async t => {
  const { id } = await queue.submit({ task: 'work', input: '{"act":"progress"}' })
  t.match(await until(async () => (await queue.get(id))?.progress), { percent: 40, message: 'nearly' })
  await queue.control('default', 'cancel', [id])

  const parent = await runJob(app, { task: 'main', input: '{"a":1}' })
  t.same(JSON.parse((await run({ act: 'parents' }, { depends_on: [parent.id] })).result!), [{ id: parent.id, status: 'completed', result: { a: 1 } }])

  const logged = await run({ act: 'log' }, { keep_logs: true })
  t.equal(logged.result, undefined)
  const { items } = (await queue.logs(logged.id, { limit: 10, order: 'oldest' }))!
  t.match(items, [{ level: 'info', message: 'one', fields: { n: 1, at: '1970-01-01T00:00:00.000Z' } }, { level: 'warn', message: 'two' }, { level: 'error', message: /three/ }])
})

t.test('a module that is not there stops the start', async t => {
  const start = async (module: string) => await startWorker(t, server, async app => { app.handle('x', { thread: true, module }) })
  await t.rejects(start('/nowhere/work.js'), /app\.handle\('x'\): there is no module \/nowhere\/work\.js/)
  await t.rejects(start('./work.js'), /the module must be a file/)
})
