import t from 'tap'
import { countCommands, sum } from '../helper/commands.ts'
import { completed, startEngine } from '../helper/engine.ts'

const { queue, redis, server, worker } = await startEngine(t)
const JOBS = 1000

async function submitAll (): Promise<void> {
  await Promise.all(Array.from({ length: JOBS }, () => queue.submit({ task: 'x' })))
}

t.test('submits of the same moment share a call', async t => {
  const counts = await countCommands(redis, submitAll)
  t.equal((await queue.stats('default'))?.queued, JOBS)
  // 32, 32 and 32 at once; the rest waits for one of them.
  t.equal(counts.get('fcall'), 4)
})

t.test('submits that come while calls are under way wait and share the next', async t => {
  const counts = await countCommands(redis, async () => {
    const jobs: Promise<unknown>[] = []
    server.freeze()
    for (let i = 0; i < JOBS; i++) {
      jobs.push(queue.submit({ task: 'x' }))
      await new Promise(setImmediate)
    }
    server.thaw()
    await Promise.all(jobs)
  })
  t.equal((await queue.stats('default'))?.queued, JOBS)
  t.equal(counts.get('fcall'), 4, 'three under way, and one for all the others')
})

t.test('a call has at most 1,000 jobs', async t => {
  const counts = await countCommands(redis, async () => {
    await Promise.all(Array.from({ length: 2 * JOBS + 1 }, () => queue.submit({ task: 'x' })))
  })
  // The first three have 32 jobs each, the others 1,000 and what is left.
  t.equal(counts.get('fcall'), 3 + 2)
  t.equal(await redis.hlen('jobs'), 2 * JOBS + 1)
})

t.test('a job costs few Redis commands, inside the scripts too', async t => {
  const counts = await countCommands(redis, async () => {
    await submitAll()
    let turn = await worker().turn({ max: 100 })
    while (turn.leased.length > 0) turn = await worker().turn({ settlements: completed(turn), max: 100 })
  })
  t.equal((await queue.stats('default'))?.completed, JOBS)
  // Measured: 0.36. A single command that runs once a job makes it more than 1.
  t.ok(sum(counts) / JOBS < 0.6, `${sum(counts) / JOBS} commands a job`)
})
