import { QUEUE_NAME } from './keys.ts'
import { BadCursorError } from './errors.ts'

// Where a search of jobs is.

export type Order = 'newest' | 'oldest'

/** The orders that a queue has its jobs in: all of them as they were created, or those of one status by its time. */
export const SOURCES = ['created', 'scheduled', 'retrying', 'active', 'completed', 'failed', 'cancelled'] as const
export type Source = typeof SOURCES[number]

/** A job's place in the order of its queue, and in that of all queues: by time, then by queue, then by mark. */
export interface Place {
  /** ms; Infinity or 0 when it is not known, which is before all others */
  time: number
  queue: string
  /** tells jobs of the same time and queue apart; see lua/find.lua */
  mark: string
}

export interface Cursor { source: Source, order: Order, place: Place }

/** Where a queue's jobs are read from, as lua/find.lua wants it. */
export interface Start { time: number | '', from: string }

export function isBefore (a: Place, b: Place, order: Order): boolean {
  if (a.time !== b.time) return order === 'newest' ? a.time > b.time : a.time < b.time
  return order === 'newest' ? a.queue > b.queue : a.queue < b.queue
}

/** Where to go on in a queue when all places up to this one, of any queue, have been read. */
export function startBehind ({ time, queue, mark }: Place, name: string, order: Order): Start {
  if (name === queue) return { time: unlessUnknown(time), from: mark }
  const isDone = order === 'newest' ? name > queue : name < queue
  return { time: unlessUnknown(time), from: isDone ? '(' : '' }
}

function unlessUnknown (time: number): number | '' {
  return time === Infinity || time === 0 ? '' : time
}

export function writeCursor ({ source, order, place: { time, queue, mark } }: Cursor): string {
  return Buffer.from([source, order, unlessUnknown(time), queue, mark].join(' ')).toString('base64url')
}

/** Throws a BadCursorError when it is none that this list gave for this order and one of these sources. */
export function readCursor (text: string, order: Order, sources: Source[]): Cursor {
  const match = /^(\w+) (\w+) (\d{1,15}(?:\.\d{1,17})?)? (\S+) ([\w~-]{1,64})$/.exec(Buffer.from(text, 'base64url').toString('latin1'))
  const [, source, givenOrder, time, queue, mark] = match ?? []
  if (!match || !sources.includes(source as Source) || givenOrder !== order || !QUEUE_NAME.test(queue!) || !isMark(source as Source, mark!)) {
    throw new BadCursorError('must be the next_cursor of a page of this list, asked for in the same way')
  }
  const unknown = order === 'newest' ? Infinity : 0
  return { source: source as Source, order, place: { time: time === undefined ? unknown : Number(time), queue: queue!, mark: mark! } }
}

function isMark (source: Source, mark: string): boolean {
  if (source === 'created') return /^\d{1,15}-\d{1,4}$/.test(mark)
  return source === 'completed' ? /^-?\d{1,15}$/.test(mark) : true
}
