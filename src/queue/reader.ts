import type { Redis } from 'ioredis'
import type { Order, Place, Source, Start } from './cursor.ts'
import type { Keys } from './keys.ts'
import type { Row } from './outcome.ts'
import { remoteName } from './remote.ts'
import { ask, run } from './scripts.ts'
import { parseToken } from './token.ts'

/** A place that has been looked at: with the job there, unless it has been forgotten or is elsewhere by now. */
export interface Seen extends Place { id?: string, row?: Row }

export interface Piece {
  seen: Seen[]
  /** how many were looked at */
  looked: number
  /** of what was read */
  chars: number
  /** nothing comes behind it */
  ended: boolean
}

/** Reads the jobs of one queue in one order, piece by piece. */
export interface Reader {
  readonly queue: string
  /** Up to `count` jobs (at most 200), of up to `bytes` when it is more than one. */
  read: (count: number, bytes: number) => Promise<Piece>
}

type FindReply = [ended: 0 | 1, looked: number, last: [time: string, mark: string] | null, rows: [id: string, time: string, mark: string, row: Row][]]

/** Of what Redis has in order. */
export class OrderedReader implements Reader {
  readonly queue: string
  readonly #redis: Redis
  readonly #keys: string[]
  readonly #source: Source
  readonly #order: Order
  #start: Start

  constructor (redis: Redis, keys: Keys, queue: string, source: Source, order: Order, start: Start) {
    this.#redis = redis
    this.#keys = keys.of(queue)
    this.queue = queue
    this.#source = source
    this.#order = order
    this.#start = start
  }

  async read (count: number, bytes: number): Promise<Piece> {
    const args = [this.queue, this.#source, this.#order, count, bytes, this.#start.time, this.#start.from]
    const [ended, looked, last, rows] = await run(this.#redis, 'find', this.#keys, args) as FindReply
    const seen: Seen[] = rows.map(([id, time, mark, row]) => ({ ...this.#place(time, mark), id, row }))
    if (last) {
      const place = this.#place(...last)
      this.#start = { time: last[0] === '' ? '' : place.time, from: place.mark }
      if (seen.at(-1)?.mark !== place.mark) seen.push(place)
    }
    return { seen, looked, chars: chars(rows), ended: ended === 1 }
  }

  #place (time: string, mark: string): Place {
    const unknown = this.#order === 'newest' ? Infinity : 0
    return { time: time === '' ? unknown : Number(time), queue: this.queue, mark }
  }
}

/** At once so many hashes of workers. */
const TOGETHER = 10

/** Of the jobs that workers hold, by when they were leased: there are few enough of them to be put in order here. */
export class HeldReader implements Reader {
  readonly queue: string
  readonly #redis: Redis
  readonly #keys: Keys
  readonly #order: Order
  readonly #start: Start
  readonly #worker?: string
  #places?: (Place & { id: string })[]

  /** @param worker only what this worker holds */
  constructor (redis: Redis, keys: Keys, queue: string, order: Order, start: Start, worker?: string) {
    this.#redis = redis
    this.#keys = keys
    this.queue = queue
    this.#order = order
    this.#start = start
    this.#worker = worker
  }

  async read (count: number, bytes: number): Promise<Piece> {
    this.#places ??= await this.#held()
    const next = this.#places.slice(0, count)
    const args = [this.queue, 'these', this.#order, count, bytes, '', '', ...next.map(({ id }) => id)]
    const [, looked, , rows] = await run(this.#redis, 'find', this.#keys.of(this.queue), args) as FindReply
    this.#places.splice(0, looked)
    const found = new Map(rows.map(([id, , , row]) => [id, row]))
    const seen = next.slice(0, looked).map(({ id, ...place }) => ({ ...place, id, row: found.get(id) }))
    return { seen, looked, chars: chars(rows), ended: this.#places.length === 0 }
  }

  async #held (): Promise<(Place & { id: string })[]> {
    const workers = this.#worker === undefined ? await ask(this.#redis.zrevrange(this.#keys.active(this.queue), 0, 999)) : [this.#worker, remoteName(this.#worker)]
    const places: (Place & { id: string })[] = []
    for (let i = 0; i < workers.length; i += TOGETHER) {
      const some = await Promise.all(workers.slice(i, i + TOGETHER).map(worker => ask(this.#redis.hgetall(this.#keys.held(this.queue, worker)))))
      for (const held of some) {
        for (const [id, token] of Object.entries(held)) places.push({ time: parseToken(token).leased_at, queue: this.queue, mark: id, id })
      }
    }
    const sign = this.#order === 'newest' ? -1 : 1
    const compare = (a: { time: number, mark: string }, b: { time: number, mark: string }) =>
      sign * (a.time - b.time || (a.mark < b.mark ? -1 : a.mark > b.mark ? 1 : 0))
    const { time, from } = this.#start
    const isBehind = (place: Place) => {
      if (time === '') return true
      if (from === '' || from === '(') return sign * (place.time - time) > 0 || (from === '' && place.time === time)
      return compare(place, { time, mark: from }) > 0
    }
    return places.filter(isBehind).sort(compare)
  }
}

function chars (rows: FindReply[3]): number {
  return rows.reduce((sum, [, , , [record, outcome, history]]) => sum + record.length + outcome.length + history.length, 0)
}
