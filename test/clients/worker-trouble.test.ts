import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setImmediate, setTimeout } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import t from 'tap'
import { Attempt } from '../../clients/typescript/src/attempt.ts'
import { CancelledError, LeaseLostError, ShutdownError, createClient, createWorker } from '../../clients/typescript/src/index.ts'
import type { Handler, WorkerOptions } from '../../clients/typescript/src/index.ts'
import type { LeasedJob, Settlement } from '../../clients/typescript/src/handler.ts'
import { wait } from '../../clients/typescript/src/wait.ts'
import { until } from '../helper/engine.ts'

// What handlers and servers do that nobody has thought of: it stays theirs. The server is one that the test makes up.

setFlagsFromString('--expose-gc')
const collect: () => void = runInNewContext('gc')

const never = new AbortController().signal

function job (task: string, more: Partial<LeasedJob> = {}): LeasedJob {
  return { id: task, task, type: 'task', queue: 'default', input: null, lease_token: `token of ${task}`, ...more } as LeasedJob
}

/** `request` is held, as a fetch would: else its signal may go before it is aborted. */
interface Asked { path: string, body: any, request: Request }

/** Rejects when the one who asks gives up. */
async function aborted ({ signal }: Request): Promise<never> {
  if (!signal.aborted) await once(signal, 'abort')
  throw signal.reason
}

/** A worker, with a job of each handler, and a server that says what `answer` does, or else what is to be said. */
function start (t: { teardown: (fn: () => Promise<void>) => void }, handlers: Record<string, Handler>, { more = {}, answer = () => undefined, ...options }: Partial<WorkerOptions> & { more?: Partial<LeasedJob>, answer?: (asked: Asked) => Promise<Response> | Response | undefined } = {}) {
  const asked: Asked[] = []
  const settled: Settlement[] = []
  let jobs = Object.keys(handlers).map(task => job(task, more))
  const worker = createWorker({
    url: 'http://bellhop.test',
    signals: [],
    graceSeconds: 0,
    handlers,
    ...options,
    async fetch (request) {
      const one: Asked = { path: new URL(request.url).pathname, body: await request.json(), request }
      asked.push(one)
      const other = await answer(one)
      if (other) return other
      if (one.path === '/leases') {
        const leased = jobs
        jobs = []
        if (leased.length === 0) await aborted(request)
        return Response.json({ jobs: leased, worker_state: 'run' })
      }
      if (one.path === '/leases/heartbeat') return Response.json({ leases: one.body.leases.map(() => ({ state: 'held' })), worker_state: 'run' })
      if (one.path === '/leases/settle') settled.push(...one.body.settlements)
      return Response.json({ jobs: [], settlements: [], worker_state: 'run' })
    }
  })
  const ended = worker.run()
  t.teardown(() => worker.stop())
  return { worker, ended, asked, settled, of: (task: string) => until(() => settled.find(({ job_id }) => job_id === task)) }
}

t.test('whatever a handler throws, its job fails with it and the worker goes on, also when it cannot tell', async t => {
  const thrown: Record<string, unknown> = {
    nothing: undefined,
    text: 'just text',
    bare: Object.create(null),
    plain: { message: 'no Error', retry: false, retryAfterSeconds: 5, reason: 'invalid_input' },
    odd: Object.assign(new Error('odd'), { message: { not: 'a text' }, stack: 7, name: Symbol('x') }),
    proxy: new Proxy({}, { get () { throw new Error('hands off') } }),
    empty: new Error('')
  }
  const handlers = Object.fromEntries(Object.entries(thrown).map(([task, error]) => [task, () => { throw error }]))
  const { of } = start(t, handlers, { onError () { throw new Error('of the one who is told') } })
  t.match(await of('nothing'), { outcome: 'failed', error: { message: 'undefined' }, retry: true })
  t.match(await of('text'), { error: { message: 'just text' } })
  t.match(await of('bare'), { outcome: 'failed', error: { message: /cannot be read/ }, retry: true })
  t.match(await of('plain'), { error: { message: 'no Error', reason: 'invalid_input' }, retry: false, retry_after_seconds: 5 })
  t.match(await of('odd'), { outcome: 'failed', retry: true })
  t.match(await of('proxy'), { error: { message: /cannot be read/ } })
  t.match(await of('empty'), { error: { message: '' }, retry: true })
})

t.test('what went wrong is printed when nobody asks for it', async t => {
  const printed = t.capture(console, 'error', () => {})
  const { of } = start(t, { x () { throw new Error('out of order') } })
  t.match(await of('x'), { outcome: 'failed' })
  t.strictSame(printed.args(), [['Job x: out of order']])
})

t.test('a handler that throws what only the worker has reason to has failed: its job is neither kept for ever nor handed back again and again', async t => {
  const thrown = { cancelled: new CancelledError('so it says'), lost: new LeaseLostError('so it says'), shutdown: new ShutdownError('so it says') }
  const { of } = start(t, Object.fromEntries(Object.entries(thrown).map(([task, error]) => [task, () => { throw error }])))
  for (const [task, { name }] of Object.entries(thrown)) t.match(await of(task), { outcome: 'failed', error: { message: 'so it says', type: name, reason: 'failed' }, retry: true })
})

