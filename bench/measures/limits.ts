import { fileURLToPath } from 'node:url'
import { Keys } from '../../src/queue/keys.ts'
import { Leases } from '../../src/queue/lease.ts'
import { Queue } from '../../src/queue/queue.ts'
import { decodeRecord } from '../../src/queue/record.ts'
import { SettingsStore } from '../../src/queue/settings.ts'
import type { QueueSettings } from '../../src/queue/settings.ts'
import type { Bench } from '../bench.ts'
import type { Figures, Measure } from '../measure.ts'
import { Child } from '../processes.ts'

// How much of a limit is used by three workers, and what groups cost.

const HANDLERS = fileURLToPath(new URL('../nap.js', import.meta.url))
const NAP_MS = 50
const LIMIT = 20

/** How much of the limit three workers use, from when a tenth of the jobs is done until nine tenths are: 1 is all of it. */
async function used (bench: Bench, settings: QueueSettings, jobs: number, perSecond: number): Promise<Figures> {
  const keys = new Keys()
  await new SettingsStore(bench.redis, keys).change('default', () => settings)
  const completed = async () => Number(await bench.redis.hget('job_queue:stats', 'completed') ?? 0)
  const reached = async (count: number) => { while (await completed() < count) await new Promise(resolve => setTimeout(resolve, 2)) }
  const names = ['limited-1', 'limited-2', 'limited-3']
  await Promise.all(names.map(name => bench.child(name, () => new Child('../dist/worker/main.js', [], { ...bench.env, HANDLERS, WORKER_PORT: '0', NAP_MS: `${NAP_MS}` }))))
  await new Queue(bench.redis, keys).submitAll(Array.from({ length: jobs }, () => ({ task: 'nap' })))
  await reached(jobs / 10)
  const [first, start] = [await completed(), performance.now()]
  await reached(jobs * 0.9)
  const rate = (await completed() - first) / (performance.now() - start) * 1000
  for (const name of names) await bench.drop(name)
  return { used: rate / perSecond }
}

/** How many jobs of a group with 100,000 are taken between the submit of another group's first job and its lease. */
async function delay (bench: Bench): Promise<number> {
  const keys = new Keys()
  const queue = new Queue(bench.redis, keys)
  const leases = new Leases(bench.redis, keys, 'default', 'bench', 30_000, () => ({ keep_completed: 100_000, keep_dead: 100_000 }))
  for (let i = 0; i < 100; i++) await queue.submitAll(Array.from({ length: 1000 }, () => ({ task: 'x', group: 'large' })))
  let most = 0
  for (let round = 0; round < 100; round++) {
    await queue.submit({ task: 'x', group: `small ${round}` })
    let before = 0
    while (decodeRecord('', (await leases.turn({ max: 1 })).leased[0]!.record).group === 'large') before++
    most = Math.max(most, before)
  }
  return most
}

const SUBMITS: Record<string, 'bulk' | 'bulkGroups' | 'bulkOneGroup'> = { groups: 'bulkGroups', 'one group': 'bulkOneGroup', plain: 'bulk' }

const limits: Measure = {
  name: 'limits',
  long: true,
  contenders: ['concurrency', 'rate', 'small'],
  maxRounds: 3,
  async round (bench, contender) {
    if (contender === 'concurrency') return await used(bench, { concurrency: LIMIT }, 1000, LIMIT / NAP_MS * 1000)
    if (contender === 'rate') return await used(bench, { rate_limit: { limit: 200 } }, 1000, 200)
    return { delay: await delay(bench) }
  },
  rows: [
    { measure: `concurrency of ${LIMIT}, three workers, used`, ours: ['concurrency', 'used'], unit: 'of 1', must: 0.95 },
    { measure: 'rate of 200/s, three workers, used', ours: ['rate', 'used'], unit: 'of 1', must: 0.95 },
    { measure: "another group's job, behind 100,000 of one", ours: ['small', 'delay'], unit: 'turns', must: 1, less: true }
  ]
}

const groups: Measure = {
  name: 'groups',
  contenders: ['groups', 'one group', 'plain'],
  async round (bench, contender, { jobs }) {
    const submitted = await bench.run('engine', SUBMITS[contender]!, jobs)
    const drained = await bench.run('engine', 'drain', jobs)
    return { rate: 1 / (1 / submitted.rate + 1 / drained.rate), redis_us: submitted.redis_us + drained.redis_us }
  },
  rows: [
    { measure: 'as many groups as jobs, in bulks and drained', ours: ['groups', 'rate'], versus: 'plain', unit: 'jobs/s' },
    { measure: 'as many groups as jobs, in bulks and drained', ours: ['groups', 'rate'], versus: 'one group', unit: 'jobs/s' },
    { measure: 'as many groups as jobs, CPU of Redis', ours: ['groups', 'redis_us'], versus: 'plain', unit: 'µs', less: true },
    { measure: 'as many groups as jobs, CPU of Redis', ours: ['groups', 'redis_us'], versus: 'one group', unit: 'µs', less: true }
  ]
}

export default [limits, groups]
