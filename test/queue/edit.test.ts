import fc from 'fast-check'
import t from 'tap'
import { NotEditableError, QueueUnavailableError } from '../../src/queue/errors.ts'
import { fromUuid, toUuid } from '../../src/queue/ids.ts'
import { decodeRecord } from '../../src/queue/record.ts'
import { countCommands, sum } from '../helper/commands.ts'
import { completed, expire, HOUR_MS, idleWorker, makeDue, startEngine, submitMany } from '../helper/engine.ts'

const engine = await startEngine(t)
const { queue, redis, key, worker, sweep } = engine

// What is called in the change of an edit reaches Redis after the edit has read the job, and before it writes: it is the same connection.

t.test('a worker that is quicker has the job as it was', async t => {
  const { id } = await queue.submit({ task: 'x', input: '"old"' })
  let turn!: ReturnType<ReturnType<typeof worker>['turn']>
  const edited = queue.edit(id, () => {
    turn = worker().turn({ max: 1 })
    return { input: '"new"', priority: 'high', delay_ms: HOUR_MS }
  })
  await t.rejects(edited, new NotEditableError('The job is active; it can be changed only while it waits'))
  t.equal(decodeRecord(id, (await turn).leased[0]!.record).input, '"old"')
  t.match(await queue.get(id), { status: 'active', input: '"old"', priority: 'normal' })
  t.match(await queue.stats('default'), { queued: 0, scheduled: 0, active: 1 })
})

t.test('what somebody else has changed meanwhile is seen, and kept', async t => {
  const { id } = await queue.submit({ task: 'x', delay_ms: HOUR_MS })
  const seen: string[] = []
  const edited = await queue.edit(id, ({ status }) => {
    if (seen.length === 0) queue.control('default', 'promote', [id])
    seen.push(status)
    return { input: '1', priority: 'high' }
  })
  t.same(seen, ['scheduled', 'queued'])
  t.match(edited, { status: 'queued', priority: 'high', input: '1' })
  t.match(await queue.stats('default'), { queued: 1, scheduled: 0, queued_by_priority: { high: 1, normal: 0 } })
})

t.test('it gives up when there is no end of it', async t => {
  const { id } = await queue.submit({ task: 'x', delay_ms: HOUR_MS })
  let tries = 0
  await t.rejects(queue.edit(id, () => {
    tries++
    redis.zincrby(key(':scheduled'), 1, `n${fromUuid(id)}`)
    return { input: '1' }
  }), QueueUnavailableError)
  t.equal(tries, 20)
  t.match(await queue.get(id), { input: 'null' })
})

t.test('what the change throws changes nothing', async t => {
  const { id } = await queue.submit({ task: 'x' })
  const before = await queue.get(id)
  await t.rejects(queue.edit(id, () => { throw new Error('no') }), { message: 'no' })
  t.same(await queue.get(id), before)
  t.equal(await queue.edit('01940b6e-5c1f-7a3d-9c0e-3f5a7b2d4e61', () => ({})), undefined)
})

t.test('of an edit and a lease at the same moment one comes first', async t => {
  const other = await engine.connect()
  await fc.assert(fc.asyncProperty(fc.integer({ min: 0, max: 4 }), fc.constantFrom({}, { priority: 'high' as const }, { run_at: 1 }), fc.boolean(), async (delay, change, later) => {
    await redis.flushall()
    const { id } = await queue.submit({ task: 'x', input: '"old"', ...(later && { delay_ms: HOUR_MS }) })
    if (later) await makeDue(engine, ':scheduled')
    const [edited, { leased }] = await Promise.all([
      queue.edit(id, () => ({ input: '"new"', ...change })).catch(error => error),
      (async () => {
        for (let i = 0; i < delay; i++) await other.ping()
        return await worker().turn({ max: 2 })
      })()
    ])
    t.equal(leased.length, 1)
    t.equal(decodeRecord(id, leased[0]!.record).input, edited instanceof NotEditableError ? '"old"' : '"new"')
    t.match(await queue.stats('default'), { active: 1, queued: 0, scheduled: 0 })
  }), { numRuns: 60 })
})

t.test('an idle worker gets what need not wait any more in the same step', async t => {
  const { id } = await queue.submit({ task: 'x', delay_ms: HOUR_MS })
  const idle = await idleWorker(engine, 'idle')
  t.match(await queue.edit(id, () => ({ input: '"new"', run_at: 1 })), { status: 'active', worker: 'idle', input: '"new"' })
  const [message] = await idle.handed()
  t.equal(decodeRecord(id, (message as { leased: { record: string }[] }).leased[0]!.record).input, '"new"')
  await idle.unsubscribe()
})

t.test('and is told when something is due sooner', async t => {
  const { id } = await queue.submit({ task: 'x', delay_ms: HOUR_MS })
  const idle = await idleWorker(engine, 'idle')
  await queue.edit(id, () => ({ delay_ms: 200 }))
  t.match(await idle.handed(), [{ due_in_ms: 200 }])
  await idle.unsubscribe()
})

t.test('not of a paused queue', async t => {
  const { id } = await queue.submit({ task: 'x', delay_ms: HOUR_MS })
  await queue.pause('default')
  const idle = await idleWorker(engine, 'idle')
  t.match(await queue.edit(id, () => ({ run_at: 1 })), { status: 'queued' })
  t.same(await idle.handed(), [])
  await queue.resume('default')
  t.match(await queue.get(id), { status: 'active' })
  await idle.unsubscribe()
})

