import type { Bench } from '../bench.ts'
import type { Drain } from '../http-worker.ts'
import type { Figures, Measure } from '../measure.ts'
import { Child } from '../processes.ts'
import { MODULES } from './http.ts'

// A remote worker's way: settle a batch and take the next with one request. Beside Fastify alone with the same schemas, and BullMQ's
// worker, which needs no HTTP.

async function drained (bench: Bench, contender: string, jobs: number): Promise<Figures> {
  const [server, connections, batch] = contender.split(/[ ×]/) as [string, string, string]
  const { child, ready } = await bench.child(server, () => new Child(MODULES[server]!, [], { ...bench.env, PORT: '0', COMPLETED_MAX: '10000000' }))
  const { child: client } = await bench.child('http-worker', () => new Child('http-worker.ts'))
  const before = await child.usage()
  const drain: Drain = { port: Number(new URL(ready.address).port), connections: Number(connections), batch: Number(batch), jobs }
  client.send({ drain })
  const { ms, error } = await client.message<{ ms: number, error?: string }>(message => message.answer === 'drain')
  if (error) throw new Error(error)
  const { cpu_us } = await child.usage()
  return { rate: jobs / ms * 1000, cpu_us: (cpu_us - before.cpu_us) / jobs }
}

const WAYS = ['1×1', '1×10', '1×100', '64×1', '64×100']
/** A request a job takes its time: fewer are enough. */
const fewer = (way: string, jobs: number) => way.endsWith('×1') ? jobs / 10 : jobs

const remote: Measure = {
  name: 'remote',
  long: true,
  contenders: ['bullmq', ...WAYS.flatMap(way => [`api ${way}`, `bare ${way}`])],
  async round (bench, contender, { jobs }) {
    if (contender === 'bullmq') {
      await bench.run('bullmq', 'bulk', jobs)
      const { rate, node_us } = await bench.run('bullmq', 'drain', jobs)
      return { rate, cpu_us: node_us }
    }
    const some = fewer(contender, jobs)
    if (contender.startsWith('api')) await bench.run('engine', 'bulk', Math.ceil(some / 1000) * 1000)
    return await drained(bench, contender, some)
  },
  rows: [
    { measure: 'remote worker, 1 connection, batches of 1', ours: ['api 1×1', 'rate'], versus: 'bare 1×1', unit: 'jobs/s', must: 0.15, aim: 0.3 },
    { measure: 'remote worker, 1 connection, batches of 10', ours: ['api 1×10', 'rate'], versus: 'bare 1×10', unit: 'jobs/s', must: 0.15, aim: 0.3 },
    { measure: 'remote worker, 1 connection, batches of 100', ours: ['api 1×100', 'rate'], versus: 'bare 1×100', unit: 'jobs/s', must: 0.15, aim: 0.3 },
    { measure: 'remote worker, 64 connections, batches of 1', ours: ['api 64×1', 'rate'], versus: 'bare 64×1', unit: 'jobs/s', must: 0.15, aim: 0.3 },
    { measure: 'remote worker, 64 connections, batches of 100', ours: ['api 64×100', 'rate'], versus: 'bare 64×100', unit: 'jobs/s', must: 0.15, aim: 0.3 },
    { measure: 'remote worker, 1 connection, batches of 100', ours: ['api 1×100', 'rate'], versus: 'bullmq', unit: 'jobs/s', must: 1, aim: 1.5 },
    { measure: 'remote worker, 64 connections, batches of 100', ours: ['api 64×100', 'rate'], versus: 'bullmq', unit: 'jobs/s', must: 1, aim: 1.5 }
  ]
}

export default [remote]
