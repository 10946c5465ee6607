import t from 'tap'
import { fromUuid } from '../../src/queue/ids.ts'
import type { JobSpec } from '../../src/queue/job.ts'
import type { Settlement, TurnResult } from '../../src/queue/lease.ts'
import { run } from '../../src/queue/scripts.ts'
import { completed, dead, HOUR_MS, idleWorker, makeDue, retried, startEngine, submitMany } from '../helper/engine.ts'

const engine = await startEngine(t)
const { queue, redis, key, keys, worker, sweep } = engine

const child = (parents: Array<{ id: string }>, rest: Partial<JobSpec> = {}): JobSpec => ({ task: 'child', depends_on: parents.map(({ id }) => id), ...rest })
const turn = async (max = 1000) => await worker().turn({ max })
/** Runs all that is ready to its end. */
const finish = async (end: (turn: TurnResult) => Settlement[] = completed) => { await worker().turn({ settlements: end(await turn()) }) }
/** What is kept of links between jobs, and is to be gone when all have ended. */
const links = async () => [
  ...await redis.keys('children:*'), ...await redis.keys('parents'), ...await redis.keys('settling'), ...await redis.keys('*:blocked'),
  ...(await redis.hvals(key(':ties'))).filter(tie => !tie.endsWith('|'))
]
const statuses = async (...jobs: Array<{ id: string }>) => await Promise.all(jobs.map(async ({ id }) => (await queue.get(id))?.status))

t.test('a job waits until all that it depends on have completed', async t => {
  const a = await queue.submit({ task: 'a' })
  const b = await queue.submit({ task: 'b', delay_ms: HOUR_MS })
  const job = await queue.submit(child([a, b]))
  t.match(job, { status: 'blocked', depends_on: [a.id, b.id], on_parent_failure: 'cancel' })
  t.match(await queue.get(job.id), { status: 'blocked', run_at: undefined, depends_on: [a.id, b.id] })
  t.match(await queue.stats('default'), { blocked: 1, queued: 1, scheduled: 1 })
  t.same(await queue.awaited(job), [a.id, b.id])
  await finish()
  t.match(await queue.get(job.id), { status: 'blocked' })
  t.same(await queue.awaited(job), [b.id])
  // It has counted, whatever becomes of it.
  await queue.control('default', 'retry', [a.id])
  t.same(await queue.awaited(job), [b.id])
  await finish()
  await queue.control('default', 'delete', [a.id])
  t.same(await queue.awaited(job), [b.id])
  await makeDue(engine, ':scheduled')
  const last = await turn()
  t.equal(last.leased.length, 1)
  t.match(await queue.get(job.id), { status: 'blocked' })
  const next = await worker().turn({ settlements: completed(last), max: 10 })
  t.same(next.leased.map(({ id }) => id), [fromUuid(job.id)], 'in the same step')
  await worker().turn({ settlements: completed(next) })
  t.match(await queue.get(job.id), { status: 'completed', depends_on: [a.id, b.id] })
  t.match(await queue.stats('default'), { blocked: 0 })
  t.same(await links(), [])
})

t.test('with a time of its own it waits for that too', async t => {
  const a = await queue.submit({ task: 'a' })
  const late = await queue.submit(child([a], { delay_ms: HOUR_MS }))
  t.match(await queue.get(late.id), { status: 'blocked', run_at: late.created_at + HOUR_MS })
  await finish()
  t.match(await queue.get(late.id), { status: 'scheduled', run_at: late.created_at + HOUR_MS })
  await makeDue(engine, ':scheduled')
  t.equal((await turn()).leased.length, 1)
})

t.test('what has completed already counts', async t => {
  const a = await queue.submit({ task: 'a' })
  await finish()
  const job = await queue.submit(child([a]))
  t.equal(job.status, 'queued')
  const b = await queue.submit({ task: 'b', delay_ms: HOUR_MS })
  t.equal((await queue.submit(child([a, b]))).status, 'blocked')
  await finish()
  t.same(await statuses(job), ['completed'])
  await t.rejects(queue.submitAll([{ task: 'x' }, child([a, { id: job.id.replace(/^../, '00') }])]), { name: 'NoParentError', index: 1, parent: 1 })
  t.match(await queue.stats('default'), { totals: { submitted: 4 } })
})

