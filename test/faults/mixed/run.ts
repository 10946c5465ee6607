import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import type { Redis } from 'ioredis'
import type { QueueStats } from '../../../src/queue/stats.ts'
import { startFleet } from '../../helper/fleet.ts'
import type { Fleet } from '../../helper/fleet.ts'
import { randomOf } from '../../helper/random.ts'
import { startCast } from './cast.ts'
import type { Cast, CastOptions } from './cast.ts'
import { History } from './history.ts'
import { judge } from './judge.ts'
import type { Again, Execution } from './judge.ts'
import { LEASE_SECONDS, planJobs } from './plan.ts'
import type { PlannedJob } from './plan.ts'

export interface MixedOptions extends Omit<CastOptions, 'executions'> {
  jobs: number
  /** Over which the jobs are submitted, while there are faults. */
  seconds: number
  seed: number
  /** Which faults there are; default: all. Each comes once before any comes again. */
  faults?: string[]
  /** How long the rest may take when the faults are over. */
  drainSeconds: number
}

type Scope = Parameters<typeof startFleet>[0]

const QUEUE = 'default'
/** Jobs of one submit. */
const BULK = 10
const SUBMITTERS = 4
/** What may be there when no job is: what counts, what is known of the service's own processes, and what ends by itself. */
const KEPT = /^(queues|sweeps|events|leases:secret|workers(:seen|:orders)?|job_queue:(stats|pace|journal|settings)|idempotency:.*|webhooks:endpoint:.*)$/

/** Runs it, says what happened, and returns what is wrong. */
export async function runMixed (scope: Scope, options: MixedOptions, say: (line: string) => void): Promise<string[]> {
  const random = randomOf(options.seed)
  const plans = planJobs(options.jobs, random)
  const fleet = await startFleet(scope)
  const executions = join(fleet.server.dir, 'executions')
  await writeFile(executions, '')
  const history = new History(fleet.redis, fleet.queue.keys.events)
  const cast = await startCast(scope, fleet, { ...options, executions }, random)
  const pushed = plans.filter(({ type }) => type === 'http').length
  say(`seed ${options.seed}: ${plans.length} jobs on one queue, ${pushed} of them pushed, within ${options.seconds} s; ` +
    `workers: ${options.workers} in-process, ${options.typescript} TypeScript, ${options.python} Python`)

  const submitting = submitAll(cast, plans, options)
  const counts = await trouble(cast, options, random, submitting)
  const ids = await submitting
  say(`faults: ${Object.entries(counts).map(([name, count]) => `${name} ${count}`).join(', ') || 'none'}`)
  const stats = await drained(fleet, options.drainSeconds)
  const missed = await history.end()
  say(JSON.stringify(stats))

  const problems: string[] = missed > 0 ? [`${missed} entries of the events were not read`] : []
  const again: Again = { failed: 0, lost: 0, handedBack: 0 }
  const ran = await readExecutions(executions)
  let lost = 0
  let retried = 0
  for (const [n, plan] of plans.entries()) {
    const id = ids[n]!
    const job = await fleet.queue.get(id)
    problems.push(...judge({ id, plan, job, events: history.of(id), executions: ran.get(id) ?? [] }, LEASE_SECONDS * 1000, again))
    ran.delete(id)
    lost += job?.lost ?? 0
    retried += Math.max(0, (job?.attempt ?? 0) - 1)
  }
  for (const id of ran.keys()) problems.push(`${id} ran, and was never submitted`)
  problems.push(...judgeStats(stats, plans, lost, retried))

  const all = await readLines(executions)
  const count = (by: string) => all.filter(execution => execution.by === by).length
  say(`${all.length} executions: ${['in-process', 'typescript', 'python', 'push'].map(by => `${by} ${count(by)}`).join(', ')}`)
  say(`${again.failed + again.lost + again.handedBack} were not a job's first: ${again.failed} after an attempt that failed, ${again.lost} after a lease that ran out, ${again.handedBack} after the job was handed back; ` +
    `${stats.totals.lost} leases ran out in all`)

  await cast.leave()
  problems.push(...cast.fallen, ...await leftBehind(fleet, cast, say))
  return problems
}

