import type { ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import type * as contract from './contract/schemas.ts'
import { ENDS } from './queue/event.ts'
import type { JobEvent } from './queue/event.ts'
import type { Listener } from './queue/events.ts'
import { eventView } from './views.ts'

/** A reader that has more than this before it when the next comes is too slow. */
export const MAX_UNSENT = 1024 * 1024
/** What it has still to read before the end it must have read in this time. */
const LAST_WORDS_MS = 10_000

type Reason = contract.StreamEnd['reason']

const DETAILS: Record<Reason, string> = {
  job_ended: 'The job has ended.',
  slow_reader: 'More than 1 MiB waited to be read: come again with Last-Event-ID.',
  shutting_down: 'The server is shutting down: come again with Last-Event-ID.'
}

/**
 * Server-sent events to one reader (https://html.spec.whatwg.org/multipage/server-sent-events.html). What it is told is held back
 * until `open`: what came before goes first.
 */
export class EventStream extends Readable implements Listener {
  readonly #response: ServerResponse
  readonly #untilEnd: boolean
  #held: Buffer[] | undefined = []
  #heldBytes = 0
  #ended = false
  #unfollow: (() => void) | undefined
  #wanted: (() => void) | undefined

  /** @param untilEnd whether it is about one job, and ends with it */
  constructor (response: ServerResponse, untilEnd = false) {
    super()
    this.#response = response
    this.#untilEnd = untilEnd
    // So that the headers go out at once. The time is for those who come again by themselves.
    this.push('retry: 1000\n\n')
  }

  /** Bytes that it has been told and that have not been given to the network. */
  get unsent (): number {
    return this.readableLength + this.#response.writableLength + this.#heldBytes
  }

  /** @param unfollow called once, when it will not be told any more */
  following (unfollow: () => void): void {
    if (this.#ended || this.destroyed) unfollow()
    else this.#unfollow = unfollow
  }

  events (events: JobEvent[]): void {
    this.#tell(textOf(events))
    if (this.#untilEnd && !this.#held && events.some(({ kind }) => ENDS.has(kind))) this.end('job_ended')
  }

  gap (): void {
    this.#tell(GAP)
  }

  /** Something of before, now. Resolves when there is room for more. */
  async before (text: string | Buffer): Promise<void> {
    if (this.#ended || this.destroyed || text.length === 0 || this.push(text)) return
    await new Promise<void>(resolve => { this.#wanted = resolve })
  }

  /** From now on it is told at once. @param isOver there is nothing more to come of the job */
  open (isOver = false): void {
    const held = this.#held ?? []
    this.#held = undefined
    this.#heldBytes = 0
    if (this.#ended) return
    for (const text of held) this.push(text)
    if (isOver) this.end('job_ended')
  }

  heartbeat (): void {
    if (!this.#ended && !this.#held) this.push(': \n\n')
  }

  /** The last event, and no more. */
  end (reason: Reason): void {
    if (this.#ended) return
    this.#ended = true
    this.#unfollow?.()
    const notice: contract.StreamEnd = { reason, detail: DETAILS[reason] }
    this.push(eventText('end', notice))
    this.push(null)
    const timer = setTimeout(() => this.destroy(), LAST_WORDS_MS).unref()
    this.once('close', () => clearTimeout(timer))
  }

  override _read (): void {
    this.#wanted?.()
    this.#wanted = undefined
  }

  override _destroy (error: Error | null, done: (error: Error | null) => void): void {
    this.#unfollow?.()
    this._read()
    done(error)
  }

  #tell (text: Buffer): void {
    if (this.#ended || this.destroyed) return
    if (this.unsent > MAX_UNSENT) return this.end('slow_reader')
    if (this.#held) {
      this.#held.push(text)
      this.#heldBytes += text.length
    } else {
      this.push(text)
    }
  }
}

/** An event without an id: the reader's place stays where it was. */
export function eventText (event: string, data: object): string {
  return jsonEvent(event, JSON.stringify(data))
}

/** The same of JSON text, which may have line breaks. */
export function jsonEvent (event: string, json: string): string {
  return `event: ${event}\ndata: ${json.replaceAll(/\r\n|[\r\n]/g, '\ndata: ')}\n\n`
}

export const GAP = Buffer.from(eventText('gap', { detail: 'Events are missing here: what happened is no longer kept, or was lost.' } satisfies contract.StreamGap))

const texts = new WeakMap<JobEvent[], Buffer>()

/** Made once for all readers that are told the same. */
function textOf (events: JobEvent[]): Buffer {
  let text = texts.get(events)
  if (!text) texts.set(events, text = Buffer.from(eventsText(events)))
  return text
}

export function eventsText (events: JobEvent[]): string {
  let text = ''
  for (const event of events) text += `id: ${event.id}\nevent: ${event.kind}\ndata: ${JSON.stringify(eventView(event))}\n\n`
  return text
}
