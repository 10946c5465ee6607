import type { Priority } from '../../src/queue/job.ts'

// What the model knows of a job, and what stands for it in a list.

export type Place = 'blocked' | 'ready' | 'scheduled' | 'retrying' | 'held' | 'completed' | 'dead' | 'cancelled' | 'kept' | 'forgotten'

export interface ModelJob {
  /** Redis's short form; '' for a foreign entry that has not been adopted */
  id: string
  /** of a foreign entry: its text */
  entry?: string
  priority: Priority
  input: string
  place: Place
  worker?: string
  token?: string
  failed: number
  lost: number
  /** attempt and reason of the failures that are kept */
  errors: string[]
  /** it has failed or been lost before, or been redriven */
  history: boolean
  /** percent */
  progress?: number
  result?: string
  /** the order in which waiting jobs that have been made due are due */
  due?: number
  deadAt?: number
  /** how often it has left an entry behind in its list */
  moves: number
  /** it is cancelled if it has not started by a time; a number once that has passed, in the order in which it did */
  expires?: boolean | number
  /** ids of the jobs that it depends on */
  parents: string[]
  /** those that have not ended */
  waitsFor: string[]
  /** also when one of them fails */
  runsAnyway: boolean
  holdsParents: boolean
  /** its end is told to a callback */
  callback: boolean
  /** it has a time of its own, for when it is no longer blocked */
  later: boolean
}

/** A new job that asks for nothing special. */
export function newJob (job: Pick<ModelJob, 'id' | 'priority' | 'input'> & Partial<ModelJob>): ModelJob {
  return { place: 'scheduled', failed: 0, lost: 0, errors: [], history: false, moves: 0, parents: [], waitsFor: [], runsAnyway: false, holdsParents: false, callback: false, later: false, ...job }
}

/** An entry that its job has left behind. */
export interface Ghost { ghost: string }

export interface Idle { worker: string, room: number }

export interface ModelSettlement { kind: 'complete' | 'retry' | 'dead' | 'put_off' | 'release', id: string, token: string }

export interface Totals { submitted: number, completed: number, failed: number, cancelled: number, retried: number, lost: number }

/** A job that has just been leased: attempt and lost as the lease must say. */
export interface Expected { worker: string, job: ModelJob, attempt: number, lost: number, handed: boolean }

export function isJob (entry: ModelJob | Ghost): entry is ModelJob {
  return !('ghost' in entry)
}

/** What stands for a job in its list. */
export function entryOf (job: ModelJob): string {
  return (job.id || job.entry!) + (job.moves > 0 ? `~${job.moves}` : '')
}
