import { shownName } from './remote.ts'
import { toUuid } from './ids.ts'
import type { Progress } from './job.ts'

// What happened to jobs, as lua/lib/emit.lua writes it: an entry of the stream `events` is one script call, and has a field for
// each change that the call made: what, and to which jobs.

/** Kinds of events. `queued` is a job that waits for a worker again: due, redriven, handed back, or lost by its worker; `edited` one of which something has been changed. */
export const EVENT_KINDS = ['submitted', 'scheduled', 'blocked', 'queued', 'edited', 'started', 'progress', 'retrying', 'completed', 'failed', 'cancelled'] as const
export type EventKind = typeof EVENT_KINDS[number]

/** Kinds after which nothing happens to a job by itself. */
export const ENDS: ReadonlySet<string> = new Set<EventKind>(['completed', 'failed', 'cancelled'])

export interface JobEvent {
  /** its place in the history, of which a new follower can go on: the entry's id, a dot, which of the entry's events, from 0 */
  id: string
  kind: EventKind
  job_id: string
  queue: string
  /** whose doing it was, for what workers do */
  worker?: string
  /** ms by Redis's clock */
  at: number
  /** only of the kind `progress` */
  progress?: Progress
}

/** Which events; what is not given does not matter. */
export interface EventFilter {
  queue?: string
  kinds?: readonly EventKind[]
  /** only of these queues: what the follower may see */
  queues?: readonly string[] | undefined
  /** a job, in Redis's short form */
  job?: string
}

/** Changes of one kind. */
interface Change { kind: EventKind, queue: string, worker: string, ids: string, detail: string }

export interface Entry { id: string, changes: Change[] }

const ID = 22

/** An entry as Redis answers it. */
export function decodeEntry ([id, fields]: [id: string, fields: string[]]): Entry {
  const changes: Change[] = []
  for (let i = 0; i < fields.length; i += 2) {
    const change = fields[i]!
    const [kind, queue, worker] = change.split(' ', 3) as [EventKind, string, string]
    changes.push({ kind, queue, worker, ids: fields[i + 1]!, detail: change.slice(kind.length + queue.length + worker.length + 3) })
  }
  return { id, changes }
}

/** The ids of the jobs of an entry, in Redis's short form. */
export function * jobsOf ({ changes }: Entry): Generator<string> {
  for (const { ids } of changes) for (let at = 0; at < ids.length; at += ID) yield ids.slice(at, at + ID)
}

/** The events of an entry that a filter lets through. @param after how many of the entry's first to leave out */
export function select ({ id, changes }: Entry, { queue, queues, kinds, job }: EventFilter, after = 0): JobEvent[] {
  const events: JobEvent[] = []
  const at = Number(id.split('-', 1)[0])
  let first = 0
  for (const change of changes) {
    const { ids } = change
    if ((queue === undefined || change.queue === queue) && (queues === undefined || queues.includes(change.queue)) && (kinds === undefined || kinds.includes(change.kind))) {
      for (let i = 0; i < ids.length; i += ID) {
        const nth = first + i / ID
        if (nth < after || (job !== undefined && !ids.startsWith(job, i))) continue
        events.push(eventOf(`${id}.${nth}`, at, change, ids.slice(i, i + ID)))
      }
    }
    first += ids.length / ID
  }
  return events
}

function eventOf (id: string, at: number, { kind, queue, worker, detail }: Change, job: string): JobEvent {
  return {
    id,
    kind,
    job_id: toUuid(job),
    queue,
    worker: worker === '-' ? undefined : shownName(worker),
    at,
    progress: kind === 'progress' ? { ...JSON.parse(detail), at } : undefined
  }
}

/** Of an event's id: its entry, and how many events of that entry have been seen with it. */
export function placeOf (eventId: string): { entry: string, seen: number } {
  const dot = eventId.indexOf('.')
  return { entry: eventId.slice(0, dot), seen: Number(eventId.slice(dot + 1)) + 1 }
}

/** Whether an entry is older than another, by their ids. */
export function isBefore (a: string, b: string): boolean {
  const [aMs, aSeq] = a.split('-').map(Number) as [number, number]
  const [bMs, bSeq] = b.split('-').map(Number) as [number, number]
  return aMs < bMs || (aMs === bMs && aSeq < bSeq)
}
