import t from 'tap'
import type { Action } from '../../src/queue/control.ts'
import { fromUuid, newId, toUuid } from '../../src/queue/ids.ts'
import type { JobSpec } from '../../src/queue/job.ts'
import type { Settlement, TurnResult } from '../../src/queue/lease.ts'
import { run } from '../../src/queue/scripts.ts'
import { completed, dead, expire, HOUR_MS, makeDue, retried, startEngine, submitMany } from '../helper/engine.ts'

// No script call touches more than 1,000 jobs of a kind, whatever has piled up, and of large ones fewer; calls that follow do the rest.

const engine = await startEngine(t)
const { queue, redis, keys, key, worker, sweep } = engine
const MANY = 2500

/** One step, as it is done with these options: promoted, recovered, dead, forgotten, and whether there is more. */
async function step ({ max_lost = 3, completed_ms = HOUR_MS, dead_ms = HOUR_MS, keep_dead = 100_000 } = {}): Promise<number[]> {
  return await run(redis, 'sweep', keys.of('default'), ['default', 0, max_lost, completed_ms, dead_ms, 100_000, keep_dead]) as number[]
}

async function leaseMany (count: number): Promise<void> {
  for (let left = count; left > 0; left -= 1000) await worker().turn({ max: Math.min(1000, left) })
}

/** Ends so many jobs, at most 1,000 a turn; the newest are the last. */
async function end (how: (turn: TurnResult) => Settlement[], count: number): Promise<void> {
  for (let left = count; left > 0; left -= 1000) await worker().turn({ settlements: how(await worker().turn({ max: Math.min(1000, left) })) })
}

t.test('leases that ran out', async t => {
  const jobs = await submitMany(engine, MANY)
  await leaseMany(MANY)
  t.equal((await worker().heartbeat()).held.size, MANY)
  await expire(engine)
  t.same(await step(), [0, 500, 0, 0, 1])
  t.match(await queue.stats('default'), { active: MANY - 500, queued: 500 })
  t.match(await sweep(), { recovered: MANY - 500, dead: 0 })
  t.match(await queue.stats('default'), { active: 0, queued: MANY, totals: { lost: MANY } })
  t.same((await redis.lrange(key(), 0, -1)).sort(), jobs.map(({ id }) => fromUuid(id)).sort(), 'each once')
  t.same(await step(), [0, 0, 0, 0, 0], 'nothing more to do')
})

t.test('leases that ran out for the last time', async t => {
  await submitMany(engine, MANY)
  await leaseMany(MANY)
  await expire(engine)
  t.same(await step({ max_lost: 1 }), [0, 0, 500, 0, 1])
  t.match(await sweep({ max_lost: 1 }), { recovered: 0, dead: MANY - 500 })
  t.match(await queue.stats('default'), { active: 0, failed: MANY, totals: { lost: MANY, failed: MANY } })
})

t.test('scheduled jobs that are due', async t => {
  await submitMany(engine, MANY, { delay_ms: HOUR_MS })
  await makeDue(engine, ':scheduled')
  const [first] = await redis.zrange(key(':scheduled'), '0', '0')
  t.same(await step(), [1000, 0, 0, 0, 1])
  t.equal(await redis.lindex(key(), 0), first!.slice(1))
  t.match(await worker().turn({ max: 0 }), { due_in_ms: 0 }, 'a turn promotes a thousand too, and knows that there is more')
  t.match(await queue.stats('default'), { scheduled: MANY - 2000, queued: 2000 })
  t.match(await sweep(), { promoted: MANY - 2000 })
})

t.test('exactly a thousand', async t => {
  await submitMany(engine, 1000, { delay_ms: HOUR_MS })
  await makeDue(engine, ':scheduled')
  t.match(await sweep(), { promoted: 1000 })
  t.match(await queue.stats('default'), { scheduled: 0, queued: 1000 })
})

t.test('retries that are due', async t => {
  await submitMany(engine, MANY)
  await end(retried, MANY)
  await makeDue(engine, ':retrying')
  t.same(await step(), [1000, 0, 0, 0, 1])
  t.match(await sweep(), { promoted: MANY - 1000 })
  t.match(await queue.stats('default'), { retrying: 0, queued: MANY })
})

