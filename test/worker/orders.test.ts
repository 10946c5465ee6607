import t from 'tap'
import { startApi } from '../helper/api.ts'
import { until } from '../helper/engine.ts'
import { startFleet } from '../helper/fleet.ts'

t.setTimeout(120_000)

const fleet = await startFleet(t)
const { client } = await startApi(t, fleet.server)
t.beforeEach(fleet.clear)

const workers = async () => (await client.GET('/workers')).data!.items
const start = async () => {
  const worker = await fleet.worker({ WORKER_CONCURRENCY: '1', SHUTDOWN_GRACE_SECONDS: '30', LEASE_SECONDS: '30' })
  const id = await until(async () => (await workers())[0]?.id)
  return { worker, id }
}
const status = async (id: string) => (await fleet.queue.get(id))?.status
/** A job that takes a while, and has begun. */
const begin = async () => {
  const job = await fleet.queue.submit({ task: 'nap', input: '700' })
  await until(async () => (await fleet.starts()).length > 0)
  return job
}
const tell = async (id: string, order: 'quiet' | 'stop') => await client.POST(`/workers/{id}/${order}`, { params: { path: { id } } })

t.test('our own worker that is told to be quiet finishes what it has, takes no more, and stays', async t => {
  const { worker, id } = await start()
  const [running, waiting] = [await begin(), await fleet.queue.submit({ task: 'nap', input: '1' })]
  t.same((await tell(id, 'quiet')).data, { id, state: 'quiet' })
  await until(async () => await status(running.id) === 'completed')
  t.equal(await status(waiting.id), 'queued')
  t.match(await workers(), [{ id, state: 'quiet', remote: false, running: 0 }])
  const another = await fleet.worker()
  await until(async () => await status(waiting.id) === 'completed')
  t.not((await fleet.queue.get(waiting.id))!.worker, id)
  t.ok(worker.logs.some(({ msg }) => msg === 'Told to be quiet: taking no more jobs'))
  another.signal('SIGTERM')
  worker.signal('SIGTERM')
  t.equal(await worker.exited, 0, 'it can still be stopped')
})

t.test('our own worker that is told to stop finishes what it has, and exits with 0', async t => {
  const { worker, id } = await start()
  const running = await begin()
  t.same((await tell(id, 'stop')).data, { id, state: 'stop' })
  t.equal(await worker.exited, 0)
  t.equal(await status(running.id), 'completed')
  t.same(await workers(), [])
  t.equal((await tell(id, 'stop')).response.status, 404, 'it is gone')
})
