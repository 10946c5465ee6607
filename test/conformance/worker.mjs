import { randomUUID } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'

// A worker that passes the conformance kit; but with BREAK, the name of a check, it does the one thing wrong that this check is there for.

const { BELLHOP_URL, BELLHOP_API_KEY, BELLHOP_QUEUE, BELLHOP_LEASE_SECONDS, BELLHOP_GRACE_SECONDS, BREAK } = process.env
const is = (...names) => names.includes(BREAK)
const id = `test-${randomUUID()}`
const who = () => ({ id: is('identity') ? `test-${randomUUID()}` : id })
const lease_seconds = Number(BELLHOP_LEASE_SECONDS)
const hands = is('hands', 'priority') ? 3 : 1

let stopping = false
let quiet = false
let poll = new AbortController()
/** The signals of the jobs that run. */
const held = new Map()

/** Asks until there is an answer; undefined when `signal` is aborted. */
async function ask (path, body, signal, tries = Infinity) {
  while (!signal?.aborted && tries-- > 0) {
    let wait = 0.3
    try {
      const response = await fetch(BELLHOP_URL + path, { method: 'POST', headers: { authorization: `Bearer ${BELLHOP_API_KEY}`, 'content-type': 'application/json' }, body: JSON.stringify({ worker: who(), ...body }), signal })
      if (response.ok) return obey(await response.json())
      if (response.status < 500 && response.status !== 429) throw Object.assign(new Error(await response.text()), { isFinal: true })
      wait = Number(response.headers.get('retry-after') ?? 1)
      if ((is('unavailable') && path === '/leases') || (is('too-many-requests') && path === '/leases/settle')) wait = 0.1
    } catch (error) {
      if (is('restart') || error.isFinal) process.exit(1)
    }
    await setTimeout(wait * 1000, undefined, { signal }).catch(() => {})
  }
}

function obey (answer) {
  if (answer.worker_state === 'quiet' && !is('quiet')) quiet = true
  if (answer.worker_state === 'stop' && !is('stop', 'stop-idle')) stop()
  return answer
}

async function stop () {
  stopping = true
  poll.abort()
  if (is('release')) return
  await setTimeout(Number(BELLHOP_GRACE_SECONDS) * 1000, undefined, { ref: false })
  for (const { interrupt } of held.values()) interrupt.abort('released')
}

process.on('SIGTERM', () => {
  if (is('terminate-idle')) return
  if (is('drain')) process.exit(0)
  stop()
})

const tasks = {
  echo: ({ input }) => is('echo') ? { input } : is('large-input') ? JSON.parse(JSON.stringify(input).slice(0, 100_000)) : is('strange-input') ? JSON.parse(Buffer.from(JSON.stringify(input), 'latin1').toString('latin1')) : input,
  fail: ({ input: { message, retry, retry_after_seconds } }) => {
    throw { error: { message: is('failure') ? 'failed' : message }, ...(!is('no-retry') && { retry }), ...(!is('retry-after') && { retry_after_seconds }) } // eslint-disable-line no-throw-literal
  },
  flaky: ({ attempt, input }) => {
    if (is('attempts') || attempt <= input.failures) throw new Error('not yet')
    return { attempt }
  },
  sleep: async ({ input }, signal) => {
    if (typeof input?.seconds !== 'number') {
      if (is('bad-input')) process.exit(1)
      throw new Error('seconds must be a number')
    }
    await setTimeout(input.seconds * 1000, undefined, { signal })
    return { slept: input.seconds }
  }
}

async function outcomeOf (job, interrupt) {
  const timer = job.timeout_seconds && !is('timeout') && globalThis.setTimeout(() => interrupt.abort('timed_out'), job.timeout_seconds * 1000)
  try {
    if (!Object.hasOwn(tasks, job.task)) return is('unknown-task') ? { outcome: 'completed' } : { outcome: 'failed', error: { message: 'no such task', reason: 'no_handler' }, retry: false }
    return { outcome: 'completed', result: await tasks[job.task](job, interrupt.signal) }
  } catch (thrown) {
    const { reason } = interrupt.signal
    if (reason === 'gone') return undefined
    if (reason === 'released') return { outcome: 'released' }
    if (reason === 'timed_out') return { outcome: 'failed', error: { message: 'too long', reason } }
    return { outcome: 'failed', ...(thrown.error ? thrown : { error: { message: thrown.message } }) }
  } finally {
    clearTimeout(timer)
  }
}

async function beat () {
  while (true) {
    await setTimeout(lease_seconds * 1000 / 3, undefined, { ref: false })
    const leases = [...held.values()].map(({ job }) => ({ job_id: job.id, lease_token: job.lease_token }))
    const answer = await ask('/leases/heartbeat', { leases })
    for (const { job_id, state } of answer.leases) {
      if (state === 'held' || (is('cancel') && state === 'cancel') || (is('lost-lease') && state === 'lost')) continue
      held.get(job_id)?.interrupt.abort('gone')
    }
  }
}

async function work (job) {
  const interrupt = new AbortController()
  held.set(job.id, { job, interrupt })
  const outcome = await outcomeOf(job, interrupt)
  const settle = () => ask('/leases/settle', { settlements: [{ job_id: job.id, lease_token: job.lease_token, ...outcome }] }, undefined, is('settle-again') ? 1 : Infinity)
  if (outcome) await settle()
  if (outcome && is('settle-once')) await settle()
  held.delete(job.id)
}

if (!is('heartbeat')) beat()
while (true) {
  if (stopping) process.exit(0)
  if (quiet) {
    await setTimeout(100)
    continue
  }
  poll = new AbortController()
  const answer = await ask('/leases', { queues: [BELLHOP_QUEUE], max: hands, wait_seconds: is('long-poll') ? 0 : 20, lease_seconds }, poll.signal)
  if (is('long-poll')) await setTimeout(50)
  if (!answer) continue
  // The last first is the wrong order.
  for (const job of answer.jobs.reverse()) await work(job)
}
