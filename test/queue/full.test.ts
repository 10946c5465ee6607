import t from 'tap'
import { QueueUnavailableError } from '../../src/queue/errors.ts'
import { completed, dead, retried, startEngine, until } from '../helper/engine.ts'

const { queue, redis, worker, sweep } = await startEngine(t)

async function fill (): Promise<void> {
  await redis.config('SET', 'maxmemory', '1mb')
}

t.afterEach(async () => { await redis.config('SET', 'maxmemory', '0') })

t.test('a full Redis refuses jobs and can be drained', async t => {
  const jobs = await Promise.all(Array.from({ length: 40 }, () => queue.submit({ task: 'x' })))
  await fill()
  await t.rejects(queue.submit({ task: 'x' }), { name: 'QueueUnavailableError', message: 'Redis is out of memory (maxmemory)', retryAfterSeconds: 1 })

  t.same((await worker().turn({ settlements: completed(await worker().turn({ max: 10 })) })).settled, Array(10).fill(true))
  t.same((await worker().turn({ settlements: retried(await worker().turn({ max: 5 }), 0) })).settled, Array(5).fill(true))
  t.same((await worker().turn({ settlements: dead(await worker().turn({ max: 5 })) })).settled, Array(5).fill(true))
  const lost = worker('lost', { lease_ms: 1 })
  await lost.turn({ max: 5 })
  t.equal((await lost.heartbeat()).held.size, 5)
  const [[id, token]] = [...(await lost.heartbeat()).held] as [[string, string]]
  t.equal(await lost.progress(id, token, 50), true, 'progress is small')
  t.equal(await until(async () => (await sweep()).recovered || undefined), 5)
  t.equal((await queue.get(jobs[0]!.id))?.status, 'completed')
  t.equal((await queue.deadLetters('default', 2)).items.length, 2)
  for (let turn = await worker().turn({ max: 10 }); turn.leased.length > 0;) turn = await worker().turn({ settlements: completed(turn), max: 10 })

  t.match(await queue.stats('default'), { queued: 0, active: 0, retrying: 0, completed: 35, failed: 5 })
  await t.rejects(queue.redrive('default'), QueueUnavailableError)
  t.equal((await queue.stats('default'))?.failed, 5)
  t.match(await sweep({ completed_ms: 0, dead_ms: 0 }), { forgotten: 40 })
  t.equal(await redis.exists('jobs', 'outcomes', 'attempts', 'progress'), 0)
})

t.test('a full Redis that forgot the scripts takes those that drain it', async t => {
  await queue.submit({ task: 'x' })
  await fill()
  await redis.function('FLUSH')
  await t.rejects(queue.submit({ task: 'x' }), QueueUnavailableError)
  const turn = await worker().turn({ max: 10 })
  t.equal(turn.leased.length, 1)
  t.same((await worker().turn({ settlements: completed(turn) })).settled, [true])
})
