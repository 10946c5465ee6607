import t from 'tap'
import { newId, toUuid } from '../../src/queue/ids.ts'
import type { JobRecord } from '../../src/queue/job.ts'
import type { Leased } from '../../src/queue/lease.ts'
import { decodeRecord } from '../../src/queue/record.ts'
import { completed, dead, expire, HOUR_MS, idleWorker, retried, startEngine, submitMany } from '../helper/engine.ts'

// What somebody else pushed into the list: RPUSH job_queue '{"task":"x"}'.

const engine = await startEngine(t)
const { queue, redis, key, worker, sweep } = engine

const read = ({ id, record }: Leased): JobRecord => decodeRecord(toUuid(id), record)

/** The job that a worker makes of an entry. */
async function adopt (entry: string | Buffer, suffix = ''): Promise<JobRecord> {
  await redis.rpush(key(suffix), entry)
  const [leased] = (await worker().turn({ max: 1 })).leased
  return read(leased!)
}

t.test('a JSON object with a task is a job like any other', async t => {
  const job = await adopt('{"task":"x","input":{"n":9007199254740993}}')
  t.match(job, { task: 'x', type: 'task', queue: 'default', priority: 'normal', input: '{"n":9007199254740993}', max_attempts: 3, tags: [], metadata: {}, not_a_job: undefined })
  t.match(job.id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/)
  t.ok(Math.abs(Number.parseInt(job.id.slice(0, 8) + job.id.slice(9, 13), 16) - Date.now()) < 60_000, 'the time is in its id')
  t.ok(Math.abs(job.created_at - Date.now()) < 60_000)
  t.match(await queue.get(job.id), { ...job, status: 'active', attempt: 1, lost: 0 })
  t.match(await queue.stats('default'), { active: 1, queued: 0, totals: { submitted: 1 } })
  t.same(await queue.names(), ['default'])
})

t.test('it can fail, be lost, die, be redriven and complete', async t => {
  const { id } = await adopt('{"task":"x","input":1}')
  await expire(engine)
  await sweep()
  t.match(await queue.get(id), { status: 'queued', lost: 1, input: '1' })
  await worker().turn({ settlements: retried(await worker().turn({ max: 1 }), 0) })
  await worker().turn({ settlements: dead(await worker().turn({ max: 1 })) })
  t.match(await queue.get(id), { status: 'failed', attempt: 2, lost: 1, task: 'x' })
  await queue.redrive('default')
  await worker().turn({ settlements: completed(await worker().turn({ max: 1 })) })
  t.match(await queue.get(id), { status: 'completed', result: '"done"', input: '1' })
  t.match(await queue.stats('default'), { totals: { submitted: 1 } }, 'counted once')
})

t.test('the list says which priority it has', async t => {
  t.match(await adopt('{"task":"x","priority":"low"}', ':high'), { priority: 'high', task: 'x' })
  t.match(await adopt('{"task":"x","priority":"high"}', ':low'), { priority: 'low', task: 'x' })
  await redis.rpush(key(':low'), '{"task":"l"}')
  await redis.rpush(key(), '{"task":"n"}')
  await redis.rpush(key(':high'), '{"task":"h"}')
  const { leased } = await worker().turn({ max: 3 })
  t.same(leased.map(lease => read(lease).task), ['h', 'n', 'l'])
})

t.test('also in a queue with another name, which is known from then on', async t => {
  await redis.rpush('queue:images:high', '{"task":"x","queue":"default"}')
  const [leased] = (await worker('w1', { queue: 'images' }).turn({ max: 1 })).leased
  t.match(read(leased!), { task: 'x', queue: 'images', priority: 'high' })
  t.match(await queue.get(toUuid(leased!.id)), { queue: 'images', status: 'active' })
  t.same(await queue.names(), ['default', 'images'])
})

t.test('fields that the contract allows count', async t => {
  const fields = {
    type: 'mail', max_attempts: 7, backoff: { type: 'fixed', delay_seconds: 1, max_delay_seconds: 2, jitter: 0 }, timeout_seconds: 9, tags: ['a', 'b'], metadata: { k: 'v' }
  }
  t.match(await adopt(JSON.stringify({ task: 'x', ...fields })), { task: 'x', ...fields })
  t.match((await adopt('{"task":"x","backoff":{"delay_seconds":1}}')).backoff, { type: 'exponential', delay_seconds: 1, max_delay_seconds: 3600 }, 'with the other defaults of a backoff')
})

