import type { Redis } from 'ioredis'
import { isBefore, readCursor, SOURCES, startBehind, writeCursor } from './cursor.ts'
import type { Order, Source, Start } from './cursor.ts'
import { TooManyQueuesError } from './errors.ts'
import { Matcher } from './filter.ts'
import type { JobFilter } from './filter.ts'
import { toUuid } from './ids.ts'
import type { Job } from './job.ts'
import type { Keys } from './keys.ts'
import { decodeRow } from './outcome.ts'
import type { Queue } from './queue.ts'
import { HeldReader, OrderedReader } from './reader.ts'
import type { Reader, Seen } from './reader.ts'
import { ask } from './scripts.ts'

/** One search looks at no more jobs than this, */
export const MAX_SEARCHED = 10_000
/** and reads no more characters of them, */
const MAX_READ = 32 * 1024 * 1024
/** and its answer ends when the jobs in it have so many. */
const MAX_ANSWER = 4 * 1024 * 1024
/** Searched at once. */
export const MAX_QUEUES = 100
/** More jobs than this that are active are not put in order at once: they are looked for among all. */
const MAX_ACTIVE = 10_000
/** Jobs and bytes of one call of Redis. */
const PIECE = { min: 10, max: 100, bytes: 1024 * 1024 }
/** Calls that are under way at once. */
const TOGETHER = 10
/** How far the time in a queue's order may be from the one in the job: they are the same unless a clock is set back. */
const SLACK_MS = 1000
const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i

export interface Search {
  /** default newest */
  order?: Order
  /** matches, 1 or more; default 50 */
  limit?: number
  /** the `next_cursor` of the search before, with the same filter and order */
  cursor?: string
}

export interface Found {
  items: Job[]
  /** null when all has been searched */
  next_cursor: string | null
  /** how many jobs were looked at */
  searched: number
}

/** A queue's reader, and what it has read and nobody has looked at yet. */
interface Lane { reader: Reader, seen: Seen[], ended: boolean, count: number }

/** Looks for jobs, bounded in what it reads: a search that has not seen all gives a cursor to go on. */
export class Finder {
  readonly #redis: Redis
  readonly #keys: Keys
  readonly #queue: Pick<Queue, 'get' | 'names' | 'stats'>

  constructor (redis: Redis, keys: Keys, queue: Pick<Queue, 'get' | 'names' | 'stats'>) {
    this.#redis = redis
    this.#keys = keys
    this.#queue = queue
  }

