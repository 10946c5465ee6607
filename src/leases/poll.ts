import type { Leased } from '../queue/lease.ts'
import type { Batch } from './token.ts'

/** Jobs that were leased with one call. */
export interface LeasedBatch extends Omit<Batch, 'token'> {
  leased: Leased[]
  /** when these leases end, ms by Redis's clock */
  expires_at: number
}

/** What a remote worker asks for. */
export interface Want {
  /** as the engine has it */
  worker: string
  queues: string[]
  max: number
  lease_ms: number
}

/** A remote worker that waits for jobs. It ends once: with jobs, without, or with an error. */
export class Poll {
  readonly want: Want
  readonly ended: Promise<LeasedBatch[]>
  /** Jobs are being leased for it. */
  busy = false
  over = false
  readonly #resolve: (batches: LeasedBatch[]) => void
  readonly #reject: (error: Error) => void

  constructor (want: Want) {
    this.want = want
    let [resolve, reject]: [(batches: LeasedBatch[]) => void, (error: Error) => void] = [() => {}, () => {}]
    this.ended = new Promise((...both) => { [resolve, reject] = both })
    this.#resolve = resolve
    this.#reject = reject
  }

  end (batches: LeasedBatch[] = []): void {
    this.over = true
    this.#resolve(batches)
  }

  fail (error: Error): void {
    this.over = true
    this.#reject(error)
  }
}
