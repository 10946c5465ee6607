import type { Owner } from './scope.ts'

/** What is between a worker and the service, seen from the kit: it tells the worker where that is, sees what the worker does, and can come between. */
export interface Link {
  /** What tells a worker where the service is, and what it is to do. */
  env: (worker: WorkerSettings) => Record<string, string>
  /** The ids under which workers of the queue were heard of, those that have gone included. */
  ids: () => Promise<string[]>
  /** Grows when a worker has begun to take jobs. */
  beginnings: () => Promise<number>
  /** Whether a worker has been given the job. */
  has: (job: string) => Promise<boolean>
  /** Whether a worker waits for jobs now, with nothing else to do. */
  waits: () => Promise<boolean>
  /** As long as it is silent, no heartbeat comes through. */
  silent: boolean
  /** Gives the worker, which has yet to start, a service that goes away, as in a restart, and comes back. */
  ownService: (scope: Owner) => Promise<{ leave: () => Promise<void>, comeBack: () => void }>
}

export interface WorkerSettings {
  queue: string
  lease_seconds: number
  grace_seconds: number
}
