import type { Client } from './client.ts'
import type { components } from './contract.ts'
import type { LeasedJob } from './handler.ts'
import { Pauses, answerOf } from './retry.ts'
import type { RequestError } from './errors.ts'

type Line = components['schemas']['NewLogLine']

/** As many as are kept of a job. */
const MAX_WAITING = 1000
const MAX_CALL = 250
const MAX_TRIES = 3

/** What a handler logs, on its way to the job. What cannot be sent is dropped: no log fails a job. */
export class JobLog {
  readonly #client: Client
  readonly #job: LeasedJob
  #waiting: { line: Line, at: number }[] = []
  #sending: Promise<void> | undefined

  constructor (client: Client, job: LeasedJob) {
    this.#client = client
    this.#job = job
  }

  add (line: Line): void {
    if (!this.#job.keep_logs) return
    this.#waiting.push({ line: { ...line, message: line.message.slice(0, 8192) }, at: performance.now() })
    if (this.#waiting.length > MAX_WAITING) this.#waiting.shift()
    this.#sending ??= this.#send().finally(() => { this.#sending = undefined })
  }

  /** All that was logged has been sent, or dropped. */
  async sent (): Promise<void> {
    await this.#sending
  }

  async #send (): Promise<void> {
    // Lines of the same turn go together.
    await Promise.resolve()
    const pauses = new Pauses()
    for (let tries = 0; this.#waiting.length > 0;) {
      const lines = this.#waiting.slice(0, MAX_CALL)
      try {
        await answerOf(this.#client.POST('/jobs/{id}/logs', {
          params: { path: { id: this.#job.id } },
          body: { lease_token: this.#job.lease_token, lines: lines.map(({ line, at }) => ({ ...line, age_ms: Math.min(performance.now() - at, 3_600_000) })) }
        }))
      } catch (error) {
        if (!(error as RequestError).final && ++tries < MAX_TRIES) {
          await pauses.after(error as RequestError)
          continue
        }
      }
      const sent = new Set(lines)
      this.#waiting = this.#waiting.filter(line => !sent.has(line))
    }
  }
}
