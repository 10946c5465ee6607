import { Cron } from 'croner'
import { Zone } from './zone.ts'

/** When a schedule fires. Either `cron` or `every_seconds` is given. Times are ms. */
export interface Timing {
  /** 5 or 6 fields: [second] minute hour day-of-month month day-of-week */
  cron?: string
  /** of the IANA database; default UTC */
  timezone?: string
  /** a slot every so many seconds, counted from `start_at` or else from 1970 */
  every_seconds?: number
  /** no slot is before */
  start_at?: number
  /** nor at or after this */
  end_at?: number
}

/** No slot is later: it would have no place in a date of four digits. */
const LATEST = Date.UTC(10_000, 0)

/** The moments at which a schedule fires: computed from its timing alone, without a clock. */
export class Slots {
  readonly #next: (after: number) => number
  readonly #start: number
  readonly #end: number

  /** Throws an Error that says what is wrong with a cron expression, and a RangeError for a time zone that is not known. */
  constructor ({ cron, timezone = 'UTC', every_seconds, start_at, end_at }: Timing) {
    this.#start = start_at ?? 0
    this.#end = end_at ?? LATEST
    this.#next = cron === undefined ? every(every_seconds! * 1000, this.#start) : isHourly(cron) ? hourly(cron, timezone) : atHours(cron, new Zone(timezone))
  }

  /** The first slot after a moment; undefined when there is none any more. */
  after (moment: number): number | undefined {
    const slot = this.#next(Math.max(moment, this.#start - 1))
    return slot < this.#end ? slot : undefined
  }

  /** Up to `count` slots after a moment. */
  several (moment: number, count: number): number[] {
    const slots: number[] = []
    for (let slot = this.after(moment); slot !== undefined && slots.length < count; slot = this.after(slot)) slots.push(slot)
    return slots
  }
}

function every (period: number, start: number): (after: number) => number {
  return after => start + (Math.floor((after - start) / period) + 1) * period
}

/** Whether a cron expression means every hour. */
function isHourly (cron: string): boolean {
  return /^([*?]|0-23)(\/1)?$/.test(cron.trim().split(/\s+/).at(-4) ?? '')
}

function parse (cron: string, timezone: string): Cron {
  return new Cron(cron, { timezone, mode: '5-or-6-parts' })
}

function next (cron: Cron, after: number): number {
  return cron.nextRun(new Date(after))?.getTime() ?? Infinity
}

/** What means every hour goes on through a change of the clocks as time does: as croner has it. */
function hourly (text: string, timezone: string): (after: number) => number {
  const cron = parse(text, timezone)
  return after => next(cron, after)
}

/**
 * What names its hours goes by the clocks: a time that they skip is made up for once, at the moment at which they do, and one that
 * they show twice counts the first time. croner does so only when second, minute and hour are one value each, so it is asked here
 * for what clocks show that are never changed.
 */
function atHours (text: string, zone: Zone): (after: number) => number {
  const cron = parse(text, 'UTC')
  return after => {
    let wall = after + zone.offset(after)
    const first = zone.momentOf(wall)
    // The clocks have been put back, and show for the second time what they have shown: go on behind that.
    if (first < after) wall = zone.change(first, after) + zone.offset(first) - 1
    const slot = next(cron, wall)
    return slot === Infinity ? slot : zone.momentOf(slot)
  }
}