t.test('progress that is none is not told: the heartbeat would be refused for all', async t => {
  const { asked, of } = start(t, {
    async far (_, { progress }) {
      for (const percent of [NaN, Infinity, '50', undefined]) progress(percent as number)
      progress(120, 5 as never)
      await until(() => asked.some(({ path }) => path === '/leases/heartbeat'))
      progress(NaN)
    }
  }, { leaseSeconds: 1 })
  t.match(await of('far'), { outcome: 'completed' })
  const told = asked.filter(({ path }) => path === '/leases/heartbeat').flatMap(({ body }) => body.leases).map(({ progress }) => progress).filter(Boolean)
  t.strictSame(told, [{ percent: 100 }])
})

t.test('a log that is not answered does not keep the outcome for long', async t => {
  const real = globalThis.setTimeout
  globalThis.setTimeout = ((work: () => void, ms: number) => real(work, ms / 10)) as typeof globalThis.setTimeout
  const collecting = setInterval(collect, 50)
  t.teardown(async () => {
    globalThis.setTimeout = real
    clearInterval(collecting)
  })
  const { of } = start(t, { logs: (_, { log }) => log('x') }, {
    more: { keep_logs: true },
    answer: ({ path, request }) => path.endsWith('/logs') ? aborted(request) : undefined
  })
  t.match(await of('logs'), { outcome: 'completed' })
})

t.test('what is not answered can be aborted, whatever garbage has been collected', async t => {
  const server = createServer(() => {}).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(async () => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  for (const retries of [0, 3]) {
    const client = createClient({ url: `http://127.0.0.1:${port}`, retries })
    const stopping = new AbortController()
    const asked = once(server, 'request')
    const answer = client.GET('/jobs', { signal: stopping.signal }).then(() => 'an answer', error => error.name)
    await asked
    for (let i = 0; i < 10; i++) {
      collect()
      await setImmediate()
    }
    stopping.abort()
    t.equal(await Promise.race([answer, setTimeout(5000, 'nothing', { ref: false })]), 'AbortError', `${retries} retries`)
  }
})

t.test('nor does one that is to come much later', async t => {
  const { of } = start(t, { logs: (_, { log }) => log('x') }, {
    more: { keep_logs: true },
    answer: ({ path }) => path.endsWith('/logs') ? new Response('{}', { status: 429, headers: { 'retry-after': '3000' } }) : undefined
  })
  t.match(await of('logs'), { outcome: 'completed' })
})

t.test('a line that the server refuses, or that is no JSON, takes no other with it', async t => {
  const kept: string[] = []
  const circular: Record<string, unknown> = {}
  circular.self = circular
  const { of } = start(t, {
    logs (_, { log }) {
      for (let i = 0; i < 20; i++) log(`${i}`, { level: i === 7 ? 'loud' as never : 'info' })
      log('circular', { fields: circular as never })
      log('big', { fields: { n: 1n } as never })
      log(5 as never)
    }
  }, {
    more: { keep_logs: true },
    answer ({ path, body }) {
      if (!path.endsWith('/logs')) return undefined
      if (body.lines.some(({ level }: { level: string }) => level === 'loud')) return new Response('{}', { status: 400 })
      kept.push(...body.lines.map(({ message }: { message: string }) => message))
      return Response.json({})
    }
  })
  await of('logs')
  t.strictSame(kept, [...Array.from({ length: 20 }, (_, i) => `${i}`).filter(text => text !== '7'), 'circular', 'big', '5'])
})

t.test('what a handler has returned is its result, whatever it does to it later', async t => {
  const result = { n: 1 }
  const outcome = await new Attempt(job('x')).run(() => result, { progress () {}, log () {} }, () => {})
  result.n = 2
  t.match(outcome, { settlement: { outcome: 'completed', result: { n: 1 } } })
})

t.test('no wait is so long that it is none', async t => {
  const over = new AbortController()
  const long = wait(2 ** 40, over.signal).then(() => 'long')
  t.equal(await Promise.race([long, wait(20, never).then(() => 'short')]), 'short')
  over.abort()
  await long
})

t.test('a worker that is stopped before it runs keeps nothing waiting', async t => {
  const timers = () => process.getActiveResourcesInfo().filter(name => name === 'Timeout').length
  const before = timers()
  const worker = createWorker({ url: 'http://bellhop.test', signals: [], graceSeconds: 3600, handlers: {}, fetch: async () => { throw new Error('asks for nothing') } })
  await worker.stop()
  t.equal(timers(), before)
  await worker.run()
})

t.test('after one signal any other does what it always does', async t => {
  // Events of the process as any signal, which nobody else listens to.
  const signals = ['SIGONE', 'SIGTWO']
  const { ended } = start(t, {}, { signals })
  t.strictSame(signals.map(signal => process.listenerCount(signal)), [1, 1])
  process.emit('SIGONE' as 'SIGTERM')
  t.strictSame(signals.map(signal => process.listenerCount(signal)), [0, 0])
  await ended
})
