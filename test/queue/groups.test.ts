import t from 'tap'
import type { Test } from 'tap'
import type { JobSpec } from '../../src/queue/job.ts'
import { decodeRecord } from '../../src/queue/record.ts'
import type { TurnResult } from '../../src/queue/lease.ts'
import { toUuid } from '../../src/queue/ids.ts'
import { run } from '../../src/queue/scripts.ts'
import { SettingsStore } from '../../src/queue/settings.ts'
import type { QueueSettings } from '../../src/queue/settings.ts'
import { HOUR_MS, completed, dead, expire, idleWorker, makeDue, released, retried, startEngine, submitMany } from '../helper/engine.ts'
import { countCommands, sum } from '../helper/commands.ts'

const engine = await startEngine(t)
const { redis, key, queue, worker, sweep } = engine

async function set (settings: QueueSettings): Promise<void> {
  await new SettingsStore(redis, engine.keys).change('default', () => settings)
}

/** A job of each group, in this order; its name is its task. */
async function submit (text: string, spec: Partial<JobSpec> = {}) {
  return await queue.submitAll([...text].map(letter => ({ task: letter, ...(letter !== '-' && { group: letter }), ...spec })))
}

/** The groups of leased jobs, in the order of the lease. Jobs without one are `-`. */
function groups ({ leased }: Pick<TurnResult, 'leased'>): string {
  return leased.map(({ id, record }) => decodeRecord(id, record).group ?? '-').join('')
}

async function lease (max: number, name = 'w1') {
  return await worker(name).turn({ max })
}

/** What is noted of groups that run, and is true. */
async function runs (t: Test, expected: Record<string, number>): Promise<void> {
  t.same(await redis.hgetall(key(':running')), Object.fromEntries(Object.entries(expected).map(([group, count]) => [group, `${count}`])))
}

t.test('groups take turns, whatever order and number their jobs come in', async t => {
  await submit('aaaaaabbbc')
  t.equal(groups(await lease(1)), 'a')
  t.equal(groups(await lease(2)), 'bc')
  await submit('d')
  t.equal(groups(await lease(3)), 'abd')
  t.equal(groups(await lease(10)), 'abaaa')
  t.equal((await queue.stats('default'))!.queued, 0)
})

t.test('within a group the first comes first', async t => {
  const jobs = await queue.submitAll(Array.from({ length: 30 }, (_, i) => ({ task: `${i}`, group: i % 3 === 0 ? 'a' : 'b' })))
  t.equal(jobs.length, 30)
  const tasks: Record<string, number[]> = { a: [], b: [] }
  for (let i = 0; i < 10; i++) {
    for (const { id, record } of (await lease(4)).leased) {
      const { group, task } = decodeRecord(id, record)
      tasks[group!]!.push(Number(task))
    }
  }
  t.same(tasks.a!.concat(tasks.b!).length, 30)
  for (const list of Object.values(tasks)) t.same(list, list.toSorted((a, b) => a - b))
})

t.test('a group with many jobs comes at most once before the first of another', async t => {
  await submitMany(engine, 5000, { group: 'large' })
  await lease(7)
  await submit('s')
  t.ok(groups(await lease(2)).includes('s') || groups(await lease(1)) === 's')
  await submitMany(engine, 2000, { group: 'huge' })
  await submit('s')
  const next = (await worker('w2').turn({ max: 3 })).leased.map(({ id, record }) => decodeRecord(id, record).group)
  t.same(next.toSorted(), ['huge', 'large', 's'])
})

t.test('jobs without a group are together one', async t => {
  await submit('----aaa-')
  t.equal(groups(await lease(4)), 'a-a-')
  await redis.rpush(key(), '{"task":"pushed past us"}')
  t.equal(groups(await lease(10)), 'a----')
})

t.test('a higher priority comes first, in each there are turns', async t => {
  await submit('aaab', { priority: 'low' })
  await submit('aac', { priority: 'high' })
  await submit('bb')
  t.equal(groups(await lease(3)), 'aca')
  t.equal(groups(await lease(2)), 'bb')
  t.equal(groups(await lease(4)), 'abaa')
})

t.test('a job that waits for its time, another attempt or its parents has its turn when it is ready', async t => {
  await submit('aa', { delay_ms: 60_000 })
  await submit('bbb')
  const first = await lease(1)
  await worker().turn({ settlements: retried(first) })
  await makeDue(engine, ':scheduled')
  await makeDue(engine, ':retrying')
  t.equal(groups(await lease(5)), 'babab')
  const [parent] = await submit('p')
  await queue.create({ task: 'child', group: 'c', depends_on: [parent!.id] })
  await submit('pp')
  const turn = await lease(1)
  t.equal(groups(turn), 'p')
  t.equal(groups(await worker().turn({ max: 5, settlements: completed(turn) })), 'pcp')
})

