import type { HttpLink } from './http-link.ts'
import type { Trial } from './trial.ts'

interface Named {
  /** For `--only`. */
  name: string
  /** What a worker does that passes. */
  says: string
}

/** What is made with every worker. */
export interface CommonCheck extends Named {
  over?: undefined
  run: (trial: Trial) => Promise<void>
}

/** What is about the protocol: only with workers that speak HTTP. */
export interface HttpCheck extends Named {
  over: 'http'
  run: (trial: Trial, link: HttpLink) => Promise<void>
}

export type Check = CommonCheck | HttpCheck
