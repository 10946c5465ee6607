import type { Latency } from './work.ts'

/** A queue under measurement. What it cannot do it does not have. */
export interface Contender {
  /** Submits so many jobs one by one, 100 of them under way at any time. */
  submit? (jobs: number): Promise<void>
  /** The same in bulks of 1,000, two of them under way. */
  bulk? (jobs: number): Promise<void>
  /** Bulks of jobs of which each has a group of its own. */
  bulkGroups? (jobs: number): Promise<void>
  /** Bulks of jobs that are all of one group. */
  bulkOneGroup? (jobs: number): Promise<void>
  /** Bulks of jobs that are due in an hour. */
  bulkLater? (jobs: number): Promise<void>
  /** Leases and settles so many jobs one by one; how long each call took, in µs. */
  lease? (jobs: number): Promise<number[]>
  /** Takes, runs and settles so many jobs with a handler that does nothing. */
  drain? (jobs: number): Promise<void>
  /** Runs what comes, until the process ends, and notes how long each job took from its submit to the start of its handler. */
  serve? (): Promise<void>
  /** Submits so many jobs, each with the time in it, to a worker that is idle again before the next; how long each took to be sent, in µs. */
  ping? (jobs: number): Promise<number[]>
  /** What `serve` noted since it was last asked. */
  latencies? (): Promise<Latency[]>
}

/** @param socket of the Redis to use */
export type Connect = (socket: string) => Promise<Contender>