t.test('what is released, or comes back from a lost worker, goes next', async t => {
  await submit('aaabbbccc')
  const turn = await lease(3)
  t.equal(groups(turn), 'abc')
  t.equal(groups(await worker().turn({ max: 3, settlements: released(turn).slice(1) })), 'bca')
  t.match(await queue.stats('default'), { queued: 5, active: 4 })
  await expire(engine)
  await sweep()
  t.match(await queue.stats('default'), { queued: 9, active: 0 })
  t.equal(groups(await lease(20)).length, 9)
})

t.test('cancel, edit, retry, redrive, promote, purge', async t => {
  const [a1, a2, a3, b1] = await submit('aaab')
  t.same(await queue.control('default', 'cancel', [a1!.id, b1!.id]), ['changed', 'changed'])
  t.equal((await queue.stats('default'))!.queued, 2)
  await queue.edit(a3!.id, () => ({ priority: 'high' }))
  t.equal((await queue.stats('default'))!.queued_by_priority.high, 1)
  const turn = await lease(5)
  t.same([groups(turn), turn.leased.length], ['aa', 2])
  await worker().turn({ settlements: dead(turn) })
  t.equal((await queue.get(a2!.id))!.group, 'a')
  t.same(await queue.redrive('default', {}), { redriven: 2, remaining: 0, not_found: [] })
  t.equal(groups(await lease(1)), 'a')
  t.same(await queue.control('default', 'retry', [a1!.id, b1!.id]), ['changed', 'changed'])
  const later = await submit('d', { delay_ms: 60_000 })
  t.same(await queue.control('default', 'promote', later.map(({ id }) => id)), ['changed'])
  const waits = await submit('e', { delay_ms: 60_000 })
  t.same(await queue.control('default', 'cancel', waits.map(({ id }) => id)), ['changed'])
  t.equal((await queue.stats('default'))!.queued, 4)
  t.match(await queue.purge('default', ['queued']), { purged: { queued: 4 }, more: false })
  t.same((await lease(5)).leased, [])
  t.equal((await queue.stats('default'))!.queued, 0)
})

t.test('a purge of many groups, also of those that sleep', async t => {
  await set({ group_concurrency: 1 })
  await queue.submitAll(Array.from({ length: 900 }, (_, i) => ({ task: 'x', group: `g${i % 450}` })))
  await lease(300)
  await lease(300)
  t.ok(await redis.zcard(key(':asleep')) > 0)
  const queued = (await queue.stats('default'))!.queued
  t.match(await queue.purge('default', ['queued']), { purged: { queued }, more: false })
})

t.test('nothing of groups is left when their jobs are gone', async t => {
  await submit('aabbcc')
  await worker().turn({ settlements: completed(await lease(6)) })
  await sweep()
  t.same((await redis.keys('*')).filter(name => /turns|group|asleep|running|rates|settings/.test(name)), [])
  t.equal(await redis.hget(key(':stats'), 'grouped_n'), null)
  await submit('a')
  t.equal(groups(await lease(1)), 'a')
})

t.test('nothing of groups is left either when no worker ever comes', async t => {
  const jobs = [...await submit('aabc-'), ...await submit('ab', { priority: 'low' })]
  await queue.control('default', 'cancel', jobs.map(({ id }) => id))
  await sweep({ completed_ms: 0 })
  t.same((await redis.keys('*')).filter(name => name.startsWith(key()) || name === 'queues'), [])
})

t.test('no more jobs of a group run than may; the others go on', async t => {
  await set({ group_concurrency: 2, group_overrides: { b: { concurrency: 1 }, c: { concurrency: 3 } } })
  await submit('aaaaabbbbcccc---')
  const first = await lease(20)
  t.equal(groups(first).split('').sort().join(''), '---aabccc')
  await runs(t, { a: 2, b: 1, c: 3 })
  t.same((await lease(20)).leased, [])
  const [a] = completed(first).filter((_, i) => groups(first)[i] === 'a')
  t.equal(groups(await worker().turn({ max: 20, settlements: [a!] })), 'a')
  await runs(t, { a: 2, b: 1, c: 3 })
  t.match(await queue.limitsReached('default', 'a'), { group_concurrency: true, concurrency: false })
  t.match(await queue.limitsReached('default', 'z'), { group_concurrency: false })
  await expire(engine)
  await sweep()
  await runs(t, {})
})

