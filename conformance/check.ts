import type { Trial } from './trial.ts'

export interface Check {
  /** For `--only`. */
  name: string
  /** What a worker does that passes. */
  says: string
  run: (trial: Trial) => Promise<void>
}
