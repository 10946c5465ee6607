import t from 'tap'
import { fromUuid } from '../../src/queue/ids.ts'
import { completed, dead, expire, HOUR_MS, makeDue, released, retried, startEngine, submitMany } from '../helper/engine.ts'

const engine = await startEngine(t)
const { queue, worker, sweep } = engine

/** Leases the next job and lets it fail, `times` over. */
async function failAndReturn (times: number, from = 1): Promise<void> {
  for (let i = from; i < from + times; i++) {
    await worker().turn({ settlements: retried(await worker().turn({ max: 1 }), HOUR_MS, `no ${i}`) })
    await makeDue(engine, ':retrying')
    await sweep()
  }
}

t.test('a failed attempt waits for its time, then the job runs again', async t => {
  const { id } = await queue.submit({ task: 'x' })
  const before = Date.now()
  await worker().turn({ settlements: retried(await worker().turn({ max: 1 }), 60_000) })
  const job = await queue.get(id)
  t.match(job, { status: 'retrying', attempt: 1, lost: 0, errors: [{ attempt: 1, reason: 'failed', message: 'no', worker: 'w1' }], worker: undefined, started_at: undefined })
  t.ok(job!.run_at! >= before + 60_000 && job!.run_at! <= Date.now() + 60_000, `${job!.run_at! - before} ms`)
  t.ok(job!.errors[0]!.at >= before && job!.errors[0]!.at <= Date.now())

  const early = await worker().turn({ max: 1 })
  t.same(early.leased, [], 'not before')
  t.ok(early.due_in_ms! > 50_000 && early.due_in_ms! <= 60_000, `${early.due_in_ms} ms`)
  await makeDue(engine, ':retrying')
  const { leased } = await worker('w2').turn({ max: 1 })
  t.same(leased.map(job => job.id), [fromUuid(id)])
  t.match(await queue.get(id), { status: 'active', attempt: 2, worker: 'w2', errors: [{ attempt: 1 }] })
})

t.test('a delay of nothing, or of nonsense, is none; of more than a year it is a year', async t => {
  for (const delay of [0, -5, NaN, 0.4]) {
    await queue.submit({ task: 'x' })
    await worker().turn({ settlements: retried(await worker().turn({ max: 1 }), delay) })
    const again = await worker().turn({ max: 1 })
    t.equal(again.leased.length, 1, `${delay}`)
    await worker().turn({ settlements: completed(again) })
  }
  const { id } = await queue.submit({ task: 'x' })
  await worker().turn({ settlements: retried(await worker().turn({ max: 1 }), Infinity) })
  const { status, run_at } = (await queue.get(id))!
  t.equal(status, 'retrying')
  t.equal(Math.round((run_at! - Date.now()) / HOUR_MS), 365 * 24)
})

t.test('retries become ready in the order of their due times, each in its priority, before scheduled jobs', async t => {
  const jobs = await Promise.all((['low', 'normal', 'high', 'normal'] as const).map(priority => queue.submit({ task: 'x', priority })))
  const turn = await worker().turn({ max: 4 })
  const delays = new Map(jobs.map(({ id }, i) => [fromUuid(id), (4 - i) * HOUR_MS]))
  const scheduled = await queue.submit({ task: 'x', delay_ms: HOUR_MS })
  await worker().turn({ settlements: turn.leased.flatMap(lease => retried({ ...turn, leased: [lease] }, delays.get(lease.id))) })
  await makeDue(engine, ':retrying')
  await makeDue(engine, ':scheduled')
  t.match(await sweep(), { promoted: 5 })
  const ids: string[] = []
  for (let i = 0; i < 5; i++) ids.push(...(await worker().turn({ max: 1 })).leased.map(({ id }) => id))
  t.same(ids, [jobs[2]!, jobs[3]!, jobs[1]!, scheduled, jobs[0]!].map(({ id }) => fromUuid(id)))
})

t.test('the last ten failures are kept, oldest first', async t => {
  const { id } = await queue.submit({ task: 'x' })
  await failAndReturn(10)
  t.same((await queue.get(id))!.errors.map(({ message }) => message), Array.from({ length: 10 }, (_, i) => `no ${i + 1}`))
  await failAndReturn(3, 11)
  const { errors, attempt } = (await queue.get(id))!
  t.equal(attempt, 13)
  t.same(errors.map(({ attempt, message }) => [attempt, message]), Array.from({ length: 10 }, (_, i) => [i + 4, `no ${i + 4}`]))
})

t.test('failures outlive lost leases, a redrive and the end of the job', async t => {
  const { id } = await queue.submit({ task: 'x' })
  const failures = async () => (await queue.get(id))!.errors.map(({ attempt, reason, worker }) => `${attempt} ${reason} ${worker}`)
  await failAndReturn(1)
  await worker('crashed').turn({ max: 1 })
  await expire(engine, 'crashed')
  await sweep()
  t.match(await queue.get(id), { status: 'queued', attempt: 1, lost: 1 })
  await worker().turn({ settlements: dead(await worker().turn({ max: 1 })) })
  t.match(await queue.get(id), { status: 'failed', attempt: 2, lost: 1 })
  const all = ['1 failed w1', '2 lost_lease crashed', '2 failed w1']
  t.same(await failures(), all)
  await queue.redrive('default')
  t.match(await queue.get(id), { status: 'queued', attempt: 0, lost: 0 })
  t.same(await failures(), all)
  await worker().turn({ settlements: retried(await worker().turn({ max: 1 }), 0) })
  await worker().turn({ settlements: completed(await worker().turn({ max: 1 })) })
  t.match(await queue.get(id), { status: 'completed', attempt: 2, result: '"done"' })
  t.same(await failures(), [...all, '1 failed w1'])
})

t.test('a job that is handed back keeps its attempts and its failures, and is next', async t => {
  const { id } = await queue.submit({ task: 'x' })
  await failAndReturn(1)
  await submitMany(engine, 2)
  const before = await queue.get(id)
  await worker().turn({ settlements: released(await worker().turn({ max: 1 })) })
  t.same(await queue.get(id), before)
  t.same((await worker().turn({ max: 1 })).leased.map(job => job.id), [fromUuid(id)])
})

t.test('jobs with and without a history that end in one turn keep each its own', async t => {
  const first = await queue.submit({ task: 'x' })
  await failAndReturn(1)
  const second = await queue.submit({ task: 'x' })
  await worker().turn({ settlements: completed(await worker().turn({ max: 2 })) })
  t.match(await queue.get(first.id), { status: 'completed', attempt: 2, errors: [{ message: 'no 1' }] })
  t.match(await queue.get(second.id), { status: 'completed', attempt: 1, errors: [] })
  t.equal(await engine.redis.exists('attempts'), 0, 'no history is left behind')
})

t.test('long messages and stacks are cut', async t => {
  const { id } = await queue.submit({ task: 'x' })
  const [lease] = (await worker().turn({ max: 1 })).leased
  const failure = { reason: 'timed_out' as const, message: 'm'.repeat(2001), stack: 's'.repeat(4001) }
  await worker().turn({ settlements: [{ kind: 'dead', id: lease!.id, token: lease!.token, failure }] })
  t.match((await queue.get(id))!.errors, [{ reason: 'timed_out', message: 'm'.repeat(2000), stack: 's'.repeat(4000) }])
  const [error] = (await queue.get(id))!.errors
  t.same([error!.message.length, error!.stack!.length], [2000, 4000])
})