/** Submits all, spread over the time there is; resolves with their ids. What is not answered is sent again with its key, and so kept once. */
async function submitAll ({ address, target }: Cast, plans: PlannedJob[], { seconds, seed }: MixedOptions): Promise<string[]> {
  const ids: string[] = []
  const begun = Date.now()
  const submit = async (from: number) => {
    const jobs = plans.slice(from, from + BULK).map(({ type, input, max_attempts }) => ({
      task: 'mixed',
      type,
      input,
      max_attempts,
      backoff: { type: 'fixed', delay_seconds: 0.2 },
      ...(type === 'http' && { http: { url: `${target}/run` }, timeout_seconds: 8 })
    }))
    const body = JSON.stringify({ jobs })
    for (;;) {
      const headers = { 'content-type': 'application/json', 'idempotency-key': `mixed-${seed}-${from}` }
      const answer = await fetch(`${address}/jobs/bulk`, { method: 'POST', headers, body, signal: AbortSignal.timeout(5000) }).catch(() => undefined)
      if (answer?.status === 201) {
        const { jobs } = await answer.json() as { jobs: { id: string }[] }
        jobs.forEach(({ id }, i) => { ids[from + i] = id })
        return
      }
      const text = await answer?.text().catch(() => '')
      if (answer?.status === 400) throw new Error(text)
      await setTimeout(50)
    }
  }
  let next = 0
  await Promise.all(Array.from({ length: SUBMITTERS }, async () => {
    while (next < plans.length) {
      const from = next
      next += BULK
      await setTimeout(begun + from / plans.length * seconds * 1000 - Date.now())
      await submit(from)
    }
  }))
  return ids
}

/** Faults, one after the other, until all jobs have been submitted. Returns how many there were of each. */
async function trouble ({ faults }: Cast, { faults: names = Object.keys(faults) }: MixedOptions, random: (n: number) => number, submitting: Promise<unknown>): Promise<Record<string, number>> {
  const counts: Record<string, number> = {}
  const over = new AbortController()
  const ended = submitting.finally(() => over.abort())
  let left = [...names]
  while (names.length > 0 && !(over.signal.aborted && names.every(name => counts[name]))) {
    if (left.length === 0) left = [...names]
    const [name] = left.splice(random(left.length), 1) as [string]
    await faults[name]!()
    counts[name] = (counts[name] ?? 0) + 1
    await setTimeout(200 + random(1000))
  }
  await ended
  return counts
}

async function drained ({ queue }: Fleet, seconds: number): Promise<QueueStats> {
  for (const end = Date.now() + seconds * 1000; ; await setTimeout(100)) {
    const stats = (await queue.stats(QUEUE))!
    if (stats.queued + stats.active + stats.retrying + stats.scheduled === 0 || Date.now() > end) return stats
  }
}

function judgeStats (stats: QueueStats, plans: PlannedJob[], lost: number, retried: number): string[] {
  const failed = plans.filter(({ ends }) => ends === 'failed').length
  const completed = plans.length - failed
  const { totals } = stats
  const expected = { queued: 0, active: 0, retrying: 0, scheduled: 0, blocked: 0, completed, failed }
  const expectedTotals = { submitted: plans.length, completed, failed, lost, retried }
  const differs = (of: object, [name, count]: [string, number]) => (of as Record<string, number>)[name] !== count
  return [
    ...Object.entries(expected).filter(entry => differs(stats, entry)).map(([name, count]) => `stats: ${name} is ${stats[name as keyof typeof expected]}, not ${count}`),
    ...Object.entries(expectedTotals).filter(entry => differs(totals, entry)).map(([name, count]) => `stats: totals.${name} is ${totals[name as keyof typeof expectedTotals]}, not ${count}`)
  ]
}

async function readLines (path: string): Promise<Execution[]> {
  return (await readFile(path, 'utf8')).split('\n').filter(line => line !== '').map(line => JSON.parse(line))
}

async function readExecutions (path: string): Promise<Map<string, Execution[]>> {
  const byJob = new Map<string, Execution[]>()
  for (const execution of await readLines(path)) {
    const list = byJob.get(execution.id)
    if (list) list.push(execution)
    else byJob.set(execution.id, [execution])
  }
  return byJob
}

/** Deletes the jobs that have ended: nothing is to be left of any. */
async function leftBehind ({ redis }: Fleet, { address }: Cast, say: (line: string) => void): Promise<string[]> {
  for (let more = true; more;) {
    const body = JSON.stringify({ statuses: ['completed', 'failed'] })
    const answer = await fetch(`${address}/queues/${QUEUE}/purge`, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
    ;({ more } = await answer.json() as { more: boolean })
  }
  const kept = await settled(redis)
  const left = kept.filter(key => !KEPT.test(key))
  say(`after a purge ${kept.length} keys are left, ${left.length} of them of jobs: ${kept.filter(key => !key.startsWith('idempotency:')).join(', ')}, idempotency:…`)
  return left.map(key => `the key ${key} is left behind`)
}

/** The keys that are there once nothing changes any more: notes of workers that are gone are taken away by the sweep. */
async function settled (redis: Redis): Promise<string[]> {
  for (let last = '', end = Date.now() + 10_000; ; await setTimeout(500)) {
    const keys = (await redis.keys('*')).sort()
    const text = keys.join('\n')
    if ((text === last && keys.every(key => KEPT.test(key))) || Date.now() > end) return keys
    last = text
  }
}
