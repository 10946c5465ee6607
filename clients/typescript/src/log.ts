import type { Client } from './client.ts'
import type { components } from './contract.ts'
import type { LeasedJob } from './handler.ts'
import { Pauses, answerOf } from './retry.ts'
import type { RequestError } from './errors.ts'
import { within } from './wait.ts'

type Line = components['schemas']['NewLogLine']
type Fields = NonNullable<Line['fields']>

/** As many as are kept of a job. */
const MAX_WAITING = 1000
const MAX_CALL = 250
const MAX_TRIES = 3
/** The outcome of the job waits for its log, and so the log does not wait long. */
const MAX_PAUSE_MS = 2000
const WITHIN_MS = 10_000
/** There is something wrong with the lines, or with one of them. */
const BAD_LINES = [400, 413, 422]

/** What a handler logs, on its way to the job. What cannot be sent is dropped: no log fails a job. */
export class JobLog {
  readonly #client: Client
  readonly #job: LeasedJob
  readonly #over: AbortSignal
  #waiting: { line: Line, at: number }[] = []
  #sending: Promise<void> | undefined

  /** @param over nothing more is sent */
  constructor (client: Client, job: LeasedJob, over: AbortSignal) {
    this.#client = client
    this.#job = job
    this.#over = over
  }

  add ({ message, level, fields }: Required<Pick<Line, 'message' | 'level' | 'fields'>>): void {
    if (!this.#job.keep_logs) return
    this.#waiting.push({ line: { message: String(message).slice(0, 8192), level, fields: plain(fields) }, at: performance.now() })
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
    const pauses = new Pauses(MAX_PAUSE_MS)
    let count = MAX_CALL
    for (let tries = 0; this.#waiting.length > 0;) {
      const lines = this.#waiting.slice(0, count)
      try {
        await within(WITHIN_MS, this.#over, async signal => await answerOf(this.#client.POST('/jobs/{id}/logs', {
          params: { path: { id: this.#job.id } },
          body: { lease_token: this.#job.lease_token, lines: lines.map(({ line, at }) => ({ ...line, age_ms: Math.min(performance.now() - at, 3_600_000) })) },
          signal
        })))
        count = Math.min(MAX_CALL, 2 * count)
      } catch (cause) {
        const error = cause as RequestError
        if (BAD_LINES.includes(error.status) && lines.length > 1) {
          // The others shall not suffer for it.
          count = Math.ceil(lines.length / 2)
          continue
        }
        if (!error.final && ++tries < MAX_TRIES && !this.#over.aborted) {
          await pauses.after(error, this.#over)
          continue
        }
      }
      const sent = new Set(lines)
      this.#waiting = this.#waiting.filter(line => !sent.has(line))
    }
  }
}

/** As they are now, if they are JSON. */
function plain (fields: Fields): Fields {
  try {
    return JSON.parse(JSON.stringify(fields)) as Fields
  } catch (error) {
    return { error: `the fields are not JSON: ${String(error)}` }
  }
}
