import t from 'tap'
import { until } from '../helper/engine.ts'
import { startFleet } from '../helper/fleet.ts'
import { inStatus } from '../helper/worker.ts'

const fleet = await startFleet(t)
const { queue, redis, server } = fleet
t.beforeEach(fleet.clear)

t.test('idle workers that hang do not cost a job its life; awake again they start nothing that is no longer theirs', async t => {
  const hung = await Promise.all([1, 2, 3, 4].map(() => fleet.worker()))
  await until(async () => await redis.llen('job_queue:idle') === hung.length)
  for (const worker of hung) worker.signal('SIGSTOP')
  // One of them is handed it; the other notes are too old when its lease ends.
  const { id } = await queue.submit({ task: 'nap' })
  const healthy = await fleet.worker()
  t.match(await inStatus(fleet, id, 'completed'), { result: `${healthy.pid}`, lost: 1, attempt: 1 })
  for (const worker of hung) worker.signal('SIGCONT')
  t.match(await inStatus(fleet, (await queue.submit({ task: 'nap' })).id, 'completed'), { lost: 0 })
  await until(async () => await redis.llen('job_queue:idle') === hung.length + 1)
  t.equal((await fleet.starts()).length, 2, 'each job was started once')
})

t.test('progress that Redis cannot take does not fail the attempt', async t => {
  await fleet.worker()
  const { id } = await queue.submit({ task: 'tell', input: '60' })
  await until(async () => (await queue.get(id))?.progress)
  server.freeze()
  // Longer than a worker waits for an answer.
  await new Promise(resolve => setTimeout(resolve, 2500))
  server.thaw()
  t.match(await inStatus(fleet, id, 'completed'), { attempt: 1 }, 'no attempt failed')
})