t.test('a parent fails or is cancelled', async t => {
  const end: Record<string, (id: string) => Promise<unknown>> = {
    failed: async () => { await finish(dead) },
    cancelled: async id => { await queue.control('default', 'cancel', [id]) },
    expired: async id => {
      await redis.zadd(key(':expiring'), 1, fromUuid(id))
      await sweep()
    },
    purged: async () => { await queue.purge('default', ['queued']) },
    lost: async () => {
      await turn()
      await redis.zadd(key(':active'), 'XX', '1', 'w1')
      await sweep({ max_lost: 1 })
    }
  }
  for (const [name, act] of Object.entries(end)) {
    const a = await queue.submit({ task: 'a' })
    const other = await queue.submit({ task: 'b', delay_ms: HOUR_MS })
    const jobs = [await queue.submit(child([a, other])), await queue.submit(child([a], { on_parent_failure: 'run' })), await queue.submit(child([other, a], { on_parent_failure: 'run', queue: 'q' }))]
    const grandchild = await queue.submit(child([jobs[0]!], { queue: 'deep' }))
    await act(a.id)
    t.same(await statuses(...jobs, grandchild), ['cancelled', name === 'purged' ? undefined : 'queued', 'blocked', 'cancelled'], name) // what a purge brings into the queue it purges, too
    t.match(await queue.get(jobs[0]!.id), { cancellation: { reason: 'parent_failed', job_id: a.id }, attempt: 0 })
    t.match(await queue.get(grandchild.id), { cancellation: { reason: 'parent_failed', job_id: jobs[0]!.id } })
    if (name !== 'purged') {
      t.match((await queue.create(child([a]))).job, { status: 'cancelled', cancellation: { reason: 'parent_failed', job_id: a.id } }, 'one that comes later')
      t.match((await queue.create(child([a], { on_parent_failure: 'run' }))).job, { status: 'queued' })
    }
    await makeDue(engine, ':scheduled')
    await finish()
    await worker('w', { queue: 'q' }).turn({ settlements: completed(await worker('w', { queue: 'q' }).turn({ max: 10 })) })
    await finish()
    t.same(await links(), [], 'nothing is left')
  }
})

t.test('across queues an idle worker of the other queue gets the job at once', async t => {
  const a = await queue.submit({ task: 'a', queue: 'first' })
  const idle = await idleWorker(engine, 'w2', 10, { queue: 'second' })
  const job = await queue.submit(child([a], { queue: 'second', priority: 'high' }))
  t.same(await idle.handed(), [])
  const first = worker('w1', { queue: 'first' })
  await first.turn({ settlements: completed(await first.turn({ max: 1 })) })
  const [handed] = await idle.handed()
  t.match(handed, { leased: [{ id: fromUuid(job.id) }] })
  t.match(await queue.stats('second'), { active: 1, blocked: 0 })
  t.match(await queue.stats('first'), { completed: 1 })
})

t.test('a blocked job is cancelled, expires, is purged, and its parent ends without it', async t => {
  const a = await queue.submit({ task: 'a' })
  const [one, two, three] = [await queue.submit(child([a])), await queue.submit(child([a], { ttl_ms: HOUR_MS })), await queue.submit(child([a], { priority: 'low' }))]
  t.same(await queue.control('default', 'promote', [one.id]), ['conflict'])
  t.same(await queue.control('default', 'cancel', [one.id]), ['changed'])
  await redis.zadd(key(':expiring'), 1, fromUuid(two.id))
  await sweep()
  t.same(await queue.purge('default', ['blocked']).then(({ purged }) => purged.blocked), 1)
  t.same(await statuses(one, two, three), ['cancelled', 'cancelled', undefined])
  t.same(await redis.exists('parents'), 0)
  await finish()
  t.match(await queue.stats('default'), { blocked: 0, queued: 0, completed: 1 })
  t.same(await links(), [], 'no ghost: they stood in no list')
  t.same(await queue.control('default', 'retry', [one.id]), ['changed'], 'it runs whatever its parents are')
  t.same(await statuses(one), ['queued'])
})

t.test('blocked jobs count against max_length, and keep their queue', async t => {
  await redis.hset(key(':settings'), 'max_length', '2')
  const a = await queue.submit({ task: 'a', queue: 'q' })
  await queue.submit(child([a]))
  await queue.submit({ task: 'x' })
  await t.rejects(queue.submit(child([a])), { name: 'QueueFullError', message: /2 jobs wait/ })
  await redis.del(key(':settings'))
  await finish()
  await sweep({ completed_ms: -1 })
  t.match(await queue.stats('default'), { blocked: 1, totals: { submitted: 2 } })
})