t.test('it expires when it would have, wherever it is put', async t => {
  const { id } = await queue.submit({ task: 'x', ttl_ms: HOUR_MS, input: '1' })
  const { expires_at } = (await queue.get(id))!
  t.match(await queue.edit(id, () => ({ input: '2', delay_ms: 2 * HOUR_MS })), { expires_at })
  await redis.zadd(key(':expiring'), 1, fromUuid(id))
  await sweep()
  t.match(await queue.get(id), { status: 'cancelled', cancellation: { reason: 'expired' }, input: '2' })
  t.equal(await redis.exists(key(':scheduled'), key(':expiring')), 0)
  t.match(await queue.stats('default'), { queued: 0, scheduled: 0, cancelled: 1 })
})

t.test('a blocked job stays blocked, and is what it has become when its parents have ended', async t => {
  const parents = [await queue.submit({ task: 'parent' }), await queue.submit({ task: 'parent' })]
  const depends_on = parents.map(({ id }) => id)
  const jobs = [await queue.submit({ task: 'a', depends_on }), await queue.submit({ task: 'b', depends_on, delay_ms: HOUR_MS }), await queue.submit({ task: 'c', depends_on })]
  const end = async () => await worker().turn({ settlements: completed(await worker().turn({ max: 1 })) })
  t.match(await queue.edit(jobs[0]!.id, () => ({ priority: 'high', input: '1', tags: ['t'] })), { status: 'blocked', priority: 'high', input: '1', depends_on })
  t.match(await queue.edit(jobs[1]!.id, () => ({ run_at: 1 })), { status: 'blocked', run_at: undefined })
  await end()
  const at = Date.now() + HOUR_MS
  t.match(await queue.edit(jobs[2]!.id, () => ({ run_at: at })), { status: 'blocked', run_at: at })
  t.match(await queue.edit(jobs[2]!.id, () => ({ input: '2' })), { status: 'blocked', run_at: at, input: '2' })
  await end()
  t.match(await queue.stats('default'), { blocked: 0, queued: 2, scheduled: 1, queued_by_priority: { high: 1, normal: 1 } })
  t.match(await queue.get(jobs[2]!.id), { status: 'scheduled', run_at: at })
  t.same((await worker().turn({ max: 9 })).leased.map(({ record }) => decodeRecord('', record).task), ['a', 'b'])
})

t.test('a unique key goes along', async t => {
  const unique = { key: 'k', until: 'started' as const, on_conflict: 'reject' as const }
  const { id } = await queue.submit({ task: 'x', unique })
  t.match(await queue.edit(id, () => ({ priority: 'high', delay_ms: HOUR_MS })), { status: 'scheduled', unique })
  await t.rejects(queue.submit({ task: 'x', unique }), { name: 'UniqueKeyTakenError' })
  await queue.edit(id, () => ({ priority: 'low', run_at: 1 }))
  await worker().turn({ max: 1 })
  t.not((await queue.submit({ task: 'x', unique })).id, id)
})

t.test('a foreign entry that is not all UTF-8', async t => {
  await redis.rpush(key(), Buffer.concat([Buffer.from('{"task":"old","input":"'), Buffer.from([0xff, 0xfe]), Buffer.from('"}')]))
  const { leased } = await worker().turn({ max: 1 })
  await expire(engine)
  await sweep()
  const job = await queue.get(toUuid(leased[0]!.id))
  t.match(job, { status: 'queued', task: 'old' })
  t.match(await queue.edit(job!.id, () => ({ priority: 'high' })), { priority: 'high', input: job!.input })
})

t.test('its cost does not grow with the queue, and ghosts do not stay', async t => {
  await submitMany(engine, 2000)
  const jobs = await submitMany(engine, 50)
  await submitMany(engine, 2000)
  const cost = async (change: object) => sum(await countCommands(redis, () => queue.edit(jobs[0]!.id, () => change)))
  t.ok(await cost({ input: `"${'x'.repeat(1_000_000)}"` }) < 40)
  t.ok(await cost({ priority: 'low' }) < 60)
  t.ok(await cost({ delay_ms: HOUR_MS }) < 60)
  for (const { id } of jobs) await queue.edit(id, () => ({ priority: 'high' }))
  t.match(await queue.stats('default'), { queued: 4050 - 1, scheduled: 1, queued_by_priority: { high: 49, normal: 4000, low: 0 } })
  let leased = 0
  for (let turn = await worker().turn({ max: 1000 }); turn.leased.length > 0; turn = await worker().turn({ max: 1000 })) leased += turn.leased.length
  t.equal(leased, 4049)
  t.same(await redis.hmget(key(':stats'), 'ghosts_n', 'ghosts_l'), ['0', '0'])
})

t.test('what cannot be edited stays', async t => {
  const spec = { task: 'x', type: 'other', queue: 'q', keep_logs: true, ttl_ms: HOUR_MS, unique: { key: 'k' }, tags: ['a'] }
  const { id } = await queue.submit(spec)
  const { version, input, ...before } = (await queue.get(id))!
  t.match(before, { keep_logs: true, type: 'other', unique: { key: 'k' } })
  const { version: next, input: edited, ...after } = (await queue.edit(id, () => ({ input: '1' })))!
  t.strictSame([after, edited, input], [before, '1', 'null'])
  t.not(next, version)
})
