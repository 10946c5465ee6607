import { resolve } from 'node:path'
import t from 'tap'
import { fromUuid } from '../../src/queue/ids.ts'
import type { JobSpec } from '../../src/queue/job.ts'
import { Keys } from '../../src/queue/keys.ts'
import type { Line } from '../../src/queue/logs.ts'
import { until } from '../helper/engine.ts'
import { startFleet } from '../helper/fleet.ts'
import type { LogLine } from '../helper/service.ts'
import { inStatus } from '../helper/worker.ts'

const fleet = await startFleet(t)
const { queue, redis } = fleet
const keys = new Keys()
const HANDLERS = resolve('test/fixture/logging.mjs')
const NO_DELAY = { type: 'fixed' as const, delay_seconds: 0, jitter: 0 }

const run = async (spec: JobSpec) => {
  const { id } = await queue.submit({ keep_logs: true, max_attempts: 1, ...spec })
  return await inStatus(fleet, id, 'completed', 'failed')
}
const read = async (id: string) => (await queue.logs(id, { limit: 1000, order: 'oldest' }))!
const short = ({ level, message, fields }: Line) => ({ level, message, fields })

/** What the handler `say` logs, at `info` and above. */
const SAID = [
  { level: 'info', message: 'plain', fields: {} },
  { level: 'warn', message: 'with fields', fields: { took_ms: 12, task: 'mine', nested: { a: [1, null] } } },
  { level: 'info', message: '', fields: { only: 'fields' } },
  { level: 'info', message: '', fields: {} },
  { level: 'error', message: 'thrown', fields: { err: { type: 'TypeError', message: 'thrown', stack: /logging\.mjs/ } } },
  { level: 'error', message: 'an error', fields: { err: { type: 'Error', message: 'with a cause: the cause', stack: /caused by: Error: the cause/ } } },
  { level: 'info', message: '[images] from a child', fields: { module: 'images', size: 3 } },
  { level: 'fatal', message: '[images] from its child', fields: { module: 'images', step: 2 } },
  { level: 'debug', message: 'a child that says more', fields: {} },
  { level: 'info', message: 'after a while', fields: {} }
]

t.test('the level info and above is kept whatever the process logs, and nothing else changes', async t => {
  for (const level of ['silent', 'error', 'info', 'debug']) {
    await t.test(level, async t => {
      const worker = await fleet.worker({ HANDLERS, LOG_LEVEL: level })
      t.teardown(fleet.clear)
      const job = await run({ task: 'say' })
      t.equal(job.result, '"done"')
      const { items, dropped } = await read(job.id)
      const quiet = { level: 'debug', message: 'quiet', fields: {} }
      const expected = level === 'debug' ? SAID.toSpliced(9, 0, quiet) : SAID
      t.match(items.map(short), expected)
      t.match({ length: items.length, dropped, attempts: [...new Set(items.map(({ attempt }) => attempt))] }, { length: expected.length, dropped: 0, attempts: [1] })
      for (const [i, { at, line }] of items.entries()) {
        t.equal(line, i + 1)
        t.ok(at >= job.started_at! - 1 && at <= job.completed_at! + 1, `${at} between ${job.started_at} and ${job.completed_at}`)
      }
      t.match(Object.keys(items[1]!.fields), ['took_ms', 'task', 'nested'], 'what all lines of the job have is not among them')

      const printed = () => worker.logs.filter(line => line.job_id === job.id && line.msg !== 'Job completed')
      await run({ task: 'say', keep_logs: false })
      const plain = () => worker.logs.filter(line => line.job_id && line.job_id !== job.id && line.msg !== 'Job completed')
      const bare = (lines: LogLine[]) => lines.map(line => ({ ...line, time: 0, job_id: '', err: line.err && { ...line.err, stack: '' } }))
      // The last line of the second job comes after all of the first.
      if (level === 'info' || level === 'debug') await until(() => plain().some(({ msg }) => msg === 'after a while'))
      if (level === 'error') await until(() => plain().some(({ msg }) => String(msg).includes('its child')))
      // Of a process that logs little a child cannot make more.
      t.same(bare(printed()), bare(plain()).filter(({ msg }) => !['silent', 'error'].includes(level) || msg !== 'a child that says more'))
      t.equal(printed().length, { silent: 0, error: 3, info: 10, debug: 11 }[level])
    })
  }
})

