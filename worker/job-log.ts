import type { FastifyBaseLogger } from 'fastify'
import type { Logger } from 'pino'
import type { JobRecord } from '../src/queue/job.ts'

const MAX_KEPT = 1000

/**
 * Loggers by what the lines of many jobs have in common: their task, queue and attempt are put into text once, and not for
 * every line.
 */
export class JobLogs {
  readonly #log: Logger
  readonly #kept = new Map<string, Logger>()
  #lastTask = ''
  #lastQueue = ''
  #lastAttempt = 0
  #last: Logger

  constructor (log: FastifyBaseLogger) {
    this.#log = this.#last = log as Logger
  }

  for ({ task, queue }: JobRecord, attempt: number): Logger {
    if (task !== this.#lastTask || attempt !== this.#lastAttempt || queue !== this.#lastQueue) {
      this.#lastTask = task
      this.#lastQueue = queue
      this.#lastAttempt = attempt
      this.#last = this.#find(task, queue, attempt)
    }
    return this.#last
  }

  #find (task: string, queue: string, attempt: number): Logger {
    const key = `${queue} ${attempt} ${task}`
    let log = this.#kept.get(key)
    if (!log) {
      // Tasks come from clients: what is kept for each must not pile up.
      if (this.#kept.size >= MAX_KEPT) this.#kept.clear()
      log = this.#log.child({ task, queue, attempt })
      this.#kept.set(key, log)
    }
    return log
  }
}
