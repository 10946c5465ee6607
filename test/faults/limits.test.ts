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

const GROUPS = ['a', 'b', 'c', 'large']

/** How many jobs each process runs, of the most to the least. */
async function running (keys: string[]): Promise<[pid: string, count: number][]> {
  const counts = new Map<string, number>()
  for (const key of keys) for (const [pid, count] of Object.entries(await redis.hgetall(key))) counts.set(pid, (counts.get(pid) ?? 0) + Number(count))
  return [...counts].sort((a, b) => b[1] - a[1])
}

/** Three workers work all of it off. Each time that a third is done the one that runs most is killed. `keys` are where handlers count. */
async function workOff (jobs: JobSpec[], keys = ['test:running:all']): Promise<KeptJob[]> {
  const workers = await Promise.all([1, 2, 3].map(() => fleet.worker({ WORKER_CONCURRENCY: '6', MAX_LOST: '100' })))
  const kept = await queue.submitAll(jobs)
  for (const done of [1 / 3, 2 / 3]) {
    const pid = await until(async () => {
      const most = (await running(keys))[0]
      return (await stats()).totals.completed >= jobs.length * done && most && most[1] > 0 && most[0]
    })
    const victim = workers.find(worker => worker.pid === Number(pid))!
    victim.signal('SIGKILL')
    await victim.exited
    for (const key of keys) await redis.hdel(key, pid)
  }
  await until(async () => (await stats()).totals.completed === jobs.length)
  return kept
}

const counted = (count: number, ms: number, kind = 'all'): JobSpec[] => Array.from({ length: count }, () => ({ task: 'counted', input: JSON.stringify({ ms, kind }) }))
/** So many of each group. */
const ofGroups = (count: number, ms: number): JobSpec[] => GROUPS.flatMap(group => counted(count, ms, group).map(job => ({ ...job, group })))
const groupKeys = GROUPS.map(group => `test:running:${group}`)

/** Of moments, how many were in a second at the most, wherever it begins. */
function mostInASecond (moments: number[]): number {
  return Math.max(...moments.map(from => moments.filter(moment => moment >= from && moment < from + 1000).length))
}

const startsOf = async (kept: KeptJob[]) => await Promise.all(kept.map(async ({ id }) => (await queue.get(id))!.started_at!))

t.test('never more jobs run than may, whichever workers die, and as many as may', async t => {
  await set({ concurrency: 5 })
  await workOff(counted(300, 30))
  t.equal(await redis.get('test:most:all'), '5')
  t.ok((await stats()).totals.lost > 0, 'some were running when their worker died')
  t.equal(await redis.hget(`${queue.keys.base('default')}:limits`, 'running'), '0')
})

t.test('never more jobs start in a second than may, whichever workers die', async t => {
  await set({ rate_limit: { limit: 100 } })
  const kept = await workOff(counted(300, 20))
  const most = mostInASecond(await startsOf(kept))
  t.ok(most <= 100, `${most} in a second`)
})

t.test('never more jobs of a group run than may, whichever workers die, and as many as may', async t => {
  await set({ group_concurrency: 2, group_overrides: { large: { concurrency: 4 } } })
  await workOff(ofGroups(75, 30), groupKeys)
  t.same(await redis.mget(GROUPS.map(group => `test:most:${group}`)), ['2', '2', '2', '4'])
  t.ok((await stats()).totals.lost > 0, 'some were running when their worker died')
  const base = queue.keys.base('default')
  t.same(await redis.hgetall(`${base}:running`), {}, 'none is counted any more')
  t.equal(await redis.zcard(`${base}:asleep`), 0, 'and none sleeps')
})

t.test('never more jobs of a group start in a second than may, whichever workers die', async t => {
  await set({ group_rate_limit: { limit: 20 }, group_overrides: { large: { rate_limit: { limit: 40 } } } })
  const kept = await workOff(ofGroups(75, 20), groupKeys)
  const starts = await startsOf(kept)
  for (const [i, group] of GROUPS.entries()) {
    const [most, limit] = [mostInASecond(starts.slice(75 * i, 75 * (i + 1))), group === 'large' ? 40 : 20]
    t.ok(most <= limit && most >= limit / 2, `${most} of ${group} in a second`)
  }
})
