import { parseArgs } from 'node:util'
import { setTimeout } from 'node:timers/promises'
import { request } from '../helper/client.ts'
import { startFleet } from '../helper/fleet.ts'
import type { Fleet } from '../helper/fleet.ts'
import { randomOf } from '../helper/random.ts'
import { redisFaults } from '../helper/redis-faults.ts'
import type { Service } from '../helper/service.ts'

// npm run test:chaos: jobs are submitted over HTTP while workers, the API and Redis are killed, frozen and cut off at random. In the
// end every job that was accepted must have completed. Prints the seed; --seed repeats the choice of faults, not their timing.

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '120' }, jobs: { type: 'string', default: '10000' }, seed: { type: 'string', default: `${Date.now() % 1e9}` } } })
const [SECONDS, JOBS, SEED] = [Number(values.seconds), Number(values.jobs), Number(values.seed)]
const WORKERS = 3
const DRAIN_MS = 60_000

const random = randomOf(SEED)
const closing: (() => Promise<void>)[] = []
const fleet = await startFleet({ teardown: close => { closing.unshift(close) } }, {})
const accepted = new Set<string>()
const submitted = new AbortController()

try {
  console.log(`seed ${SEED}, ${JOBS} jobs within ${SECONDS} s, ${WORKERS} workers`)
  await run(fleet)
} finally {
  for (const close of closing) await close()
}

async function run (fleet: Fleet): Promise<void> {
  const environment = { MAX_LOST: '100', WORKER_CONCURRENCY: '20', COMPLETED_MAX: '1000000' }
  let api = await fleet.api(environment)
  const workers = await Promise.all(Array.from({ length: WORKERS }, () => fleet.worker(environment)))
  const counts: Record<string, number> = {}

  const faults: Record<string, () => Promise<void>> = {
    async killWorker () {
      const i = random(WORKERS)
      workers[i]!.signal('SIGKILL')
      await workers[i]!.exited
      workers[i] = await fleet.worker(environment)
    },
    async stopWorker () {
      const i = random(WORKERS)
      workers[i]!.signal('SIGTERM')
      await workers[i]!.exited
      workers[i] = await fleet.worker(environment)
    },
    async freezeWorker () {
      await frozen(workers[random(WORKERS)]!, 500 + random(2000))
    },
    async killApi () {
      api.signal('SIGKILL')
      await api.exited
      api = await fleet.api(environment)
    },
    ...redisFaults(fleet, random),
    async forgetScripts () {
      await fleet.redis.function('FLUSH')
    }
  }

  const end = Date.now() + SECONDS * 1000
  const submitting = Promise.all(Array.from({ length: 8 }, async () => {
    while (accepted.size < JOBS && Date.now() < end) {
      const { status, body } = await request(api.address, '/jobs', { task: 'nap', input: random(30) }).catch(() => ({ status: 0, body: undefined }))
      if (status === 201) accepted.add(body.id)
      else await setTimeout(20)
      // Spread over the time there is.
      await setTimeout(SECONDS * 1000 * 8 / JOBS / 2)
    }
  })).then(() => submitted.abort())
  while (!submitted.signal.aborted) {
    const [name, fault] = Object.entries(faults)[random(Object.keys(faults).length)]!
    counts[name] = (counts[name] ?? 0) + 1
    await fault()
    await setTimeout(200 + random(1500))
  }
  await submitting
  console.log(`${accepted.size} accepted; faults: ${Object.entries(counts).map(([name, count]) => `${name} ${count}`).join(', ')}`)
  await judge()
}

async function frozen (worker: Service, ms: number): Promise<void> {
  worker.signal('SIGSTOP')
  await setTimeout(ms)
  worker.signal('SIGCONT')
}

async function judge (): Promise<void> {
  const deadline = Date.now() + DRAIN_MS
  const stats = async () => (await fleet.queue.stats('default'))!
  for (let now = await stats(); now.queued + now.active + now.retrying > 0 && Date.now() < deadline; now = await stats()) await setTimeout(100)
  const { totals, ...now } = await stats()
  console.log(JSON.stringify({ totals, ...now }))

  const problems: string[] = []
  const starts = new Map<string, number>()
  for (const { id } of await fleet.starts()) starts.set(id, (starts.get(id) ?? 0) + 1)
  let again = 0
  for (const id of accepted) {
    const job = await fleet.queue.get(id)
    const began = starts.get(id) ?? 0
    if (job?.status !== 'completed') problems.push(`${id} is ${job?.status ?? 'gone'}`)
    else if (began === 0) problems.push(`${id} completed without a start`)
    if (began > 1) again++
  }
  console.log(`${again} jobs began more than once, ${totals.lost} leases were lost`)
  if (totals.completed !== totals.submitted) problems.push(`${totals.submitted} submitted, ${totals.completed} completed`)
  if (problems.length > 0) {
    console.error(problems.slice(0, 20).join('\n'))
    process.exitCode = 1
  } else {
    console.log('Every accepted job has completed.')
  }
}