  /**
   * The jobs that a filter means, in the order of their creation or, when it names one status that is not `queued`, of the time that
   * this status has: due, leased, ended. Rejects with a BadCursorError, a TooManyQueuesError or a QueueUnavailableError.
   */
  async find (filter: JobFilter, search: Search = {}): Promise<Found> {
    const items: Job[] = []
    return { items, ...await this.#find(filter, search, MAX_ANSWER, job => { items.push(job) }) }
  }

  /** As `find`, but only the ids of the jobs, by queue; `limit` is their number over all queues. */
  async findIds (filter: JobFilter, search: Search): Promise<{ ids: Map<string, string[]> } & Omit<Found, 'items'>> {
    const ids = new Map<string, string[]>()
    const { next_cursor, searched } = await this.#find(filter, search, Infinity, ({ id, queue }) => {
      const alike = ids.get(queue)
      if (alike) alike.push(id)
      else ids.set(queue, [id])
    })
    return { ids, next_cursor, searched }
  }

  /** `take` is called with each job that is found. */
  async #find (filter: JobFilter, search: Search, maxSize: number, take: (job: Job) => void): Promise<Omit<Found, 'items'>> {
    if (search.cursor === undefined && filter.q !== undefined && UUID.test(filter.q)) {
      const job = await this.#queue.get(filter.q)
      if (job && new Matcher(filter).matches(job)) {
        take(job)
        return { next_cursor: null, searched: 1 }
      }
    }
    const queues = filter.queue === undefined ? await this.#names(filter.queues) : [filter.queue]
    if (queues.length === 0) return { next_cursor: null, searched: 0 }
    if (queues.length > MAX_QUEUES) throw new TooManyQueuesError(queues.length, MAX_QUEUES)
    return await this.#search(filter, queues, search, maxSize, take)
  }

  async #names (own: readonly string[] | undefined): Promise<string[]> {
    const names = await this.#queue.names()
    return own ? names.filter(name => own.includes(name)) : names
  }

  async #search (filter: JobFilter, queues: string[], { order = 'newest', limit = 50, cursor: text }: Search, maxSize: number, take: (job: Job) => void): Promise<Omit<Found, 'items'>> {
    const own = ownSource(filter)
    const cursor = text === undefined ? undefined : readCursor(text, order, own ? ['created', own] : ['created'])
    const source = cursor?.source ?? await this.#source(own, queues)
    const span = spanOf(filter, source, order)
    const lanes = queues.map(queue => this.#lane(filter, queue, source, order, limit, cursor ? startBehind(cursor.place, queue, order) : span.start, queues.length))
    const matcher = new Matcher(filter)
    const found = { next_cursor: null, searched: 0 }
    let [looked, read, count, size] = [0, 0, 0, 0]
    let last: Seen | undefined
    while (true) {
      const dry = lanes.filter(lane => lane.seen.length === 0 && !lane.ended)
      if (dry.length > 0) {
        if (last && (looked >= MAX_SEARCHED || read >= MAX_READ)) break
        const each = Math.max(1, Math.floor((MAX_SEARCHED - looked) / dry.length))
        for (let i = 0; i < dry.length; i += TOGETHER) {
          for (const piece of await Promise.all(dry.slice(i, i + TOGETHER).map(lane => fill(lane, each, queues.length)))) {
            looked += piece.looked
            read += piece.chars
          }
        }
        continue
      }
      const lane = firstOf(lanes, order)
      if (!lane) return found
      last = lane.seen.shift()!
      if (isBeyond(last.time, span.end, order)) {
        Object.assign(lane, { seen: [], ended: true })
        continue
      }
      if (last.row === undefined) continue
      found.searched++
      const job = matcher.mayMatch(last.id!, last.row) ? decodeRow(toUuid(last.id!), last.row) : undefined
      if (!job || !matcher.matches(job)) continue
      take(job)
      count++
      size += last.row[0].length + last.row[1].length + last.row[2].length
      if (count >= limit || size >= maxSize) {
        if (lanes.every(lane => lane.ended && lane.seen.length === 0)) return found
        break
      }
    }
    return { ...found, next_cursor: writeCursor({ source, order, place: last }) }
  }

  /** The order of the one status that is asked for, where that order can be had. */
  async #source (own: Source | undefined, queues: string[]): Promise<Source> {
    if (own === 'active') {
      const stats = await Promise.all(queues.map(queue => this.#queue.stats(queue)))
      if (stats.reduce((sum, queue) => sum + (queue?.active ?? 0), 0) > MAX_ACTIVE) return 'created'
    }
    // Where completed jobs have been run again the list has more than one place for them.
    if (own === 'completed' && await ask(this.#redis.exists(...queues.map(queue => this.#keys.left(queue)))) > 0) return 'created'
    return own ?? 'created'
  }

  #lane (filter: JobFilter, queue: string, source: Source, order: Order, limit: number, start: Start, lanes: number): Lane {
    const reader = source === 'active'
      ? new HeldReader(this.#redis, this.#keys, queue, order, start, filter.worker)
      : new OrderedReader(this.#redis, this.#keys, queue, source, order, start)
    return { reader, seen: [], ended: false, count: Math.max(PIECE.min, Math.ceil(Math.min(limit, PIECE.max) / lanes)) }
  }
}

/** Reads on: at first little, as it may be enough, then more each time. */
async function fill (lane: Lane, most: number, lanes: number): ReturnType<Reader['read']> {
  const piece = await lane.reader.read(Math.min(lane.count, most, PIECE.max), Math.ceil(PIECE.bytes / Math.min(lanes, TOGETHER)))
  lane.count = Math.min(2 * lane.count, PIECE.max)
  lane.seen = piece.seen
  lane.ended = piece.ended
  return piece
}

function firstOf (lanes: Lane[], order: Order): Lane | undefined {
  let first: Lane | undefined
  for (const lane of lanes) {
    if (lane.seen.length > 0 && (!first || isBefore(lane.seen[0]!, first.seen[0]!, order))) first = lane
  }
  return first
}

/** A status that is asked for alone, if its jobs have an order of their own. */
function ownSource ({ status }: JobFilter): Source | undefined {
  const [one, ...others] = new Set(status)
  return others.length === 0 ? SOURCES.find(source => source === one) : undefined
}

/** Where the jobs begin and end that can be within the filter's window, if the source is ordered by its time. */
function spanOf (filter: JobFilter, source: Source, order: Order): { start: Start, end?: number } {
  const [after, before] = source === 'created'
    ? [filter.created_after, filter.created_before]
    : ['completed', 'failed', 'cancelled'].includes(source) ? [filter.finished_after, filter.finished_before] : []
  const from = after === undefined ? undefined : Math.max(1, after - SLACK_MS)
  const to = before === undefined ? undefined : Math.max(1, before + SLACK_MS)
  const [start, end] = order === 'newest' ? [to, from] : [from, to]
  return { start: { time: start ?? '', from: '' }, end }
}

function isBeyond (time: number, end: number | undefined, order: Order): boolean {
  if (end === undefined) return false
  return order === 'newest' ? time < end : time > end
}
