import type { AttemptError, Cancellation, Job, JobRecord, Progress, Status } from './job.ts'
import { toUuid } from './ids.ts'
import { shownName } from './remote.ts'
import { decodeRecord } from './record.ts'
import { parseToken } from './token.ts'

/** A row of lua/lib/view.lua. */
export type Row = [record: string, outcome: string, history: string, progress: string, place: string, worker: string]

const OUTCOME = /^([cfx])\w (\d+) (\d+) (\d+) (\d+) (\S+)(?: @[^\n]*)?\n/
const ENDS: Record<string, Status> = { c: 'completed', f: 'failed', x: 'cancelled' }
const PLACES: Record<string, Status> = { q: 'queued', s: 'scheduled', r: 'retrying', b: 'blocked', a: 'active' }

/** The job of a row; undefined when there is none. */
export function decodeRow (id: string, [record, outcome, history, progress, place, worker]: Row): Job | undefined {
  if (record === '') return undefined
  const job = decodeRecord(id, record)
  return outcome === '' ? unfinished(job, history, progress, place, worker) : finished(job, outcome)
}

function finished (job: JobRecord, outcome: string): Job {
  const head = OUTCOME.exec(outcome)
  if (!head) throw new Error(`The outcome of job ${job.id} cannot be read`)
  const [whole, letter, attempt, lost, started, took, worker] = head
  const end = outcome.startsWith('\n', whole.length) ? whole.length : outcome.indexOf('\n\n', whole.length) + 1
  const result = outcome.slice(end + 1)
  return Object.assign(job, {
    status: ENDS[letter!]!,
    attempt: Number(attempt),
    lost: Number(lost),
    started_at: started === '0' ? undefined : Number(started),
    completed_at: Number(started) + Number(took),
    worker: worker === '-' ? undefined : shownName(worker!),
    errors: decodeErrors(outcome.slice(whole.length, end)),
    result: letter === 'x' || result === '' ? undefined : result,
    cancellation: letter === 'x' ? decodeCancellation(result) : undefined
  })
}

function unfinished (job: JobRecord, history: string, progress: string, place: string, worker: string): Job {
  const lineEnd = history.indexOf('\n')
  const [failed = 0, lost = 0] = lineEnd < 0 ? [] : history.slice(0, lineEnd).split(' ').map(Number)
  const status = PLACES[place[0]!]!
  const view: Job = Object.assign(job, { status, attempt: failed, lost, errors: lineEnd < 0 ? [] : decodeErrors(history.slice(lineEnd + 1)) })
  if (status === 'active') {
    const lease = parseToken(place.slice(1))
    Object.assign(view, { attempt: lease.attempt, started_at: lease.leased_at, worker: shownName(worker) })
    if (progress !== '') view.progress = decodeProgress(progress)
  } else if (status !== 'queued' && place !== 'b0') {
    view.run_at = Number(place.slice(1))
  }
  return view
}

function decodeCancellation (text: string): Cancellation {
  const { reason, job_id } = JSON.parse(text)
  return { reason, job_id: job_id && toUuid(job_id) }
}

/** Lines of `<attempt> <at, ms> <worker> <JSON>`. */
function decodeErrors (lines: string): AttemptError[] {
  return lines.split('\n').filter(Boolean).map(line => {
    const [attempt, at, worker] = line.split(' ', 3) as [string, string, string]
    const failure = JSON.parse(line.slice(attempt.length + at.length + worker.length + 3))
    return { attempt: Number(attempt), at: Number(at), worker: shownName(worker), ...failure }
  })
}

function decodeProgress (text: string): Progress {
  return { ...JSON.parse(text.slice(13)), at: Number(text.slice(0, 13)) }
}