t.test('with one worker', async t => {
  await fleet.worker({ HANDLERS, LOG_LEVEL: 'warn', WORKER_CONCURRENCY: '50' })
  t.teardown(fleet.clear)

  t.test('a job that does not ask has none, and neither do others', async t => {
    const job = await run({ task: 'say', keep_logs: undefined })
    t.same(await read(job.id), { items: [], next_cursor: null, dropped: 0 })
    t.equal(await redis.hexists(keys.logs, fromUuid(job.id)), 0)
  })

  t.test('the last 1,000 of 1,500, in order', async t => {
    const job = await run({ task: 'many', input: '1500' })
    const { items, dropped } = await read(job.id)
    t.match([items.length, dropped], [1000, 500])
    t.same(items.map(({ fields }) => fields.n), Array.from({ length: 1000 }, (_, i) => 501 + i))
    t.same(items.map(({ line }) => line), items.map(({ fields }) => fields.n))
  })

  t.test('many jobs at once: who sees that one has completed sees all its lines', async t => {
    const jobs = await Promise.all(Array.from({ length: 100 }, () => run({ task: 'many', input: '30' })))
    for (const { id } of jobs) t.match((await read(id)), { dropped: 0, items: { length: 30, 0: { line: 1 }, 29: { line: 30 } } })
  })

  t.test('every attempt', async t => {
    const job = await run({ task: 'fail twice', max_attempts: 3, backoff: NO_DELAY })
    t.equal(job.status, 'completed')
    t.match((await read(job.id)).items, [1, 2, 3].map(n => ({ line: n, attempt: n, message: `attempt ${n}` })))
  })

  t.test('while it runs; what comes after its end is not kept', async t => {
    const { id } = await queue.submit({ task: 'talk', keep_logs: true, timeout_seconds: 1, max_attempts: 1 })
    await until(async () => (await read(id)).items.length > 1)
    t.match(await queue.get(id), { status: 'active' })
    const job = await inStatus(fleet, id, 'failed')
    t.match(job.errors, [{ reason: 'timed_out' }])
    const { items } = await read(id)
    await run({ task: 'many', input: '1' }) // another batch has gone
    t.same((await read(id)).items, items)
    t.notOk(items.some(({ message }) => message === 'too late'))
  })

  t.test('a cancelled job keeps what was there', async t => {
    const { id } = await queue.submit({ task: 'talk', keep_logs: true })
    await until(async () => (await read(id)).items.length > 1)
    await queue.control('default', 'cancel', [id])
    const { items } = await read(id)
    t.match(items[0], { message: 'begins' })
    await run({ task: 'many', input: '1' })
    t.same((await read(id)).items, items)
  })

  t.test('lines that are too long are cut, and say so', async t => {
    const job = await run({ task: 'large' })
    const { items } = await read(job.id)
    t.match(items, [
      { message: 'm'.repeat(100), fields: { a: 1, b: 2, big: undefined }, cut: true },
      { message: /^("😀){500,}"?$/u, fields: { a: 1 }, cut: true },
      { message: 'just fits', fields: { text: 'x'.repeat(8000) }, cut: undefined }
    ])
    for (const entry of await redis.lrange(keys.log(fromUuid(job.id)), 0, -1)) t.ok(Buffer.byteLength(entry) < 8192 + 40)
  })

  t.test('whatever is logged, the job goes on', async t => {
    const job = await run({ task: 'bad' })
    t.equal(job.status, 'completed')
    t.match((await read(job.id)).items.map(short), [
      { message: 'no data', fields: {} },
      { message: 'strange', fields: { circular: { self: '[Circular]' }, big: 12, nan: null, when: '1970-01-01T00:00:00.000Z' } },
      { message: '', fields: { msg: 5 } },
      { message: 'names that are taken', fields: { job_id: 'other', level: 1, time: 2 } }
    ])
  })
})

t.test('with Redis in trouble', async t => {
  t.afterEach(fleet.clear)
  const startWorker = async (env: NodeJS.ProcessEnv = {}) => await fleet.worker({ HANDLERS, LOG_LEVEL: 'debug', LEASE_SECONDS: '30', ...env })
  /** A job that logs 120 lines in about a second, once the first are there. */
  const counting = async () => {
    const { id } = await queue.submit({ task: 'count', input: '120', keep_logs: true, max_attempts: 1 })
    await until(async () => (await read(id)).items.length > 0)
    return id
  }

  t.test('what is logged while it is away comes later', async t => {
    await startWorker()
    const id = await counting()
    await fleet.server.stop()
    await fleet.server.start()
    await inStatus(fleet, id, 'completed')
    const { items, dropped } = await read(id)
    t.equal(dropped, 0)
    // What was sent, but not answered any more, is sent again.
    t.same([...new Set(items.map(({ fields }) => fields.n))], Array.from({ length: 120 }, (_, i) => i + 1))
  })

  t.test('while it is full lines are dropped and counted, and the job goes on', async t => {
    const worker = await startWorker()
    const id = await counting()
    await redis.config('SET', 'maxmemory', '1mb')
    t.teardown(async () => { await redis.config('SET', 'maxmemory', '0') })
    await inStatus(fleet, id, 'completed')
    const { items, dropped } = await read(id)
    t.ok(dropped > 0 && items.length + dropped === 120, `${items.length} kept, ${dropped} dropped`)
    t.same(items.map(({ line }) => line), items.map((_, i) => i + 1))
    t.ok(worker.logs.some(({ msg, lines }) => msg === 'Lines of jobs were dropped: Redis is out of memory' && Number(lines) > 0))
  })

  t.test('when it has forgotten the scripts', async t => {
    await startWorker()
    await redis.function('FLUSH')
    const { id } = await run({ task: 'many', input: '10' })
    t.equal((await read(id)).items.length, 10)
  })

  t.test('a worker that stops sends what it has', async t => {
    const worker = await startWorker({ SHUTDOWN_GRACE_SECONDS: '0' })
    const { id } = await queue.submit({ task: 'talk', keep_logs: true })
    await inStatus(fleet, id, 'active')
    worker.signal('SIGTERM')
    t.equal(await worker.exited, 0)
    t.match(await queue.get(id), { status: 'queued', attempt: 0 })
    t.match(await read(id), { items: [{ message: 'begins', attempt: 1 }], dropped: 0 })
  })
})
