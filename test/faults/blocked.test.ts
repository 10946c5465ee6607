import t from 'tap'
import { until } from '../helper/engine.ts'
import { startFleet } from '../helper/fleet.ts'
import { gone } from '../helper/processes.ts'
import { inStatus } from '../helper/worker.ts'

const fleet = await startFleet(t)
const { queue, redis } = fleet
t.beforeEach(fleet.clear)

// Leases take 1 s, and are looked after every 0.1 s.

const begun = async (id: string) => await until(async () => (await fleet.starts()).some(start => start.id === id))

t.test('a handler that blocks for three times its lease runs once, while another worker waits for its job', async t => {
  const blocked = await fleet.worker()
  const { id } = await queue.submit({ task: 'block', input: '3500' })
  await begun(id)
  const other = await fleet.worker()
  const job = await inStatus(fleet, id, 'completed')
  t.match(job, { attempt: 1, lost: 0, errors: [], result: `${blocked.pid}` })
  t.ok(job.completed_at! - job.started_at! >= 3500)
  t.equal((await fleet.starts()).filter(start => start.id === id).length, 1)
  const line = await until(() => blocked.logs.find(({ msg }) => msg.startsWith('A handler has kept the main thread')))
  t.ok(line.blocked_ms as number > 3000)
  t.equal((await queue.stats('default'))!.totals.lost, 0)

  // And again: the connection that was made for it is gone, and made anew.
  await until(async () => !String(await redis.client('LIST')).includes('bellhop-keeper'))
  other.signal('SIGTERM')
  await other.exited
  const { id: second } = await queue.submit({ task: 'block', input: '2500' })
  await begun(second)
  await until(async () => String(await redis.client('LIST')).includes('bellhop-keeper'))
  t.ok((await fleet.queue.get(second))!.status === 'active')
  t.match(await inStatus(fleet, second, 'completed'), { lost: 0 })
})

t.test('it is shown as live meanwhile', async t => {
  const api = await fleet.api()
  await fleet.worker()
  const { id } = await queue.submit({ task: 'block', input: '2500' })
  await begun(id)
  const seen = async () => {
    const { items: [worker] } = await (await fetch(`${api.address}/workers`)).json() as { items: { last_seen_at: string }[] }
    return Date.parse(worker!.last_seen_at)
  }
  const first = await seen()
  await until(async () => await seen() > first)
  t.equal((await queue.get(id))!.status, 'active')
  t.match(await inStatus(fleet, id, 'completed'), { lost: 0 })
})

t.test('a process that dies while it blocks loses its leases as any other', async t => {
  const blocked = await fleet.worker()
  const { id } = await queue.submit({ task: 'block', input: '60000' })
  await begun(id)
  await until(async () => String(await redis.client('LIST')).includes('bellhop-keeper'))
  blocked.signal('SIGKILL')
  await gone(blocked.pid)
  await fleet.api()
  t.match(await inStatus(fleet, id, 'queued'), { lost: 1 })
})

t.test('one that hangs is given up after its time, or at once where nothing is kept', async t => {
  await fleet.api()
  for (const [MAX_BLOCKED_SECONDS, least] of [['2', 2000], ['0', 500]] as const) {
    const worker = await fleet.worker({ MAX_BLOCKED_SECONDS })
    const { id, created_at } = await queue.submit({ task: 'block', input: '60000' })
    await begun(id)
    const { errors } = await inStatus(fleet, id, 'queued')
    t.match(errors, [{ reason: 'lost_lease' }])
    t.ok(errors[0]!.at - created_at >= least, `${MAX_BLOCKED_SECONDS}: ${errors[0]!.at - created_at} ms`)
    worker.signal('SIGKILL')
    await worker.exited
    await redis.flushall()
  }
})

t.test('a worker that is busy while Redis is cut off goes on keeping its lease when it is back', async t => {
  await fleet.worker({ LEASE_SECONDS: '3' })
  const { id } = await queue.submit({ task: 'block', input: '6000' })
  await begun(id)
  const keeper = async () => /id=(\d+) [^\n]*name=bellhop-keeper/.exec(String(await redis.client('LIST')))?.[1]
  const first = await until(keeper)
  await redis.client('KILL', 'ID', first)
  await until(async () => {
    const next = await keeper()
    return next !== undefined && next !== first
  })
  t.match(await inStatus(fleet, id, 'completed'), { lost: 0 })
})
