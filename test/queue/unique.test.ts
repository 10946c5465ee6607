import t from 'tap'
import { fromUuid } from '../../src/queue/ids.ts'
import type { JobSpec, Unique } from '../../src/queue/job.ts'
import { completed, dead, HOUR_MS, makeDue, retried, startEngine } from '../helper/engine.ts'

const engine = await startEngine(t)
const { queue, redis, key, worker, sweep } = engine

const spec = (unique: Partial<Unique>, rest: Partial<JobSpec> = {}): JobSpec => ({ task: 'x', unique: { key: 'k', ...unique }, ...rest })
const start = async () => await worker().turn({ max: 10 })
const keysLeft = async () => await redis.keys(`${key(':unique:')}*`)

t.test('until it has ended', async t => {
  const first = await queue.create(spec({}))
  t.match(first, { existing: false, job: { status: 'queued', unique: { key: 'k', until: 'completed', on_conflict: 'return' } } })
  t.match(await queue.create(spec({}, { priority: 'high', input: '1' })), { existing: true, job: { id: first.job.id, priority: 'normal', status: 'queued', unique: { key: 'k' } } })
  t.match(await queue.create({ ...spec({ key: 'other' }) }), { existing: false })
  t.match(await queue.create({ ...spec({}), queue: 'q' }), { existing: false }, 'another queue has keys of its own')

  for (const [name, end] of [['completed', completed], ['failed', dead]] as const) {
    const turn = await start()
    t.match(await queue.create(spec({})), { existing: true, job: { status: 'active' } })
    await worker().turn({ settlements: retried(turn) })
    t.match(await queue.create(spec({})), { existing: true, job: { status: 'retrying' } })
    await makeDue(engine, ':retrying')
    await worker().turn({ settlements: end(await start()) })
    t.match(await queue.create(spec({})), { existing: false }, `free when it has ${name}`)
  }
  const { job } = await queue.create(spec({}))
  await queue.control('default', 'cancel', [job.id])
  t.match(await queue.create(spec({})), { existing: false }, 'free when it is cancelled')
  t.equal((await keysLeft()).length, 1)
})

t.test('the key goes with a job that is deleted', async t => {
  await queue.submit(spec({}, { delay_ms: HOUR_MS }))
  await queue.submit(spec({ key: 'b' }))
  await queue.submit(spec({ key: 'c', until: 'started' }, { ttl_ms: HOUR_MS }))
  t.equal((await keysLeft()).length, 3)
  await redis.zadd(key(':expiring'), 'XX', '1', (await redis.zrange(key(':expiring'), '0', '-1'))[0]!)
  await sweep()
  t.equal((await keysLeft()).length, 2, 'expired')
  await queue.purge('default', ['scheduled', 'queued', 'cancelled'])
  t.same(await keysLeft(), [])
  t.notOk(await redis.exists(key(':ties')))
})

t.test('until it has started', async t => {
  const { job } = await queue.create(spec({ until: 'started' }, { delay_ms: HOUR_MS }))
  t.match(await queue.create(spec({ until: 'started' })), { existing: true, job: { id: job.id, status: 'scheduled' } })
  await makeDue(engine, ':scheduled')
  const turn = await start()
  t.equal(turn.leased.length, 1)
  const next = await queue.create(spec({ until: 'started' }))
  t.match(next, { existing: false })
  await worker().turn({ settlements: completed(turn) })
  t.match(await queue.create(spec({})), { existing: true, job: { id: next.job.id } }, 'the end of the first does not free the key of the second')
})

t.test('for a time', async t => {
  const { job } = await queue.create(spec({ until: 60 }))
  await worker().turn({ settlements: completed(await start()) })
  t.match(await queue.create(spec({ until: 60 })), { existing: true, job: { id: job.id, status: 'completed' } })
  t.match(await queue.create(spec({ until: 'started' })), { existing: true }, 'whatever the other wants')
  await t.rejects(queue.create(spec({ on_conflict: 'replace' })), { name: 'UniqueKeyTakenError', holder: fromUuid(job.id) }, 'what has ended cannot be replaced')
  await queue.control('default', 'delete', [job.id])
  await t.rejects(queue.create(spec({ until: 60 })), { name: 'UniqueKeyTakenError', holder: undefined }, 'it has run in this time, although it is no longer kept')
  const [name] = await keysLeft()
  t.ok(await redis.pttl(name!) > 50_000)
  await redis.pexpire(name!, 1)
  while (await redis.exists(name!)) await new Promise(setImmediate)
  t.match(await queue.create(spec({ until: 60 })), { existing: false })
})

t.test('rejected, all of the submit', async t => {
  const { job } = await queue.create(spec({}))
  await t.rejects(queue.submitAll([{ task: 'a' }, { task: 'b', queue: 'q' }, spec({ on_conflict: 'reject' })]), { name: 'UniqueKeyTakenError', index: 2, holder: fromUuid(job.id) })
  await t.rejects(queue.submitAll([spec({ key: 'n' }), spec({ key: 'n', on_conflict: 'reject' })]), { name: 'UniqueKeyTakenError', index: 1 })
  t.match(await queue.stats('default'), { queued: 1, totals: { submitted: 1 } })
  t.equal((await keysLeft()).length, 1)
  t.same(await queue.names(), ['default'])
})

