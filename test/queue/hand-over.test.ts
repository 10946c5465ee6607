import t from 'tap'
import { toUuid } from '../../src/queue/ids.ts'
import { decodeRecord } from '../../src/queue/record.ts'
import { countCommands, sum } from '../helper/commands.ts'
import { completed, startEngine, idleWorker } from '../helper/engine.ts'
import type { IdleWorker } from '../helper/engine.ts'

const engine = await startEngine(t)
const { queue, redis, key, worker } = engine

/** The tasks that a worker was handed. */
async function tasks (idle: IdleWorker): Promise<string[]> {
  return (await idle.handed()).flatMap(handed => 'leased' in handed ? handed.leased.map(({ id, record }) => decodeRecord(id, record).task) : [])
}

t.test('a job goes past its list to the worker that has been idle longest, with few commands', async t => {
  // The first job ever makes its queue known, too.
  await worker().turn({ settlements: completed(await queue.submit({ task: 'x' }).then(() => worker().turn({ max: 1 }))) })
  const [first, second] = [await idleWorker(engine, 'w1'), await idleWorker(engine, 'w2')]
  const counts = await countCommands(redis, async () => { await queue.submit({ task: 'a', priority: 'low' }) })
  t.same([await tasks(first), await tasks(second)], [['a'], []])
  // 11 with the call itself, and the sweep that a worker wants when it holds something.
  t.ok(sum(counts) <= 12, `${sum(counts)} commands`)
  t.match(await queue.stats('default'), { queued: 0, active: 1, totals: { submitted: 2 } })
  t.match(Object.values(await redis.hgetall(key(':active:w1'))), [/^l-\.1\.0\./])
})

t.test('a job that is handed over comes as it was submitted', async t => {
  const idle = await idleWorker(engine, 'w1')
  const spec = { task: 'two words', input: '{"a": " b\\n€ {} "}', priority: 'high' as const, tags: ['x y'] }
  const { id } = await queue.submit(spec)
  const [handed] = await idle.handed()
  const [job] = handed && 'leased' in handed ? handed.leased : []
  t.match(job && decodeRecord(toUuid(job.id), job.record), { id, ...spec })
  t.match(job?.token, /^h-\.1\.0\.\d{13}\./)
})

t.test('what waits goes first', async t => {
  const idle = await idleWorker(engine, 'w1', 10)
  await redis.rpush(key(':high'), '{"task":"waits"}')
  await queue.submit({ task: 'new' })
  t.same(await tasks(idle), ['waits', 'new'])
})

t.test('a worker that has gone is passed over, and without another the job waits', async t => {
  const gone = await idleWorker(engine, 'gone')
  const idle = await idleWorker(engine, 'last')
  await gone.unsubscribe()
  await queue.submit({ task: 'a' })
  t.same(await tasks(idle), ['a'])
  await idle.unsubscribe()
  await queue.submit({ task: 'b' })
  const turn = await worker('w3').turn({ max: 10 })
  t.same(turn.leased.map(({ id, record }) => decodeRecord(id, record).task), ['b'])
  await worker('w3').turn({ settlements: completed(turn) })
  t.match(await queue.stats('default'), { completed: 1, active: 1 })
})

t.test('for a large job a worker is only called', async t => {
  const idle = await idleWorker(engine, 'w1')
  await queue.submit({ task: 'a', input: JSON.stringify('x'.repeat(300_000)) })
  t.same(await idle.handed(), [{ due_in_ms: 0 }])
  t.match(await queue.stats('default'), { queued: 1, active: 0 })
})
