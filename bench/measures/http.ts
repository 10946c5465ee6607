import type { Bench } from '../bench.ts'
import { PAYLOAD } from '../contenders/work.ts'
import type { Load } from '../load.ts'
import type { Figures, Measure } from '../measure.ts'
import { Child } from '../processes.ts'

// The API as it is run (logs at info, thrown away; metrics; limits) beside Fastify alone with the same schemas.

export const MODULES: Record<string, string> = { api: '../dist/src/server.js', bare: 'contenders/bare.ts' }

export async function posted (bench: Bench, contender: string, load: Omit<Load, 'port'>, jobs: number): Promise<Figures> {
  const { child: server, ready } = await bench.child(contender, () => new Child(MODULES[contender]!, [], { ...bench.env, PORT: '0' }))
  const { child: client } = await bench.child('load', () => new Child('load.ts'))
  const before = await server.usage()
  client.send({ load: { ...load, port: Number(new URL(ready.address).port) } })
  const { ms, error } = await client.message<{ ms: number, error?: string }>(message => message.answer === 'load')
  if (error) throw new Error(error)
  const { cpu_us } = await server.usage()
  return { rate: jobs / ms * 1000, cpu_us: (cpu_us - before.cpu_us) / load.requests }
}

const http: Measure = {
  name: 'http',
  contenders: ['api', 'bare'],
  round: (bench, contender, { jobs }) =>
    posted(bench, contender, { path: '/jobs', body: JSON.stringify({ task: 'noop', input: PAYLOAD }), connections: 64, requests: jobs }, jobs),
  rows: [
    { measure: 'POST /jobs, 64 connections', ours: ['api', 'rate'], versus: 'bare', unit: 'jobs/s', must: 0.8, aim: 0.92 },
    { measure: 'POST /jobs, CPU of the server: bare / ours', ours: ['api', 'cpu_us'], versus: 'bare', unit: 'µs', must: 1 / 0.88, aim: 1 / 0.97, less: true }
  ]
}

const bulk: Measure = {
  name: 'http-bulk',
  contenders: ['api', 'bare'],
  async round (bench, contender, { jobs }) {
    const body = JSON.stringify({ jobs: Array.from({ length: 1000 }, () => ({ task: 'noop', input: PAYLOAD })) })
    const { rate, cpu_us } = await posted(bench, contender, { path: '/jobs/bulk', body, connections: 4, requests: jobs / 1000 }, jobs)
    return { rate: rate!, cpu_us: cpu_us! / 1000 }
  },
  rows: [
    { measure: 'POST /jobs/bulk, 1,000 jobs each, 4 connections', ours: ['api', 'rate'], versus: 'bare', unit: 'jobs/s', must: 0.45, aim: 0.65 }
  ]
}

export default [http, bulk]
