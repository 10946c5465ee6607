/** What a job of the mixed run is to do. */
export interface Input {
  n: number
  /** how long an attempt takes */
  ms: number
  /** the first so many attempts fail */
  failures: number
  /** the first attempt fails for good */
  refused: boolean
  /** pushed jobs only: 202, and what came of it is told later */
  later: boolean
}

export interface PlannedJob {
  type: 'task' | 'http'
  input: Input
  max_attempts: number
  ends: 'completed' | 'failed'
  /** attempts after which it ends, where nothing but the job itself makes one fail */
  attempts: number
}

/** Leases last so long: some jobs take longer. */
export const LEASE_SECONDS = 3
/** A pushed job may fail because its target is down, however often that is. */
const MAX_ATTEMPTS = 100
const PUSHED_PERCENT = 40

/** The jobs of a run, the same for the same random numbers. */
export function planJobs (count: number, random: (n: number) => number): PlannedJob[] {
  return Array.from({ length: count }, (_, n) => {
    const type = random(100) < PUSHED_PERCENT ? 'http' : 'task'
    const input: Input = { n, ms: random(400), failures: 0, refused: false, later: type === 'http' && random(4) === 0 }
    if (input.later) input.ms += random(1000)
    const kind = random(100)
    if (kind < 3) {
      const max_attempts = 2
      return { type, input: { ...input, failures: MAX_ATTEMPTS }, max_attempts, ends: 'failed', attempts: max_attempts }
    }
    if (kind < 6) return { type, input: { ...input, refused: true }, max_attempts: MAX_ATTEMPTS, ends: 'failed', attempts: 1 }
    if (kind < 16) input.failures = 1 + random(2)
    else if (kind < 18) input.ms = (LEASE_SECONDS + random(2)) * 1000
    const attempts = input.failures + 1
    return { type, input, max_attempts: type === 'http' ? MAX_ATTEMPTS : attempts, ends: 'completed', attempts }
  })
}
