import { fileURLToPath } from 'node:url'
import type { Bench } from '../bench.ts'
import { PAYLOAD } from '../contenders/work.ts'
import type { Figures, Measure } from '../measure.ts'
import { Child } from '../processes.ts'
import { posted } from './http.ts'

// How the cost of a job grows with its size and with the number of clients, and whether memory does with the number of jobs.

const PAYLOADS: [name: string, bytes: number, share: number][] = [['100 B', 100, 1], ['1 KB', 1000, 1], ['100 KB', 100_000, 0.02]]

const payload: Measure = {
  name: 'payload',
  long: true,
  contenders: PAYLOADS.map(([name]) => name),
  maxRounds: 3,
  async round (bench, contender, { jobs }): Promise<Figures> {
    const [, bytes, share] = PAYLOADS.find(([name]) => name === contender)!
    const engine = `engine@${bytes}`
    const submitted = await bench.run(engine, 'submit', jobs * share)
    const drained = await bench.run(engine, 'drain', jobs * share)
    return { us: submitted.node_us + submitted.redis_us + drained.node_us + drained.redis_us, rate: 1 / (1 / submitted.rate + 1 / drained.rate) }
  },
  rows: PAYLOADS.flatMap(([name]) => [
    { measure: `payload of ${name}, submitted and drained`, ours: [name, 'rate'], versus: name === '100 B' ? undefined : '100 B', unit: 'jobs/s' },
    { measure: `payload of ${name}, CPU of Node and Redis`, ours: [name, 'us'], versus: name === '100 B' ? undefined : '100 B', unit: 'µs', less: true }
  ])
}

const CONNECTIONS = [1, 8, 64, 512]

const connections: Measure = {
  name: 'connections',
  long: true,
  contenders: CONNECTIONS.map(String),
  maxRounds: 3,
  async round (bench, contender, { jobs }) {
    const requests = Math.min(jobs, Number(contender) * 5000)
    return await posted(bench, 'api', { path: '/jobs', body: JSON.stringify({ task: 'noop', input: PAYLOAD }), connections: Number(contender), requests }, requests)
  },
  rows: CONNECTIONS.flatMap(count => [
    { measure: `POST /jobs, ${count} connection${count === 1 ? '' : 's'}`, ours: [`${count}`, 'rate'], versus: count === 64 ? undefined : '64', unit: 'jobs/s' },
    { measure: `POST /jobs, ${count} connection${count === 1 ? '' : 's'}, CPU of the server`, ours: [`${count}`, 'cpu_us'], versus: count === 64 ? undefined : '64', unit: 'µs', less: true }
  ])
}

const SOAK = 1_000_000
const HANDLERS = fileURLToPath(new URL('../noop.js', import.meta.url))

const soak: Measure = {
  name: 'soak',
  long: true,
  contenders: ['service'],
  maxRounds: 1,
  // In tenths: the first warms up, the rest must not need more. Jobs come in at the rate at which they are worked off.
  async round (bench: Bench): Promise<Figures> {
    const { child: worker } = await bench.child('worker', () => new Child('../dist/worker/main.js', [], { ...bench.env, HANDLERS, WORKER_PORT: '0' }))
    const body = JSON.stringify({ jobs: Array.from({ length: 100 }, () => ({ task: 'noop', input: PAYLOAD })) })
    const rss: { api: number, worker: number }[] = []
    const completed = async () => Number(await bench.redis.hget('job_queue:stats', 'completed') ?? 0)
    for (let tenth = 1; tenth <= 10; tenth++) {
      await posted(bench, 'api', { path: '/jobs/bulk', body, connections: 2, requests: SOAK / 1000 }, SOAK / 10)
      while (await completed() < SOAK / 10 * tenth) await new Promise(resolve => setTimeout(resolve, 10))
      const { child: api } = await bench.child('api', () => { throw new Error('it runs already') })
      rss.push({ api: (await api.usage()).rss, worker: (await worker.usage()).rss })
    }
    await bench.drop('worker')
    const most = (name: 'api' | 'worker', from: number, to: number) => Math.max(...rss.slice(from, to).map(each => each[name])) / 1e6
    return { api_first: most('api', 1, 5), api: most('api', 5, 10), worker_first: most('worker', 1, 5), worker: most('worker', 5, 10) }
  },
  rows: [
    { measure: 'memory of the API, last half of 1,000,000 jobs', ours: ['service', 'api'], versus: ['service', 'api_first'], unit: 'MB', must: 1.1, less: true },
    { measure: 'memory of the worker, last half of 1,000,000 jobs', ours: ['service', 'worker'], versus: ['service', 'worker_first'], unit: 'MB', must: 1.1, less: true }
  ]
}

export default [payload, connections, soak]