t.test('completed jobs that are old enough', async t => {
  await submitMany(engine, MANY)
  await end(completed, MANY)
  t.same(await step({ completed_ms: 0 }), [0, 0, 0, 500, 1])
  t.match(await queue.stats('default'), { completed: MANY - 500 })
  t.match(await sweep({ completed_ms: 0 }), { forgotten: MANY - 500 })
  t.equal(await redis.exists('jobs', 'outcomes', key(':completed')), 0)
})

t.test('dead letters that are old enough', async t => {
  await submitMany(engine, MANY)
  await end(dead, MANY)
  t.same(await step({ dead_ms: 0 }), [0, 0, 0, 500, 1])
  t.match(await sweep({ dead_ms: 0 }), { forgotten: MANY - 500 })
  t.equal(await redis.exists('jobs', 'outcomes', key(':dlq')), 0)
})

t.test('completed jobs above the number that is kept: the oldest go, a thousand a call', async t => {
  const jobs = await submitMany(engine, MANY + 1)
  await end(completed, MANY)
  await worker('w1', { keep_completed: 10 }).turn({ settlements: completed(await worker().turn({ max: 1 })) })
  t.equal(await redis.llen(key(':completed')), MANY + 1 - 1000)
  t.same([await queue.get(jobs[999]!.id), (await queue.get(jobs[1000]!.id))?.status], [undefined, 'completed'])
  t.same([await redis.hlen('jobs'), await redis.hlen('outcomes')], [MANY - 999, MANY - 999])
})

t.test('dead letters above the number that is kept: the oldest go, a thousand a call', async t => {
  const jobs = await submitMany(engine, MANY + 1)
  await end(dead, MANY)
  await redis.zadd(key(':dlq'), ...jobs.slice(0, MANY).flatMap(({ id }, i) => [i, fromUuid(id)]))
  await worker('w1', { keep_dead: 10 }).turn({ settlements: dead(await worker().turn({ max: 1 })) })
  t.equal(await redis.zcard(key(':dlq')), MANY + 1 - 1000)
  t.same([await queue.get(jobs[999]!.id), (await queue.get(jobs[1000]!.id))?.status], [undefined, 'failed'])
  t.same([await redis.hlen('jobs'), await redis.hlen('outcomes')], [MANY - 999, MANY - 999])
})

t.test('a kept number is exact: not one less, not one more', async t => {
  const jobs = await submitMany(engine, 12)
  const few = worker('w1', { keep_completed: 2, keep_dead: 3 })
  for (let i = 0; i < 6; i++) await few.turn({ settlements: completed(await few.turn({ max: 1 })) })
  for (let i = 0; i < 6; i++) await few.turn({ settlements: dead(await few.turn({ max: 1 })) })
  t.match(await queue.stats('default'), { completed: 2, failed: 3, totals: { completed: 6, failed: 6 } })
  t.same(await Promise.all([4, 5].map(async i => (await queue.get(jobs[i]!.id))?.status)), ['completed', 'completed'])
  t.equal(await redis.hlen('jobs'), 5)
})

t.test('none are kept when the number is 0', async t => {
  await submitMany(engine, 4)
  const none = worker('w1', { keep_completed: 0, keep_dead: 0 })
  await none.turn({ settlements: completed(await none.turn({ max: 2 })) })
  await none.turn({ settlements: dead(await none.turn({ max: 2 })) })
  t.match(await queue.stats('default'), { completed: 0, failed: 0, totals: { completed: 2, failed: 2 } })
  t.equal(await redis.exists('jobs', 'outcomes', 'attempts'), 0)
})

t.test('a lost job that is buried counts towards the number that is kept', async t => {
  await submitMany(engine, 5)
  await worker().turn({ max: 5 })
  await expire(engine)
  t.match(await sweep({ max_lost: 1, keep_dead: 2 }), { dead: 5 })
  t.equal((await queue.stats('default'))!.failed, 2)
  t.equal(await redis.hlen('jobs'), 2)
})

const LARGE = `"${'x'.repeat(500_000)}"`
const MOST = 5 // large values that a call may read: some 2 MiB, and one

