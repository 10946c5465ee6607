import { fileURLToPath } from 'node:url'
import type { Bench } from '../bench.ts'
import type { Measure } from '../measure.ts'
import { Child } from '../processes.ts'

// Four worker processes on one queue beside one, where each job takes 1 ms of CPU.

const HANDLERS = fileURLToPath(new URL('../busy.js', import.meta.url))

async function drained (bench: Bench, count: number, jobs: number): Promise<number> {
  await bench.run('engine', 'bulk', jobs)
  const names = Array.from({ length: count }, (_, i) => `worker ${i}`)
  await Promise.all(names.map(name => bench.child(name, () => new Child('../dist/worker/main.js', [], { ...bench.env, HANDLERS, WORKER_PORT: '0' }))))
  const completed = async () => Number(await bench.redis.hget('job_queue:stats', 'completed') ?? 0)
  const [first, start] = [await completed(), performance.now()]
  let now = first
  while (now < jobs) {
    await new Promise(resolve => setTimeout(resolve, 5))
    now = await completed()
  }
  const rate = (now - first) / (performance.now() - start) * 1000
  for (const name of names) await bench.drop(name)
  return rate
}

const workers: Measure = {
  name: 'workers',
  long: true,
  contenders: ['four', 'one'],
  maxRounds: 3,
  round: async (bench, contender) => ({ rate: await drained(bench, contender === 'four' ? 4 : 1, 5000) }),
  rows: [{ measure: 'four workers, 1 ms of CPU a job', ours: ['four', 'rate'], versus: 'one', unit: 'jobs/s' }]
}

export default [workers]
