import { Type } from '@sinclair/typebox'
import t from 'tap'
import { DoNotRetryError, PutOffError, RetryAfterError } from '../../worker/errors.ts'
import { startTestRedis } from '../helper/redis.ts'
import { inStatus, runJob, startWorker } from '../helper/worker.ts'

const server = await startTestRedis(t)
const NO_DELAY = { type: 'fixed' as const, delay_seconds: 0, jitter: 0 }
const thrown: Record<string, unknown> = {
  string: 'just text',
  undefined,
  object: { code: 'E_X' },
  noMessage: Object.assign(new Error('x'), { message: undefined }),
  badStack: Object.assign(new Error('no stack'), { stack: 12 }),
  unreadable: new Proxy({}, { get () { throw new Error('no') } }),
  symbol: Symbol('s')
}

const app = await startWorker(t, server, async app => {
  app.decorate('answer', 42)
  app.handle('echo', async job => ({ id: job.id, task: job.task, type: job.type, queue: job.queue, priority: job.priority, tags: job.tags, metadata: job.metadata, attempt: job.attempt, max_attempts: job.max_attempts, lost: job.lost, created_at: job.created_at, input: job.input, inputText: job.inputText }))
  app.handle('echo', { type: 'report' }, () => 'of another type')
  app.handle('container', () => (app as unknown as { answer: number }).answer)
  app.handle('nothing', () => {})
  app.handle('throw', job => { throw thrown[job.input as string] })
  app.handle('fail', () => { throw new Error('boom') })
  app.handle('fail twice', job => {
    if (job.attempt < 3) throw new Error(`no ${job.attempt}`)
    return 'at last'
  })
  app.handle('never again', () => { throw new DoNotRetryError('hopeless') })
  app.handle('later', () => { throw new RetryAfterError(3600) })
  app.handle('not now', job => {
    if (job.metadata.now !== 'yes') throw new PutOffError(3600)
    throw new RetryAfterError(job.attempt * 3600)
  })
  app.handle('slow', async (_job, { signal }) => await new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason))))
  app.handle('deaf', async () => await new Promise(() => {}))
  app.handle('checked', { input: Type.Object({ width: Type.Integer({ minimum: 1 }) }, { additionalProperties: false }) }, job => (job.input as { width: number }).width * 2)
  app.handle('large', job => 'x'.repeat(job.input as number))
  app.handle('no json', () => 10n)
  app.handle('progress', async (_job, ctx) => {
    await ctx.progress(40, 'nearly half')
    await new Promise((_resolve, reject) => ctx.signal.addEventListener('abort', () => reject(ctx.signal.reason)))
  })
  app.handle('bad progress', async (_job, ctx) => await ctx.progress(101))
})

t.test('a handler gets the job, and what it returns is the result', async t => {
  const job = await runJob(app, { task: 'echo', input: '{"n":9007199254740993}', priority: 'high', tags: ['a'], metadata: { k: 'v' }, max_attempts: 5 })
  t.match(job, { status: 'completed', attempt: 1, lost: 0, errors: [], worker: app.loop.info.id })
  t.same(JSON.parse(job.result!), {
    id: job.id,
    task: 'echo',
    type: 'task',
    queue: 'default',
    priority: 'high',
    tags: ['a'],
    metadata: { k: 'v' },
    attempt: 1,
    max_attempts: 5,
    lost: 0,
    created_at: new Date(job.created_at).toISOString(),
    input: { n: 9007199254740992 },
    inputText: '{"n":9007199254740993}'
  })
})

t.test('without an input it is null; a handler that returns nothing has no result', async t => {
  t.match(JSON.parse((await runJob(app, { task: 'echo' })).result!), { input: null })
  t.equal((await runJob(app, { task: 'nothing' })).result, undefined)
})

t.test('handlers are looked up by type and task, and may use what the container has', async t => {
  t.equal((await runJob(app, { task: 'echo', type: 'report' })).result, '"of another type"')
  t.equal((await runJob(app, { task: 'container' })).result, '42')
})

t.test('a task without a handler is dead-lettered at once, and the error says so', async t => {
  t.match(await runJob(app, { task: 'unheard of' }), {
    status: 'failed', attempt: 1, errors: [{ reason: 'no_handler', message: "This worker has no handler for the task 'unheard of'." }]
  })
  t.match(await runJob(app, { task: 'fail', type: 'report' }), { errors: [{ reason: 'no_handler', message: /'fail' of type 'report'/ }] })
})

t.test('an attempt that fails is followed by others until they are used up', async t => {
  const job = await runJob(app, { task: 'fail', backoff: NO_DELAY })
  t.match(job, { status: 'failed', attempt: 3, lost: 0 })
  t.same(job.errors.map(({ attempt, reason, message, worker }) => ({ attempt, reason, message, worker })),
    [1, 2, 3].map(attempt => ({ attempt, reason: 'failed', message: 'boom', worker: app.loop.info.id })))
  t.match(job.errors[0]!.stack, /handlers\.test\.ts/)
  t.match(await runJob(app, { task: 'fail', max_attempts: 1 }), { status: 'failed', attempt: 1 })
  t.match(await runJob(app, { task: 'fail twice', backoff: NO_DELAY }), { status: 'completed', attempt: 3, result: '"at last"', errors: [{ message: 'no 1' }, { message: 'no 2' }] })
})