/** How many records and outcomes each script call reads while something is done. */
async function readsOf (act: () => Promise<unknown>): Promise<number[]> {
  const monitor = await redis.monitor()
  const reads: number[] = []
  const seenAll = new Promise<void>(resolve => monitor.on('monitor', (_time: string, [command, name, ...ids]: string[]) => {
    switch (command!.toLowerCase()) {
      case 'fcall': reads.push(0); break
      case 'hget':
      case 'hmget': if (name === 'jobs' || name === 'outcomes') reads[reads.length - 1]! += ids.length; break
      case 'echo': resolve()
    }
  }))
  await act()
  await redis.echo('that was all')
  await seenAll
  monitor.disconnect()
  return reads
}

/** Each in a call of its own. */
async function submitLarge (count: number, spec: Partial<JobSpec> = {}): Promise<string[]> {
  const ids: string[] = []
  for (let i = 0; i < count; i++) ids.push((await queue.submit({ task: 'x', input: LARGE, ...spec })).id)
  return ids
}

t.test('of large jobs no more are read than can be leased', async t => {
  await submitLarge(40)
  const reads = await readsOf(async () => t.equal((await worker().turn({ max: 1000 })).leased.length, 2))
  t.ok(reads.length === 1 && reads[0]! > 0 && reads[0]! <= 4, `${reads}`)
  t.equal(await redis.llen(key()), 38)
})

t.test('large jobs that have expired', async t => {
  await submitLarge(20, { delay_ms: HOUR_MS, ttl_ms: HOUR_MS })
  const ids = await redis.zrange(key(':expiring'), '0', '-1')
  await redis.zadd(key(':expiring'), 'XX', ...ids.flatMap(id => ['1', id]))
  const reads = await readsOf(sweep)
  t.ok(reads.length >= 4 && Math.max(...reads) <= MOST, `${reads}`)
  t.match(await queue.stats('default'), { scheduled: 0, cancelled: 20 })
})

t.test('large jobs that have expired before a worker comes', async t => {
  await submitLarge(20, { ttl_ms: HOUR_MS })
  const ids = await redis.zrange(key(':expiring'), '0', '-1')
  await redis.zadd(key(':expiring'), 'XX', ...ids.flatMap(id => ['1', id]))
  const { id } = await queue.submit({ task: 'x' })
  const seen: string[] = []
  const reads = await readsOf(async () => {
    for (let turn = 0; turn < 20 && seen.length === 0; turn++) {
      const { leased, parked } = await worker().turn({ max: 1000, park: true })
      t.ok(leased.length > 0 || parked === '', 'it does not wait while there may be more')
      seen.push(...leased.map(job => job.id))
    }
  })
  t.ok(Math.max(...reads) <= MOST, `${reads}`)
  t.same(seen, [fromUuid(id)])
  t.match(await queue.stats('default'), { queued: 0, active: 1, cancelled: 20 })
})

t.test('what large jobs that were cancelled have left in their list', async t => {
  await queue.control('default', 'cancel', await submitLarge(20))
  const { id } = await queue.submit({ task: 'x' })
  const seen: string[] = []
  const reads = await readsOf(async () => {
    for (let turn = 0; turn < 20 && seen.length === 0; turn++) seen.push(...(await worker().turn({ max: 1000 })).leased.map(job => job.id))
  })
  t.ok(Math.max(...reads) <= MOST, `${reads}`)
  t.same(seen, [fromUuid(id)])
})

t.test('what is done to large jobs, each with its result', async t => {
  const ids = await submitLarge(20)
  const [twice] = ids as [string]
  const results = async (action: Action) => {
    let all: string[] = []
    const reads = await readsOf(async () => { all = await queue.control('default', action, [...ids, twice]) })
    t.ok(reads.length >= 4 && Math.max(...reads) <= 2 * MOST, `${action}: ${reads}`) // of each job the outcome, too
    return all
  }
  const all = ids.map(() => 'changed')
  t.same(await results('promote'), [...ids, twice].map(() => 'unchanged'))
  t.same(await results('cancel'), [...all, 'unchanged'])
  t.same(await results('retry'), [...all, 'unchanged'])
  t.same(await results('cancel'), [...all, 'unchanged'])
  t.same(await results('delete'), [...all, 'unchanged'])
  t.equal(await redis.exists('jobs', 'outcomes'), 0)
})

t.test('a large job that is replaced is read once', async t => {
  const unique = { key: 'k', on_conflict: 'replace' as const }
  await submitLarge(1, { unique })
  t.same(await readsOf(() => queue.submit({ task: 'x', unique })), [2], 'and whether the new one is there already is asked')
  t.match(await queue.stats('default'), { queued: 1, cancelled: 1 })
})