t.test('what a parent returned is kept until its children have ended', async t => {
  const a = await queue.submit({ task: 'a' })
  const job = await queue.submit(child([a]))
  await worker().turn({ settlements: completed(await turn(1), '{"n":1}') })
  await sweep({ completed_ms: -1 })
  t.match(await queue.get(a.id), { status: 'completed', result: '{"n":1}' })
  t.match(await queue.stats('default'), { completed: 0 })
  const late = await queue.submit(child([a]))
  t.equal(late.status, 'queued')
  const running = await turn(1)
  await worker().turn({ settlements: completed(running) })
  t.match(await queue.get(a.id), { status: 'completed' }, 'the other one may still read it')
  await finish()
  t.same(await statuses(a, job, late), [undefined, 'completed', 'completed'])
  t.same(await links(), [])
})

t.test('a parent that only its child keeps is retried or deleted', async t => {
  const [a, b] = [await queue.submit({ task: 'a' }), await queue.submit({ task: 'b' })]
  const jobs = [await queue.submit(child([a], { delay_ms: HOUR_MS })), await queue.submit(child([b], { delay_ms: HOUR_MS }))]
  await finish()
  await sweep({ completed_ms: -1 })
  t.same(await queue.control('default', 'retry', [a.id]), ['changed'])
  t.same(await queue.control('default', 'delete', [b.id]), ['changed'])
  t.same(await statuses(a, b, ...jobs), ['queued', undefined, 'scheduled', 'scheduled'])
  await makeDue(engine, ':scheduled')
  await finish()
  t.same(await statuses(a, ...jobs), ['completed', 'completed', 'completed'])
  t.match(await queue.stats('default'), { completed: 3 })
  t.same(await links(), [])
})

t.test('children that end while they are blocked do not stay in the list of a parent that goes on', async t => {
  const [a, b, failing] = await Promise.all(['a', 'b', 'failing'].map(async task => await queue.submit({ task, delay_ms: HOUR_MS })))
  const lists = async () => await Promise.all([a!, b!].map(async ({ id }) => await redis.llen(`children:${fromUuid(id)}`)))
  const stays = await queue.submit(child([a!, b!], { queue: 'q' }))
  for (let i = 0; i < 50; i++) await queue.submit(child([a!, b!], { queue: 'q', unique: { key: 'k', on_conflict: 'replace' } }))
  t.same(await lists(), [2, 2])
  const one = await queue.submit(child([a!]))
  await queue.control('default', 'cancel', [one.id])
  await queue.submit(child([b!, failing!]))
  t.same(await lists(), [2, 3])
  await queue.control('default', 'cancel', [failing!.id])
  t.same(await lists(), [2, 2], 'what another parent has cancelled')
  await queue.submitAll(Array.from({ length: 900 }, () => child([a!])))
  t.same((await queue.purge('default', ['blocked'])).purged.blocked, 900)
  await sweep()
  t.same(await lists(), [2, 2])
  await queue.control('default', 'promote', [a!.id, b!.id])
  await finish()
  t.match(await queue.stats('q'), { queued: 2, blocked: 0 })
  t.same(await statuses(stays), ['queued'])
})

t.test('of a parent that was cancelled while it was queued nothing is left, either', async t => {
  await queue.pause('default')
  const a = await queue.submit({ task: 'a' })
  const job = await queue.submit(child([a], { queue: 'q', on_parent_failure: 'run', delay_ms: HOUR_MS }))
  await queue.control('default', 'cancel', [a.id])
  await sweep({ keep_completed: 0 })
  t.equal(await redis.llen(key()), 0, 'its ghost is gone after it')
  t.same(await statuses(a), ['cancelled'])
  t.same(await redis.hvals('parents'), ['1!default'])
  t.same(await redis.hvals(key(':ties')), ['~1|0|'])
  await queue.control('q', 'cancel', [job.id])
  t.same(await statuses(a), [undefined])
  t.same([...await redis.keys('*:ties'), ...await links()], [])
})

t.test('many parents of many children are let go without being put off again and again', async t => {
  const parents = await submitMany(engine, 200)
  const groups = [parents.slice(0, 100), parents.slice(100)]
  const jobs = await queue.submitAll(Array.from({ length: 100 }, (_, i) => child(groups[i % 2]!, { on_parent_failure: 'run' })))
  await finish()
  for (let i = 0; await redis.exists('settling') && i < 100; i++) await sweep()
  t.same(new Set(await statuses(...jobs)), new Set(['queued']))
  await finish()
  // Five a step.
  const steps = []
  for (let left = await redis.llen('settling'); left > 0; left = await redis.llen('settling')) {
    await redis.config('RESETSTAT')
    await run(redis, 'sweep', keys.of('other'), ['other', 0, 3, HOUR_MS, HOUR_MS, 1000, 1000])
    steps.push(left - await redis.llen('settling'))
    t.notMatch(await redis.info('commandstats'), /cmdstat_rpush:/, 'nothing is put back')
  }
  t.same(steps, Array(19).fill(5))
  t.same(await links(), [])
})

