import t from 'tap'
import { toUuid } from '../../src/queue/ids.ts'
import type { Leased } from '../../src/queue/lease.ts'
import { MAX_LINE } from '../../src/queue/logs.ts'
import type { LogQuery, NewLine, NewLines } from '../../src/queue/logs.ts'
import { countCommands } from '../helper/commands.ts'
import { completed, dead, dump, expire, released, retried, startEngine, submitMany } from '../helper/engine.ts'

const engine = await startEngine(t)
const { queue, redis, key, keys, worker, sweep } = engine

const line = (message: string, level = 30, age_ms = 0): NewLine => ({ age_ms, level, text: JSON.stringify({ message, fields: {} }) })
const numbered = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => line(`${from + i}`))
const of = ({ id, token }: Leased, lines: NewLine[], dropped = 0): NewLines => ({ id, token, dropped, lines })
const read = async (uuid: string, query: Partial<LogQuery> = {}) => (await queue.logs(uuid, { limit: 1000, order: 'oldest', ...query }))!
const numbers = async (uuid: string, query: Partial<LogQuery> = {}) => (await read(uuid, query)).items.map(({ line }) => line)

/** A job that w1 holds. */
async function lease (spec: object = {}): Promise<Leased & { uuid: string }> {
  const { id } = await queue.submit({ task: 'x', keep_logs: true, ...spec })
  const { leased } = await worker().turn({ max: 1 })
  return { ...leased[0]!, uuid: id }
}

t.test('lines are kept in order, with their attempt and the time of Redis', async t => {
  const job = await lease()
  const before = Number((await redis.time())[0]) * 1000
  t.same(await worker().log([of(job, [line('old', 30, 5000), line('new', 50)])]), { held: [true], kept: true })
  const turn = { leased: [job] } as never
  await worker().turn({ settlements: retried(turn, 0) })
  const { leased: [again] } = await worker().turn({ max: 1 })
  await worker().log([of(again!, [line('again', 35)])])
  const { items, ...rest } = await read(job.uuid)
  t.match(items, [{ line: 1, level: 'info', message: 'old', attempt: 1, fields: {} }, { line: 2, level: 'error', attempt: 1 }, { line: 3, level: 'info', message: 'again', attempt: 2 }])
  t.same(rest, { next_cursor: null, dropped: 0 })
  t.equal(Math.round((items[1]!.at - items[0]!.at) / 100), 50)
  t.ok(items[1]!.at >= before)
})

t.test('pages, both ways, hold while lines come and go; filters', async t => {
  const job = await lease()
  await worker().log([of(job, numbered(1, 10).map((each, i) => ({ ...each, level: i % 2 ? 50 : 20 })))])
  const first = await read(job.uuid, { limit: 4 })
  t.match([first.items.map(each => each.line), first.next_cursor], [[1, 2, 3, 4], '4'])
  await worker().log([of(job, numbered(11, 1008))])
  t.same((await numbers(job.uuid, { limit: 3, cursor: '4' })), [9, 10, 11], 'some between are gone')
  t.equal((await read(job.uuid)).dropped, 8)
  t.match([await numbers(job.uuid, { order: 'newest', limit: 2 }), await numbers(job.uuid, { order: 'newest', limit: 2, cursor: '10' })], [[1008, 1007], [9]])
  t.same(await numbers(job.uuid, { level: 'warn' }), [10])
  t.same(await numbers(job.uuid, { cursor: '1006' }), [1007, 1008])
  const last = await read(job.uuid, { cursor: '1008' })
  t.match(last, { items: [], next_cursor: null })
  t.same([await numbers(job.uuid, { attempt: 2 }), (await numbers(job.uuid, { attempt: 1 })).length], [[], 1000])
  const exact = await read(job.uuid, { limit: 1000 })
  t.match([exact.items.length, exact.next_cursor], [1000, null])
})

