import { fileURLToPath } from 'node:url'
import type { Bench } from '../bench.ts'
import type { Latency } from '../contenders/work.ts'
import type { Figures, Measure, Row } from '../measure.ts'
import { Child } from '../processes.ts'

// From the call that submits to the start of the handler, with a worker that is idle: both in processes of their own, and for us the
// real worker. Then the same by step, beside the list: a bare BLPOP.

const HANDLERS = fileURLToPath(new URL('../stopwatch.js', import.meta.url))

/** The command that submits a ping, as Redis notes it: of a script the first 31 arguments. */
const SUBMITS: Record<string, RegExp> = { engine: /^fcall .* default 0 1 0 /i, bullmq: /^(evalsha|eval) /i, list: /^rpush list /i }

interface Pings { sending: number[], latencies: Latency[] }

async function ping (bench: Bench, contender: string, pings: number): Promise<Pings> {
  if (contender !== 'engine') {
    const worker = `${contender}-worker`
    await bench.run(worker, 'serve', 1)
    const { value: sending } = await bench.run(contender, 'ping', pings)
    const { value: latencies } = await bench.run(worker, 'latencies', 1)
    await bench.drop(worker)
    return { sending, latencies } as Pings
  }
  const { child } = await bench.child('worker', () => new Child('../dist/worker/main.js', [], { ...bench.env, HANDLERS, WORKER_PORT: '0', NODE_OPTIONS: '--import=tsx' }))
  const { value: sending } = await bench.run('engine', 'ping', pings)
  const answer = child.message<{ value: Latency[] }>(message => message.answer === 'latencies')
  child.send({ ask: 'latencies' })
  const { value: latencies } = await answer
  await bench.drop('worker')
  return { sending, latencies } as Pings
}

function percentile (values: number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))]!
}

const latency: Measure = {
  name: 'latency',
  contenders: ['engine', 'bullmq', 'list'],
  async round (bench, contender, { jobs }): Promise<Figures> {
    // What a script calls is noted too, and noting takes its time.
    await bench.watchCommands(contender === 'engine' ? 10 : 0)
    const { sending, latencies } = await ping(bench, contender, jobs / 200)
    const totals = latencies.map(({ total }) => total)
    const send = percentile(sending, 0.5)
    const start = percentile(latencies.map(({ start }) => start), 0.5)
    const command = await bench.medianOf(SUBMITS[contender]!)
    return { p50: percentile(totals, 0.5), p99: percentile(totals, 0.99), send, command, start, between: percentile(totals, 0.5) - send - start }
  },
  rows: [
    { measure: 'submit to handler start, idle worker, p50', ours: ['engine', 'p50'], versus: 'list', unit: 'µs', must: 1.6, aim: 1.25, less: true },
    { measure: 'submit to handler start, idle worker, p50', ours: ['engine', 'p50'], versus: 'bullmq', unit: 'µs', must: 0.45, aim: 0.3, less: true },
    { measure: 'submit to handler start, idle worker, p99', ours: ['engine', 'p99'], versus: 'bullmq', unit: 'µs', must: 0.3, aim: 0.15, less: true },
    step('from the call until the bytes are sent', 'send'),
    step('until the message has reached the worker', 'between'),
    step('of that, in the command that submits', 'command'),
    step('until the handler starts', 'start')
  ]
}

function step (name: string, figure: string): Row {
  return { measure: `… p50, ${name}`, ours: ['engine', figure], versus: 'list', unit: 'µs', less: true }
}

export default [latency]