t.test('fields that it does not allow are left out, one by one', async t => {
  const bad: Record<string, unknown[]> = {
    type: [1, '', null, 'x'.repeat(1000)],
    max_attempts: [0, 101, 1.5, '3', null],
    backoff: [1, 'fixed', { type: 'no' }, { delay_seconds: -1 }, { jitter: 2 }, { nope: 1 }, null],
    timeout_seconds: [0, 604_801, '1', null],
    tags: ['a', [1], [''], ['a', 'a'], Array.from({ length: 21 }, (_, i) => `${i}`), null],
    metadata: ['a', { a: 1 }, [], null]
  }
  const plain = await adopt('{"task":"x"}')
  for (const [name, values] of Object.entries(bad)) {
    for (const value of values) {
      const { id, created_at, ...job } = await adopt(JSON.stringify({ task: 'x', max_attempts: 5, [name]: value }))
      const expected = { ...plain, max_attempts: name === 'max_attempts' ? 3 : 5, id, created_at }
      t.same({ id, created_at, ...job }, expected, `${name}: ${JSON.stringify(value)}`.slice(0, 60))
    }
  }
})

t.test('when it runs is settled: it runs now', async t => {
  const later = new Date(Date.now() + HOUR_MS).toISOString()
  t.match(await adopt(JSON.stringify({ task: 'x', delay_seconds: 100, run_at: later, id: 'mine', created_at: 1, lost: 9, status: 'failed' })), { task: 'x' })
  t.match(await queue.stats('default'), { active: 1, scheduled: 0 })
})

t.test('the input is what was pushed, byte for byte; of two the last', async t => {
  for (const input of ['1.0', '1e-400', '[ 1 , {"a" : "\\u0000"} ]', '"\u2028 / \\/ \ud83d\ude00"', '{"task":"inner","input":2}', 'null']) {
    t.equal((await adopt(`{ "in": 0, "task":"x",\n"input":1, "inp\\u0075t" :  ${input} }`)).input, input)
  }
  t.equal((await adopt('{"task":"x"}')).input, 'null')
})

t.test('a task of any text', async t => {
  for (const task of [' ', '\0', 'ü€😀', 'a\nb\r\n', 'x'.repeat(100_000)]) t.equal((await adopt(JSON.stringify({ task }))).task, task)
})

t.test('what is no job is kept as it is, with the reason', async t => {
  const junk: Array<[string, RegExp]> = [
    ['', /neither the id of a job nor JSON/], ['junk', /nor JSON/], ['{"task":"x"', /nor JSON/], ['{"task":"x"}}', /nor JSON/], ["{'task':'x'}", /nor JSON/],
    ['\0\x01', /nor JSON/], ['null', /not a JSON object/], ['12', /not a JSON object/], ['"x"', /not a JSON object/], ['[{"task":"x"}]', /not a JSON object/],
    ['{}', /no 'task'/], ['{"task":""}', /no 'task'/], ['{"task":1}', /no 'task'/], ['{"task":null}', /no 'task'/], ['{"input":{"task":"x"}}', /no 'task'/],
    ['{"__proto__":{"task":"x"}}', /no 'task'/]
  ]
  for (const [entry, why] of junk) {
    const job = await adopt(entry)
    t.match(job, { task: '(not a job)', not_a_job: why }, JSON.stringify(entry))
    t.equal(JSON.parse(job.input), entry)
  }
  t.match(await queue.stats('default'), { active: junk.length })
})

t.test('ids that look like ours but are not known', async t => {
  const [gone] = await submitMany(engine, 1)
  await worker('w1', { keep_completed: 0 }).turn({ settlements: completed(await worker().turn({ max: 1 })) })
  for (const entry of [newId(), toUuid(newId()), gone!.id]) {
    const job = await adopt(entry)
    t.match(job, { task: '(not a job)', input: JSON.stringify(entry) })
    t.not(job.id, entry)
  }
})

