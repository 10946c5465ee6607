import t from 'tap'
import type { JobSpec } from '../../src/queue/job.ts'
import type { KeptJob } from '../../src/queue/queue.ts'
import { SettingsStore } from '../../src/queue/settings.ts'
import type { QueueSettings } from '../../src/queue/settings.ts'
import { until } from '../helper/engine.ts'
import { startFleet } from '../helper/fleet.ts'

const fleet = await startFleet(t)
const { queue, redis } = fleet
t.beforeEach(fleet.clear)

const set = async (settings: QueueSettings) => await new SettingsStore(redis, queue.keys).change('default', () => settings)
const stats = async () => (await queue.stats('default'))!

/** Three workers work all of it off. Each time that a third is done the one that runs most is killed. */
async function workOff (jobs: JobSpec[]): Promise<KeptJob[]> {
  const workers = await Promise.all([1, 2, 3].map(() => fleet.worker({ WORKER_CONCURRENCY: '6', MAX_LOST: '100' })))
  const kept = await queue.submitAll(jobs)
  for (const done of [1 / 3, 2 / 3]) {
    const pid = await until(async () => {
      const running = Object.entries(await redis.hgetall('test:running')).sort((a, b) => Number(b[1]) - Number(a[1]))
      return (await stats()).totals.completed >= jobs.length * done && Number(running[0]![1]) > 0 && running[0]![0]
    })
    const victim = workers.find(worker => worker.pid === Number(pid))!
    victim.signal('SIGKILL')
    await victim.exited
    await redis.hdel('test:running', pid)
  }
  await until(async () => (await stats()).totals.completed === jobs.length)
  return kept
}

const counted = (count: number, ms: number): JobSpec[] => Array.from({ length: count }, () => ({ task: 'counted', input: `${ms}` }))

t.test('never more jobs run than may, whichever workers die, and as many as may', async t => {
  await set({ concurrency: 5 })
  await workOff(counted(300, 30))
  t.equal(await redis.get('test:most'), '5')
  t.ok((await stats()).totals.lost > 0, 'some were running when their worker died')
  t.equal(await redis.hget(`${queue.keys.base('default')}:limits`, 'running'), '0')
})

t.test('never more jobs start in a second than may, whichever workers die', async t => {
  await set({ rate_limit: { limit: 100 } })
  const kept = await workOff(counted(300, 20))
  const starts = (await Promise.all(kept.map(async ({ id }) => (await queue.get(id))!.started_at!))).sort((a, b) => a - b)
  const most = Math.max(...starts.map((from, i) => starts.slice(i).filter(start => start < from + 1000).length))
  t.ok(most <= 100, `${most} in a second`)
})
