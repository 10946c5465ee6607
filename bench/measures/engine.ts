import type { Bench } from '../bench.ts'
import type { Figures, Measure, Row } from '../measure.ts'

// The engine beside other queues and beside Redis itself: the same job, kept with its result.

const rows = (measure: string, contender: string, unit: string, targets: [versus: string, must: number, aim: number][]): Row[] =>
  targets.map(([versus, must, aim]) => ({ measure, ours: [contender, 'rate'], versus, unit, must, aim }))

async function submitted (bench: Bench, contender: string, call: 'submit' | 'bulk', jobs: number): Promise<Figures> {
  const { rate, node_us, redis_us, commands } = await bench.run(contender, call, jobs)
  return { rate, node_us, redis_us, commands }
}

const submit: Measure = {
  name: 'submit',
  contenders: ['engine', 'bullmq', 'bee-queue', 'list'],
  round: (bench, contender, { jobs }) => submitted(bench, contender, 'submit', jobs),
  rows: [
    ...rows('submit, 100 in flight', 'engine', 'jobs/s', [['bullmq', 3.5, 5], ['list', 1.3, 2.2]]),
    { measure: 'submit, 100 in flight', ours: ['engine', 'rate'], versus: 'bee-queue', unit: 'jobs/s' }
  ]
}

const bulk: Measure = {
  name: 'bulk',
  contenders: ['engine', 'bullmq', 'bee-queue', 'list'],
  round: (bench, contender, { jobs }) => submitted(bench, contender, 'bulk', jobs),
  rows: [
    ...rows('submit in bulks of 1,000', 'engine', 'jobs/s', [['bullmq', 8, 12], ['list', 0.4, 0.6]]),
    { measure: 'submit in bulks of 1,000', ours: ['engine', 'rate'], versus: 'bee-queue', unit: 'jobs/s' }
  ]
}

const drain: Measure = {
  name: 'drain',
  contenders: ['engine', 'bullmq', 'bee-queue', 'list', 'stream'],
  async round (bench, contender, { jobs }) {
    await bench.run(contender, 'bulk', jobs)
    const { rate, node_us, redis_us, commands } = await bench.run(contender, 'drain', jobs)
    return { rate, node_us, redis_us, cpu_us: node_us + redis_us, commands }
  },
  rows: [
    ...rows('drain, one worker process', 'engine', 'jobs/s', [['bullmq', 9, 14], ['list', 0.25, 0.4], ['stream', 0.8, 1.2]]),
    { measure: 'drain, one worker process', ours: ['engine', 'rate'], versus: 'bee-queue', unit: 'jobs/s' },
    { measure: 'CPU a drained job, Redis and Node', ours: ['engine', 'cpu_us'], versus: 'bullmq', unit: 'µs', must: 1 / 9, aim: 1 / 14, less: true },
    { measure: 'CPU a drained job, Node', ours: ['engine', 'node_us'], versus: 'bullmq', unit: 'µs', less: true },
    { measure: 'CPU a drained job, Redis', ours: ['engine', 'redis_us'], versus: 'bullmq', unit: 'µs', less: true },
    { measure: 'Redis commands a drained job', ours: ['engine', 'commands'], versus: 'bullmq', unit: 'commands', less: true }
  ]
}

const flow = (call: 'submit' | 'bulk', label: string, must: number, aim: number): Measure => ({
  name: `flow-${call}`,
  contenders: ['engine', 'bullmq'],
  // The producer and the worker are processes of their own, at work at the same time.
  async round (bench, contender, { jobs }) {
    const worker = `${contender}-worker`
    await bench.contender(worker)
    const start = performance.now()
    const [, drained] = await Promise.all([bench.run(contender, call, jobs), bench.run(worker, 'drain', jobs)])
    const ms = performance.now() - start
    return { rate: jobs / ms * 1000, redis_us: drained.redis_us }
  },
  rows: rows(`end to end, ${label}`, 'engine', 'jobs/s', [['bullmq', must, aim]])
})

const memory: Measure = {
  name: 'memory',
  contenders: ['engine', 'bullmq', 'bee-queue'],
  maxRounds: 1,
  async round (bench, contender, { jobs }) {
    // Without the history of events: it has a size of its own, whatever the number of jobs.
    const used = async () => await bench.usedMemory() - (contender === 'engine' ? Number(await bench.redis.memory('USAGE', 'events', 'SAMPLES', 0) ?? 0) : 0)
    const empty = await used()
    await bench.run(contender, 'bulk', jobs)
    const queued = await used()
    await bench.run(contender, 'drain', jobs)
    const completed = await used()
    return { queued: (queued - empty) / jobs, completed: (completed - empty) / jobs }
  },
  rows: [
    { measure: 'memory of Redis a queued job', ours: ['engine', 'queued'], versus: 'bullmq', unit: 'bytes', must: 0.45, aim: 0.3, less: true },
    { measure: 'memory of Redis a completed job', ours: ['engine', 'completed'], versus: 'bullmq', unit: 'bytes', must: 0.35, aim: 0.2, less: true }
  ]
}

export default [submit, bulk, drain, flow('submit', 'single submits', 6, 9), flow('bulk', 'bulks of 1,000', 8, 13), memory]
