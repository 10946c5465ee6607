import t from 'tap'
import { until } from '../helper/engine.ts'
import { startFleet } from '../helper/fleet.ts'

const fleet = await startFleet(t)
const { queue } = fleet

t.test('jobs that take a second start evenly on three workers, also after quick ones have made them prefetch', async t => {
  const workers = await Promise.all([1, 2, 3].map(() => fleet.worker({ WORKER_CONCURRENCY: '2', LEASE_SECONDS: '30' })))
  await queue.submitAll(Array.from({ length: 1000 }, () => ({ task: 'pure' })))
  const kept = await queue.submitAll(Array.from({ length: 18 }, () => ({ task: 'nap', input: '1000' })))
  await until(async () => (await queue.stats('default'))!.totals.completed === 1018)
  const starts = await fleet.starts()
  t.same(workers.map(({ pid }) => starts.filter(start => start.pid === pid).length), [6, 6, 6])
  // Six at a time: the last six start when two rounds of a second are over, and not when three are.
  const jobs = await Promise.all(kept.map(({ id }) => queue.get(id)))
  const first = Math.min(...jobs.map(job => job!.started_at!))
  t.same(jobs.map(job => Math.floor((job!.started_at! - first) / 1000)).sort(), [0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2])
})