t.test('a parked worker is handed the job whose group has a slot again', async t => {
  await set({ group_concurrency: 1 })
  await submit('aaabb')
  const turn = await lease(2)
  const idle = await idleWorker(engine, 'w2')
  t.not(idle.parked, '')
  t.same(await idle.handed(), [])
  await submit('a')
  t.same(await idle.handed(), [])
  await worker('w1').turn({ settlements: completed(turn).slice(0, 1) })
  const [handed] = await idle.handed() as [{ leased: [] }]
  t.equal(groups(handed), 'a')
  await submit('c')
  t.equal((await queue.stats('default'))!.active, 2)
})

t.test('a group that missed its turn goes next, one that had it waits for its turn', async t => {
  await set({ group_concurrency: 1 })
  await submit('aaabbbccc')
  const turn = await lease(3)
  const done = (...letters: string[]) => completed(turn).filter((_, i) => letters.includes(groups(turn)[i]!))
  t.equal(groups(turn), 'abc')
  t.equal(groups(await lease(3)), '', 'all three miss a turn')
  await submit('dd')
  const next = await worker().turn({ max: 1, settlements: done('b') })
  t.equal(groups(next), 'b')
  t.equal(groups(await worker().turn({ max: 5 })), 'd')
})

t.test('a job is not passed over for one of a lower priority while many groups before it have as much as they may', async t => {
  await set({ group_concurrency: 1 })
  const names = Array.from({ length: 100 }, (_, i) => `g${i}`)
  await queue.submitAll([...names, ...names].map(group => ({ task: 'x', priority: 'high', group })))
  t.equal((await lease(100)).leased.length, 100)
  await submit('z', { priority: 'high' })
  await submit('-', { priority: 'low' })
  t.equal(groups(await lease(1)), 'z')
  t.equal(groups(await lease(1)), '-')
})

t.test('a rate of groups', async t => {
  await set({ group_rate_limit: { limit: 1, period_seconds: 3600 }, group_overrides: { b: { rate_limit: { limit: 60, period_seconds: 3600, burst: 3 } } } })
  await submit('aaabbbbbcc--')
  t.equal(groups(await lease(20)).split('').sort().join(''), '--abbbc')
  const idle = await idleWorker(engine, 'w2')
  const due = Number((await redis.zrange(key(':asleep'), '0', '0', 'WITHSCORES'))[1])
  t.ok(Math.abs(due - Date.now() - 60_000) < 30_000, 'b comes first')
  await submit('a')
  const [told] = await idle.handed() as [{ due_in_ms: number }]
  t.ok(told.due_in_ms > 30_000 && told.due_in_ms <= 60_000, `${told.due_in_ms}`)
  for (const [group, ms] of [['b', 60_000], ['a', 3_600_000]] as const) await redis.zincrby(key(':rates'), -ms, group)
  for (const [member, ms] of [['nb', 60_000], ['na', 3_600_000]] as const) await redis.zincrby(key(':asleep'), -ms, member)
  t.equal(groups(await lease(20)).split('').sort().join(''), 'ab')
  t.ok((await queue.limitsReached('default', 'c')).group_rate_limit! > Date.now())
})

t.test('limits of groups that are set or changed while jobs run and groups sleep', async t => {
  await submit('aaaabbb')
  await lease(4)
  await set({ group_concurrency: 2 })
  await runs(t, { a: 2, b: 2 })
  const idle = await idleWorker(engine, 'w2', 10)
  await set({ group_concurrency: 3 })
  const [handed] = await idle.handed() as [{ leased: [] }]
  t.equal(groups(handed).split('').sort().join(''), 'ab')
  const other = await idleWorker(engine, 'w3', 10)
  await set({})
  t.equal(groups((await other.handed())[0] as { leased: [] }), 'a')
  t.same(await redis.exists(key(':running'), key(':asleep'), key(':rates'), key(':overrides')), 0)
})

t.test('what a group sleeps for may be another limit after a change of settings', async t => {
  const rate_limit = { limit: 1, period_seconds: 3600, burst: 2 }
  await set({ group_concurrency: 1, group_rate_limit: rate_limit })
  await submit('aaaa')
  const turn = await lease(1)
  await lease(1)
  t.equal(await redis.zscore(key(':asleep'), 'na'), '1000000000000000', 'for the end of its job')
  await set({ group_concurrency: 2, group_rate_limit: { ...rate_limit, burst: 1 } })
  const due = Number(await redis.zscore(key(':asleep'), 'na'))
  t.ok(due < 1e15 && due > Date.now(), 'for its rate')
  await set({ group_concurrency: 1 })
  const idle = await idleWorker(engine, 'w2', 1)
  await worker().turn({ settlements: completed(turn) })
  t.equal(groups((await idle.handed())[0] as { leased: [] }), 'a', 'it wakes when its job ends')
})

