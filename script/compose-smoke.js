// Runs the compose file as it is, under a project name and on a port of its own: three workers share 300 jobs, Redis is
// killed and started again in between, and each job has to be completed. Build first: docker compose build
//   node script/compose-smoke.js
import { execFileSync } from 'node:child_process'
import { setTimeout } from 'node:timers/promises'

const JOBS = 300
const WORKERS = 3
const DEADLINE_MS = 180_000

const env = { ...process.env, PUBLISH: '127.0.0.1:0' }
const project = ['compose', '-p', 'bellhop-smoke']
const compose = (...args) => execFileSync('docker', [...project, ...args], { env, stdio: 'inherit' })
const asked = (...args) => execFileSync('docker', [...project, ...args], { env, encoding: 'utf8' }).trim()

/** Calls `question` until it answers something true; throws after the deadline. */
async function until (what, question) {
  for (const end = Date.now() + DEADLINE_MS; Date.now() < end; await setTimeout(250)) {
    const answer = await question()
    if (answer) return answer
  }
  throw new Error(`${what}: not within ${DEADLINE_MS / 1000} s`)
}

async function submit (url, task) {
  const response = await fetch(`${url}/submit`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ task })
  })
  if (response.status !== 202) throw new Error(`submit answered ${response.status}: ${await response.text()}`)
  return (await response.json()).id
}

async function read (url, id) {
  const response = await fetch(`${url}/jobs/${id}`)
  if (!response.ok) throw new Error(`reading job ${id} answered ${response.status}: ${await response.text()}`)
  return await response.json()
}

const batch = async (url, count) => await Promise.all(Array.from({ length: count }, (_, i) => submit(url, `smoke ${i}`)))

async function check () {
  compose('up', '-d', '--no-build', '--wait', '--scale', `worker=${WORKERS}`)
  const url = `http://${asked('port', 'api', '3000')}`
  const healthy = async () => await fetch(`${url}/health`).then((response) => response.ok, () => false)

  const before = await batch(url, JOBS / 2)
  compose('kill', 'redis')
  await until('the API notices that Redis is away', async () => !await healthy())
  compose('start', 'redis')
  await until('the API finds Redis again', healthy)
  const ids = [...before, ...await batch(url, JOBS / 2)]

  const jobs = await until('all jobs end', async () => {
    const jobs = await Promise.all(ids.map((id) => read(url, id)))
    return jobs.every(({ completed_at: ended }) => ended) && jobs
  })
  const open = jobs.filter(({ status }) => status !== 'completed')
  if (open.length > 0) throw new Error(`not completed: ${JSON.stringify(open)}`)
  const shares = new Map()
  for (const { worker } of jobs) shares.set(worker, (shares.get(worker) ?? 0) + 1)
  if (shares.size !== WORKERS) throw new Error(`${shares.size} of ${WORKERS} workers took part`)
  console.log(`${JOBS} jobs, each completed, Redis killed once in between. Shared as ${[...shares.values()].join(' + ')}`)
}

try {
  await check()
} catch (err) {
  compose('ps', '--all')
  compose('logs', '--tail', '50')
  console.error(err.message)
  process.exitCode = 1
} finally {
  compose('down', '--volumes', '--timeout', '60')
}