t.test('at most 1,000 lines and 1 MiB of a job, the newest, and what was dropped before', async t => {
  const job = await lease()
  await worker().log([of(job, numbered(1, 1000))])
  await worker().log([of(job, numbered(1001, 1500), 200)])
  t.match(await read(job.uuid), { dropped: 700, items: { length: 1000, 0: { line: 501, message: '501' }, 500: { line: 1201, message: '1001' }, 999: { line: 1700, message: '1500' } } })

  const large = await lease()
  const text = JSON.stringify({ message: 'x'.repeat(MAX_LINE - 26), fields: {} })
  for (let i = 0; i < 3; i++) await worker().log([of(large, Array.from({ length: 100 }, () => ({ age_ms: 0, level: 30, text })))])
  const bytes = (await redis.lrange(keys.log(large.id), 0, -1)).reduce((sum, each) => sum + each.length, 0)
  t.ok(bytes <= 1024 * 1024 && bytes > 1024 * 1024 - MAX_LINE - 100, `${bytes} bytes`)
  t.equal(await redis.hget(keys.logs, large.id), `300 ${bytes}`)
  t.match(await read(large.uuid), { dropped: 300 - await redis.llen(keys.log(large.id)) })
  // Many small ones go for a few large ones.
  await worker().log([of(job, Array.from({ length: 127 }, () => ({ age_ms: 0, level: 30, text })))])
  t.ok(await redis.llen(keys.log(job.id)) < 500)
})

t.test('several jobs in one call; a stale worker is refused, the others are not', async t => {
  const [a, b, c] = [await lease(), await lease(), await lease()]
  await worker().turn({ settlements: released({ leased: [b] } as never) })
  const { held } = await worker().log([of(a, [line('a')]), of(b, [line('b'), line('b')], 5), of(c, [line('c')], 2)])
  t.same(held, [true, false, true])
  t.same([(await read(a.uuid)).items.length, (await read(b.uuid)), (await numbers(c.uuid))], [1, { items: [], next_cursor: null, dropped: 0 }, [3]])

  for (const end of [completed, dead, retried]) {
    const job = await lease()
    await worker().turn({ settlements: end({ leased: [job] } as never) })
    const before = await dump(redis)
    t.same(await worker().log([of(job, [line('late')], 1)]), { held: [false], kept: true })
    t.same(await dump(redis), before)
  }
  const lost = await lease()
  await expire(engine)
  await sweep()
  t.same((await worker().log([of(lost, [line('late')])])).held, [false])
  const stolen = await lease()
  t.same((await worker('w2').log([of(stolen, [line('not mine')])])).held, [false])
  t.same((await worker().log([of({ ...stolen, token: stolen.token + 'x' }, [line('not mine')])])).held, [false])
})

t.test('no such job; a job without lines', async t => {
  t.equal(await queue.logs('01940b6e-5c1f-7a3d-9c0e-3f5a7b2d4e61', { limit: 1, order: 'oldest' }), undefined)
  t.same(await read((await queue.submit({ task: 'x', queue: 'other' })).id), { items: [], next_cursor: null, dropped: 0 })
})

