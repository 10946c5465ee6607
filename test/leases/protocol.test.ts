import t from 'tap'
import { startApi } from '../helper/api.ts'
import { expire, makeDue, startEngine, until } from '../helper/engine.ts'

const engine = await startEngine(t)
const { server, queue, redis, sweep, keys } = engine
const { app, client } = await startApi(t, server)
const worker = { id: 'py-1', language: 'python', version: '3.13', host: 'h', pid: 7, concurrency: 4 }

async function lease (max = 10, more = {}) {
  const { data } = await client.POST('/leases', { body: { worker, queues: ['default'], max, ...more } })
  return data!.jobs
}
const hold = ({ id, lease_token }: { id: string, lease_token: string }) => ({ job_id: id, lease_token })
const job = async (id: string) => (await client.GET('/jobs/{id}', { params: { path: { id } } })).data!

t.test('a job is leased, renewed and completed', async t => {
  const { id } = await queue.submit({ task: 'x', input: '{"n": 1.0}', metadata: { a: 'b' } })
  const [leased] = await lease()
  t.match(leased, { id, task: 'x', type: 'task', queue: 'default', priority: 'normal', input: { n: 1 }, attempt: 1, max_attempts: 3, lost: 0, metadata: { a: 'b' }, lease_token: String, lease_expires_at: String })
  t.match(await job(id), { status: 'active', worker: 'py-1' })
  t.strictSame(await lease(), [], 'it is nobody else’s')
  const { data: beat } = await client.POST('/leases/heartbeat', { body: { worker, leases: [{ ...hold(leased!), progress: { percent: 40, message: 'm' } }] } })
  t.match(beat, { leases: [{ job_id: id, state: 'held', lease_expires_at: String }], worker_state: 'run' })
  t.match(await job(id), { progress: { percent: 40, message: 'm' } })
  const { data } = await client.POST('/leases/settle', { body: { worker, settlements: [{ ...hold(leased!), outcome: 'completed', result: { ok: true } }] } })
  t.strictSame(data, { settled: [{ job_id: id, state: 'ok' }], jobs: [], worker_state: 'run' })
  t.match(await job(id), { status: 'completed', result: { ok: true }, worker: 'py-1', attempt: 1 })
  t.equal(await redis.exists(keys.held('default', '~py-1'), `${keys.held('default', '~py-1')}:until`), 0, 'nothing is left of the lease')
  const { data: workers } = await client.GET('/workers')
  t.match(workers!.items, [{ ...worker, remote: true, state: 'run', queues: ['default'], running: 0, started_at: String }])
})
