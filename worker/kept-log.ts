import type { FastifyBaseLogger } from 'fastify'
import { QueueUnavailableError } from '../src/queue/errors.ts'
import type { Leases } from '../src/queue/lease.ts'
import { MAX_LINES, MAX_LOG } from '../src/queue/logs.ts'
import type { NewLines } from '../src/queue/logs.ts'

/** Lines go out together, so long after the first of them. */
const BATCH_MS = 200
/** After a call that failed. */
const AGAIN_MS = 1000
/** So many lines, and jobs, go in one call, and so many bytes and a line more: it keeps Redis for one or two milliseconds. */
const MAX_CALL = 250
const MAX_CALL_BYTES = 256 * 1024
/** Of all jobs together no more is held here. */
const MAX_HELD = 16 * 1024 * 1024

/** A running attempt whose lines are kept. */
export interface Owner { readonly id: string, readonly token: string }

interface HeldLine { at: number, level: number, text: string, bytes: number }

/** Those of an attempt that are not in Redis yet, and how many were dropped before them. */
interface Held { dropped: number, bytes: number, lines: HeldLine[] }

/**
 * Collects the lines that are kept of a worker's jobs in one queue, and sends them to Redis in batches. What comes while Redis is away is
 * held, within bounds; what was sent and not answered is sent again.
 */
export class KeptLog {
  readonly #log: FastifyBaseLogger
  readonly #leases: Leases
  readonly #held = new Map<Owner, Held>()
  readonly #sent = new Map<Owner, Held>()
  #bytes = 0
  #timer: NodeJS.Timeout | undefined
  #sending: Promise<void> = Promise.resolve()

  constructor (log: FastifyBaseLogger, leases: Leases) {
    this.#log = log
    this.#leases = leases
  }

  /** @param text a LineText as JSON */
  add (owner: Owner, level: number, text: string): void {
    const bytes = Buffer.byteLength(text)
    let held = this.#held.get(owner)
    if (!held) this.#held.set(owner, held = { dropped: 0, bytes: 0, lines: [] })
    this.#makeRoom(held, 1, bytes, bytes)
    if (this.#bytes + bytes > MAX_HELD) {
      held.dropped++
    } else {
      held.lines.push({ at: performance.now(), level, text, bytes })
      held.bytes += bytes
      this.#bytes += bytes
    }
    this.#timer ??= setTimeout(() => this.flush(), BATCH_MS)
  }

  /** Whether lines of one of these are not in Redis yet. */
  has (owners: readonly Owner[]): boolean {
    return this.#held.size + this.#sent.size > 0 && owners.some(owner => this.#held.has(owner) || this.#sent.has(owner))
  }

  /** Sends all that is held; resolves when it is in Redis, or cannot be now. Never rejects. */
  async flush (): Promise<void> {
    this.#sending = this.#sending.then(() => this.#send())
    await this.#sending
  }

  /** These have been settled: what could not be sent before comes too late. */
  forget (owners: readonly Owner[]): void {
    if (this.#held.size > 0) for (const owner of owners) this.#drop(owner)
  }

  close (): void {
    clearTimeout(this.#timer)
  }

  /** Drops the oldest lines of an attempt until there is room for others, of which so many bytes are not held yet. */
  #makeRoom (held: Held, lines: number, bytes: number, more: number): void {
    while (held.lines.length > 0 && (held.lines.length + lines > MAX_LINES || held.bytes + bytes > MAX_LOG || this.#bytes + more > MAX_HELD)) {
      const first = held.lines.shift()!
      held.dropped++
      held.bytes -= first.bytes
      this.#bytes -= first.bytes
    }
  }

  async #send (): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    for (const [owner, held] of this.#held) this.#sent.set(owner, held)
    this.#held.clear()
    try {
      while (this.#sent.size > 0) await this.#sendSome()
    } catch (error) {
      if (error instanceof QueueUnavailableError) this.#log.debug({ err: error }, 'Redis cannot take the lines of jobs now; trying again')
      else this.#log.error({ err: error }, 'The lines of jobs could not be kept; trying again')
      this.#takeBack()
      this.#timer ??= setTimeout(() => this.flush(), AGAIN_MS)
    }
  }

  async #sendSome (): Promise<void> {
    const batch = this.#nextBatch()
    const now = performance.now()
    const { held, kept } = await this.#leases.log(batch.map(({ owner, count }) => newLines(owner, this.#sent.get(owner)!, count, now)))
    let lost = 0
    batch.forEach(({ owner, count }, i) => {
      const sent = this.#sent.get(owner)!
      const gone = sent.lines.splice(0, held[i] ? count : Infinity)
      for (const { bytes } of gone) {
        sent.bytes -= bytes
        this.#bytes -= bytes
      }
      sent.dropped = 0
      if (sent.lines.length === 0) this.#sent.delete(owner)
      if (!held[i]) this.#drop(owner)
      if (!kept || !held[i]) lost += gone.length
    })
    if (lost > 0) this.#log.debug({ lines: lost }, kept ? 'Lines of jobs were dropped: their leases had been lost' : 'Lines of jobs were dropped: Redis is out of memory')
  }

  /** What goes in one call: so many of the first lines of each of these. */
  #nextBatch (): { owner: Owner, count: number }[] {
    const batch: { owner: Owner, count: number }[] = []
    let [lines, bytes] = [0, 0]
    for (const [owner, sent] of this.#sent) {
      if (lines >= MAX_CALL || bytes >= MAX_CALL_BYTES || batch.length >= MAX_CALL) break
      let count = 0
      while (count < sent.lines.length && lines < MAX_CALL && bytes < MAX_CALL_BYTES) {
        bytes += sent.lines[count++]!.bytes
        lines++
      }
      batch.push({ owner, count })
    }
    return batch
  }

  /** What could not be sent goes before what has come since. */
  #takeBack (): void {
    for (const [owner, sent] of this.#sent) {
      const since = this.#held.get(owner)
      if (since) {
        this.#makeRoom(sent, since.lines.length, since.bytes, 0)
        sent.dropped += since.dropped
        sent.bytes += since.bytes
        sent.lines.push(...since.lines)
      }
      this.#held.set(owner, sent)
    }
    this.#sent.clear()
  }

  #drop (owner: Owner): void {
    const held = this.#held.get(owner)
    if (!held) return
    this.#held.delete(owner)
    this.#bytes -= held.bytes
    this.#log.debug({ lines: held.lines.length }, 'Lines of a job were dropped: they came too late')
  }
}

function newLines ({ id, token }: Owner, { dropped, lines }: Held, count: number, now: number): NewLines {
  return { id, token, dropped, lines: lines.slice(0, count).map(({ at, level, text }) => ({ age_ms: now - at, level, text })) }
}