t.test('they go with the job, however it goes, and nothing is left behind', async t => {
  const endings: Record<string, (job: Leased & { uuid: string }) => Promise<unknown>> = {
    'deleted when it had completed': async job => {
      await worker().turn({ settlements: completed({ leased: [job] } as never) })
      await queue.control('default', 'delete', [job.uuid])
    },
    'forgotten after its retention': async job => {
      await worker().turn({ settlements: completed({ leased: [job] } as never) })
      await sweep({ completed_ms: 0 })
    },
    'pushed out by another': async job => {
      await worker().turn({ settlements: completed({ leased: [job] } as never) })
      await worker('w1', { keep_completed: 1 }).turn({ settlements: completed({ leased: [await lease()] } as never) })
    },
    'purged dead': async job => {
      await worker().turn({ settlements: dead({ leased: [job] } as never) })
      await queue.purge('default', ['failed'])
    },
    'purged while retrying': async job => {
      await worker().turn({ settlements: retried({ leased: [job] } as never) })
      await queue.purge('default', ['retrying'])
    },
    'purged while queued': async job => {
      await worker().turn({ settlements: released({ leased: [job] } as never) })
      await queue.purge('default', ['queued'])
    },
    'cancelled and forgotten': async job => {
      await queue.control('default', 'cancel', [job.uuid])
      t.equal((await read(job.uuid)).items.length, 2, 'a cancelled job has its lines')
      await sweep({ completed_ms: 0 })
    }
  }
  for (const [name, end] of Object.entries(endings)) {
    await redis.flushall()
    const job = await lease()
    const other = await lease({ queue: 'default' })
    await worker().log([of(job, [line('a'), line('b')]), of(other, [line('stays')])])
    await end(job)
    t.equal(await queue.get(job.uuid), undefined, name)
    t.equal(await queue.logs(job.uuid, { limit: 1, order: 'oldest' }), undefined, name)
    t.same((await redis.keys('logs*')).sort(), [keys.logs, keys.log(other.id)].sort(), name)
    t.same(await redis.hkeys(keys.logs), [other.id], name)
    t.same(await numbers(other.uuid), [1])
  }
})

t.test('what a child still wants to read keeps its lines as long', async t => {
  const parent = await lease()
  await worker().log([of(parent, [line('a')])])
  const child = await queue.submit({ task: 'x', depends_on: [parent.uuid] })
  await worker().turn({ settlements: completed({ leased: [parent] } as never) })
  await sweep({ completed_ms: 0 })
  t.same(await numbers(parent.uuid), [1])
  await worker().turn({ settlements: completed(await worker().turn({ max: 1 })) })
  t.match(await queue.get(child.id), { status: 'completed' })
  t.equal(await queue.logs(parent.uuid, { limit: 1, order: 'oldest' }), undefined)
  t.equal(await redis.exists(keys.logs, keys.log(parent.id)), 0)
})

t.test('a retried job keeps its lines', async t => {
  const job = await lease()
  await worker().log([of(job, [line('first')])])
  await worker().turn({ settlements: dead({ leased: [job] } as never) })
  await queue.control('default', 'retry', [job.uuid])
  const { leased: [again] } = await worker().turn({ max: 1 })
  await worker().log([of(again!, [line('second')])])
  t.match(await read(job.uuid), { items: [{ line: 1, message: 'first', attempt: 1 }, { line: 2, message: 'second', attempt: 1 }] })
})

t.test('when Redis is full lines are counted and not kept', async t => {
  const [job, other] = [await lease(), await lease()]
  await worker().log([of(job, [line('kept')])])
  await redis.config('SET', 'maxmemory', '1mb')
  t.teardown(async () => { await redis.config('SET', 'maxmemory', '0') })
  t.same(await worker().log([of(job, numbered(1, 3), 1), of({ ...other, token: 'x' }, numbered(1, 3))]), { held: [true, false], kept: false })
  t.same((await worker().turn({ settlements: completed({ leased: [job] } as never) })).settled, [true])
  t.match(await read(job.uuid), { items: { length: 1 }, dropped: 4 })
  await redis.config('SET', 'maxmemory', '0')
  t.match(await read(other.uuid), { dropped: 0 })
})

t.test('who keeps no lines pays one command a call when jobs are forgotten, and none else', async t => {
  await submitMany(engine, 100)
  const count = async (work: () => Promise<unknown>) => (await countCommands(redis, work)).get('exists') ?? 0
  const turn = await worker().turn({ max: 100 })
  await worker().turn({ settlements: completed(turn) })
  const ids = turn.leased.map(({ id }) => toUuid(id))
  const deleted = await count(async () => await queue.control('default', 'delete', ids))
  t.ok(deleted <= 4, `${deleted}`)
  t.equal(await redis.exists(key(':completed'), keys.logs), 1)
})