t.test('the backoff is what the job asks for', async t => {
  const { id } = await app.queue.submit({ task: 'fail', backoff: { type: 'fixed', delay_seconds: 100, jitter: 0 } })
  const job = await inStatus(app, id, 'retrying')
  t.equal(job.run_at! - job.errors[0]!.at, 100_000)
  t.match(job, { attempt: 1 })
})

t.test('a handler says not to retry, or when', async t => {
  t.match(await runJob(app, { task: 'never again' }), { status: 'failed', attempt: 1, errors: [{ reason: 'failed', message: 'hopeless' }] })
  const { id } = await app.queue.submit({ task: 'later' })
  const job = await inStatus(app, id, 'retrying')
  t.equal(job.run_at! - job.errors[0]!.at, 3600_000)
})

t.test('a handler puts a job off: that counts as nothing, however often', async t => {
  const { id } = await app.queue.submit({ task: 'not now', max_attempts: 2 })
  const again = async (status: 'scheduled' | 'retrying') => {
    const { run_at } = await inStatus(app, id, status)
    await app.queue.control('default', 'promote', [id])
    return run_at!
  }
  const now = Date.now()
  for (let n = 0; n < 3; n++) t.ok(Math.abs(await again('scheduled') - now - 3_600_000) < 60_000)
  t.match(await inStatus(app, id, 'scheduled'), { attempt: 0, errors: [] })
  await app.queue.edit(id, () => ({ metadata: { now: 'yes' } }))
  await again('scheduled')
  t.match(await inStatus(app, id, 'retrying'), { attempt: 1, errors: [{ attempt: 1 }] })
  await app.queue.edit(id, () => ({ metadata: {} }))
  for (let n = 0; n < 3; n++) await again('retrying')
  t.match(await inStatus(app, id, 'retrying'), { attempt: 1, errors: [{ attempt: 1 }] }, 'between two attempts it stays that')
  await app.queue.edit(id, () => ({ metadata: { now: 'yes' } }))
  await again('retrying')
  t.match(await inStatus(app, id, 'failed'), { attempt: 2, errors: [{ attempt: 1 }, { attempt: 2 }] })
})

t.test('anything can be thrown', async t => {
  const messages = { string: 'just text', undefined: 'undefined', object: "{ code: 'E_X' }", noMessage: /Error/, badStack: 'no stack', unreadable: /cannot be read/, symbol: 'Symbol(s)' }
  for (const [input, message] of Object.entries(messages)) {
    t.match(await runJob(app, { task: 'throw', input: JSON.stringify(input), max_attempts: 1 }), { status: 'failed', errors: [{ reason: 'failed', message }] }, input)
  }
})

t.test('an input that does not fit fails without a retry', async t => {
  t.match(await runJob(app, { task: 'checked', input: '{"width":4}' }), { status: 'completed', result: '8' })
  t.match(await runJob(app, { task: 'checked', input: '{"width":0}' }), { status: 'failed', attempt: 1, errors: [{ reason: 'invalid_input', message: /^input\/width must be >= 1/ }] })
  t.match(await runJob(app, { task: 'checked', input: '{"width":"4"}' }), { errors: [{ reason: 'invalid_input' }] }, 'nothing is coerced')
  t.match(await runJob(app, { task: 'checked' }), { errors: [{ reason: 'invalid_input', message: /^input must be/ }] })
})

t.test('time runs out, for handlers that listen and for those that do not', async t => {
  for (const task of ['slow', 'deaf']) {
    t.match(await runJob(app, { task, timeout_seconds: 1, max_attempts: 1 }), { status: 'failed', errors: [{ reason: 'timed_out', message: 'timed out after 1 s' }] })
  }
})

t.test('a result must be JSON, of at most 1 MiB', async t => {
  t.match(await runJob(app, { task: 'large', input: `${1024 * 1024 - 2}` }), { status: 'completed' })
  t.match(await runJob(app, { task: 'large', input: `${1024 * 1024}` }), { status: 'failed', attempt: 1, errors: [{ message: /larger than 1048576/ }] })
  t.match(await runJob(app, { task: 'no json', max_attempts: 1 }), { status: 'failed', errors: [{ message: /BigInt/ }] })
})

t.test('progress is seen while the job runs', async t => {
  const { id } = await app.queue.submit({ task: 'progress', timeout_seconds: 1, max_attempts: 1 })
  const seen = await (async () => {
    for (;;) {
      const job = await app.queue.get(id)
      if (job?.progress) return job
    }
  })()
  t.match(seen, { status: 'active', progress: { percent: 40, message: 'nearly half' } })
  t.equal((await inStatus(app, id, 'failed')).progress, undefined)
  t.match(await runJob(app, { task: 'bad progress', max_attempts: 1 }), { status: 'failed', errors: [{ message: /must be from 0 to 100/ }] })
})
