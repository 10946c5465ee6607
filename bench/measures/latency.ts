import { fileURLToPath } from 'node:url'
import type { Bench } from '../bench.ts'
import type { Figures, Measure } from '../measure.ts'
import { Child } from '../processes.ts'

// From the call that submits to the start of the handler, with a worker that is idle: both in processes of their own, and for us the
// real worker.

const HANDLERS = fileURLToPath(new URL('../stopwatch.js', import.meta.url))

async function latencies (bench: Bench, contender: string, pings: number): Promise<number[]> {
  if (contender !== 'engine') {
    const worker = `${contender}-worker`
    await bench.run(worker, 'serve', 1)
    await bench.run(contender, 'ping', pings)
    const { value } = await bench.run(worker, 'latencies', 1)
    await bench.drop(worker)
    return value as number[]
  }
  const { child } = await bench.child('worker', () => new Child('../dist/worker/main.js', [], { ...bench.env, HANDLERS, WORKER_PORT: '0' }))
  await bench.run('engine', 'ping', pings)
  const answer = child.message<{ value: number[] }>(message => message.answer === 'latencies')
  child.send({ ask: 'latencies' })
  const { value } = await answer
  await bench.drop('worker')
  return value
}

function percentile (values: number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))]!
}

const latency: Measure = {
  name: 'latency',
  contenders: ['engine', 'bullmq', 'list'],
  async round (bench, contender, { jobs }): Promise<Figures> {
    const all = await latencies(bench, contender, jobs / 200)
    return { p50: percentile(all, 0.5), p99: percentile(all, 0.99) }
  },
  rows: [
    { measure: 'submit to handler start, idle worker, p50', ours: ['engine', 'p50'], versus: 'list', unit: 'µs', must: 1.6, aim: 1.25, less: true },
    { measure: 'submit to handler start, idle worker, p50', ours: ['engine', 'p50'], versus: 'bullmq', unit: 'µs', must: 0.45, aim: 0.3, less: true },
    { measure: 'submit to handler start, idle worker, p99', ours: ['engine', 'p99'], versus: 'bullmq', unit: 'µs', must: 0.3, aim: 0.15, less: true }
  ]
}

export default [latency]