t.test('replaced while it waits', async t => {
  const replace = (rest: Partial<JobSpec> = {}) => queue.create(spec({ on_conflict: 'replace' }, rest))
  let last = (await replace()).job
  for (const rest of [{ delay_ms: HOUR_MS }, { priority: 'low' as const }, { run_at: Date.now() + HOUR_MS }]) {
    const next = await replace(rest)
    t.equal(next.existing, false)
    t.match(await queue.get(last.id), { status: 'cancelled', cancellation: { reason: 'replaced', job_id: next.job.id } })
    last = next.job
  }
  t.match(await queue.stats('default'), { queued: 0, scheduled: 1, cancelled: 3, totals: { submitted: 4, cancelled: 3 } })
  await makeDue(engine, ':scheduled')
  const turn = await start()
  t.same(turn.leased.map(({ id }) => id), [fromUuid(last.id)])
  await t.rejects(replace(), { name: 'UniqueKeyTakenError', holder: fromUuid(last.id) }, 'not while it runs')
  await worker().turn({ settlements: retried(turn) })
  t.match(await replace(), { existing: false }, 'nor has it ended when it waits for its next attempt')
  t.match(await queue.get(last.id), { status: 'cancelled', attempt: 1, cancellation: { reason: 'replaced' } })
})

t.test('within one submit', async t => {
  const jobs = await queue.submitAll([spec({}), spec({}), { task: 'y' }, spec({ key: 'b' }), spec({ key: 'b', on_conflict: 'replace' }, { delay_ms: HOUR_MS })])
  t.match(jobs, [{ status: 'queued' }, { id: jobs[0]!.id, existing: true }, { status: 'queued' }, { status: 'queued' }, { status: 'scheduled' }])
  t.match(await queue.get(jobs[3]!.id), { status: 'cancelled', cancellation: { reason: 'replaced', job_id: jobs[4]!.id } })
  t.match(await queue.stats('default'), { queued: 2, scheduled: 1, cancelled: 1, totals: { submitted: 4 } })
  t.match(await queue.create(spec({ key: 'b' })), { existing: true, job: { id: jobs[4]!.id } }, 'the key is the last one\'s')
})

t.test('a full queue has room for what takes another\'s place', async t => {
  await redis.hset(key(':settings'), 'max_length', '1')
  const { job } = await queue.create(spec({ on_conflict: 'replace' }))
  await t.rejects(queue.create(spec({ key: 'other' })), { name: 'QueueFullError' })
  t.match(await queue.create(spec({})), { existing: true })
  t.match(await queue.create(spec({ on_conflict: 'replace' })), { existing: false })
  t.match(await queue.get(job.id), { status: 'cancelled' })
})

t.test('with an idempotency key', async t => {
  const once = { key: 'once', fingerprint: 'f', ttl_seconds: 60 }
  const { job } = await queue.create(spec({}), once)
  t.match(await queue.create(spec({}), once), { replayed: true, existing: false, job: { id: job.id } })
  const second = { ...once, key: 'second' }
  t.match(await queue.create(spec({}), second), { replayed: false, existing: true, job: { id: job.id } })
  await worker().turn({ settlements: completed(await start()) })
  t.match(await queue.create(spec({}), second), { replayed: true, existing: true, job: { id: job.id, status: 'completed' } }, 'also when the key is free again')
  await queue.control('default', 'delete', [job.id])
  await t.rejects(queue.create(spec({}), second), { name: 'JobForgottenError' })
  t.same((await queue.createAll([spec({}), { task: 'y' }], { ...once, key: 'bulk' })).jobs.length, 2)
})

t.test('200 at once make one', async t => {
  const made = await Promise.all(Array.from({ length: 200 }, (_, i) => queue.create(spec({}, { priority: i % 2 ? 'high' : 'low' }))))
  t.equal(made.filter(({ existing }) => !existing).length, 1)
  t.equal(new Set(made.map(({ job }) => job.id)).size, 1)
  t.match(await queue.stats('default'), { totals: { submitted: 1 } })
})

t.test('replace against lease: it is one of both, and the last that was kept runs', async t => {
  for (let round = 0; round < 50; round++) {
    const { job } = await queue.create(spec({ on_conflict: 'replace' }))
    const [replaced, turn] = await Promise.all(round % 2
      ? [queue.create(spec({ on_conflict: 'replace' })).catch(error => error as Error), start()]
      : [start().then(async turn => { await new Promise(setImmediate); return turn }), queue.create(spec({ on_conflict: 'replace' })).catch(error => error as Error)].reverse() as [Promise<never>, Promise<never>])
    const made = replaced as Awaited<ReturnType<typeof queue.create>> | Error
    const leased = (turn as Awaited<ReturnType<typeof start>>).leased.map(({ id }) => id)
    if (made instanceof Error) {
      t.same([made.name, leased], ['UniqueKeyTakenError', [fromUuid(job.id)]])
    } else {
      t.match(await queue.get(job.id), { status: 'cancelled', attempt: 0 })
      t.notOk(leased.includes(fromUuid(job.id)))
    }
    await worker().turn({ settlements: completed(turn as Awaited<ReturnType<typeof start>>) })
    await worker().turn({ settlements: completed(await start()) })
    t.same(await keysLeft(), [])
  }
})

t.test('the job that had the key is forgotten while it is read: the submit is done again', async t => {
  const { job } = await queue.create(spec({}))
  const get = queue.get.bind(queue)
  t.teardown(() => { queue.get = get })
  queue.get = async uuid => {
    queue.get = get
    await queue.purge('default', ['queued'])
    return await get(uuid)
  }
  const next = await queue.create(spec({}))
  t.match(next, { existing: false, job: { status: 'queued' } })
  t.not(next.job.id, job.id)
})
