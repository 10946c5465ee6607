const DAY_MS = 86_400_000

/** Whether this system knows a time zone. */
export function isZone (name: string): boolean {
  try {
    return new Zone(name) instanceof Zone
  } catch {
    return false
  }
}

/** What the clocks of a time zone show. A wall time is the number of milliseconds that `Date.UTC` makes of what they show. */
export class Zone {
  readonly #format: Intl.DateTimeFormat

  /** @param name of the IANA database; throws a RangeError when this system does not know it */
  constructor (name: string) {
    this.#format = new Intl.DateTimeFormat('en-US', {
      timeZone: name, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric'
    })
  }

  /** How far its clocks are ahead of UTC at a moment, in ms. */
  offset (at: number): number {
    const parts: Record<string, number> = {}
    for (const { type, value } of this.#format.formatToParts(at)) parts[type] = Number(value)
    const { year, month, day, hour, minute, second } = parts as Record<'year' | 'month' | 'day' | 'hour' | 'minute' | 'second', number>
    return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(at / 1000) * 1000
  }

  /** The moment at which the clocks are changed, between two moments with different offsets. */
  change (from: number, to: number): number {
    const before = this.offset(from)
    while (to - from > 1) {
      const middle = Math.floor((from + to) / 2)
      if (this.offset(middle) === before) from = middle
      else to = middle
    }
    return to
  }

  /** The first moment at which the clocks show a time; of one that they skip, the moment at which they do. */
  momentOf (wall: number): number {
    // Clocks are changed once in two days at most, and no offset is as much as a day.
    const [from, to] = [wall - DAY_MS, wall + DAY_MS]
    for (const offset of [this.offset(from), this.offset(to)]) {
      if (this.offset(wall - offset) === offset) return wall - offset
    }
    return this.change(from, to)
  }
}