t.test('a parent with more children than fit into a step', async t => {
  const a = await queue.submit({ task: 'a' })
  const b = await queue.submit({ task: 'b', delay_ms: HOUR_MS })
  const count = 2500
  for (let i = 0; i < count; i += 500) await queue.submitAll(Array.from({ length: 500 }, (_, n) => child(n % 2 ? [a] : [a, b], { queue: n % 5 ? 'default' : 'q' })))
  await worker().turn({ settlements: dead(await turn(1)) })
  t.ok(await redis.exists('settling'))
  t.equal(Number(await redis.zscore(keys.sweeps, 'default')) <= Date.now(), true, 'the sweep is due')
  t.match(await queue.create(child([a])), { job: { status: 'cancelled' } })
  await queue.control('default', 'retry', [a.id])
  const again = await queue.submit(child([a]))
  await sweep({ queue: 'other' })
  const [first, second] = [await queue.stats('default'), await queue.stats('q')]
  t.equal(first!.cancelled + second!.cancelled, count + 1)
  t.match(await statuses(again), ['blocked'], 'a child of its next run waits for that')
  await finish()
  t.match(await statuses(again), ['queued'])
})

t.test('no step takes long', async t => {
  const parents = await submitMany(engine, 100)
  await queue.submitAll(Array.from({ length: 10 }, () => child(parents)))
  const jobs = await queue.submitAll(Array.from({ length: 1000 }, () => child(parents.slice(0, 1))))
  await finish()
  await sweep()
  t.same(new Set(await statuses(...jobs)), new Set(['queued']))
  await finish()
  await finish()
  await sweep()
  t.same(await links(), [])
})

t.test('parent\'s completion against child\'s submit', async t => {
  for (let round = 0; round < 100; round++) {
    const a = await queue.submit({ task: 'a' })
    const leased = await turn(1)
    const settle = () => worker().turn({ settlements: round % 3 === 0 ? dead(leased) : completed(leased) })
    const submit = () => queue.create(child([a], { on_parent_failure: 'run' }))
    const [one, two] = await Promise.all(round % 2 ? [settle(), submit()] : [submit(), settle()])
    const { job } = (round % 2 ? two : one) as Awaited<ReturnType<typeof submit>>
    t.same(await statuses(job), ['queued'])
    const run = await turn()
    t.same(run.leased.map(({ id }) => id), [fromUuid(job.id)])
    await worker().turn({ settlements: completed(run) })
  }
  t.same(await links(), [])
})

t.test('a submit that is sent again', async t => {
  const a = await queue.submit({ task: 'a' })
  const once = { key: 'once', fingerprint: 'f', ttl_seconds: 60 }
  const { job } = await queue.create(child([a]), once)
  t.equal(job.status, 'blocked')
  await finish()
  t.match(await queue.create(child([a]), once), { replayed: true, job: { id: job.id, status: 'blocked' } }, 'the same answer')
  t.match(await queue.stats('default'), { totals: { submitted: 2 } })
})

t.test('a bulk that replaces the parent of one of its own jobs, in another queue', async t => {
  const parent = await queue.submit({ task: 'a', queue: 'first', unique: { key: 'k' } })
  const [next, job, third] = await queue.submitAll([
    { task: 'a', queue: 'first', unique: { key: 'k', on_conflict: 'replace' } },
    child([parent], { queue: 'second' }),
    child([parent], { queue: 'third', on_parent_failure: 'run' })
  ])
  t.same(await statuses(parent, next!, job!, third!), ['cancelled', 'queued', 'cancelled', 'queued'])
  t.match(await queue.get(job!.id), { cancellation: { reason: 'parent_failed', job_id: parent.id } })
  t.notOk(await redis.exists(keys.children(fromUuid(parent.id))))
})

t.test('what a job is answered with that is cancelled at once is what it is', async t => {
  const a = await queue.submit({ task: 'a' })
  await queue.control('default', 'cancel', [a.id])
  const { job } = await queue.create(child([a], { delay_ms: HOUR_MS }))
  const { version, ...read } = (await queue.get(job.id))!
  t.match(version, /./)
  t.same(JSON.parse(JSON.stringify(read)), JSON.parse(JSON.stringify(job)))
})

t.test('retries of a parent', async t => {
  const a = await queue.submit({ task: 'a' })
  const job = await queue.submit(child([a]))
  await finish(turn => retried(turn))
  t.same(await statuses(a, job), ['retrying', 'blocked'])
  await makeDue(engine, ':retrying')
  await finish()
  t.same(await statuses(a, job), ['completed', 'queued'])
})