t.test('the same entry many times is as many jobs', async t => {
  await redis.rpush(key(), ...Array<string>(200).fill('{"task":"x"}'))
  const { leased } = await worker().turn({ max: 200 })
  t.equal(new Set(leased.map(({ id }) => id)).size, 200)
  t.equal(await redis.hlen('jobs'), 200)
  t.match(await queue.stats('default'), { active: 200, totals: { submitted: 200 } })
})

t.test('among jobs of ours, each in its turn', async t => {
  const [first] = await submitMany(engine, 1)
  await redis.rpush(key(), '{"task":"foreign"}', 'junk')
  const [last] = await submitMany(engine, 1)
  const { leased } = await worker().turn({ max: 10 })
  t.same(leased.map(lease => read(lease).task), ['x', 'foreign', '(not a job)', 'x'])
  t.same([toUuid(leased[0]!.id), toUuid(leased[3]!.id)], [first!.id, last!.id])
})

t.test('bytes that are no text stop nothing', async t => {
  const bytes = Buffer.from([0xff, 0x00, 0xfe, 0x0a, 0x0a, 0xc3, 0x28, 0x22, 0x5c])
  t.match(await adopt(bytes), { task: '(not a job)', not_a_job: /nor JSON/ })
  const [record] = await redis.hvalsBuffer('jobs')
  t.ok(record!.subarray(record!.indexOf('\n') + 1).equals(bytes), 'kept as it is')
  await worker().turn({ settlements: [...(await worker().heartbeat()).held].map(([id, token]) => ({ kind: 'dead', id, token, failure: { reason: 'not_a_job', message: 'no' } })) })
  t.match((await queue.deadLetters('default', 10)).items, [{ status: 'failed', task: '(not a job)', errors: [{ reason: 'not_a_job' }] }])
})

t.test('handed to an idle worker too, whatever it is', async t => {
  const entries: Array<string | Buffer> = ['{"task":"a\\u0000\u2028/\x7f"}', 'junk\0', Buffer.from([0xff, 0xfe, 0x80])]
  const idle = await idleWorker(engine, 'idle')
  await redis.rpush(key(), ...entries)
  await submitMany(engine, 1)
  const [message] = await idle.handed()
  t.ok(message && 'leased' in message)
  if (message && 'leased' in message) t.same(message.leased.map(lease => read(lease).task), ['a\0\u2028/\x7f', '(not a job)', '(not a job)', 'x'])
  await idle.unsubscribe()
})

const large = (mib: number) => JSON.stringify({ task: 'x', input: 'a'.repeat(mib * 1024 * 1024) })

t.test('large ones: a turn leases up to 1 MiB, and one job at least', async t => {
  await redis.rpush(key(), large(3), large(0.4), large(0.4), large(0.4), large(1))
  for (const expected of [1, 2, 1, 1, 0]) t.equal((await worker().turn({ max: 10 })).leased.length, expected)
  t.equal((await worker().heartbeat()).held.size, 5)
})

t.test('what is larger than any job is a dead letter at once, of which the beginning is shown, and stops nothing', async t => {
  await redis.rpush(key(), large(40), large(5))
  await submitMany(engine, 1)
  t.equal((await worker().turn({ max: 10 })).leased.length, 1)
  const { items } = await queue.deadLetters('default', 10)
  t.same(items.map(({ status, task, errors }) => [status, task, errors[0]?.reason]), Array(2).fill(['failed', '(not a job)', 'not_a_job']))
  for (const { input } of items) t.ok(input.length < 70_000 && JSON.parse(input).startsWith('{"task":"x","input":"aaa'))
  t.match(await queue.stats('default'), { queued: 0, active: 1, failed: 2, totals: { submitted: 3, failed: 2 } })
})

t.test('an idle worker is called for what is too large to be sent, and handed the rest', async t => {
  const idle = await idleWorker(engine, 'idle')
  await queue.submit({ task: 'x', input: JSON.stringify('a'.repeat(300_000)) })
  t.same(await idle.handed(), [{ due_in_ms: 0 }])
  t.equal((await idle.leases.turn({ max: 10, park: true })).leased.length, 1)
  await queue.submit({ task: 'x', input: JSON.stringify('a'.repeat(200_000)) })
  t.match(await idle.handed(), [{ leased: { length: 1 } }])
  await idle.unsubscribe()
})
