import type { Bench } from '../bench.ts'
import type { Figures, Measure } from '../measure.ts'

// What a million jobs in the queue cost those who work with it.

const BACKLOG = 1_000_000
const LEASES = 2000

async function leased (bench: Bench, backlog: number): Promise<Figures> {
  await bench.run('engine', 'bulk', Math.max(backlog, LEASES))
  await bench.watchScripts()
  const { value } = await bench.run('engine', 'lease', LEASES)
  const times = (value as number[]).sort((a, b) => a - b)
  return { p99: times[Math.floor(times.length * 0.99)]!, longest: await bench.longestScript() }
}

const backlog: Measure = {
  name: 'backlog',
  long: true,
  contenders: ['full', 'empty'],
  maxRounds: 3,
  round: (bench, contender) => leased(bench, contender === 'full' ? BACKLOG : 0),
  rows: [
    { measure: 'lease, p99, with 1,000,000 queued', ours: ['full', 'p99'], versus: 'empty', unit: 'µs', must: 2, aim: 1.2, less: true },
    { measure: 'longest script, with 1,000,000 queued', ours: ['full', 'longest'], unit: 'ms', must: 10, aim: 5, less: true }
  ]
}

const due: Measure = {
  name: 'due',
  long: true,
  contenders: ['due', 'ready'],
  maxRounds: 1,
  async round (bench, contender) {
    await bench.run('engine', contender === 'due' ? 'bulkLater' : 'bulk', BACKLOG)
    if (contender === 'due') await bench.dueNow()
    await bench.watchScripts()
    const { rate } = await bench.run('engine', 'drain', BACKLOG)
    return { rate, longest: await bench.longestScript() }
  },
  rows: [
    { measure: '1,000,000 due at the same instant, drained', ours: ['due', 'rate'], versus: 'ready', unit: 'jobs/s' },
    { measure: '1,000,000 due at the same instant, longest script', ours: ['due', 'longest'], unit: 'ms', must: 10, less: true }
  ]
}

export default [backlog, due]
