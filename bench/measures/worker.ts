import { fileURLToPath } from 'node:url'
import type { Bench } from '../bench.ts'
import type { Measure } from '../measure.ts'
import { Child } from '../processes.ts'

// The worker as it is run (handlers, logs at info thrown away, metrics, heartbeats) beside the engine alone.

const HANDLERS = fileURLToPath(new URL('../noop.js', import.meta.url))

async function completed (bench: Bench): Promise<number> {
  return Number(await bench.redis.hget('job_queue:stats', 'completed') ?? 0)
}

const worker: Measure = {
  name: 'worker',
  contenders: ['worker', 'engine'],
  async round (bench, contender, { jobs }) {
    await bench.run('engine', 'bulk', jobs)
    if (contender === 'engine') {
      const { rate, node_us } = await bench.run('engine', 'drain', jobs)
      return { rate, node_us }
    }
    const { child } = await bench.child('worker', () => new Child('../dist/worker/main.js', [], { ...bench.env, HANDLERS, WORKER_PORT: '0', COMPLETED_MAX: '10000000' }))
    // From when it is at speed to the end: what the process takes to start is not its rate.
    const reached = async (count: number) => { while (await completed(bench) < count) await new Promise(resolve => setTimeout(resolve, 2)) }
    await reached(jobs / 10)
    const [first, start, before] = [await completed(bench), performance.now(), await child.usage()]
    await reached(jobs)
    const [ms, after] = [performance.now() - start, await child.usage()]
    await bench.drop('worker')
    return { rate: (jobs - first) / ms * 1000, node_us: (after.cpu_us - before.cpu_us) / (jobs - first) }
  },
  rows: [
    { measure: 'drain, the real worker', ours: ['worker', 'rate'], versus: 'engine', unit: 'jobs/s', must: 0.6, aim: 0.85 },
    { measure: 'drain, the real worker, CPU', ours: ['worker', 'node_us'], versus: 'engine', unit: 'µs', less: true }
  ]
}

export default [worker]
