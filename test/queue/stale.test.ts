import t, { type Test } from 'tap'
import type { Settlement } from '../../src/queue/lease.ts'
import { completed, dead, dump, expire, HOUR_MS, released, retried, startEngine } from '../helper/engine.ts'

const engine = await startEngine(t)
const { queue, redis, worker, sweep } = engine

const failure = { reason: 'failed' as const, message: 'no' }
const kinds = (id: string, token: string): Settlement[] => [
  { kind: 'complete', id, token, result: '1' },
  { kind: 'retry', id, token, delay_ms: HOUR_MS, failure },
  { kind: 'dead', id, token, failure },
  { kind: 'put_off', id, token, delay_ms: HOUR_MS },
  { kind: 'release', id, token }
]

/** Every write of `name` under this lease is refused, and nothing changes. */
async function refused (t: Test, name: string, { id, token }: { id: string, token: string }): Promise<void> {
  const before = await dump(redis)
  for (const settlement of kinds(id, token)) {
    t.same((await worker(name).turn({ settlements: [settlement] })).settled, [false], settlement.kind)
  }
  t.equal(await worker(name).progress(id, token, 50), false)
  t.same(await dump(redis), before)
}

t.test('a token that is wrong in its nonce, attempt, priority or time', async t => {
  await queue.submit({ task: 'x' })
  const { id, token } = (await worker().turn({ max: 1 })).leased[0]!
  for (const wrong of ['', 'x', `${token}x`, token.slice(0, -1), token.replace('.1.', '.2.'), token.replace('n', 'h'), token.replace(/\d{13}/, '1000000000000')]) {
    await refused(t, 'w1', { id, token: wrong })
  }
  await refused(t, 'w1', { id: 'AZXk0000cAC0000000000A', token })
  t.same((await worker().turn({ settlements: [{ kind: 'complete', id, token, result: '' }] })).settled, [true])
})

t.test("another worker's token", async t => {
  await queue.submit({ task: 'x' })
  await queue.submit({ task: 'x' })
  const [lease] = (await worker('a').turn({ max: 1 })).leased
  await worker('b').turn({ max: 1 })
  await refused(t, 'b', lease!)
})

t.test('the token of an attempt that is over, however it ended', async t => {
  for (const end of [completed, dead, retried, released]) {
    await redis.flushall()
    await queue.submit({ task: 'x' })
    const turn = await worker().turn({ max: 1 })
    await worker().turn({ settlements: end(turn) })
    await refused(t, 'w1', turn.leased[0]!)
  }
})

t.test('the token of a lease that ran out, also when the job has been leased again', async t => {
  await queue.submit({ task: 'x' })
  const [lost] = (await worker().turn({ max: 1 })).leased
  await expire(engine)
  await sweep()
  await refused(t, 'w1', lost!)
  t.equal((await worker().heartbeat()).held.size, 0, 'the worker is told')
  const [again] = (await worker().turn({ max: 1 })).leased
  await refused(t, 'w1', lost!)
  t.equal((await worker().heartbeat()).held.get(again!.id), again!.token)
})

t.test('a lease that ran out but was not taken back yet still counts', async t => {
  await queue.submit({ task: 'x' })
  const turn = await worker().turn({ max: 1 })
  await expire(engine)
  t.same((await worker().turn({ settlements: completed(turn) })).settled, [true])
  t.match(await sweep(), { recovered: 0 })
})

t.test('of settlements of one job in one call the first that may counts', async t => {
  await queue.submit({ task: 'x' })
  const { id, token } = (await worker().turn({ max: 1 })).leased[0]!
  const [complete, retry, bury, putOff, release] = kinds(id, token) as [Settlement, Settlement, Settlement, Settlement, Settlement]
  t.same((await worker().turn({ settlements: [{ ...complete, token: 'x' }, retry, bury, putOff, release, retry] })).settled, [false, true, false, false, false, false])
  t.match(await queue.stats('default'), { retrying: 1, failed: 0, queued: 0, active: 0, completed: 0, totals: { retried: 1 } })
})

t.test('in a mixed batch those that are stale are refused and the others count', async t => {
  await Promise.all(Array.from({ length: 6 }, () => queue.submit({ task: 'x' })))
  const { leased } = await worker().turn({ max: 6 })
  const settlements = leased.map(({ id, token }, i): Settlement => kinds(id, i % 2 === 0 ? token : 'stale')[i % 4]!)
  t.same((await worker().turn({ settlements })).settled, [true, false, true, false, true, false])
  t.match(await queue.stats('default'), { completed: 2, failed: 1, active: 3 })
})
