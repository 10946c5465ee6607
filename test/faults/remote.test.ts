import { setTimeout } from 'node:timers/promises'
import t from 'tap'
import { startFleet } from '../helper/fleet.ts'

t.setTimeout(300_000)

const JOBS = 2000
const fleet = await startFleet(t)
t.beforeEach(fleet.clear)

interface Job { id: string, input: number, lease_token: string }

/** A worker that speaks HTTP: takes batches, and sends what it has to say again until it is heard. It knows several addresses. */
async function work (id: string, addresses: string[], done: Map<number, number>): Promise<void> {
  let nth = 0
  const post = async (path: string, body: object): Promise<any> => {
    while (done.size < JOBS) {
      try {
        const answer = await fetch(addresses[nth++ % addresses.length] + path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body), signal: AbortSignal.timeout(10_000) })
        if (answer.status === 200) return await answer.json()
        await answer.text()
      } catch {}
      await setTimeout(50)
    }
    return { jobs: [], settled: [] }
  }
  const worker = { id }
  while (done.size < JOBS) {
    const { jobs } = await post('/leases', { worker, queues: ['default'], max: 5, wait_seconds: 1, lease_seconds: 2 }) as { jobs: Job[] }
    if (jobs.length === 0) continue
    const settlements = jobs.map(({ id, input, lease_token }) => ({ job_id: id, lease_token, outcome: 'completed', result: input }))
    const { settled } = await post('/leases/settle', { worker, settlements }) as { settled: { state: string }[] }
    settled.forEach(({ state }, i) => {
      const { input } = jobs[i]!
      // Stale: it counted although the answer was not heard, or the lease has run out and the job is run again.
      if (state === 'ok') done.set(input, (done.get(input) ?? 0) + 1)
      else t.equal(state, 'stale')
    })
    const { completed } = await fleet.queue.stats('default') as { completed: number }
    if (completed === JOBS) break
  }
}

t.test('an API is killed while 20 remote workers work on 2,000 jobs: none is lost, and none counts twice', async t => {
  const first = await fleet.api()
  const second = await fleet.api()
  for (let i = 0; i < JOBS; i += 1000) await fleet.queue.submitAll(Array.from({ length: 1000 }, (_, n) => ({ task: 'x', input: `${i + n}` })))
  const addresses = [first.address, second.address]
  const done = new Map<number, number>()
  const workers = Array.from({ length: 20 }, (_, i) => work(`r${i}`, addresses, done))
  const settled = async () => (await fleet.queue.stats('default'))!.completed
  while (await settled() < JOBS / 4) await setTimeout(10)
  first.signal('SIGKILL')
  await first.exited
  t.ok(await settled() < JOBS, 'in the midst of it')
  addresses[0] = (await fleet.api()).address
  while (await settled() < JOBS) await setTimeout(50)
  await Promise.all(workers)
  const stats = (await fleet.queue.stats('default'))!
  t.match(stats, { queued: 0, active: 0, retrying: 0, failed: 0, completed: JOBS, totals: { submitted: JOBS, completed: JOBS, failed: 0 } })
  t.same([...done.values()].filter(times => times !== 1), [], 'no job was accepted twice')
  t.comment(`${stats.totals.lost} leases ran out`)
})