t.test('a change that lets one of many groups go on that sleep does so at once', async t => {
  await set({ group_concurrency: 1 })
  for (let i = 0; i < 4; i++) await queue.submitAll(Array.from({ length: 1000 }, (_, n) => ({ task: 'x', group: `g${i * 500 + n % 500}` })))
  for (let i = 0; i < 4; i++) await lease(1000)
  while (await redis.zcard(key(':asleep')) < 2000) await lease(1000)
  const idle = await idleWorker(engine, 'w2', 1)
  await set({ group_concurrency: 1, group_overrides: { g777: { concurrency: 2 } } })
  await sweep()
  t.equal(groups((await idle.handed())[0] as { leased: [] }), 'g777')
  await sweep()
  t.equal(await redis.hget(key(':limits'), 'looking'), null)
})

t.test('what is counted of groups is counted anew, in steps, while they go on', async t => {
  await set({ group_concurrency: 1000 })
  await submitMany(engine, 900, { group: 'a' })
  const first = await lease(600, 'w1')
  const third = await lease(100, 'w3')
  await submit('bcd')
  await lease(200, 'w2')
  const drift = async () => {
    await redis.hset(key(':running'), 'a', 7, 'z', 3)
    await redis.hdel(key(':running'), 'b')
    await redis.hset(key(':limits'), 'looked_at', 0)
  }
  await drift()
  await sweep()
  await runs(t, { a: 897, b: 1, c: 1, d: 1 })
  // The same, and between the steps jobs start and end, of workers that have been counted and of others.
  await drift()
  const step = async () => await run(redis, 'sweep', engine.keys.of('default'), ['default', 0, 3, HOUR_MS, HOUR_MS, 1000, 1000])
  await step()
  t.equal(await redis.hget(key(':settings'), 'counted'), 'w1')
  await worker('w1').turn({ settlements: completed(first).slice(0, 10) })
  await worker('w3').turn({ settlements: completed(third).slice(0, 5) })
  await submit('ee')
  await lease(4, 'w1')
  await queue.control('default', 'cancel', [toUuid(first.leased[20]!.id), toUuid(third.leased[20]!.id)])
  await sweep()
  await runs(t, { a: 882, b: 1, c: 1, d: 1, e: 2 })
  t.equal(await redis.exists(key(':running:counting')), 0)
  t.equal(await redis.hget(key(':settings'), 'counted'), null)
})

t.test('the bound of a queue counts jobs of groups', async t => {
  await set({ max_length: 3 })
  await submit('ab')
  await t.rejects(submit('cc'), { name: 'QueueFullError' })
  await submit('c')
})

t.test('heartbeat, progress and settlements know a job of a group by its token', async t => {
  await submit('a')
  const { leased: [job] } = await lease(1)
  const { held } = await worker().heartbeat()
  t.same([...held], [[job!.id, job!.token]])
  t.equal(await worker().progress(job!.id, job!.token, 50), true)
  t.equal(await worker().progress(job!.id, job!.token.slice(0, -1), 50), false)
  t.same((await worker().turn({ settlements: [{ kind: 'complete', id: job!.id, token: `${job!.token}@b`, result: '1' }] })).settled, [false])
  t.same((await worker().turn({ settlements: completed({ leased: [job!] } as never) })).settled, [true])
})

t.test('a thousand groups of one job cost a few calls more than a thousand jobs', async t => {
  const cost = async (spec: (i: number) => JobSpec) => {
    await redis.flushall()
    return sum(await countCommands(redis, async () => {
      await queue.submitAll(Array.from({ length: 1000 }, (_, i) => spec(i)))
      for (let i = 0; i < 10; i++) await worker().turn({ settlements: completed(await worker().turn({ max: 100 })) })
    }))
  }
  const plain = await cost(() => ({ task: 'x' }))
  const grouped = await cost(i => ({ task: 'x', group: `g${i}` }))
  t.ok(grouped - plain < 300, `${grouped} and ${plain} calls`)
  const one = await cost(() => ({ task: 'x', group: 'g' }))
  t.ok(one - plain < 300, `one group: ${one} and ${plain} calls`)
})
