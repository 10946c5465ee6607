import type { FastifyBaseLogger } from 'fastify'
import { multistream, symbols } from 'pino'
import type { DestinationStream, Logger } from 'pino'
import { toUuid } from '../src/queue/ids.ts'
import type { JobRecord } from '../src/queue/job.ts'
import { LEVELS } from '../src/queue/logs.ts'
import type { KeptLog, Owner } from './kept-log.ts'
import { lineText } from './log-line.ts'

const MAX_LOGGERS = 1000

/** An attempt, as far as it logs. */
export interface Logging extends Owner { readonly state: string }

/**
 * Loggers by what the lines of many jobs have in common: their task, queue and attempt are put into text once, and not for
 * every line.
 */
export class JobLogs {
  readonly #log: Logger
  readonly #kept: KeptLog
  readonly #loggers = new Map<string, Logger>()
  #lastTask = ''
  #lastQueue = ''
  #lastAttempt = 0
  #last: Logger

  constructor (log: FastifyBaseLogger, kept: KeptLog) {
    this.#log = this.#last = log as Logger
    this.#kept = kept
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

  /** For the handler of one job. */
  ofJob (record: JobRecord, attempt: number, owner: Logging, trace_id?: string): Logger {
    const log = this.for(record, attempt)
    const shared = { ...(trace_id !== undefined && { trace_id }), job_id: toUuid(owner.id) }
    if (!record.keep_logs) return log.child(shared)
    // The level `info` and above is kept always, but a process that logs less goes on logging less, whatever level children set for themselves.
    const isQuiet = log.levelVal > LEVELS.info
    const own = log.child(shared, isQuiet ? { level: 'info' } : {})
    const streams = [
      { level: isQuiet ? log.level : 'trace', stream: (log as unknown as { [symbols.streamSym]: DestinationStream })[symbols.streamSym] },
      { level: 'trace', stream: this.#collector(owner, JSON.stringify(shared).slice(1, -1)) }
    ]
    // Children are made from it, and write where it writes.
    return Object.assign(own, { [symbols.streamSym]: multistream(streams) })
  }

  /** @param shared the JSON of the last field that all lines of the job have */
  #collector (owner: Logging, shared: string): DestinationStream {
    const kept = this.#kept
    return {
      [symbols.needsMetadataGsym]: true,
      lastLevel: 0,
      write (line: string) {
        // What a handler says after its end would be refused.
        if (owner.state === 'running') kept.add(owner, this.lastLevel, lineText(line, shared))
      }
    } as DestinationStream & { lastLevel: number }
  }

  #find (task: string, queue: string, attempt: number): Logger {
    const key = `${queue} ${attempt} ${task}`
    let log = this.#loggers.get(key)
    if (!log) {
      // Tasks come from clients: what is kept for each must not pile up.
      if (this.#loggers.size >= MAX_LOGGERS) this.#loggers.clear()
      log = this.#log.child({ task, queue, attempt })
      this.#loggers.set(key, log)
    }
    return log
  }
}
