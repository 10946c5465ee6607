import { Bench } from '../bench.ts'
import type { Measure } from '../measure.ts'

// The append-only file, written every second, beside a Redis that keeps nothing.

const persistence: Measure = {
  name: 'aof',
  contenders: ['everysec', 'none'],
  async round (_bench, contender, { jobs }) {
    const bench = await Bench.start({ appendonly: contender === 'everysec' })
    try {
      await bench.run('engine', 'bulk', jobs)
      await bench.run('engine', 'drain', jobs)
      const start = performance.now()
      const submitted = await bench.run('engine', 'bulk', jobs)
      const drained = await bench.run('engine', 'drain', jobs)
      return { rate: jobs / (performance.now() - start) * 1000, redis_us: submitted.redis_us + drained.redis_us }
    } finally {
      await bench.close()
    }
  },
  rows: [
    { measure: 'append-only everysec: submitted and drained', ours: ['everysec', 'rate'], versus: 'none', unit: 'jobs/s', must: 0.93, aim: 0.97 },
    { measure: 'append-only everysec: CPU of Redis a job', ours: ['everysec', 'redis_us'], versus: 'none', unit: 'µs', less: true }
  ]
}

export default [persistence]