t.test('completed jobs with large results', async t => {
  await submitMany(engine, 20)
  for (let i = 0; i < 20; i++) await worker().turn({ settlements: completed(await worker().turn({ max: 1 }), LARGE) })
  t.same(await readsOf(sweep), [1], 'only the oldest, when it is not old enough')
  const reads = await readsOf(() => sweep({ completed_ms: 0 }))
  t.ok(reads.length >= 4 && Math.max(...reads) <= MOST, `${reads}`)
  t.equal(await redis.exists('jobs', 'outcomes', key(':completed')), 0)
})

t.test('of completed jobs those are forgotten that are old enough', async t => {
  const jobs = await submitMany(engine, 30)
  await worker().turn({ settlements: completed(await worker().turn({ max: 30 })) })
  for (const { id } of jobs.slice(0, 10)) {
    const outcome = (await redis.hget('outcomes', fromUuid(id)))!
    await redis.hset('outcomes', fromUuid(id), outcome.replace(/ \d{13} \d+ /, ' 1000000000000 5 '))
  }
  t.match(await sweep(), { forgotten: 10 })
  t.same(await redis.lrange(key(':completed'), 0, -1), jobs.slice(10).map(({ id }) => fromUuid(id)))
})

/** Makes the failures of all jobs as large as ten can be together, some 60 KB. */
async function enlargeFailures (hash: 'outcomes' | 'attempts'): Promise<void> {
  for (const [id, text] of Object.entries(await redis.hgetall(hash))) await redis.hset(hash, id, text.replace('"message":"', `$&${'x'.repeat(60_000)}`))
}

async function buryLarge (count: number): Promise<string[]> {
  const jobs = await submitMany(engine, count)
  await worker().turn({ settlements: dead(await worker().turn({ max: count })) })
  await enlargeFailures('outcomes')
  return jobs.map(({ id }) => id)
}

t.test('dead letters with large failures', async t => {
  await buryLarge(100)
  const reads = await readsOf(async () => t.same(await queue.redrive('default', { limit: 90 }), { redriven: 90, remaining: 10, not_found: [] }))
  t.ok(reads.length >= 3 && Math.max(...reads) <= 36, `${reads}`)
  const lost = await redis.hvals('attempts')
  t.ok(lost.length === 90 && lost.every(text => text.startsWith('0 0\n1 ') && text.length > 60_000))
  t.same(await queue.redrive('default'), { redriven: 10, remaining: 0, not_found: [] })
})

t.test('dead letters with large failures by their ids, and what is none', async t => {
  const ids = await buryLarge(100)
  const unknown = [toUuid(newId()), toUuid(newId())]
  const reads = await readsOf(async () => t.same(await queue.redrive('default', { ids: [unknown[0]!, ...ids, unknown[1]!] }), { redriven: 100, remaining: 0, not_found: unknown }))
  t.ok(reads.length >= 3 && Math.max(...reads) <= 36, `${reads}`)
})

t.test('leases of jobs with large failures', async t => {
  await submitMany(engine, 100)
  await worker().turn({ settlements: retried(await worker().turn({ max: 100 }), 0) })
  await enlargeFailures('attempts')
  await makeDue(engine, ':retrying')
  let leased = 0
  for (let turn = 0; turn < 20 && leased < 100; turn++) {
    const { leased: { length } } = await worker().turn({ max: 100 })
    t.ok(length > 0 && length < 40, `${length}`)
    leased += length
  }
  t.equal(leased, 100)
  await expire(engine)
  const [, recovered] = await step()
  t.ok(recovered! > 0 && recovered! < 40, `${recovered}`)
  t.match(await sweep(), { recovered: 100 - recovered! })
})

t.test('many queued jobs are cancelled with a look at each worker, not at each worker for each job', async t => {
  for (const name of ['w1', 'w2', 'w3']) {
    await queue.submit({ task: 'x' })
    await worker(name).turn({ max: 1 })
  }
  const ids = (await submitMany(engine, 100)).map(({ id }) => id)
  await redis.config('RESETSTAT')
  t.ok((await queue.control('default', 'cancel', ids)).every(result => result === 'changed'))
  const calls = Number(/cmdstat_(?:hgetall|hlen):calls=(\d+)/.exec(await redis.info('commandstats'))?.[1])
  t.equal(calls, 3)
})
