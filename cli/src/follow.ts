import { setTimeout } from 'node:timers/promises'
import { createParser } from 'eventsource-parser'
import type { EventSourceMessage } from 'eventsource-parser'
import type { Api } from './api.ts'
import { CommandError, EXIT } from './exit.ts'

/** The server says something every 15 s; after three times that it is taken for gone. */
const SILENCE_MS = 45_000
/** How long a stream that broke is tried to be had again. */
const GIVE_UP_MS = 60_000
/** Larger than what any event of the contract can be: a job of 1 MiB whose bytes are all escaped, and its result. */
const MAX_EVENT_CHARS = 32 * 1024 * 1024

export interface FollowOptions {
  /** Opens the stream after the event with that id, or from now on. */
  open: (lastEventId: string | undefined) => Promise<ReadableStream<Uint8Array>>
  lastEventId?: string
  /** Told that the stream broke. */
  onBreak: (why: string) => void
}

/** The events of a stream, which is opened again where it was when it breaks. Ends after an `end` that means it. */
export async function * follow (api: Api, { open, lastEventId, onBreak }: FollowOptions): AsyncGenerator<EventSourceMessage> {
  // Who cannot be reached at all is said at once.
  let stream = await open(lastEventId)
  for (;;) {
    try {
      for await (const message of messages(stream)) {
        if (message.id) lastEventId = message.id
        yield message
        if (message.event === 'end' && reasonOf(message) === 'job_ended') return
      }
      onBreak('The stream has ended')
    } catch (error) {
      api.signal.throwIfAborted()
      onBreak(`The stream broke off (${(error as Error).message})`)
    }
    stream = await again(api, () => open(lastEventId))
  }
}

async function again<T> (api: Api, open: () => Promise<T>): Promise<T> {
  const end = Date.now() + GIVE_UP_MS
  for (let ms = 500; ; ms = Math.min(ms * 2, 10_000)) {
    await setTimeout(ms * (0.5 + Math.random() / 2), undefined, { signal: api.signal })
    try {
      return await open()
    } catch (error) {
      const gone = error instanceof CommandError && error.exitCode === EXIT.unreachable
      if (!gone || Date.now() > end) throw error
    }
  }
}

async function * messages (stream: ReadableStream<Uint8Array>): AsyncGenerator<EventSourceMessage> {
  const found: EventSourceMessage[] = []
  let failure: Error | undefined
  const parser = createParser({ maxBufferSize: MAX_EVENT_CHARS, onEvent: message => { found.push(message) }, onError: error => { failure = error } })
  const decoder = new TextDecoder()
  const reader = stream.getReader()
  try {
    for (;;) {
      const { done, value } = await inTime(reader.read())
      if (done) return
      parser.feed(decoder.decode(value, { stream: true }))
      if (failure) throw failure
      yield * found.splice(0)
    }
  } finally {
    await reader.cancel().catch(() => {})
  }
}

async function inTime<T> (promise: Promise<T>): Promise<T> {
  const timer = new AbortController()
  const silence = setTimeout(SILENCE_MS, undefined, { signal: timer.signal }).then(() => { throw new Error(`nothing for ${SILENCE_MS / 1000} s`) })
  silence.catch(() => {})
  try {
    return await Promise.race([promise, silence])
  } finally {
    timer.abort()
  }
}

function reasonOf ({ data }: EventSourceMessage): unknown {
  return JSON.parse(data).reason
}
