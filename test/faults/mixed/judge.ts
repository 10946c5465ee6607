import type { Job } from '../../../src/queue/job.ts'
import type { Happened } from './history.ts'
import type { PlannedJob } from './plan.ts'

/** A start of a job, as who ran it wrote it down. */
export interface Execution { id: string, by: string, attempt: number, lost: number, at: number }

/** A job at the end of the run. */
export interface Ended {
  id: string
  plan: PlannedJob
  /** as the service has it */
  job: Job | undefined
  /** all that happened to it, in order */
  events: Happened[]
  executions: Execution[]
}

/** Why jobs ran again. */
export interface Again { failed: number, lost: number, handedBack: number }

/** As many failures of a job are kept. */
const MAX_ERRORS = 10

/**
 * Holds a job against its plan, and each of its executions against what its record and the events say of its leases.
 * @param again is counted up
 * @returns what is wrong
 */
export function judge ({ id, plan, job, events, executions }: Ended, leaseMs: number, again: Again): string[] {
  const problems: string[] = []
  const wrong = (what: string) => problems.push(`${id} (${plan.type}, ${JSON.stringify(plan.input)}): ${what}`)
  if (!job) {
    wrong('is gone')
    return problems
  }
  const { attempt, lost, errors } = job
  if (job.status !== plan.ends) wrong(`is ${job.status}, not ${plan.ends}`)
  if (job.status === 'completed' && job.result !== `{"n":${plan.input.n}}` && JSON.parse(job.result || 'null')?.n !== plan.input.n) wrong(`has the result ${job.result}`)
  // What is pushed can fail because nobody is there.
  if (plan.type === 'task' ? attempt !== plan.attempts : attempt < plan.attempts) wrong(`ended with attempt ${attempt}, not ${plan.attempts}`)

  const known = errors.length < MAX_ERRORS
  const lapses = errors.filter(({ reason }) => reason === 'lost_lease')
  if (known && lapses.length !== lost) wrong(`${lost} leases were lost, ${lapses.length} are among its failures`)
  const failedAttempts = job.status === 'failed' ? attempt : attempt - 1
  if (known) for (let n = 1; n <= failedAttempts; n++) if (!errors.some(error => error.attempt === n && error.reason !== 'lost_lease')) wrong(`attempt ${n} has failed, and nothing says why`)
  for (const { at, worker } of lapses) {
    const lease = events.findLast(event => event.kind === 'started' && event.worker === worker && event.at <= at)
    if (!lease) wrong(`${worker} lost a lease that it never had`)
    else if (at - lease.at < leaseMs) wrong(`${worker} lost its lease after ${at - lease.at} ms`)
  }

  const leases = events.filter(({ kind }) => kind === 'started').length
  const givenBack = events.filter(({ kind, worker }) => kind === 'queued' && worker !== undefined).length - lost
  if (executions.length > leases) wrong(`ran ${executions.length} times, and was leased ${leases} times`)
  const places = new Set(executions.map(execution => `${execution.attempt} ${execution.lost}`))
  const attempts = new Set(executions.map(execution => execution.attempt))
  if (executions.length - places.size > givenBack) wrong(`ran ${executions.length} times, as ${places.size} leases, and was handed back ${givenBack} times`)
  for (const execution of executions) if (execution.attempt > attempt || execution.lost > lost) wrong(`ran as attempt ${execution.attempt} after ${execution.lost} lost leases, and has had ${attempt} and ${lost}`)
  if (job.status === 'completed' && !places.has(`${attempt} ${lost}`)) wrong('completed without an execution of its last attempt')

  again.failed += Math.max(0, attempts.size - 1)
  again.lost += places.size - attempts.size
  again.handedBack += executions.length - places.size
  return problems
}
